def main():
    return ['\ud800', '\ud83d\ude00', 'a\udc00b']
