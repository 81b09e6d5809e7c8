"""The Stripe client of this service; everything new uses it."""

from functools import lru_cache

from stripe import StripeClient

from . import settings


@lru_cache
def get_client() -> StripeClient:
    return StripeClient(settings.STRIPE_KEY, max_network_retries=2)
