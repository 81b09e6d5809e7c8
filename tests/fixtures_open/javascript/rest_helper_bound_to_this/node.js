const { listAll, stripeApiRequest } = require('./helpers');

class Node {
  async execute(id) {
    await stripeApiRequest.call(this, 'POST', `/customers/${id}/sources`, {}); // needs: customer_write
    await listAll.call(this, 'charge'); // needs: charge_read
  }
}

module.exports = Node;
