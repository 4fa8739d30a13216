display({'text/html': 'x' * 3_000_000}, raw=True)
for number in range(100):
    display(number)
