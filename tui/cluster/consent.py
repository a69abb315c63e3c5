"""Clusters that other machines can read along with: used only once a person has agreed, for each address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tui.addresses import is_loopback
from tui.settings.store.files import default_store
from tui.settings.store.store import Document, Table


@dataclass(frozen=True, slots=True)
class _Agreed:
    """An address that a person has agreed to."""

    address: str


def address_fault(address: str) -> str | None:
    """What is wrong with the address of a scheduler, in a sentence; None if nothing is."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("tcp", "tls") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        good = False
    example = "tcp://127.0.0.1:8786 or tls://HOST:8786"
    return None if good else f"a scheduler's address is such as {example}, not {address!r}"


def is_open(address: str) -> bool:
    """Whether others may read along, and run what they like: no TLS, and not on this machine. Asks the name service."""
    parts = urlsplit(address)
    return parts.scheme != "tls" and not is_loopback(parts.hostname or "")


def has_agreed(address: str) -> bool:
    """Whether a person has agreed to this address."""
    found = default_store().read(_AGREED, address).value
    return found is not None and found.address == address


def is_to_be_asked(address: str) -> bool:
    """Whether a person has to agree before it is used. Asks the name service and the disk: call it in a thread."""
    return is_open(address) and not has_agreed(address)


def agree(address: str) -> str | None:
    """Remember that a person agrees; a sentence where that cannot be kept."""
    return default_store().write(_AGREED, address, _Agreed(address))


def what_is_open(address: str) -> str:
    """What it means, in a sentence."""
    return (
        f"nothing is encrypted on the way to {address}: whoever can listen there reads the sources and modules, and "
        "whoever can reach that scheduler can run programs as the workers, and as you"
    )


def _encode(value: _Agreed) -> Document:
    return {"address": value.address}


def _decode(document: Document) -> _Agreed | None:
    address = document.get("address")
    return _Agreed(address) if isinstance(address, str) else None


_AGREED: Final = Table(
    name="clusters",
    durable=True,
    version=1,
    encode=_encode,
    decode=_decode,
    what="which clusters were agreed to",
    home="state",
    most_bytes=10_000,
)
