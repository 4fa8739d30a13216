def main():
    return 'bom'
