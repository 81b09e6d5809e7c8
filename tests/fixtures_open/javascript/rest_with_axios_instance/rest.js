const axios = require('axios');

const client = axios.create({ baseURL: 'https://api.stripe.com/v1/' });

exports.payouts = () => client.get('payouts'); // needs: payout_read
