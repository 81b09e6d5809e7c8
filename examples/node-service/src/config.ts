function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

export const config = {
  stripeKey: required('STRIPE_RESTRICTED_KEY'),
  webhookSecret: required('STRIPE_WEBHOOK_SECRET'),
  seatPrice: required('STRIPE_SEAT_PRICE'),
  baseUrl: required('BASE_URL'),
};
