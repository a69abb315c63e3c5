"""What function.yaml said of a function, kept by the file's bytes: loading what reads YAML costs as much as a run."""

from __future__ import annotations

import os
from _blake2 import blake2b  # as in the store: hashlib loads OpenSSL for it
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeGuard

import tui.workspace
from tui.reading import read_whole
from tui.running.answer import Target, target_fields
from tui.settings.store.files import default_store
from tui.settings.store.store import Document, Table

MOST_YAML: Final = 64 << 10  # bytes of a file whose reading is kept
READER: Final = Path(tui.workspace.__file__).parent
_FIELDS: Final[Mapping[str, type]] = {
    "name": str,
    "memory": int,
    "persistent": bool,
    "reactor": bool,
    "raw_response": bool,
}


@dataclass(frozen=True, slots=True)
class Known:
    """A reading: of which bytes, and by which reader."""

    digest: str
    target: Target  # without its module


def known_target(folder: Path, digest: str) -> Target | None:
    """What a function.yaml of that digest was read to; None where it has to be read."""
    found = default_store().read(TARGETS, str(folder.absolute())).value if digest else None
    return found.target if found is not None and found.digest == digest else None


def keep_target(folder: Path, yaml: Path, digest: str, target: Target) -> None:
    """Keep a reading, of a file that is as it was before. Where that cannot be, the next run reads it again."""
    if digest and digest_of(yaml) == digest:
        default_store().write(TARGETS, str(folder.absolute()), Known(digest, target))


def digest_of(yaml: Path) -> str:
    """Of the file's bytes and of the reader's own files; "" where one of them cannot be read."""
    try:
        made = blake2b(read_whole(yaml, MOST_YAML), digest_size=20)
        for part in (READER, READER / "goyaml"):
            with os.scandir(part) as entries:
                files = sorted((entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py"))
            made.update(repr([(name, found.st_size, found.st_mtime_ns) for name, found in files]).encode())
    except OSError:
        return ""
    return made.hexdigest()


def _encoded(known: Known) -> Document:
    return {"digest": known.digest, "target": target_fields(known.target)}


def _decoded(document: Document) -> Known | None:
    digest, fields = document.get("digest"), document.get("target")
    if not isinstance(digest, str) or not isinstance(fields, dict) or not _is_target(fields):
        return None
    return Known(digest, Target(wasm=b"", **fields))


def _is_target(fields: dict[str, Any]) -> TypeGuard[dict[str, Any]]:
    if fields.keys() != {*_FIELDS, "timeout", "env"}:
        return False
    env, timeout = fields["env"], fields["timeout"]
    if not isinstance(env, dict) or not all(isinstance(value, str) for value in env.values()):
        return False
    return type(timeout) in (int, float) and all(type(fields[name]) is type_ for name, type_ in _FIELDS.items())


TARGETS: Final = Table("targets", 1, _encoded, _decoded, "what function.yaml said", most_bytes=256 << 10)
