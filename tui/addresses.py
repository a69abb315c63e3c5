"""Addresses to listen on, and the names under which a server on this machine may be called."""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether an address, or every address of a name, is this machine's own."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host or "0.0.0.0", None, type=socket.SOCK_STREAM)}  # noqa: S104
    except OSError:
        return False
    return all(ipaddress.ip_address(str(address).partition("%")[0]).is_loopback for address in found)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on the first address of that name. Raises OSError."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address[:2], family=family)


def address_of(listener: socket.socket) -> str:
    """Where a listening socket is, as it stands in a URL: 127.0.0.1:8787, [::1]:8787."""
    address, port = listener.getsockname()[:2]
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def names_server(header: str, names: Collection[str], *, any_address: bool) -> bool:
    """Whether a Host header names a server of ours: localhost, a loopback address, one of its names (in lower case).

    A page of another site that makes its own name point here (DNS rebinding) still sends that name. `any_address`: any
    IP address will do, as it must where other machines are let in.
    """
    try:
        name = (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return False
    if name == "localhost" or name in names:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or any_address


def is_own_origin(origin: str, host: str) -> bool:
    """Whether an Origin header names a page of the server that the Host header names."""
    return origin.lower() == f"http://{host}".lower()


def is_same_secret(given: str, secret: str) -> bool:
    """Whether two texts are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode("utf-8"))
