import requests

BASE = "https://billing.acme.example/stripe/v1"


def post(path, data):
    return requests.post(f"{BASE}/{path}", data=data)


def refund(id):
    return post("refunds", {"charge": id})
