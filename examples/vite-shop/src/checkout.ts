import { loadStripe } from "@stripe/stripe-js";

// Wrong: Stripe.js takes the publishable key, and every visitor gets what it is handed.
export const stripe = loadStripe(import.meta.env.VITE_STRIPE_SECRET_KEY);
