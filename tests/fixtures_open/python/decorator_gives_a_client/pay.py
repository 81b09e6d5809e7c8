import functools

import stripe


def with_client(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(stripe.StripeClient("key"), *args, **kwargs)

    return wrapper


@with_client
def refund(client, charge):
    return client.refunds.create(params={"charge": charge})  # needs: charge_write


refund("ch_1")
