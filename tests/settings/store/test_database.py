"""The store in a database: what is written is read, and no file in its place is an error."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tui.settings.store import database
from tui.settings.store.database import Database
from tui.settings.store.store import Document, Table


def decoded(document: Document) -> str | None:
    text = document.get("text")
    return text if isinstance(text, str) else None


TEXTS: Final[Table[str]] = Table("texts", 1, lambda text: {"text": text}, decoded, "texts", most_bytes=10_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "one.sqlite3"


def write(path: Path, **texts: str) -> str | None:
    store = Database(path)
    try:
        return store.write_all([(TEXTS, key, text) for key, text in texts.items()])
    finally:
        store.close()


def test_what_is_written_is_read_one_by_one_and_all_at_once(path: Path) -> None:
    assert write(path, a="one", b="two \udc80 \0") is None
    store = Database(path)
    assert (store.read(TEXTS, "a").value, store.read(TEXTS, "c").value) == ("one", None)
    store.load(TEXTS)
    assert (store.read(TEXTS, "b").value, store.read(TEXTS, "c").value) == ("two \udc80 \0", None)
    assert store.write_all([(TEXTS, "b", "three")]) is None
    assert store.read(TEXTS, "b").value == "three"


def test_it_is_private_and_nothing_is_made_by_reading(path: Path) -> None:
    store = Database(path)
    store.load(TEXTS)
    assert store.read(TEXTS, "a").value is None
    assert not path.parent.exists()
    write(path, a="one")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_programs_use_it(path: Path) -> None:
    one, other = Database(path), Database(path)
    assert one.write_all([(TEXTS, "a", "one")]) is None
    assert other.read(TEXTS, "a").value == "one"
    assert other.write_all([(TEXTS, "a", "other")]) is None
    assert one.read(TEXTS, "a").value == "other"


def test_one_that_is_locked_is_done_without(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    write(path, a="one")
    with sqlite3.connect(path) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        problem = write(path, a="two")
        assert problem is not None
        assert "locked" in problem
        holder.rollback()
    assert Database(path).read(TEXTS, "a").value == "one"


@pytest.mark.parametrize(
    "statement",
    [
        "PRAGMA user_version = 2",
        "ALTER TABLE kept ADD COLUMN more",
        "DROP TABLE kept",
        "CREATE VIEW kept2 AS SELECT 1",
    ],
)
def test_one_of_another_format_is_made_anew(path: Path, statement: str) -> None:
    write(path, a="one")
    with sqlite3.connect(path) as other:
        other.execute(statement)
    other.close()
    assert Database(path).read(TEXTS, "a").value is None
    assert write(path, b="two") is None
    assert Database(path).read(TEXTS, "b").value == "two"


@example(content=b"\0\0\0\0\0\x80", at=4055, cut=None)  # SQLite names its table in an error that is no UTF-8
@example(content=b"\0\0\1", at=10_967, cut=None)  # what is written is not found, and SQLite says nothing
@given(content=st.binary(max_size=300), at=st.integers(0, 40_000), cut=st.integers(0, 40_000) | st.none())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_file_holds_is_no_error(tmp_path: Path, content: bytes, at: int, cut: int | None) -> None:
    path = tmp_path / "any" / "one.sqlite3"
    database.remove(path)
    write(path, **{f"k{number}": "x" * 300 for number in range(100)})
    good = path.read_bytes()
    at %= len(good)
    path.write_bytes((good[:at] + content + good[at + len(content) :])[:cut])
    store = Database(path)
    store.load(TEXTS)
    assert store.read(TEXTS, "k5").value in (None, "x" * 300)
    assert write(path, new="text") is None
    assert Database(path).read(TEXTS, "new").value == "text"


@pytest.mark.parametrize("value", ["'text'", "3", "NULL", "zeroblob(20000)", "x'5b5b5b'", "'{\"text\":1}'"])
def test_a_value_that_is_none_counts_as_absent(path: Path, value: str) -> None:
    write(path, a="one")
    with sqlite3.connect(path) as other:
        other.execute(f"UPDATE OR IGNORE kept SET value = {value}")
        count = other.execute('SELECT count(*) FROM kept WHERE value = \'{"text":"one"}\'').fetchone()
    other.close()
    assert count == (0,) or value == "NULL"
    expected = "one" if value == "NULL" else None  # the table refuses it
    assert Database(path).read(TEXTS, "a").value == expected


def test_a_link_in_its_place_is_left_alone(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    (tmp_path / "other").write_text("mine")
    path.symlink_to(tmp_path / "other")
    assert write(path, a="one") is not None
    assert Database(path).read(TEXTS, "a").problem is not None
    assert (tmp_path / "other").read_text() == "mine"


def test_a_folder_in_its_place_is_done_without(path: Path) -> None:
    path.mkdir(parents=True)
    assert write(path, a="one") is not None
    assert Database(path).read(TEXTS, "a").value is None


def test_it_stays_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LARGEST", 1 << 20)
    for number in range(400):
        assert write(path, **{f"k{number}": "x" * 9_000}) is None
    assert path.stat().st_size <= 1 << 20
    store = Database(path)
    assert store.read(TEXTS, "k399").value is not None
    assert store.read(TEXTS, "k0").value is None


def test_of_many_databases_the_newest_stay(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "DATABASES", 3)
    for number in range(6):
        write(path.with_name(f"{number}.sqlite3"), a="one")
    left = sorted(each.name for each in path.parent.iterdir())
    assert left == ["3.sqlite3", "4.sqlite3", "5.sqlite3"]
