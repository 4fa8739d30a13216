def main():
    while True:
        text = ""
        for _ in range(1000):
            text += "x"
