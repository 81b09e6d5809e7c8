import Stripe from 'stripe';

import { config } from '@/config';

/** The one Stripe client of this service. */
export const stripe = new Stripe(config.stripeKey, {
  maxNetworkRetries: 2,
  appInfo: { name: 'acme-seats' },
});
