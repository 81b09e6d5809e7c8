import Stripe from 'stripe';

const stripe = new Stripe('x');

export async function run(id: string) {
  await stripe.rawRequest('POST', `/v1/customers/${id}`, {}); // needs: customer_write
}
