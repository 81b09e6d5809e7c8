"""Settings from the environment."""

import os

STRIPE_KEY = os.environ["STRIPE_RESTRICTED_KEY"]
WEBHOOK_SECRET = os.environ["STRIPE_WEBHOOK_SECRET"]
