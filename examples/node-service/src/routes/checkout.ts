import { Router } from 'express';

import { config } from '@/config';
import { stripe } from '@/lib/stripe';

export const checkout = Router();

checkout.post('/checkout', async (request, response) => {
  const { email, seats } = request.body;
  const customer = await stripe.customers.create({ email });
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: config.seatPrice, quantity: seats }],
    success_url: `${config.baseUrl}/welcome?session={CHECKOUT_SESSION_ID}`,
  });
  response.redirect(303, session.url!);
});

checkout.get('/price', async (_request, response) => {
  const price = await stripe.prices.retrieve(config.seatPrice);
  response.json({ currency: price.currency, amount: price.unit_amount });
});
