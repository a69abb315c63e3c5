"""Whatever lies in a file of the store, well-formed or not: it is read as a value that can be used, or left out."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.desk.module_words import clock
from tui.building.compilers.versions import VERSIONS, numbers
from tui.building.inputs.sources import DIGESTS, SourceCache
from tui.building.record.history import HISTORIES, History, history_key, load_history
from tui.building.record.outcomes import OUTCOMES
from tui.building.record.validations import VALIDATIONS
from tui.settings.state import STATES, State, load_state
from tui.settings.store.files import FileStore, default_store
from tui.settings.store.store import ONE, Table

TABLES: tuple[Table[Any], ...] = (STATES, HISTORIES, VALIDATIONS, VERSIONS, DIGESTS, OUTCOMES)
EVIL = (
    "1e308",
    "NaN",
    "-Infinity",
    "1e999",
    "-1",
    "9" * 400,
    "9" * 5000,
    "null",
    "true",
    "[]",
    "{}",
    '""',
    '"\\ud800"',
)
numbers_of_all_kinds = st.integers() | st.floats() | st.sampled_from((1e308, math.nan, math.inf, -1, 2**64, 10**400))
anything = st.recursive(
    st.none() | st.booleans() | numbers_of_all_kinds | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
GOOD: dict[str, dict[str, Any]] = {
    "state": {
        "theme": "nord",
        "sizes": {"list": 30},
        "last": {"/v": "a"},
        "workspaces": {"/w": {"last": "a", "sizes": {"list": 30}, "compiler": "go", "over": "tinygo"}},
    },
    "outcomes": {
        "builds": [
            {
                "finished": 1.7e9,
                "exit_code": 1,
                "tool_error": "x",
                "log": "a.log",
                "runs": [[3, "stderr", 0.5]],
                "diagnostics": [
                    {"severity": "error", "message": "m", "path": "f.go", "line": 1, "column": 2, "details": ["d"]}
                ],
            }
        ]
    },
    "history": {
        "builds": [
            {
                "finished": 1.7e9,
                "seconds": 2.5,
                "status": "built",
                "compiler": "go",
                "size": 2000,
                "argv": ["go", "build"],
                "wasm_modified_ns": 17,
                "phases": [["link", 1.0]],
                "error": None,
            }
        ],
        "manifest": {"function.go": "00"},
    },
    "validations": {
        "digest": "00",
        "outcome": "valid",
        "message": "",
        "offset": 1,
        "function": 2,
        "symbol": "x",
        "package": "y",
    },
    "versions": {"lines": {"/bin/go": "go version go1.24.0"}},
    "digests": {"digests": {"/x": [1, 2, 3, "00"]}},
}


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each part of a document."""
    yield way
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(part, (*way, key))


def changed(value: Any, way: tuple[Any, ...], marker: str) -> Any:
    """The document with a marker in the place of one part."""
    if not way:
        return marker
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[way[0]] = changed(value[way[0]], way[1:], marker)
    return copy


def usable(table: Table[Any], value: Any) -> None:
    """A value that was read can be written again, and holds no number that is none."""
    json.dumps(table.encode(value), allow_nan=False)
    if isinstance(value, History):
        for build in value.builds:
            assert clock(build.finished) != "at no time"
            assert 0 <= build.seconds < 1e6
            assert build.size is None or 0 <= build.size < 1 << 53
    if isinstance(value, State):
        sizes = [size for known in value.workspaces.values() for size in known.sizes.values()]
        assert all(0 <= size <= 10_000 for size in sizes)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@given(document=st.dictionaries(st.text(max_size=8), anything, max_size=4))
def test_any_document_is_a_value_or_none(table: Table[Any], document: dict[str, object]) -> None:
    for candidate in (document, dict.fromkeys(GOOD[table.name], document), {**GOOD[table.name], **document}):
        value = table.decode(candidate)
        if value is not None:
            usable(table, value)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_part_in_turn_replaced_by_something_evil(table: Table[Any], tmp_path: Path) -> None:
    store = FileStore(tmp_path / "state", tmp_path / "cache")
    path = store.path(table, ONE)
    path.parent.mkdir(parents=True)
    for way in places(GOOD[table.name]):
        for evil in EVIL:
            source = json.dumps({"version": table.version, **GOOD[table.name]})
            marked = changed({"version": table.version, **GOOD[table.name]}, way, "MARKER")
            path.write_text(json.dumps(marked).replace('"MARKER"', evil) if way else evil or source)
            found = store.read(table, ONE)
            assert found.value is not None or found.problem is not None
            if found.value is not None:
                usable(table, found.value)


def test_evil_files_are_survived_by_what_uses_them(tmp_path: Path) -> None:
    directory = tmp_path / "fn"
    directory.mkdir()
    keys: tuple[tuple[Table[Any], str], ...] = (
        (STATES, ONE),
        (HISTORIES, history_key(directory)),
        (VERSIONS, ONE),
        (DIGESTS, ONE),
    )
    for evil in (*EVIL, "", "{", "\0", '{"version": 1}', '{"version": 1, "builds": [{"seconds": NaN}], "manifest": 3}'):
        for table, key in keys:
            path = default_store().path(table, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(evil)
        assert load_state()[0] == State()
        assert load_history(directory).builds == ()
        assert SourceCache(default_store()).read(directory / "function.go") is None
    known = load_history(directory)
    assert known.problem is None or "left out" in known.problem


@pytest.mark.parametrize("line", ["1.24.0", "9" * 5000 + ".1", "", "devel", "0.35.0"])
def test_numbers_of_any_version(line: str) -> None:
    assert all(0 <= number < 10**9 for number in numbers(line))


@pytest.mark.parametrize("moment", [0.0, 1_790_000_000.25, 1e11, 4.6e18, -4.6e18, 1e308, math.inf, math.nan])
def test_a_clock_for_any_time_that_a_disk_holds(moment: float) -> None:
    assert clock(moment)
