async function stripeApiRequest(method, resource, body) {
  const options = { method, form: body, uri: `https://api.stripe.com/v1${resource}`, json: true };
  return this.helpers.request(options);
}

async function listAll(resource) {
  return stripeApiRequest.call(this, 'GET', `/${resource}s`);
}

module.exports = { listAll, stripeApiRequest };
