"""Full validations already done, by the validator's version: each module is validated once.

A verdict lies under a checksum of the module, which takes a quarter of the time of a digest: of most modules that are
looked at nothing is known. What lies there holds for a module with the digest that stands beside it. Where two modules
share a checksum, the one validated last is known.
"""

from __future__ import annotations

from _blake2 import blake2b
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final
from zlib import crc32

from tui.facts import Fact
from tui.settings.store.files import FileStore, default_store
from tui.settings.store.store import Document, Store, Table

if TYPE_CHECKING:
    from pathlib import Path

    from tui.wasm.validate import Validation

KEPT: Final = 2_000  # verdicts on disk
MOST_TEXT: Final = 400  # characters of a message that are kept
_NEVER_KEPT: Final = frozenset({"crashed", "not installed"})  # they say nothing of the module


class Kept(Fact):
    """A verdict, and which module it is on."""

    digest: str
    validation: Validation


class Validations:
    """Verdicts of the validator. One thread may ask while another notes: each does one step on a dictionary."""

    def __init__(self, store: Store | None = None) -> None:
        """`store` keeps them between runs; None keeps nothing on disk."""
        self._store = store
        self._found: dict[str, Kept] = {}

    def known(self, source: bytes) -> Validation | None:
        """What was found out about these bytes before; None where nothing was, or the extra is not installed."""
        return self._known(source, _key(source))

    def _known(self, source: bytes, key: str) -> Validation | None:
        kept = self._found.get(key)
        if kept is None and key and self._store is not None:
            kept = self._store.read(VALIDATIONS, key).value
        if kept is None or kept.digest != _digest(source):
            return None
        self._found[key] = kept
        return kept.validation

    def note(self, source: bytes, found: Validation | None) -> str | None:
        """Remember a verdict on these bytes; the sentence of what went wrong. Losing it costs time only."""
        return self._note(source, _key(source), found)

    def _note(self, source: bytes, key: str, found: Validation | None) -> str | None:
        if found is None or not key or found.outcome in _NEVER_KEPT:
            return None
        kept = Kept(_digest(source), replace(found, message=found.message[:MOST_TEXT]))
        self._found[key] = kept
        return self._store.write(VALIDATIONS, key, kept) if self._store is not None else None

    def place(self, source: bytes) -> Path | None:
        """The file in which a verdict on these bytes would be kept; None without the extra, or where nothing is."""
        return self._place(_key(source))

    def known_or_place(self, source: bytes) -> tuple[Validation | None, Path | None]:
        """What `known` tells; where that is nothing, what `place` does: the bytes are gone through once."""
        key = _key(source)
        found = self._known(source, key)
        return found, self._place(key) if found is None else None

    def _place(self, key: str) -> Path | None:
        return self._store.path(VALIDATIONS, key) if key and isinstance(self._store, FileStore) else None

    def of(self, source: bytes) -> Validation | None:
        """The verdict on these bytes, validated here and now where it is not known; None without the extra."""
        from tui.wasm.validate import validate

        key = _key(source)  # a look at every byte
        found = self._known(source, key)
        if found is None:
            found = validate(source)
            self._note(source, key, found)
        return found


def _key(source: bytes) -> str:
    """Size and checksum of the module, with the validator's version: another release may judge otherwise. "" without
    the extra.
    """
    from tui.wasm.validator import validator_version

    version = validator_version()
    return f"{len(source):x}-{crc32(source):08x}-{version}" if version else ""


def _digest(source: bytes) -> str:
    return blake2b(source, digest_size=16).hexdigest()


def _encoded(kept: Kept) -> Document:
    return asdict(kept.validation) | {"digest": kept.digest}


def _decoded(document: Document) -> Kept | None:
    from tui.wasm.validate import OUTCOMES, Validation

    digest = document.get("digest")
    outcome, message = document.get("outcome"), document.get("message")
    offset, function = document.get("offset"), document.get("function")
    symbol, package = document.get("symbol"), document.get("package")
    if outcome not in OUTCOMES or not isinstance(message, str) or not isinstance(digest, str):
        return None
    if not isinstance(offset, int | None) or not isinstance(function, int | None):
        return None
    if not isinstance(symbol, str | None) or not isinstance(package, str | None):
        return None
    return Kept(digest, Validation(OUTCOMES[OUTCOMES.index(outcome)], message, offset, function, symbol, package))


VALIDATIONS: Final[Table[Kept]] = Table(
    name="validations",
    version=2,
    encode=_encoded,
    decode=_decoded,
    what="which modules were validated",
    most_bytes=16 << 10,
    most_entries=KEPT,
)


def default_validations() -> Validations:
    """Verdicts that are kept between runs."""
    return Validations(default_store())
