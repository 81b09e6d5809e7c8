interface Tool {
  name: string;
  request: { url: string | ((p: any) => string); method: string };
}

export const tools: Tool[] = [
  { name: 'refund', request: { url: 'https://api.stripe.com/v1/refunds', method: 'POST' } }, // needs: charge_write
  { name: 'charge', request: { url: (p) => `https://api.stripe.com/v1/charges/${p.id}`, method: 'GET' } }, // needs: charge_read
];

export async function execute(name: string, params: any) {
  const tool = tools.find((one) => one.name === name)!;
  const url = typeof tool.request.url === 'function' ? tool.request.url(params) : tool.request.url;
  return fetch(url, { method: tool.request.method });
}
