def main():
    a = [1]
    a.append(a)
    return a
