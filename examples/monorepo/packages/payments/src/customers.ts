import { stripe } from "./client";

export async function findCustomer(email: string) {
  const found = await stripe.customers.list({ email, limit: 1 });
  return found.data[0];
}
