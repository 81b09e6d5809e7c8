"""Writes an invoice, sends it, and shows its state."""

from .clients import get_client

DAYS_UNTIL_DUE = 14


def bill(email: str, lines: list[tuple[str, int]]) -> str:
    """Bills the customer with this address and returns the id of the invoice."""
    stripe = get_client()
    invoice = stripe.v1.invoices.create(
        {
            "customer": customer_id(email),
            "collection_method": "send_invoice",
            "days_until_due": DAYS_UNTIL_DUE,
        }
    )
    for description, amount in lines:
        stripe.v1.invoice_items.create(
            {
                "customer": invoice.customer,
                "invoice": invoice.id,
                "description": description,
                "amount": amount,
                "currency": "eur",
            }
        )
    stripe.v1.invoices.finalize_invoice(invoice.id)
    stripe.v1.invoices.send_invoice(invoice.id)
    return invoice.id


def customer_id(email: str) -> str:
    """Finds the customer with this address, or makes one."""
    customers = get_client().v1.customers
    for customer in customers.list({"email": email, "limit": 1}).data:
        return customer.id
    return customers.create({"email": email}).id


def status(invoice_id: str) -> str | None:
    return get_client().v1.invoices.retrieve(invoice_id).status
