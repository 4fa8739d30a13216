def main():
    return [b'hello', bytearray(b'\x00\xff'), memoryview(b'')]
