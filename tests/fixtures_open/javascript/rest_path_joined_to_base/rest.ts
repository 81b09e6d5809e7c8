export class Fetcher {
  private baseUrl = 'https://api.stripe.com/v1';

  fetchAll(path: string) {
    return fetch(`${this.baseUrl}${path}`);
  }
}

export const payouts = () => new Fetcher().fetchAll('/payouts'); // needs: payout_read
