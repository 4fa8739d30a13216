"""The C half of the module `ssl`, for a CPython that is built without.

Code that never connects uses its constants, exceptions and contexts, and many packages import it
first of all. So all of `ssl` is there, and says where TLS itself is asked for that there is none.

This module stands alone: it is executed before any library is imported that wants `ssl`.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any, NoReturn

_NO_TLS = "there is no network in the sandbox, and no TLS"

#: The values of OpenSSL 3, which are part of its binary interface. Each line has a prefix.
_CONSTANTS = """
ALERT_DESCRIPTION_ ACCESS_DENIED=49 BAD_CERTIFICATE=42 BAD_CERTIFICATE_HASH_VALUE=114
ALERT_DESCRIPTION_ BAD_CERTIFICATE_STATUS_RESPONSE=113 BAD_RECORD_MAC=20 CERTIFICATE_EXPIRED=45
ALERT_DESCRIPTION_ CERTIFICATE_REVOKED=44 CERTIFICATE_UNKNOWN=46 CERTIFICATE_UNOBTAINABLE=111
ALERT_DESCRIPTION_ CLOSE_NOTIFY=0 DECODE_ERROR=50 DECOMPRESSION_FAILURE=30 DECRYPT_ERROR=51
ALERT_DESCRIPTION_ HANDSHAKE_FAILURE=40 ILLEGAL_PARAMETER=47 INSUFFICIENT_SECURITY=71
ALERT_DESCRIPTION_ INTERNAL_ERROR=80 NO_RENEGOTIATION=100 PROTOCOL_VERSION=70 RECORD_OVERFLOW=22
ALERT_DESCRIPTION_ UNEXPECTED_MESSAGE=10 UNKNOWN_CA=48 UNKNOWN_PSK_IDENTITY=115
ALERT_DESCRIPTION_ UNRECOGNIZED_NAME=112 UNSUPPORTED_CERTIFICATE=43 UNSUPPORTED_EXTENSION=110
ALERT_DESCRIPTION_ USER_CANCELLED=90
CERT_ NONE=0 OPTIONAL=1 REQUIRED=2
ENCODING_ DER=2 PEM=1
HAS_ ALPN=1 ECDH=1 NPN=0 PHA=1 PSK=1 PSK_TLS13=1 SNI=1 SSLv2=0 SSLv3=0 TLS_UNIQUE=1
HAS_ TLSv1=1 TLSv1_1=1 TLSv1_2=1 TLSv1_3=1
HOSTFLAG_ ALWAYS_CHECK_SUBJECT=1 MULTI_LABEL_WILDCARDS=8 NEVER_CHECK_SUBJECT=32
HOSTFLAG_ NO_PARTIAL_WILDCARDS=4 NO_WILDCARDS=2 SINGLE_LABEL_SUBDOMAINS=16
OP_ ALL=2147483728 CIPHER_SERVER_PREFERENCE=4194304 ENABLE_KTLS=8 ENABLE_MIDDLEBOX_COMPAT=1048576
OP_ IGNORE_UNEXPECTED_EOF=128 LEGACY_SERVER_CONNECT=4 NO_COMPRESSION=131072
OP_ NO_RENEGOTIATION=1073741824 NO_SSLv2=0 NO_SSLv3=33554432 NO_TICKET=16384 NO_TLSv1=67108864
OP_ NO_TLSv1_1=268435456 NO_TLSv1_2=134217728 NO_TLSv1_3=536870912 SINGLE_DH_USE=0
OP_ SINGLE_ECDH_USE=0
PROTOCOL_ SSLv23=2 TLS=2 TLS_CLIENT=16 TLS_SERVER=17 TLSv1=3 TLSv1_1=4 TLSv1_2=5
PROTO_ MAXIMUM_SUPPORTED=-1 MINIMUM_SUPPORTED=-2 SSLv3=768 TLSv1=769 TLSv1_1=770 TLSv1_2=771
PROTO_ TLSv1_3=772
SSL_ERROR_ EOF=8 INVALID_ERROR_CODE=10 SSL=1 SYSCALL=5 WANT_CONNECT=7 WANT_READ=2 WANT_WRITE=3
SSL_ERROR_ WANT_X509_LOOKUP=4 ZERO_RETURN=6
VERIFY_ ALLOW_PROXY_CERTS=64 CRL_CHECK_CHAIN=12 CRL_CHECK_LEAF=4 DEFAULT=0 X509_PARTIAL_CHAIN=524288
VERIFY_ X509_STRICT=32 X509_TRUSTED_FIRST=32768
"""

#: The object identifiers that `ssl` itself looks up: number, short name, long name.
_OBJECTS = {
    "1.3.6.1.5.5.7.3.1": (129, "serverAuth", "TLS Web Server Authentication"),
    "1.3.6.1.5.5.7.3.2": (130, "clientAuth", "TLS Web Client Authentication"),
}


class SSLError(OSError):
    """An error of TLS."""

    library: str | None = None
    reason: str | None = None


class SSLZeroReturnError(SSLError):
    """The other side has ended the session."""


class SSLWantReadError(SSLError):
    """More must be read first."""


class SSLWantWriteError(SSLError):
    """More must be written first."""


class SSLSyscallError(SSLError):
    """The system failed."""


class SSLEOFError(SSLError):
    """The connection ended too early."""


class SSLCertVerificationError(SSLError, ValueError):
    """The other side's certificate is no good."""


