"""A workspace's own .fn-tui.toml: it takes effect only after a person has agreed to what it says.

Somebody may clone a workspace of somebody else's. So what a person agrees to is this very content in this very place:
a file of the same words elsewhere is asked about again, since `watch = true` means other programs there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Literal

from tui.facts import Fact
from tui.settings.settings import Entry, Words, workspace_entries
from tui.settings.store.files import default_store
from tui.settings.store.store import Document, Table
from tui.settings.toml_file import SettingsProblem, TomlFile, read_toml
from tui.settings.workspace_file import find_workspace_file

Answer = Literal["agreed", "declined"]


class _Answer(Fact):
    """What a person said of one file's content. The path is for people who look."""

    digest: str
    path: str
    answer: Answer


class WorkspaceFile(Fact):
    """The file of a workspace, and whether a person has agreed to it."""

    file: TomlFile
    entries: tuple[Entry, ...]  # what it would set
    answer: Answer | None  # None: nobody was asked yet

    @property
    def in_force(self) -> TomlFile | None:
        """The file where it may take effect, or where it sets nothing that could."""
        return self.file if self.answer == "agreed" or not self.entries else None

    @property
    def names(self) -> str:
        """The settings that it would change, in a row: `watch, keys`."""
        return ", ".join(dict.fromkeys(entry.key.name for entry in self.entries))


def workspace_file(folder: Path, words: Words | None = None) -> WorkspaceFile | SettingsProblem | None:
    """The settings of the workspace that `folder` belongs to; None where it has none. Never raises."""
    path = find_workspace_file(folder)
    file = read_toml(path) if path is not None else None
    if file is None or isinstance(file, SettingsProblem):
        return file
    entries = tuple(item for item in workspace_entries(file, words) if isinstance(item, Entry))
    return WorkspaceFile(file, entries, _answer_to(file))


def agree(file: TomlFile) -> str | None:
    """Remember that a person agrees to what this file says; a sentence where that cannot be kept."""
    return _remember(file, "agreed")


def decline(file: TomlFile) -> str | None:
    """Remember that a person does not want to be asked about this content again."""
    return _remember(file, "declined")


def digest(file: TomlFile) -> str:
    """What tells this content in this place from all others: 64 hexadecimal digits."""
    from hashlib import sha256

    # Links to the folder are followed, so that it is one place by all its names. A link in the file's own place is not:
    # a clone's link to a file that was agreed to elsewhere would bring that agreement along.
    place = os.path.join(os.path.realpath(file.path.parent), file.path.name)  # noqa: PTH118
    return sha256(os.fsencode(place) + b"\0" + file.source).hexdigest()


def _answer_to(file: TomlFile) -> Answer | None:
    """What was remembered of this content. What cannot be read counts as never asked."""
    key = digest(file)
    found = default_store().read(_ANSWERS, key).value
    return found.answer if found is not None and found.digest == key else None


def _remember(file: TomlFile, answer: Answer) -> str | None:
    key = digest(file)
    return default_store().write(_ANSWERS, key, _Answer(key, str(file.path), answer))


def _encode(value: _Answer) -> Document:
    path = value.path.encode("utf-8", "backslashreplace").decode()
    return {"digest": value.digest, "path": path, "answer": value.answer}


def _decode(document: Document) -> _Answer | None:
    key, path, answer = (document.get(name) for name in ("digest", "path", "answer"))
    if not isinstance(key, str) or not isinstance(path, str):
        return None
    if answer == "agreed":
        return _Answer(key, path, "agreed")
    return _Answer(key, path, "declined") if answer == "declined" else None


_ANSWERS: Final = Table(
    name="trust",
    durable=True,
    version=1,
    encode=_encode,
    decode=_decode,
    what="what was agreed of a workspace's settings",
    home="state",
    most_bytes=100_000,
    most_entries=2_000,
)
