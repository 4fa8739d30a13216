"""`hashlib.pbkdf2_hmac` and `hashlib.scrypt`, which CPython has from OpenSSL, and here from native code.

It runs once, while the snapshot is made.
"""

import hashlib
import operator

import _belljar_native

_MAX_INT = (1 << 31) - 1
_MAX_UNSIGNED_LONG = (1 << 64) - 1

#: What scrypt may use if nothing else is said: OpenSSL's limit.
_DEFAULT_MEMORY = 32 << 20

#: Names of hash functions that OpenSSL has beside those of `hashlib`.
_OTHER_NAMES = {
    "blake2b512": "blake2b",
    "blake2s256": "blake2s",
    "rmd160": "ripemd160",
    "ripemd": "ripemd160",
    "ripemd-160": "ripemd160",
    "ssl3-md5": "md5",
    "ssl3-sha1": "sha1",
}


def _canonical(name: str) -> str:
    """A hash function's name as `hashlib` writes it: OpenSSL takes several for each, in any case."""
    name = name.lower()
    if name.startswith("sha2-"):
        name = "sha" + name[len("sha2-"):].replace("/", "_")
    elif name.startswith(("sha-", "sha3-", "sha512-")):
        name = name.replace("sha-", "sha").replace("/", "_").replace("-", "_")
    return _OTHER_NAMES.get(name, name)


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


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function."""
    if not isinstance(hash_name, str):
        kind = type(hash_name).__name__
        raise TypeError(f"pbkdf2_hmac() argument 'hash_name' must be str, not {kind}")
    password, salt, iterations = _bytes(password), _bytes(salt), _long(iterations)
    name = _canonical(hash_name)
    if dklen is None:
        try:
            length = hashlib.new(name).digest_size if name not in _LENGTHS else _LENGTHS[name]
        except ValueError:
            length = 1
    else:
        length = _long(dklen)
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    if iterations > _MAX_INT:
        raise OverflowError("iteration value is too great.")
    if length < 1:
        if dklen is None:
            raise ValueError("no reason supplied")
        raise ValueError("key length must be greater than 0.")
    if length > _MAX_INT:
        raise OverflowError("key length is too great.")
    key = _belljar_native.pbkdf2(name.encode(), password, salt, iterations, length)
    if key is None:
        if name in ("shake_128", "shake_256"):
            raise ValueError("no reason supplied")
        raise hashlib.UnsupportedDigestmodError("[digital envelope routines] unsupported")
    return key


#: The lengths of digests that `hashlib` has only from OpenSSL.
_LENGTHS = {"sha512_224": 28, "sha512_256": 32, "ripemd160": 20, "sm3": 32}


#: What an argument is that has to be given, and is not.
_MISSING = object()


def _unsigned(name: str, number) -> int:
    if number is not _MISSING and not isinstance(number, int):
        kind = "None" if number is None else type(number).__name__
        raise TypeError(f"scrypt() argument '{name}' must be int, not {kind}")
    if number is _MISSING or not 0 <= number <= _MAX_UNSIGNED_LONG:
        raise TypeError(f"{name} is required and must be an unsigned int")
    return number


def scrypt(password, *, salt=_MISSING, n=_MISSING, r=_MISSING, p=_MISSING, maxmem=0, dklen=64):
    """scrypt password-based key derivation function."""
    password = _bytes(password)
    if salt is _MISSING:
        raise TypeError("salt is required")
    salt = _bytes(salt)
    n = _unsigned("n", n)
    if n < 2 or n & (n - 1):
        raise ValueError("n must be a power of 2.")
    r, p = _unsigned("r", r), _unsigned("p", p)
    maxmem, dklen = _long(maxmem), _long(dklen)
    if not 0 <= maxmem <= _MAX_INT:
        raise ValueError(f"maxmem must be positive and smaller than {_MAX_INT}")
    if not 1 <= dklen <= _MAX_INT:
        raise ValueError(f"dklen must be greater than 0 and smaller than {_MAX_INT}")
    if r == 0 or p == 0:
        raise ValueError("Invalid parameter combination for n, r, p, maxmem.")
    # As OpenSSL counts it: what is mixed, the table, and two rows more.
    if 128 * r * p + 128 * r * (n + 2) > (maxmem or _DEFAULT_MEMORY):
        raise ValueError("[digital envelope routines] memory limit exceeded")
    return _belljar_native.scrypt(password, salt, n, r, p, dklen)


def install() -> None:
    """Gives them their places in `hashlib`."""
    for function in (pbkdf2_hmac, scrypt):
        function.__module__ = "_hashlib"
        function.__qualname__ = function.__name__
        setattr(hashlib, function.__name__, function)
    hashlib.__all__ = (*hashlib.__all__, *(
        name for name in ("pbkdf2_hmac", "scrypt") if name not in hashlib.__all__
    ))
