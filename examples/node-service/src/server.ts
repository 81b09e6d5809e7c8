import express from 'express';

import { checkout } from '@/routes/checkout';
import { portal } from '@/routes/portal';
import { seats } from '@/routes/seats';
import { webhook } from '@/routes/webhook';

const app = express();
app.use(webhook);
app.use(express.json());
app.use(checkout, portal, seats);
app.listen(3000);
