import express from "express";
import Stripe from "stripe";
import { findCustomer } from "@acme/payments";

const app = express();
const stripe = new Stripe(process.env.STRIPE_API_KEY ?? "");

app.post("/checkout", async (request, response) => {
  const customer = await findCustomer(request.body.email);
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    customer: customer?.id,
    line_items: [{ price: "price_coffee", quantity: 1 }],
    success_url: "https://acme.example/thanks",
  });
  response.json({ url: session.url });
});
