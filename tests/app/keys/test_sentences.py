"""What the screen says of keys names those that a person bound."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app.colours.gallery import sample, store_of
from tests.app.panes.size.test_pane import WAT
from tests.app.records import built, ended, refused
from tests.app.samples import make_record
from tui.app.desk.compilers import compiler_words
from tui.app.desk.error_book import ErrorBook
from tui.app.functions.listing import Listing
from tui.app.functions.title import absence_words
from tui.app.keys.actions import ACTIONS, with_keys
from tui.app.log.words import no_log_lines
from tui.app.panes.config import ConfigContent
from tui.app.panes.content import PaneContent, Room
from tui.app.panes.empty_state import empty_lines
from tui.app.panes.errors.rows import error_rows
from tui.app.panes.export_mode.layout import picture
from tui.app.panes.overview import OverviewContent
from tui.app.panes.sections.content import SectionsContent
from tui.app.panes.verdict import VerdictContent
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.app.rows.table import Row
from tui.building.compilers.compiler import Found, Tool
from tui.building.compilers.toolchain import Toolchain
from tui.building.events import Diagnostic

OWN = Glyphs(table=with_keys({action.id: (f"f{number}",) for number, action in enumerate(ACTIONS, 20)}))
# A sentence on a key: a letter or a sign alone, and what it does.
SPOKEN = re.compile(
    r"(?:(?<![\w.`'-])[A-Za-z?/]|\benter|\besc) +(?:(?:or|and) \w+ )?(?:(?:re)?[a-z]+s|treemap|make)\b(?!:)"
)
# In a text of the program: the key and what it does, or what it is for.
WRITTEN = re.compile(SPOKEN.pattern.replace(" +(?:", " +(?:again )?(?:", 1) + r"|\b(?:esc|enter): [a-z]")
# Where keys cannot be others: the table itself, and a filter that takes all letters.
FIXED = ("keys/actions.py", "rows/typed_filter.py")
APP = Path(__file__).parents[3] / "tui" / "app"
CONTENTS: tuple[type[PaneContent], ...] = (OverviewContent, ConfigContent, VerdictContent, SectionsContent)


def words(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield from (plain(part) for part in (*row.lines, *row.cells))


def said(directory: Path, wasm: bytes, glyphs: Glyphs) -> Iterator[str]:
    """What is said that can name a key."""
    full = sample(directory, wasm)
    module = replace(full, last=None, history=())
    failed = ended(replace(built("fn"), life=full.life, verdict=full.verdict), "failed", Diagnostic("error", "no"))
    records = (full, module, failed, refused("fn"), make_record(path="unbuilt"), built("fn", stale=True))
    for record in records:
        for content in CONTENTS:
            yield from words(content(glyphs).rows(record, Room(120, 40)))
        yield from (plain(line) for line in no_log_lines(record, glyphs))
    store = store_of(full)
    yield from words(error_rows(ErrorBook(store).in_order(None), glyphs, 120))
    yield from (plain(line) for life in (full.life,) if life for line in picture(life, 120, 9, glyphs))
    yield from (plain(line) for line in empty_lines("~/fns", [], False, glyphs))
    listing = Listing(store)
    listing.renew()
    listing.go(0)
    yield absence_words(listing, glyphs)
    missing = Tool("tinygo", None, None, ok=False, message="not found")
    tools = Toolchain((Found(missing), Found(missing._replace(name="go", path="/bin/go", ok=True))))
    yield compiler_words("tinygo", tools, glyphs.key("compiler"))[0]


def test_sentences_name_the_keys_that_hold(tmp_path: Path) -> None:
    wasmtime = pytest.importorskip("wasmtime")
    wasm = bytes(wasmtime.wat2wasm(WAT))
    usual = [sentence for sentence in said(tmp_path, wasm, Glyphs()) if SPOKEN.search(sentence)]
    assert len(usual) > 15, usual
    assert [sentence for sentence in said(tmp_path, wasm, OWN) if SPOKEN.search(sentence)] == []
    assert f"{OWN.key('build')} rebuilds it" in "\n".join(said(tmp_path, wasm, OWN))


def test_a_remedy_names_the_key_and_no_command(tmp_path: Path) -> None:
    text = "\n".join(said(tmp_path, b"\0asm\x01\0\0\0", Glyphs()))
    assert "(or: fn-tui" not in text


def texts(path: Path) -> Iterator[str]:
    """The texts of a file, but those that document it."""
    tree = ast.parse(path.read_text())
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    documenting = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documenting:
            yield node.value


def test_no_sentence_has_a_key_written_into_it() -> None:
    """Whatever says it: messages, the size and the run pane, dialogs."""
    assert WRITTEN.search("up to date: b again builds it anyway")
    assert WRITTEN.search("no room for the map here: m maximises")
    assert WRITTEN.search("name, or failed; esc: all")
    files = [path for path in APP.rglob("*.py") if not path.as_posix().endswith(FIXED)]
    assert len(files) > 100
    assert [(path.name, text) for path in files for text in texts(path) if WRITTEN.search(text)] == []
