def main():
    x = 1.0
    while True:
        x = x * 0.5 + 1.5