class MemoryBIO:
    """A buffer between TLS and whoever moves its bytes."""

    def __init__(self) -> None:
        self._content, self.eof = bytearray(), False

    @property
    def pending(self) -> int:
        return len(self._content)

    def read(self, size: int = -1) -> bytes:
        taken = bytes(self._content if size < 0 else self._content[:size])
        del self._content[: len(taken)]
        return taken

    def write(self, data: bytes) -> int:
        self._content += data
        return len(data)

    def write_eof(self) -> None:
        self.eof = True


class SSLSession:
    """A session to be resumed."""


class _SSLContext:
    """What a connection would be made with."""

    # Slots, because `ssl.SSLContext` has properties of the same names, and sets what is below
    # them through these descriptors.
    __slots__ = (
        "_host_flags",
        "_msg_callback",
        "check_hostname",
        "keylog_filename",
        "maximum_version",
        "minimum_version",
        "num_tickets",
        "options",
        "post_handshake_auth",
        "protocol",
        "security_level",
        "sni_callback",
        "verify_flags",
        "verify_mode",
    )

    def __new__(cls, protocol: int) -> _SSLContext:
        self = super().__new__(cls)
        is_client = protocol == _ssl.PROTOCOL_TLS_CLIENT
        settings = dict.fromkeys(_SSLContext.__slots__)
        settings.update(
            _host_flags=0,
            check_hostname=is_client,
            maximum_version=_ssl.PROTO_MAXIMUM_SUPPORTED,
            minimum_version=_ssl.PROTO_TLSv1_2,
            num_tickets=2,
            options=_ssl.OP_ALL | _ssl.OP_NO_SSLv3,
            post_handshake_auth=False,
            protocol=protocol,
            security_level=2,
            verify_flags=_ssl.VERIFY_X509_TRUSTED_FIRST,
            verify_mode=_ssl.CERT_REQUIRED if is_client else _ssl.CERT_NONE,
        )
        for name, value in settings.items():
            getattr(_SSLContext, name).__set__(self, value)
        return self

    def _nothing(self, *_: object, **__: object) -> None:
        """Takes a setting that would matter to a connection."""

    load_verify_locations = load_cert_chain = load_dh_params = set_default_verify_paths = _nothing
    set_ciphers = set_ciphersuites = set_ecdh_curve = set_groups = _set_alpn_protocols = _nothing
    set_client_sigalgs = set_server_sigalgs = set_psk_client_callback = _nothing
    set_psk_server_callback = _nothing

    def get_ca_certs(self, binary_form: bool = False) -> list[Any]:
        return []

    def get_ciphers(self) -> list[Any]:
        return []

    def cert_store_stats(self) -> dict[str, int]:
        return {"x509": 0, "crl": 0, "x509_ca": 0}

    def session_stats(self) -> dict[str, int]:
        return {}

    def _wrap_socket(self, *_: object, **__: object) -> NoReturn:
        raise SSLError(_NO_TLS)

    _wrap_bio = _wrap_socket


def txt2obj(text: str, name: bool = False) -> tuple[int, str, str, str]:
    """An object by its identifier."""
    for oid, (number, short, long) in _OBJECTS.items():
        if text == oid or (name and text in (short, long)):
            return number, short, long, oid
    raise ValueError(f"unknown object {text[:100]!r}")


def nid2obj(number: int) -> tuple[int, str, str, str]:
    """An object by its number."""
    for oid, (known, short, long) in _OBJECTS.items():
        if number == known:
            return number, short, long, oid
    raise ValueError(f"unknown NID {number}")


def get_default_verify_paths() -> tuple[str, str, str, str]:
    """Where certificates would be."""
    return "SSL_CERT_FILE", "/etc/ssl/cert.pem", "SSL_CERT_DIR", "/etc/ssl/certs"


def install() -> None:
    """Be `_ssl`, unless the interpreter has one."""
    if "_ssl" not in sys.builtin_module_names:
        sys.modules["_ssl"] = _ssl


def _make_module() -> Any:
    module: Any = ModuleType("_ssl", __doc__)
    for line in _CONSTANTS.split("\n"):
        prefix, *pairs = line.split() or [""]
        for name, value in (pair.split("=") for pair in pairs):
            is_flag = prefix == "HAS_"
            setattr(module, prefix + name, bool(int(value)) if is_flag else int(value))
    for thing in (
        *(SSLError, SSLZeroReturnError, SSLWantReadError, SSLWantWriteError, SSLSyscallError),
        *(SSLEOFError, SSLCertVerificationError, MemoryBIO, SSLSession, _SSLContext),
        *(txt2obj, nid2obj, get_default_verify_paths),
    ):
        if isinstance(thing, type):
            thing.__module__ = "_ssl" if thing.__name__.startswith("_") else "ssl"
        setattr(module, thing.__name__, thing)
    module.RAND_status = lambda: True
    module.RAND_add = lambda data, entropy: None
    module.RAND_bytes = os.urandom
    module.get_sigalgs = list
    module.OPENSSL_VERSION_NUMBER = 0x30000000
    module.OPENSSL_VERSION_INFO = module._OPENSSL_API_VERSION = (3, 0, 0, 0, 0)
    # urllib3 warns of anything that does not begin like this.
    module.OPENSSL_VERSION = "OpenSSL 3.0.0 (none: there is no TLS in the sandbox)"
    module._DEFAULT_CIPHERS = "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:!eNULL:!aNULL:!SHA1:!AESCCM"
    return module


_ssl = _make_module()
