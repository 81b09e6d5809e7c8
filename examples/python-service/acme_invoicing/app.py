"""The HTTP interface."""

import stripe
from fastapi import FastAPI, HTTPException, Request

from . import disputes, invoices, reconcile, settings

app = FastAPI()


@app.post("/invoices")
async def create_invoice(request: Request) -> dict[str, str]:
    body = await request.json()
    lines = [(line["description"], line["cents"]) for line in body["lines"]]
    return {"id": invoices.bill(body["email"], lines)}


@app.get("/invoices/{invoice_id}")
def show_invoice(invoice_id: str) -> dict[str, str | None]:
    return {"status": invoices.status(invoice_id)}


@app.get("/payouts/latest")
def show_latest_payout() -> dict[str, list[tuple[str, int]]]:
    payout = reconcile.latest_payout()
    if payout is None:
        raise HTTPException(404)
    return {payout.id: list(reconcile.entries(payout.id))}


@app.post("/webhook")
async def webhook(request: Request) -> None:
    """Checks the signature with the shared secret, which needs no permission."""
    signature = request.headers.get("stripe-signature", "")
    try:
        event = stripe.Webhook.construct_event(
            await request.body(), signature, settings.WEBHOOK_SECRET
        )
    except stripe.SignatureVerificationError:
        raise HTTPException(400) from None
    if event.type == "charge.dispute.created":
        disputes.answer(event.data.object.id)
