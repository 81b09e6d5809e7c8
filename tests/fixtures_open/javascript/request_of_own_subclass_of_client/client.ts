import Stripe from 'stripe';

export class Payments extends Stripe {
  refundAll(id: string) {
    return this.refunds.create({ charge: id }); // needs: charge_write
  }
}
