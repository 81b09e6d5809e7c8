import { stripe } from "./client";

export async function refundPayment(payment: string, amount?: number) {
  return stripe.refunds.create({ payment_intent: payment, amount });
}
