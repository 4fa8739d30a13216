"""A script without `main`: missing_main."""

print("this never runs")
