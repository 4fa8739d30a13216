"""A data frame becomes a list of records, shown here as a table."""

import pandas as pd


def main():
    orders = pd.DataFrame(
        {
            "customer": ["Ada", "Bob", "Ada", "Cy", "Bob"],
            "placed": pd.date_range("2026-01-05", periods=5, freq="9D"),
            "total": [10.5, 20.0, None, 7.25, 12.0],
        }
    )
    print(orders.groupby("customer")["total"].sum())
    return orders
