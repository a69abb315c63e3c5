"""Small file systems of memory, where the machine lets us mount them; else the tests are skipped and say why."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# Found before a test takes PATH away.
MOUNT, UMOUNT = (shutil.which(name) or name for name in ("mount", "umount"))


@contextmanager
def mounted(place: Path, size: str) -> Iterator[Path]:
    """A tmpfs of that size (`300k`) at `place`, which is made."""
    place.mkdir()
    argv = [MOUNT, "-t", "tmpfs", "-o", f"size={size}", "none", str(place)]
    if subprocess.run(argv, capture_output=True, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here (needs root)")
    try:
        yield place
    finally:
        subprocess.run([UMOUNT, "-l", str(place)], check=True)


def fill(place: Path) -> None:
    """Take all the space that is left, with a file `filling`."""
    with (place / "filling").open("wb", buffering=0) as file:
        for size in (4096, 1):
            while True:
                try:
                    file.write(b"x" * size)
                except OSError:
                    break
