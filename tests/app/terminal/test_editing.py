from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui.app.messages import EditPlace
from tui.app.notices import Notice
from tui.app.terminal.editing import Editing


class Lender:
    """Lends what the test runs on, and keeps what is said."""

    is_web = False
    terminal = None

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def suspend(self) -> Iterator[None]:
        yield

    def draw_again(self) -> None:
        """There is nothing to draw."""

    def say(self, notice: Notice) -> None:
        self.said.append(notice.text)


def editor(folder: Path, name: str) -> str:
    """An editor that ends at once."""
    file = folder / name
    file.write_text("#!/bin/sh\nexit 0\n")
    file.chmod(0o755)
    return str(file)


def test_an_editor_that_gets_no_line_is_told_of_once(tmp_path: Path) -> None:
    place, lender, edited = EditPlace(tmp_path / "function.go", 3, 2), Lender(), list[list[Path]]()
    editing = Editing(lender, editor(tmp_path, "odd"), edited.append)
    editing.edit(place)
    (said,) = lender.said
    assert "how odd takes a line is not known" in said
    assert 'editor = "odd +{line} {file}"' in said
    editing.edit(place)
    assert lender.said == [said]
    assert edited == [[place.path], [place.path]]


@pytest.mark.parametrize(("name", "line"), [("vim", 3), ("odd", None)])
def test_where_the_line_is_given_or_there_is_none_nothing_is_said(name: str, line: int | None, tmp_path: Path) -> None:
    lender = Lender()
    Editing(lender, editor(tmp_path, name), lambda _: None).edit(EditPlace(tmp_path / "function.go", line))
    assert not lender.said
