main = lambda: 1
