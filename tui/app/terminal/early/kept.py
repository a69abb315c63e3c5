"""What is kept of the first frame, for the next one: rows of styled pieces for each size that was seen, in a file.

    fn-tui frame 1
    FINGERPRINT
    STYLE STYLE ...              parameters of graphic rendition: `1;38;2;18;20;27`
    size COLUMNS ROWS            and so many rows, each of `STYLE'S NUMBER, TEXT` pairs between tabs

One file a workspace. Whatever is wrong with it costs the early frame, no more.
"""

from __future__ import annotations

import os
import stat
from _blake2 import blake2b  # what hashlib offers, without loading OpenSSL

from tui.files import FOLDER, keep_newest, open_own, replace_in
from tui.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final

    Size = tuple[int, int]  # columns, rows
    Row = Sequence[tuple[str, str]]  # pieces: a style's parameters, a text
    Frames = Mapping[Size, Sequence[Row]]

TITLE: Final = "fn-tui frame 1"
MOST_BYTES: Final = 1 << 20
MOST_SIZES: Final = 6  # of a workspace; the one seen longest ago goes
MOST_FILES: Final = 50
LEAST: Final[Size] = (20, 6)  # a smaller terminal has no early frame
MOST: Final[Size] = (500, 200)  # nor has a larger one
_MOST_STYLE: Final = 100  # characters


class Opening:
    """A start of the screen that may have a frame: the workspace, and all that its look hangs on as a fingerprint."""

    __slots__ = ("fingerprint", "folder", "seen", "workspace")

    def __init__(self, workspace: str, looks: Sequence[str], folder: str) -> None:
        """`folder`: where frames are kept."""
        self.workspace = workspace
        self.fingerprint = digest("\0".join(looks))
        self.folder = folder
        self.seen: tuple[Size, ...] = ()  # the sizes of the frames that were found

    @property
    def name(self) -> str:
        """The name of the workspace's file."""
        return f"{digest(self.workspace)}.frame"

    def frames(self) -> dict[Size, list[str]]:
        """The lines of what is kept for this start, by size, the one seen last first, its styles before them."""
        lines = _lines(self.folder, self.name)
        if len(lines) < 3 or lines[0] != TITLE or lines[1] != self.fingerprint:
            return {}
        found = _by_size(lines)
        self.seen = tuple(found)
        return found

    def keep(self, frames: Frames, *, alone: bool = False) -> str | None:
        """Leave these frames for the next start; `alone`: and no others, of other workspaces; none: no frame at all.
        The sentence of what went wrong.
        """
        import re

        try:
            folder = open_own(self.folder)
            try:
                if frames:
                    replace_in(folder, self.name, content(self.fingerprint, frames), 0o600, durable=False)
            finally:
                os.close(folder)
            ours = re.compile(r"[0-9a-f]{32}\.frame")
            if alone or not frames:
                others = ours if alone else re.compile(re.escape(self.name))
                keep_newest(self.folder, others, 1 if frames else 0)
            keep_newest(self.folder, ours, MOST_FILES)
        except OSError as error:
            return f"cannot keep the first frame in {self.folder}: {error.strerror or error}"
        return None


def digest(text: str) -> str:
    """32 hexadecimal digits that tell a text from others."""
    return blake2b(os.fsencode(text), digest_size=16).hexdigest()


def drawn(lines: Sequence[str], size: Size) -> bytes | None:
    """What draws these lines of a file on a terminal of that size; None where they are anything but such a frame."""
    styles, rows = lines[0].split(" "), lines[1:]
    if len(rows) != size[1] or not all(len(style) <= _MOST_STYLE and _is_style(style) for style in styles):
        return None
    made = []
    for place, row in enumerate(rows, 1):
        pieces = row.split("\t")
        made.append(f"\x1b[{place}H")
        if len(pieces) % 2 or len(row) > 8 * size[0] + 16:
            return None
        for number, text in zip(pieces[::2], pieces[1::2], strict=True):
            if not (number.isdecimal() and number.isascii() and int(number) < len(styles)) or printable(text) != text:
                return None
            made.append(f"\x1b[0;{styles[int(number)]}m{text}")
    return "".join(made).encode()


def content(fingerprint: str, frames: Frames) -> bytes:
    """A file of these frames."""
    styles: dict[str, int] = {}
    rows = []
    for (columns, height), frame in frames.items():
        rows.append(f"size {columns} {height}")
        rows += ["\t".join(f"{styles.setdefault(style, len(styles))}\t{text}" for style, text in row) for row in frame]
    return "\n".join((TITLE, fingerprint, " ".join(styles), *rows, "")).encode()


def _is_style(style: str) -> bool:
    return not style.strip("0123456789;")


def _by_size(lines: Sequence[str]) -> dict[Size, list[str]]:
    found: dict[Size, list[str]] = {}
    rows: list[str] = []
    for line in lines[3:]:
        if line.startswith("size "):
            words = line.split(" ")[1:]
            if len(words) != 2 or not all(word.isascii() and word.isdecimal() and len(word) < 4 for word in words):
                return {}
            rows = [lines[2]]
            found[int(words[0]), int(words[1])] = rows
        else:
            rows.append(line)
    return found if len(found) <= MOST_SIZES else {}


def _lines(folder: str, name: str) -> list[str]:
    """The lines of a file of ours: a regular one, through no link, of no more than its size."""
    try:
        opened = os.open(folder, FOLDER | os.O_NOFOLLOW)
        try:
            file = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=opened)
        finally:
            os.close(opened)
        try:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
                return []
            return os.read(file, MOST_BYTES).decode().removesuffix("\n").split("\n")
        finally:
            os.close(file)
    except (OSError, UnicodeDecodeError):
        return []
