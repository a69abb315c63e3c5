"""A file replaced as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes) -> str | None:
    """Write `content` to `path` by rename; the sentence of what went wrong, or None. Makes the folder (mode 700)."""
    temporary = ""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        with open(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)  # noqa: PTH105 - the temporary name is a str
    except OSError as error:
        if temporary:
            _forget(temporary)
        return f"cannot write {path}: {error.strerror or error}"
    return None


def _forget(temporary: str) -> None:
    try:
        os.unlink(temporary)  # noqa: PTH108
    except OSError:
        return  # the folder went away with it
