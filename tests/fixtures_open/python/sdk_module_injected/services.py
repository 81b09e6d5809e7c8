import stripe


class Service:
    def __init__(self, api, key):
        self.api = api
        self.api_key = key

    @classmethod
    def create(cls, key):
        return cls(stripe, key)

    def checkout(self):
        return self.api.checkout.Session.create(mode="payment")  # needs: checkout_session_write
