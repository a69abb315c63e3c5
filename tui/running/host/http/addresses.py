"""Where a function may connect to: not to this machine, not to private networks, not to where clouds keep secrets."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import SplitResult, urlsplit

_METADATA: Final = "metadata.google.internal"
_SCHEMES: Final = frozenset({"http", "https"})
_SHARED: Final = ipaddress.ip_network("100.64.0.0/10")


def url_refusal(url: str) -> str | None:
    """The gateway's words for a URL that it does not fetch; None for one that it tries."""
    parts = parsed(url)
    if parts is None or not parts.scheme or not parts.hostname:
        return "invalid url" if parts is None or parts.scheme.lower() in {"", *_SCHEMES} else "url scheme not allowed"
    if parts.scheme.lower() not in _SCHEMES:
        return "url scheme not allowed"
    return "url host not allowed" if host_is_refused(parts.hostname) else None


def parsed(url: str) -> SplitResult | None:
    """The parts of a URL; None where it is none."""
    if any(character.isspace() or ord(character) < 0x20 or ord(character) == 0x7F for character in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def host_is_refused(host: str) -> bool:
    """Whether a host is refused by its name, or by the address that it is."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost") or name == _METADATA:
        return True
    try:
        return address_is_refused(name.partition("%")[0])
    except ValueError:
        return False  # a name: its addresses are looked at when it is dialled


def address_is_refused(address: str) -> bool:
    """Whether an IP address is not of the public internet. Raises ValueError for what is no address."""
    found = ipaddress.ip_address(address)
    inner = getattr(found, "ipv4_mapped", None)
    if inner is not None:
        found = inner
    return not found.is_global or found.is_multicast or found.is_reserved or found in _SHARED
