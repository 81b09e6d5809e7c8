"""Answers disputes below the amount that is worth a fight."""

import stripe

from . import settings

WORTH_A_FIGHT = 5_000


def answer(dispute_id: str) -> None:
    dispute = stripe.Dispute.retrieve(dispute_id, api_key=settings.STRIPE_KEY)
    if dispute.amount < WORTH_A_FIGHT:
        dispute.close()
