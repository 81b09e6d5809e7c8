fetch('https://api.stripe.com/v1/tokens', {
  method: 'POST',
  headers: { Authorization: 'Bearer pk_test_1' },
});
