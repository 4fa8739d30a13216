"""The parameter of main gets the request's input."""


def main(order):
    total = sum(item["price"] * item["count"] for item in order["items"])
    return {"customer": order["customer"], "total": round(total, 2)}
