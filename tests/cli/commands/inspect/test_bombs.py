"""Small modules that would make a reader work for minutes, or print gigabytes: `inspect` stays within its bounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.limits import MEGABYTE, run_limited
from tests.wasm.binary import COMPONENT_HEADER, HEADER, body, custom, functions, leb, module, name, section, vec
from tui.cli import main

MANY = 1_100_000  # of nothing more is read than 1,000,000
VOID = section(1, b"\1\x60\0\0")
OUTPUT = 5 * MEGABYTE  # characters that a bomb may print


def many(number: int, count: int, entry: bytes) -> bytes:
    """A section of so many equal entries."""
    return section(number, leb(count) + entry * count)


# name -> (the module of so many entries, whether it is read to its end)
BOMBS: dict[str, tuple[Callable[[int], bytes], bool]] = {
    "memories": (lambda n: module(many(5, n, b"\0\1")), False),
    "tables": (lambda n: module(many(4, n, b"\x70\0\1")), False),
    "tags": (lambda n: module(VOID, many(13, n, b"\0\0")), False),
    "rec group": (lambda n: module(section(1, b"\1\x4e" + leb(n) + b"\x60\0\0" * n)), False),
    "one constant": (lambda n: module(section(6, b"\1\x7f\0" + b"\x41\0\x41\0\x6a" * n + b"\x0b")), True),
    "producers": (
        lambda n: module(custom("producers", b"\1" + name("language") + leb(n) + b"\1a\1b" * n)),
        False,
    ),
    "features": (lambda n: module(custom("target_features", leb(n) + b"+\1a" * n)), False),
    "name parts": (lambda n: module(custom("name", b"\1\0" * n)), False),
    "customs": (lambda n: module(b"\0\1\0" * n), True),
    "zeros": (lambda n: HEADER + bytes(10 * n), False),
    "references": (lambda n: module(section(1, b"\1\x60" + leb(n) + b"\x63\x70" * n + b"\0")), True),
    "fields": (lambda n: module(section(1, b"\1\x5f" + leb(n) + b"\x7f\0" * n)), True),
    "supertypes": (lambda n: module(section(1, b"\1\x50" + leb(n) + b"\0" * n + b"\x60\0\0")), True),
    "locals": (lambda n: module(functions(body(local_runs=leb(n) + b"\0\x7f" * n))), True),
    "imports": (lambda n: module(VOID, many(2, n, b"\0\0\0\0")), True),
    "elements": (lambda n: module(many(4, 1, b"\x70\0\1"), many(9, n, b"\0\x41\0\x0b\0")), True),
    "children": (lambda n: COMPONENT_HEADER + (b"\1\x08" + HEADER) * (n // 20), True),
}


def inspected(path: Path, *options: str, memory: int = 400 * MEGABYTE) -> dict[str, Any]:
    done = run_limited("inspect", "--json", *options, path, memory=memory)
    assert done.returncode in (0, 1), done.stderr
    assert len(done.stdout) < OUTPUT
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


# Read as others of these are: vectors of entries, and lists within a type.
ALIKE = ("tables", "tags", "features", "fields", "supertypes")


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.long] if kind in ALIKE else []) for kind in BOMBS]
)
def test_json_stays_small_and_says_whether_it_is_all(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(BOMBS[kind][0](MANY))
    found = inspected(path, memory=220 * MEGABYTE)
    # A slow machine may run out of time where a quick one does not, never the other way round.
    if not BOMBS[kind][1]:
        assert found["complete"] is False
    if found["complete"]:
        assert found["valid_format"] is not None or found["kind"] == "component"
    else:
        assert found["warnings"]
        assert found["valid_format"] is not True


@pytest.mark.parametrize("kind", BOMBS)
def test_text_is_short(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is read is bounded above; here, a tenth of it would still be tens of times too many lines."""
    path = tmp_path / "m.wasm"
    path.write_bytes(BOMBS[kind][0](MANY // 10))
    assert main(["inspect", str(path)]) in (0, 1)
    assert capsys.readouterr().out.count("\n") < 2_500


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(BOMBS["memories"][0](MANY))
    found = inspected(path)
    assert found["counts"]["memories"] == MANY == len(found["memories"]) + found["more"]["memories"]
    path.write_bytes(module(VOID, many(2, 20_000, b"\0\0\0\0")))
    found = inspected(path)
    assert found["counts"]["imports"] == 20_000 == len(found["imports"]) + found["more"]["imports"]


def test_a_wide_type_is_not_written_out_for_each_import(tmp_path: Path) -> None:
    """60 KB that were 1.2 GB of JSON, and 3 MB that took 22 GB of memory."""
    path = tmp_path / "m.wasm"
    for wide, imports in ((20_000, 10_000), (3_000_000, 1_000)):
        types = section(1, b"\1\x60" + leb(wide) + b"\x7f" * wide + b"\0")
        path.write_bytes(module(types, many(2, imports, b"\1a\1b\0\0")))
        first = inspected(path)["imports"][0]
        assert len(first["params"]) + first["params_more"] == wide
        assert len(run_limited("inspect", path).stdout) < 200_000


def test_more_bodies_than_functions_is_a_fault_of_that_file_alone(tmp_path: Path) -> None:
    (tmp_path / "a.wasm").write_bytes(module(VOID, section(3, b"\1\0"), section(10, vec(body(), body()))))
    (tmp_path / "b.wasm").write_bytes(module(functions(body())))
    done = run_limited("inspect", "--sizes", "--json", tmp_path / "a.wasm", tmp_path / "b.wasm")
    first, second = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert first["errors"][0]["message"] == "1 functions are declared, 2 have a body"
    assert first["sizes"]["code_bytes"] == 9
    assert second["valid_format"] is True


@pytest.mark.parametrize("with_names", [True, False])
def test_sizes_of_very_many_functions(with_names: bool, tmp_path: Path) -> None:
    count = 400_000  # of no more than 200,000 is told one by one
    names = b"".join(leb(index) + b"\1a" for index in range(count)) if with_names else b""
    symbols = custom("name", b"\1" + leb(len(leb(count) + names)) + leb(count) + names) if with_names else b""
    path = tmp_path / "m.wasm"
    path.write_bytes(module(VOID, many(3, count, b"\0"), many(10, count, b"\2\0\x0b"), symbols))
    done = run_limited("inspect", "--sizes", "--json", path, cpu=8)
    assert done.returncode in (0, 1), done.stderr
    assert "not told one by one" in json.loads(done.stdout)["sizes"]["retained_note"]
