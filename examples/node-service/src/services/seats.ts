import Stripe from 'stripe';

import { config } from '@/config';

/** Counts and changes the seats of subscriptions. */
export class Seats {
  #client?: Stripe;

  /** Makes a client when it is needed; this class retries more often than the rest. */
  private get stripe(): Stripe {
    this.#client ??= new Stripe(config.stripeKey, { maxNetworkRetries: 5 });
    return this.#client;
  }

  async welcome(subscriptionId: string): Promise<void> {
    const subscription = await this.stripe.subscriptions.retrieve(subscriptionId);
    const seats = subscription.items.data.reduce((sum, item) => sum + (item.quantity ?? 0), 0);
    await this.stripe.subscriptions.update(subscription.id, { metadata: { seats } });
  }

  async resize(itemId: string, quantity: number): Promise<void> {
    await this.stripe.subscriptionItems.update(itemId, { quantity });
  }

  async total(): Promise<number> {
    let total = 0;
    for await (const subscription of this.stripe.subscriptions.list({ status: 'active' })) {
      total += Number(subscription.metadata.seats ?? 0);
    }
    return total;
  }
}
