def main(data='default'):
    return data
