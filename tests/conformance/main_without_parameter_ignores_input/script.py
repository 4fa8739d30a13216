def main():
    return 'fine'
