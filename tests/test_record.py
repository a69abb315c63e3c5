from __future__ import annotations

import copy
import dataclasses
import enum
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wasm.binary import module, name, section, vec
from tui.record import dataclass as record
from tui.wasm.model import ExportMode, FuncType, Import, Module, Section


def test_a_record_behaves_as_a_frozen_dataclass() -> None:
    found = Section(1, "type", 8, 2, 4, 1)
    assert found == Section(1, "type", 8, 2, 4, 1) != Section(1, "type", 8, 2, 4, 2)
    assert hash(found) == hash(Section(1, "type", 8, 2, 4, 1))
    assert repr(found) == "Section(id=1, name='type', offset=8, header=2, size=4, count=1)"
    assert (found.start, found.end) == (10, 14)
    assert not hasattr(found, "__dict__")


def test_fields_cannot_be_assigned_or_deleted() -> None:
    found = FuncType(("i32",))
    with pytest.raises(AttributeError, match="frozen"):
        found.params = ()  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        del found.params


def test_the_module_dataclasses_takes_it_for_one() -> None:
    found = Module(8, "core", mode=ExportMode.REACTOR)
    assert dataclasses.is_dataclass(found)
    assert dataclasses.replace(found, size=9) == Module(9, "core", mode=ExportMode.REACTOR)
    assert [field.name for field in dataclasses.fields(FuncType)] == ["params", "results"]
    assert dataclasses.asdict(FuncType(("i32",), ())) == {"params": ("i32",), "results": ()}


def test_records_can_be_pickled_copied_and_matched() -> None:
    found = FuncType(("i32",), ("i64",))
    assert pickle.loads(pickle.dumps(found)) == found
    assert copy.deepcopy(found) == found
    match found:
        case FuncType(params, results):
            assert (params, results) == (("i32",), ("i64",))


def test_only_frozen_slotted_records_are_made() -> None:
    with pytest.raises(TypeError, match="frozen"):
        record(frozen=False, slots=True)


def test_an_enumeration_of_words_behaves_as_the_library_s_own() -> None:
    class Mode(enum.StrEnum):
        COMMAND = "command"
        REACTOR = "reactor"
        BOTH = "both"
        LIBRARY = "library"

    for ours, theirs in zip(ExportMode, Mode, strict=True):
        assert (ours.name, ours.value, str(ours)) == (theirs.name, theirs.value, str(theirs))
        assert repr(ours) == f"<ExportMode.{theirs.name}: {theirs.value!r}>"
        assert f"{ours:>12}" == f"{theirs:>12}"
        assert ours == theirs.value
        assert hash(ours) == hash(theirs)
        assert ExportMode(theirs.value) is ours
        assert pickle.loads(pickle.dumps(ours)) is copy.deepcopy(ours) is ours
    assert len(ExportMode) == len(Mode)
    assert json.dumps(ExportMode.BOTH) == '"both"'
    with pytest.raises(ValueError, match="'neither' is not a valid ExportMode"):
        ExportMode("neither")


def test_inspecting_modules_imports_nothing_dear(tmp_path: Path) -> None:
    heavy = {"argparse", "collections", "dataclasses", "enum", "inspect", "pathlib", "re", "typing", "wasmtime"}
    path = tmp_path / "function.wasm"
    path.write_bytes(module(section(5, vec(b"\0\2")), section(7, vec(name("memory") + b"\2\0"))))
    # What the interpreter's own start loads differs between installations.
    code = (
        "import sys\nbefore = set(sys.modules)\nfrom tui.cli import main\nassert main(['inspect', sys.argv[1]]) == 0\n"
        f"sys.stderr.write(' '.join({heavy} & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert "memory: 2 pages" in done.stdout
    assert done.stderr == ""


def test_arguments_are_filled_as_in_any_call() -> None:
    assert Section(1, "type", 8, 2, size=4, count=1) == Section(id=1, name="type", offset=8, header=2, size=4, count=1)
    assert FuncType(results=("i32",)) == FuncType((), ("i32",))
    assert Import("m", "n", kind="func", type=None) == Import("m", "n", "func", None)
    with pytest.raises(TypeError, match="5 by position"):
        Import("m", "n", "func", None, 1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="missing \\['size', 'count'\\]"):
        Section(1, "type", 8, 2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="wrong \\['params'\\]"):
        FuncType((), params=())  # type: ignore[misc]
    with pytest.raises(TypeError, match="wrong \\['other'\\]"):
        FuncType(other=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="3 by position"):
        FuncType((), (), ())  # type: ignore[call-arg]
