"""`hashlib.pbkdf2_hmac` and `hashlib.scrypt`, which CPython has from OpenSSL, and here from native code.

What they take and what they refuse is as with OpenSSL. It runs once, while the snapshot is made.
"""

import hashlib
import operator

import _belljar_native

_MAX_INT = (1 << 31) - 1

#: What scrypt may use if nothing else is said, and the most that `r * p` may be: limits of OpenSSL's.
_DEFAULT_MEMORY = 32 << 20
_MAX_R_TIMES_P = (1 << 30) - 1

#: Lengths of digests, by the names that the native code knows.
_LENGTHS = {
    "md5": 16, "sha1": 20, "ripemd160": 20, "sm3": 32,
    "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64, "sha512_224": 28, "sha512_256": 32,
    "sha3_224": 28, "sha3_256": 32, "sha3_384": 48, "sha3_512": 64, "blake2b": 64, "blake2s": 32,
}

#: Other names that OpenSSL takes; upper and lower case are the same to it.
_OTHER_NAMES = {
    "blake2b512": "blake2b", "blake2b-512": "blake2b", "blake2s256": "blake2s", "blake2s-256": "blake2s",
    "ripemd": "ripemd160", "ripemd-160": "ripemd160", "rmd160": "ripemd160", "ssl3-md5": "md5", "ssl3-sha1": "sha1",
    "sha-1": "sha1", "sha512-224": "sha512_224", "sha512-256": "sha512_256", "sha-512/224": "sha512_224",
    "sha-512/256": "sha512_256", "sha2-512/224": "sha512_224", "sha2-512/256": "sha512_256",
}
for _bits in ("224", "256", "384", "512"):
    _OTHER_NAMES |= {f"sha-{_bits}": f"sha{_bits}", f"sha2-{_bits}": f"sha{_bits}", f"sha3-{_bits}": f"sha3_{_bits}"}


class UnsupportedDigestmodError(ValueError):
    """There is no such hash function. It is what CPython raises with OpenSSL."""

    __module__ = "_hashlib"


def _bytes(data) -> bytes:
    if isinstance(data, (str, type(None))):
        raise TypeError(f"a bytes-like object is required, not '{type(data).__name__}'")
    with memoryview(data) as view:
        if not view.c_contiguous:
            raise BufferError("memoryview: underlying buffer is not C-contiguous")
        return view.tobytes()


def _long(number) -> int:
    number = operator.index(number)
    if not -1 << 63 <= number < 1 << 63:
        raise OverflowError("Python int too large to convert to C long")
    return number


def _unsigned(number) -> int:
    number = operator.index(number)
    if number < 0:
        raise ValueError("Cannot convert negative int")
    if number >= 1 << 64:
        raise OverflowError("Python int too large for C unsigned long")
    return number


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function."""
    if not isinstance(hash_name, str):
        kind = type(hash_name).__name__
        raise TypeError(f"pbkdf2_hmac() argument 'hash_name' must be str, not {kind}")
    password, salt, iterations = _bytes(password), _bytes(salt), _long(iterations)
    name = hash_name.lower()
    name = _OTHER_NAMES.get(name, name)
    extends = name in ("shake_128", "shake_256")
    if not extends and name not in _LENGTHS:
        raise UnsupportedDigestmodError(
            f"[digital envelope routines] unsupported hash algorithm {hash_name}"
        )
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    if iterations > _MAX_INT:
        raise OverflowError("iteration value is too great.")
    length = _LENGTHS.get(name, 0) if dklen is None else _long(dklen)
    if length < 1:
        raise ValueError("key length must be greater than 0.")
    if length > _MAX_INT:
        raise OverflowError("key length is too great.")
    if extends:
        raise ValueError("[Provider routines] xof digests not allowed")
    return _belljar_native.pbkdf2(name.encode(), password, salt, iterations, length)


def scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64):
    """scrypt password-based key derivation function."""
    password, salt = _bytes(password), _bytes(salt)
    n, r, p = _unsigned(n), _unsigned(r), _unsigned(p)
    maxmem, dklen = _long(maxmem), _long(dklen)
    if n < 2 or n & (n - 1):
        raise ValueError("n must be a power of 2")
    if not 0 <= maxmem <= _MAX_INT:
        raise ValueError(f"maxmem must be positive and at most {_MAX_INT}")
    if not 1 <= dklen <= _MAX_INT:
        raise ValueError(f"dklen must be at least 1 and at most {_MAX_INT}")
    if r == 0 or p == 0:
        raise ValueError("invalid parameter combination for n, r, p, and maxmem")
    # As OpenSSL counts it: what is mixed, the table, and two rows more.
    if r * p > _MAX_R_TIMES_P or 128 * r * p + 128 * r * (n + 2) > (maxmem or _DEFAULT_MEMORY):
        raise ValueError("[digital envelope routines] memory limit exceeded")
    return _belljar_native.scrypt(password, salt, n, r, p, dklen)


def install() -> None:
    """Gives them their places in `hashlib`."""
    for function in (pbkdf2_hmac, scrypt):
        function.__module__ = "_hashlib"
        setattr(hashlib, function.__name__, function)
        if function.__name__ not in hashlib.__all__:
            hashlib.__all__ += (function.__name__,)
