"""The first frame of a start for which none is kept: the header, and the names where the list will have them.

It is plainer than the screen's own, and nothing in it stands elsewhere there. Imports next to nothing: it is there
before Textual is loaded.
"""

# ruff: noqa: PTH119 (pathlib is slow to load)

from __future__ import annotations

import os
import time

from tui.app.frame.measures import FOOTER_FROM, HEADER_FROM, is_single, list_most
from tui.app.functions.tree import Node, grow
from tui.text import plural, printable
from tui.workspace.names import GO_NAME, YAML_NAME, below_home, is_skipped, sort_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    from tui.app.terminal.early.kept import Look, Row, Size

SECONDS: Final = 0.02  # for which names are looked for
ROLES: Final = ("", "title", "strong", "muted", "muted strong")  # in which the frame is drawn
ASCII: Final = "ascii"  # besides these: that the alphabet is such
_PLACE: Final = 6  # of so many parts of the header the workspace's name takes one at most
_RIGHT: Final = 36  # cells of the header that compiler and watch may take
_TAIL: Final = 12  # cells of a row that words behind the name may take
_EDGES: Final = 2  # cells of the list, and rows
_READING: Final = ("…", ".")
_OPEN: Final = ("▾", "v")


def put_in_place(rows: Sequence[Row], size: Size, *, from_top: bool) -> list[Row]:
    """Rows that stand in the same place at every size, on a terminal of this one: the header, of which the first piece
    is the ground, then those of the list. Where these are too many and may be scrolled, not `from_top`, none is shown.
    """
    columns, height = size
    header, top = height >= HEADER_FROM, (height >= HEADER_FROM) + 1
    room = height - top - 1 - (height >= FOOTER_FROM)
    ground = rows[0][0][0]
    frame: list[Row] = [[(ground, " " * columns)] for _ in range(height)]
    if header:
        frame[0] = _filled(_header(rows[0], columns), columns, ground)
    width = (columns if is_single(columns, height) else list_most(columns)) - _EDGES
    shown = rows[1 : room + 1] if from_top or len(rows) <= room + 1 else ()
    for line, row in enumerate(shown, top):
        frame[line] = _filled([(ground, " "), *_cut(row, width)], columns, ground)
    return frame


def unknown(workspace: str, look: Look) -> list[Row]:
    """The header, and the names that are found at once, as the list draws what nobody has read."""
    found = names_in(workspace)
    ascii_only = ASCII in look
    words = "looking for functions"
    if found is not None:
        words = f"{plural(len(found), 'function')}  {_READING[ascii_only]} {len(found):,} reading"
    shown = printable(below_home(workspace))
    place = shown.encode("ascii", "backslashreplace").decode() if ascii_only else shown
    header = [(look[""], ""), (look["title"], " fn-tui "), (look["strong"], place), (look["muted"], f"   {words}")]
    return [header, *(_row(node, look, ascii_only) for node in _nodes(found or [], workspace))]


def _header(row: Row, columns: int) -> Row:
    """As much of a header as it has in any case: the ground, what this is; the place, uncut; how many functions."""
    width, kept = 0, [*row[:2]]
    for (style, text), room in zip(row[2:], (columns // _PLACE, columns - _RIGHT), strict=False):
        width += len(text)
        if width > room:
            break
        kept.append((style, text))
    return kept


def names_in(folder: str, seconds: float = SECONDS) -> list[str] | None:
    """The paths of the functions in a folder; None where finding them takes longer, or takes knowing links."""
    end = time.monotonic() + seconds
    found: list[str] = []
    pending = [""]
    while pending:
        below = _look(folder, pending.pop(), found, end)
        if below is None or time.monotonic() > end:
            return None
        pending += below
    return sorted(found, key=sort_key)


def _look(root: str, path: str, found: list[str], end: float) -> list[str] | None:
    """The folders in a folder, which is a function or not; None where there is a link, no way in, or no time left."""
    below, is_function = [], False
    try:
        with os.scandir(f"{root}/{path}") as entries:
            for entry in entries:
                if time.monotonic() > end:  # in a folder of a million files, too
                    return None
                if entry.name in (YAML_NAME, GO_NAME):
                    is_function = True
                elif not is_skipped(entry.name) and entry.is_dir():
                    if entry.is_symlink():
                        return None
                    below.append(f"{path}/{entry.name}".lstrip("/"))
    except OSError:
        return None
    if is_function:
        found.append(path or ".")
    return below


def _nodes(paths: Sequence[str], workspace: str) -> list[Node]:
    tree = grow(paths)
    if "." in tree.nodes:
        tree.nodes["."].label = os.path.basename(workspace)
    return tree.shown()


def _row(node: Node, look: Look, ascii_only: bool) -> Row:
    """The beginning of a row: its sign, its name."""
    label = printable(node.label)
    text = label.encode("ascii", "backslashreplace").decode() if ascii_only else label
    folders = text.rfind("/") + 1
    sign = (look["muted"], _OPEN[ascii_only]) if node.is_folder else (look["muted strong"], _READING[ascii_only])
    name = (look["strong" if node.is_folder else ""], text[folders:])
    indent = (look[""], " " * (1 + 2 * node.level))
    return [indent, sign, (look[""], " "), (look["muted"], text[:folders]), name]


def _cut(row: Row, width: int) -> Row:
    """A row in a list of so many cells; of a name that has no room there as much as is left of it in any case."""
    *before, (style, name) = row
    room = width - sum(len(text) for _, text in before)
    return [*before, (style, name if len(name) <= room - _TAIL else name[: max((room - _TAIL) // 2, 0)])]


def _filled(row: Row, columns: int, ground: str) -> Row:
    """The row on its ground to the right edge: the ground first, since nobody knows how wide its letters are."""
    return [(ground, " " * columns), (ground, "\r"), *row]
