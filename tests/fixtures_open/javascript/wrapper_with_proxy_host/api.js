const BASE = 'https://billing.acme.example/stripe/v1';

async function request(method, path, body) {
  return fetch(`${BASE}/${path}`, { method, body });
}

export const refund = (id) => request('POST', 'refunds', `charge=${id}`);
