import { Router } from 'express';

import { config } from '../config';
import { stripe } from '../lib/stripe';

export const portal = Router();

portal.post('/portal', async (request, response) => {
  const session = await stripe.billingPortal.sessions.create({
    customer: request.body.customer,
    return_url: config.baseUrl,
  });
  response.redirect(303, session.url);
});
