"""A data frame as a result becomes a list of records; NaN becomes null."""

import pandas as pd


def main():
    orders = pd.DataFrame(
        {
            "customer": ["ada", "bob", "ada", "cy"],
            "placed": pd.to_datetime(["2026-01-05", "2026-01-06", "2026-02-01", None]),
            "total": [10.5, 20.0, None, 7.25],
        }
    )
    return {"orders": orders, "by_customer": orders.groupby("customer")["total"].sum()}
