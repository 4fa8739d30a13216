def f(n):
    return f(n + 1)

def main():
    print('kept')
    return f(0)
