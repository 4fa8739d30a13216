def main():
    return 'é 漢 🐍 \u0000 \u2028 " \\ \x7f'
