def main():
    return (1 +

x = = 2
