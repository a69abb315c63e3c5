"""What is kept of the first frame, for the next one: rows of styled pieces for each size that was seen, in a file.

    fn-tui frame 1
    FINGERPRINT
    STYLE STYLE ...              parameters of graphic rendition: `1;38;2;18;20;27`
    size COLUMNS ROWS            and so many rows, each of `STYLE'S NUMBER, TEXT` pairs between tabs

One file a workspace, and one for each look: how what any workspace has is drawn there. What has one column is no frame:
it has the rows as far as they stand in the same place at every size. Whatever is wrong with a file costs the frame.
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
    Look = Mapping[str, str]  # role -> a style's parameters

TITLE: Final = "fn-tui frame 1"
MOST_BYTES: Final = 1 << 20
MOST_SIZES: Final = 6  # of a workspace; the one seen longest ago goes
MOST_FILES: Final = 50
LEAST: Final[Size] = (20, 6)  # a smaller terminal has no early frame
MOST: Final[Size] = (500, 200)  # nor has a larger one
BARE: Final = 1  # column
_MOST_STYLE: Final = 100  # characters
_MOST_ROW: Final = 8 * MOST[0]  # characters
_OURS: Final = r"[0-9a-f]{32}\.frame"


class Opening:
    """A start of the screen that may have a frame: the workspace, and all that its look hangs on as fingerprints."""

    __slots__ = ("fingerprint", "folder", "look_fingerprint", "seen", "workspace")

    def __init__(self, workspace: str, looks: Sequence[str], folder: str, own: Sequence[str] = ()) -> None:
        """`looks`: what it hangs on in every workspace; `own`: in this one; `folder`: where frames are kept."""
        self.workspace = workspace
        self.look_fingerprint = digest("\0".join(looks))
        self.fingerprint = digest("\0".join((*looks, *own)))
        self.folder = folder
        self.seen: tuple[Size, ...] = ()  # the sizes of the frames that were found

    @property
    def name(self) -> str:
        """The name of the workspace's file."""
        return f"{digest(self.workspace)}.frame"

    @property
    def look_name(self) -> str:
        """The name of the look's file."""
        return f"{digest(f'look {self.look_fingerprint}')}.frame"

    def frames(self) -> dict[Size, list[str]]:
        """The lines of what is kept for this start, by size, the one seen last first, its styles before them."""
        found = self._found(self.name, self.fingerprint)
        self.seen = tuple(size for size in found if size[0] > BARE)
        return found

    def look(self) -> Look | None:
        """How roles are drawn here; None where that is not known."""
        lines = self._found(self.look_name, self.look_fingerprint).get((BARE, 1))
        rows = rows_of(lines, 1) if lines is not None else None
        return {role: style for style, role in rows[0]} if rows is not None else None

    def _found(self, name: str, fingerprint: str) -> dict[Size, list[str]]:
        lines = _lines(self.folder, name)
        if len(lines) < 3 or lines[0] != TITLE or lines[1] != fingerprint:
            return {}
        return _by_size(lines)

    def keep(self, frames: Frames, look: Look | None = None, *, alone: bool = False) -> str | None:
        """Leave these frames for the next start; `alone`: and no others, of other workspaces; none: no frame at all.
        The sentence of what went wrong.
        """
        import re

        try:
            folder = open_own(self.folder)
            try:
                if alone or not frames:
                    keep_newest(self.folder, re.compile(_OURS if alone else re.escape(self.name)), 0)
                if frames:
                    replace_in(folder, self.name, content(self.fingerprint, frames), 0o600, durable=False)
                if look is not None:
                    drawn_so = {(BARE, 1): [[(style, role) for role, style in look.items()]]}
                    replace_in(folder, self.look_name, content(self.look_fingerprint, drawn_so), 0o600, durable=False)
            finally:
                os.close(folder)
            keep_newest(self.folder, re.compile(_OURS), MOST_FILES)
        except OSError as error:
            return f"cannot keep the first frame in {self.folder}: {error.strerror or error}"
        return None


def digest(text: str) -> str:
    """32 hexadecimal digits that tell a text from others."""
    return blake2b(os.fsencode(text), digest_size=16).hexdigest()


def rows_of(lines: Sequence[str], height: int) -> list[Row] | None:
    """The rows in these lines of a file; None where they are anything but so many rows of harmless pieces."""
    styles, rows = lines[0].split(" "), lines[1:]
    if len(rows) != height or not all(len(style) <= _MOST_STYLE and _is_style(style) for style in styles):
        return None
    found: list[Row] = []
    for row in rows:
        pieces = row.split("\t")
        if len(pieces) % 2 or len(row) > _MOST_ROW:
            return None
        numbers, texts = pieces[::2], pieces[1::2]
        if not all(number.isdecimal() and number.isascii() and int(number) < len(styles) for number in numbers):
            return None
        if any(printable(text) != text for text in texts):
            return None
        found.append([(styles[int(number)], text) for number, text in zip(numbers, texts, strict=True)])
    return found


def drawing(rows: Sequence[Row]) -> bytes:
    """What draws these rows on a terminal."""
    made = []
    for place, row in enumerate(rows, 1):
        made.append(f"\x1b[{place}H")
        made += [f"\x1b[0;{style}m{text}" for style, text in row]
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
    return found if len(found) <= MOST_SIZES + 1 else {}


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
