"""The file of a workspace's first frames: what was kept is drawn, and anything else is nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.emulator import Emulator
from tui.app.terminal.early.kept import MOST_BYTES, MOST_FILES, MOST_SIZES, TITLE, Opening, content, drawing, rows_of

SIZE = (8, 2)
FRAME = [[("1;31", "fn-tui"), ("", "  ")], [("7", "▌ chat  ")]]
DRAWN = re.compile(rb"(?:\x1b\[(?:\d+H|[\d;]*m)|[^\x00-\x1f\x7f])*")


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    return Opening("/ws", ["looks"], str(tmp_path / "frames"))


def found(opening: Opening, size: tuple[int, int] = SIZE) -> bytes | None:
    lines = opening.frames().get(size)
    rows = None if lines is None else rows_of(lines, size[1])
    return None if rows is None else drawing(rows)


def names(folder: str) -> list[str]:
    return [path.name for path in Path(folder).iterdir()]


def lay(opening: Opening, written: bytes) -> None:
    opening.keep({SIZE: FRAME})
    Path(opening.folder, opening.name).write_bytes(written)


def test_a_frame_is_drawn_as_it_was_kept(opening: Opening) -> None:
    assert opening.keep({SIZE: FRAME, (3, 1): [[("", "abc")]]}) is None
    made = found(opening)
    assert made is not None
    terminal = Emulator(2, 8)
    terminal.feed(made)
    assert terminal.text == ["fn-tui  ", "▌ chat  "]
    assert (terminal.cells[0][0], terminal.cells[0][7], terminal.cells[1][0]) == (("f", "1;31"), (" ", ""), ("▌", "7"))
    assert opening.seen == (SIZE, (3, 1))
    assert found(opening, (3, 1)) is not None
    assert found(opening, (2, 8)) is None


def test_only_a_start_that_looks_the_same_has_it(opening: Opening) -> None:
    opening.keep({SIZE: FRAME})
    assert found(Opening("/ws", ["other looks"], opening.folder)) is None
    assert found(Opening("/other", ["looks"], opening.folder)) is None


def test_the_look_of_a_start_is_known_in_every_workspace_that_starts_so(opening: Opening) -> None:
    assert opening.look() is None
    look = {"": "1;2", "title": "", "muted strong": "3"}
    opening.keep({SIZE: FRAME, (1, 1): [[("1", "bare")]]}, look)
    assert Opening("/other", ["looks"], opening.folder, ["its own"]).look() == look
    assert Opening("/other", ["other looks"], opening.folder).look() is None
    assert found(opening, (1, 1)) == b"\x1b[1H\x1b[0;1mbare"
    assert opening.seen == (SIZE,)


def test_no_frame_is_none(opening: Opening) -> None:
    assert found(opening) is None
    opening.keep({SIZE: FRAME})
    assert opening.keep({}) is None
    assert found(opening) is None


def test_of_many_workspaces_the_ones_kept_last_stay_and_none_where_all_look_otherwise(opening: Opening) -> None:
    for number in range(MOST_FILES + 5):
        Opening(f"/ws{number}", ["looks"], opening.folder).keep({SIZE: FRAME})
    assert len(names(opening.folder)) == MOST_FILES
    opening.keep({SIZE: FRAME}, alone=True)
    assert names(opening.folder) == [opening.name]


def kept(rows: str, styles: str = "1", size: str = "size 8 2", title: str = TITLE) -> bytes:
    return f"{title}\n{Opening('/ws', ['looks'], '').fingerprint}\n{styles}\n{size}\n{rows}\n".encode()


def test_a_file_made_by_hand_is_one(opening: Opening) -> None:
    lay(opening, kept("0\tab\n0\tcd"))
    assert found(opening) == b"\x1b[1H\x1b[0;1mab\x1b[2H\x1b[0;1mcd"


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\xff\xfe",
        b"fn-tui frame 1\n",
        kept("0\tab\n0\tcd", title="fn-tui frame 2"),
        kept("0\tab"),
        kept("0\tab\n0\tcd\n0\tef"),
        kept("0\tab\n1\tcd"),
        kept("0\tab\n-1\tcd"),
        kept("0\tab\n\u0661\tcd"),
        kept("0\tab\n0"),
        kept("0\ta\x1b[2Jb\n0\tcd"),
        kept("0\ta\u202eb\n0\tcd"),
        kept("0\ta\x9bb\n0\tcd"),
        kept("0\ta\rb\n0\tcd"),
        kept("0\tab\n0\tcd", styles="1m\x1b[2J"),
        kept("0\tab\n0\tcd", styles="1" * 200),
        kept("0\tab\n0\t" + "c" * 5000),
        kept("0\tab\n0\tcd", size="size 8"),
        kept("0\tab\n0\tcd", size="size 8 2 2"),
        kept("0\tab\n0\tcd", size="size 8 ²"),
        kept("\n".join(f"size {number} 1\n0\ta" for number in range(MOST_SIZES + 2))),
        kept("0\tab\n0\tcd") + b" " * MOST_BYTES,
    ],
)
def test_whatever_else_lies_there_is_nothing(opening: Opening, written: bytes) -> None:
    lay(opening, written)
    assert found(opening) is None


def test_a_link_a_folder_or_a_pipe_in_its_place_is_nothing(opening: Opening, tmp_path: Path) -> None:
    opening.keep({SIZE: FRAME})
    place = Path(opening.folder, opening.name)
    place.rename(tmp_path / "real")
    place.symlink_to(tmp_path / "real")
    assert found(opening) is None
    place.unlink()
    os.mkfifo(place)
    assert found(opening) is None
    place.unlink()
    place.mkdir()
    assert found(opening) is None
    Path(opening.folder).rename(tmp_path / "elsewhere")
    Path(opening.folder).symlink_to(tmp_path / "elsewhere")
    assert found(opening) is None
    assert "link" in (opening.keep({SIZE: FRAME}) or "")


@given(st.text() | st.text("0123456789\t\n size;\x1b[mJ"))
def test_nothing_of_a_file_reaches_the_terminal_but_text_and_styles(text: str) -> None:
    lines = text.split("\n")
    rows = rows_of(lines, len(lines) - 1)
    assert rows is None or DRAWN.fullmatch(drawing(rows))


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(["", "1", "1;38;5;1"]), st.text("ab ▌", min_size=1)), min_size=1, max_size=3)
    )
)
def test_what_is_kept_comes_back(rows: list[list[tuple[str, str]]]) -> None:
    lines = content("f", {(80, len(rows)): rows}).decode().removesuffix("\n").split("\n")
    found_again = rows_of([lines[2], *lines[4:]], len(rows))
    assert found_again == rows
    made = drawing(rows)
    plain = re.sub(rb"\x1b\[[\d;]*m", b"", made).decode()
    assert plain == "".join(f"\x1b[{place}H" + "".join(text for _, text in row) for place, row in enumerate(rows, 1))
