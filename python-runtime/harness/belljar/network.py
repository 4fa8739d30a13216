"""A network that is not there, and says so.

The interpreter's own socket module lacks half of its functions, so that programs fail with
AttributeErrors that no program expects. Each fails here as it does on a machine whose network is
down: names can't be resolved, and whatever else is asked for is an OSError.
"""

from __future__ import annotations

import errno
import socket
from typing import Any, NoReturn

NO_NETWORK = "there is no network in the sandbox"

#: glibc's number for "the name can't be resolved now", where the system has none.
_EAI_AGAIN = -3

#: Constants that programs name before they connect, by Linux' numbers.
_CONSTANTS = {
    **{"AF_UNSPEC": 0, "AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10},
    **{"SOCK_STREAM": 1, "SOCK_DGRAM": 2, "SOCK_RAW": 3, "SOMAXCONN": 4096},
    **{"IPPROTO_IP": 0, "IPPROTO_ICMP": 1, "IPPROTO_TCP": 6, "IPPROTO_UDP": 17, "IPPROTO_IPV6": 41},
    **{"SOL_SOCKET": 1, "SO_REUSEADDR": 2, "SO_TYPE": 3, "SO_ERROR": 4, "SO_BROADCAST": 6},
    **{"SO_SNDBUF": 7, "SO_RCVBUF": 8, "SO_KEEPALIVE": 9, "SO_LINGER": 13, "SO_REUSEPORT": 15},
    **{"TCP_NODELAY": 1, "TCP_KEEPIDLE": 4, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 6},
    **{"SHUT_RD": 0, "SHUT_WR": 1, "SHUT_RDWR": 2, "MSG_PEEK": 2, "MSG_DONTWAIT": 64},
    **{"AI_PASSIVE": 1, "AI_CANONNAME": 2, "AI_NUMERICHOST": 4, "AI_ADDRCONFIG": 32},
    **{"EAI_AGAIN": _EAI_AGAIN, "EAI_NONAME": -2, "EAI_FAIL": -4, "EAI_FAMILY": -6},
    **{"NI_NUMERICHOST": 1, "NI_NUMERICSERV": 2, "INADDR_ANY": 0},
}

_RESOLVERS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo")
_OTHERS = ("create_connection", "create_server", "socketpair", "fromfd", "getservbyname")


def _resolve(*_: object, **__: object) -> NoReturn:
    """Stand for every function that looks up a name."""
    raise socket.gaierror(getattr(socket, "EAI_AGAIN", _EAI_AGAIN), NO_NETWORK)


def _connect(*_: object, **__: object) -> NoReturn:
    """Stand for every function that makes a socket."""
    raise OSError(errno.ENETUNREACH, NO_NETWORK)


def install() -> None:
    """Make `socket` say that there is no network."""
    module: Any = socket
    for name, value in _CONSTANTS.items():
        if not hasattr(module, name):
            setattr(module, name, value)
    for name in _RESOLVERS:
        setattr(module, name, _resolve)
    for name in _OTHERS:
        setattr(module, name, _connect)
    # What has a name to look up fails there first, as it does elsewhere.
    module.create_connection = _resolve
    module.socket.__init__ = _connect
    module.gethostname = lambda: "localhost"
    module.getfqdn = lambda name="": name or "localhost"
