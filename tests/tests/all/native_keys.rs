//! Keys that native code derives from passwords: those of the standards, and errors as natively.

use crate::native::nothing_is_wrong;

#[test]
fn keys_are_those_of_the_standards() {
    // RFC 6070, RFC 7914, and for the other hash functions OpenSSL 3.
    nothing_is_wrong(
        "
import hashlib
from hashlib import pbkdf2_hmac, scrypt

PBKDF2 = [
    ('sha1', b'password', b'salt', 1, 20, '0c60c80f961f0e71f3a9b524af6012062fe037a6'),
    ('sha1', b'password', b'salt', 4096, 20, '4b007901b765489abead49d926f721d065a429c1'),
    ('sha1', b'passwordPASSWORDpassword', b'saltSALTsaltSALTsaltSALTsaltSALTsalt', 4096, 25,
     '3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038'),
    ('sha1', b'pass\\0word', b'sa\\0lt', 4096, 16, '56fa6aa75548099dcc37d7f03425e0c3'),
    ('sha256', b'passwd', b'salt', 1, 64, '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc'
     '49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783'),
    ('SHA-256', b'Password', b'NaCl', 80000, 64, '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56'
     'a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d'),
]
SHORT = {
    'blake2b': 'eac4543247e24213', 'blake2s': '2e90ff098ba1cece', 'md5': '8c5551ef727c7fc5', 'ripemd160': '02d355221500d141',
    'sha1': '843c87e7eda3ee2f', 'sha2-256': '372cc9815244c4a2', 'sha224': '3d671375c22ddd91', 'sha384': 'b64f5c771100d38f',
    'sha3_224': '0b6f5f60c7fabdd7', 'sha3_256': '7b4b11cf751b9faa', 'sha3_384': '697b0d2252e848a8',
    'sha3_512': '40bc2bdd8ad20634', 'sha512': '0e558a5a35eb280c', 'sha512-256': 'f4436f24cc40ac71',
    'sha512_224': '0cc450ded0deb689', 'sm3': '03330f4f65861a7e', 'SHA256': '372cc9815244c4a2',
}
SCRYPT = [
    (b'', b'', 16, 1, 1, '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442'
     'fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906'),
    (b'password', b'NaCl', 1024, 8, 16, 'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162'
     '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640'),
    (b'pleaseletmein', b'SodiumChloride', 16384, 8, 1, '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2'
     'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887'),
]

def main():
    wrong = []
    for name, password, salt, rounds, length, key in PBKDF2:
        if pbkdf2_hmac(name, password, salt, rounds, length).hex() != key: wrong.append(f'{name} {rounds}')
    for name, start in SHORT.items():
        if pbkdf2_hmac(name, b'p', b's', 1).hex()[:16] != start: wrong.append(name)
    for name in ('md5', 'sha1', 'sha256', 'sha512', 'blake2b', 'sha3_384'):
        if len(pbkdf2_hmac(name, b'p', b's', 2)) != hashlib.new(name).digest_size: wrong.append(f'length {name}')
    for password, salt, n, r, p, key in SCRYPT:
        if scrypt(password, salt=salt, n=n, r=r, p=p, dklen=64).hex() != key: wrong.append(f'scrypt {n}')
    if scrypt(bytearray(b'a'), salt=memoryview(b's'), n=2, r=1, p=1, dklen=3) != scrypt(b'a', salt=b's', n=2, r=1, p=1)[:3]:
        wrong.append('other kinds of bytes')
    return wrong",
    );
}

