// Runs in the donor's browser with the publishable key; restricted keys never come here.
document.querySelector('#acme-donate').addEventListener('submit', async (event) => {
  event.preventDefault();
  const stripe = Stripe(acmeDonations.publishableKey);
  const response = await fetch(acmeDonations.endpoint, {
    method: 'POST',
    body: new FormData(event.target),
  });
  const session = await response.json();
  await stripe.redirectToCheckout({ sessionId: session.id });
});
