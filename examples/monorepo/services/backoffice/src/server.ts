import express from "express";
import { findCustomer, refundPayment } from "@acme/payments";

const app = express();

app.get("/customers/:email", async (request, response) => {
  response.json(await findCustomer(request.params.email));
});

app.post("/refunds", async (request, response) => {
  response.json(await refundPayment(request.body.payment, request.body.amount));
});
