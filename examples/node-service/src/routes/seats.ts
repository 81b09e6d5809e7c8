import { Router } from 'express';

import { Seats } from '@/services/seats';

export const seats = Router();

seats.get('/seats', async (_request, response) => {
  response.json({ total: await new Seats().total() });
});

seats.put('/seats/:item', async (request, response) => {
  await new Seats().resize(request.params.item, Number(request.body.quantity));
  response.sendStatus(204);
});
