x = 1
y = x / 0

def main():
    return y
