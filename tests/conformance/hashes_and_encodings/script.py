import base64, binascii, hashlib, hmac, zlib


def main():
    data = "naïve café".encode()
    return [hashlib.md5(data).hexdigest(), hashlib.sha3_256(data).hexdigest(), hashlib.blake2b(data, digest_size=8).hexdigest(),
            hmac.new(b"key", data, "sha256").hexdigest(), base64.b85encode(data).decode(), zlib.crc32(data), binascii.hexlify(data).decode()]
