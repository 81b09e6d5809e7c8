import requests


class Stream:
    url_base = "https://api.stripe.com/v1/"

    def path(self):
        raise NotImplementedError

    def read(self):
        return requests.get(self.url_base + self.path())  # needs: payout_read, customer_read


class Payouts(Stream):
    def path(self):
        return "payouts"


class Sources(Stream):
    customer = None

    def path(self):
        return f"customers/{self.customer}/sources"
