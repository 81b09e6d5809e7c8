"""Matches payouts with the ledger. Older than `clients`, so it uses the module-level API."""

from collections.abc import Iterator

import stripe

from . import settings

stripe.api_key = settings.STRIPE_KEY


def latest_payout() -> stripe.Payout | None:
    payouts = stripe.Payout.list(status="paid", limit=1)
    return payouts.data[0] if payouts.data else None


def entries(payout_id: str) -> Iterator[tuple[str, int]]:
    """Yields the source and net amount of every entry of a payout."""
    transactions = stripe.BalanceTransaction.list(payout=payout_id, limit=100)
    for transaction in transactions.auto_paging_iter():
        yield transaction.source, transaction.net
