"""Where a function may connect to: not to this machine, not to private networks, not to where clouds keep secrets."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_METADATA: Final = "metadata.google.internal"
_SCHEMES: Final = frozenset({"http", "https"})
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
# Escapes of ASCII have no place in a host but before the zone of an address.
_NOT_IN_HOST: Final = re.compile(r"[\s<>\"^`{|}\\]|%(?!25|[89A-Fa-f][0-9A-Fa-f])")
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
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
    """The parts of a URL as Go reads one; None where it is none."""
    if _CONTROL.search(url) is not None or url.startswith(" "):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if _NOT_IN_HOST.search(parts.netloc.rpartition("@")[2]) is not None or port_of(parts) is None:
        return None
    broken = _BAD_ESCAPE.search(parts.path) or _BAD_ESCAPE.search(parts.fragment)
    return parts if broken is None else None


def port_of(parts: SplitResult) -> int | None:
    """The port that a URL names, 0 for none; None where it is no number. One that no socket has is left to the dial."""
    port = parts.netloc.rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    if not port:
        return 0
    # So many digits are enough to tell that it is none that a socket has.
    return int(port.lstrip("0")[:9] or 0) if port.isascii() and port.isdigit() else None


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
