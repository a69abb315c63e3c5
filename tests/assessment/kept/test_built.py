"""What is told to be unchanged since its build is unchanged, and nothing else is told so."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.assessment.kept.test_kept import OLD, make, settle
from tests.monorepo import SOURCE
from tui.assessment.kept.built import KeptBuilds
from tui.building.inputs.inputs import Inputs, read_inputs
from tui.settings.store.database import Database

LIBRARY = "package lib\n\nfunc Do() {}\n"


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A function with a package of its own, all of it old."""
    made = make(tmp_path / "ws" / "fn").directory
    (made / "lib").mkdir()
    (made / "lib/lib.go").write_text(LIBRARY)
    module = next(line for line in (made / "go.mod").read_text().splitlines() if line.startswith("module "))
    uses = f'import _ "{module.split()[1]}/lib"'
    (made / "function.go").write_text(SOURCE.replace("package main\n", f"package main\n\n{uses}\n", 1))
    settle(tmp_path)
    return made


def builds(tmp_path: Path, program: str = "/bin/sh", version: str | None = "1") -> KeptBuilds:
    compiler = SimpleNamespace(name="tinygo", program=program, version=version, go_version=None)
    return KeptBuilds(Database(tmp_path / "kept.sqlite3"), compiler)


def read(directory: Path) -> tuple[Inputs, int]:
    at = time.time_ns()
    inputs = read_inputs(directory)
    assert "lib/lib.go" in inputs.manifest
    return inputs, at


async def build(kept: KeptBuilds, directory: Path, meanwhile: Callable[[Path], object] = lambda _: None) -> None:
    """As a build goes: inputs are read, something happens, the module is put in place, and that is noted."""
    inputs, at = read(directory)
    time.sleep(0.01)  # the clock of a file system ticks
    meanwhile(directory)
    new = directory / ".new"
    new.write_bytes((directory / "function.wasm").read_bytes())
    new.rename(directory / "function.wasm")
    kept.note(inputs, at, (directory / "function.wasm").stat().st_mtime_ns)
    assert await kept.close() is None


def replace_unseen(path: Path) -> None:
    """Another content of the same size, with the time that it had."""
    known = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a source": lambda at: replace_unseen(at / "function.go"),
    "another package": lambda at: replace_unseen(at / "lib/lib.go"),
    "a file that comes": lambda at: (at / "more.go").write_text("package main\n"),
    "a file that comes to another package": lambda at: (at / "lib/more.go").write_text("package lib\n"),
    "a file that goes": lambda at: (at / "lib/lib.go").unlink(),
    "a module file above": lambda at: (at.parent / "go.work").write_text("go 1.22\n"),
    "function.yaml": lambda at: (at / "function.yaml").write_text("name: fn\nreactor: true\n"),
}
LATER: dict[str, Callable[[Path], object]] = {
    **CHANGES,
    "the module": lambda at: replace_unseen(at / "function.wasm"),
    "a module that goes": lambda at: (at / "function.wasm").unlink(),
}


async def test_what_was_built_is_unchanged_until_something_changes(tmp_path: Path, directory: Path) -> None:
    await build(builds(tmp_path), directory)
    assert builds(tmp_path).unchanged([directory, tmp_path]) == {directory}
    assert builds(tmp_path, version=None).unchanged([directory]) == {directory}  # nobody has asked for it yet
    assert builds(tmp_path, program="/bin/ls").unchanged([directory]) == set()


@pytest.mark.parametrize("what", LATER)
async def test_a_change_after_it_is_seen(tmp_path: Path, directory: Path, what: str) -> None:
    await build(builds(tmp_path), directory)
    LATER[what](directory)
    assert builds(tmp_path).unchanged([directory]) == set()


@pytest.mark.parametrize("what", CHANGES)
async def test_of_what_changed_while_it_was_built_nothing_is_kept(tmp_path: Path, directory: Path, what: str) -> None:
    await build(builds(tmp_path), directory, CHANGES[what])
    assert builds(tmp_path).unchanged([directory]) == set()


async def test_what_was_found_up_to_date_is_kept_too(tmp_path: Path, directory: Path) -> None:
    kept = builds(tmp_path)
    kept.note(*read(directory))
    await kept.close()
    assert builds(tmp_path).unchanged([directory]) == {directory}
    replace_unseen(directory / "function.yaml")
    kept.note(*read(directory))  # too young to be told from what may be written in the same moment
    await kept.close()
    assert builds(tmp_path).unchanged([directory]) == set()


async def test_a_module_that_somebody_put_in_its_place_is_none_of_ours(tmp_path: Path, directory: Path) -> None:
    kept = builds(tmp_path)
    kept.note(*read(directory), OLD)
    await kept.close()
    assert builds(tmp_path).unchanged([directory]) == set()