#[test]
fn what_keys_cannot_be_made_of_is_an_error_as_natively() {
    nothing_is_wrong(
        "
import hashlib

LIMIT = '[digital envelope routines] memory limit exceeded'
PBKDF2 = [
    (('nothing', b'p', b's', 1), {}, 'UnsupportedDigestmodError',
     '[digital envelope routines] unsupported hash algorithm nothing'),
    (('shake_128', b'p', b's', 1), {}, 'ValueError', 'key length must be greater than 0.'),
    (('shake_128', b'p', b's', 1), {'dklen': 9}, 'ValueError', '[Provider routines] xof digests not allowed'),
    (('sha1', b'p', b's', 0), {}, 'ValueError', 'iteration value must be greater than 0.'),
    (('sha1', b'p', b's', 2**31), {}, 'OverflowError', 'iteration value is too great.'),
    (('sha1', b'p', b's', 2**63), {}, 'OverflowError', 'Python int too large to convert to C long'),
    (('sha1', b'p', b's', 'a'), {}, 'TypeError', \"'str' object cannot be interpreted as an integer\"),
    (('sha1', b'p', b's', 1), {'dklen': 0}, 'ValueError', 'key length must be greater than 0.'),
    (('sha1', b'p', b's', 1), {'dklen': 2**31}, 'OverflowError', 'key length is too great.'),
    (('sha1', 'p', b's', 1), {}, 'TypeError', \"a bytes-like object is required, not 'str'\"),
    (('sha1', b'p', None, 1), {}, 'TypeError', \"a bytes-like object is required, not 'NoneType'\"),
    ((1, b'p', b's', 1), {}, 'TypeError', \"pbkdf2_hmac() argument 'hash_name' must be str, not int\"),
]
GOOD = {'salt': b's', 'n': 16, 'r': 8, 'p': 1}
SCRYPT = [
    ({'n': 15}, 'ValueError', 'n must be a power of 2'),
    ({'n': 1}, 'ValueError', 'n must be a power of 2'),
    ({'n': None}, 'TypeError', \"'NoneType' object cannot be interpreted as an integer\"),
    ({'p': -2}, 'ValueError', 'Cannot convert negative int'),
    ({'r': 'a'}, 'TypeError', \"'str' object cannot be interpreted as an integer\"),
    ({'r': 0}, 'ValueError', 'invalid parameter combination for n, r, p, and maxmem'),
    ({'p': 0}, 'ValueError', 'invalid parameter combination for n, r, p, and maxmem'),
    ({'r': 2**70}, 'OverflowError', 'Python int too large for C unsigned long'),
    ({'n': 2**15}, 'ValueError', LIMIT),
    ({'r': 2**30}, 'ValueError', LIMIT),
    ({'maxmem': 19455}, 'ValueError', LIMIT),
    ({'maxmem': -1}, 'ValueError', 'maxmem must be positive and at most 2147483647'),
    ({'dklen': 0}, 'ValueError', 'dklen must be at least 1 and at most 2147483647'),
    ({'salt': None}, 'TypeError', \"a bytes-like object is required, not 'NoneType'\"),
    ({'salt': memoryview(b'saltsalt')[::2]}, 'BufferError', 'memoryview: underlying buffer is not C-contiguous'),
    ({'salt': 's'}, 'TypeError', \"a bytes-like object is required, not 'str'\"),
]

def raised(function, *arguments, **named):
    try: function(*arguments, **named)
    except Exception as error: return type(error).__name__, str(error)

def main():
    wrong = []
    for arguments, named, kind, text in PBKDF2:
        found = raised(hashlib.pbkdf2_hmac, *arguments, **named)
        if found != (kind, text): wrong.append(f'{arguments} {named}: {found}')
    for named, kind, text in SCRYPT:
        found = raised(hashlib.scrypt, b'p', **GOOD | named)
        if found != (kind, text): wrong.append(f'{named}: {found}')
    if raised(hashlib.scrypt, b'p', salt=b's', n=2, r=1)[0] != 'TypeError': wrong.append('p is missing')
    if raised(hashlib.scrypt, b'p', **GOOD, maxmem=19456): wrong.append('enough memory is not enough')
    # Beyond the sandbox's own limit.
    found = raised(hashlib.scrypt, b'p', salt=b's', n=2**20, r=15, p=1, maxmem=2**31 - 1)
    if found != ('MemoryError', ''): wrong.append(f'memory: {found}')
    return wrong",
    );
}
