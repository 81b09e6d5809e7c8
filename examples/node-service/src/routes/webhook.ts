import express, { Router } from 'express';
import type Stripe from 'stripe';

import { config } from '@/config';
import { stripe } from '@/lib/stripe';
import { Seats } from '@/services/seats';

export const webhook = Router();

webhook.post('/webhook', express.raw({ type: 'application/json' }), async (request, response) => {
  let event: Stripe.Event;
  try {
    // Checks a signature with the shared secret; no request, no permission.
    const signature = request.headers['stripe-signature'] ?? '';
    event = stripe.webhooks.constructEvent(request.body, signature, config.webhookSecret);
  } catch {
    response.sendStatus(400);
    return;
  }
  if (event.type === 'checkout.session.completed') {
    const { subscription } = event.data.object;
    if (typeof subscription === 'string') {
      await new Seats().welcome(subscription);
    }
  }
  response.sendStatus(200);
});
