"""The deploy tool's order and words: tui/gateway/GATEWAY.md, "Build mode"."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building.faking import FakeCompiler
from tui.building.compilers import by_name
from tui.building.plan.preconditions import Ready, Refusal, prepare

NO_TINYGO = by_name("tinygo").words.missing

Make = Callable[..., Path]


def refused(directory: Path) -> str:
    outcome = prepare(directory)
    assert isinstance(outcome, Refusal)
    return outcome.error


def test_each_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is wrong at first; each repair uncovers the next message."""
    monkeypatch.setenv("PATH", str(tmp_path))
    directory = tmp_path / "fn"
    assert refused(directory) == f"directory does not exist: {directory}"
    directory.touch()
    assert refused(directory) == f"{directory} is not a directory"
    directory.unlink()
    directory.mkdir()
    assert refused(directory) == f"function.go not found in {directory}"
    (directory / "function.go").touch()
    assert refused(directory) == f"function.yaml not found in {directory}"
    (directory / "function.yaml").write_text("memory: 64\n")
    assert refused(directory) == "failed to load function.yaml: function.yaml: 'name' is required"
    (directory / "function.yaml").write_text("name: fn\n")
    assert (
        refused(directory)
        == NO_TINYGO
        == ("tinygo not found in PATH. Install it: https://tinygo.org/getting-started/install/")
    )


def test_the_plan_is_known_where_only_the_compiler_is_missing(
    function_directory: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = function_directory()
    monkeypatch.setenv("PATH", "/nonexistent")
    outcome = prepare(directory)
    assert isinstance(outcome, Refusal)
    assert outcome.plan is not None
    assert outcome.plan.argv[:4] == ("tinygo", "build", "-o", str(directory / "function.wasm"))


def test_ready(function_directory: Make, fake: FakeCompiler) -> None:
    outcome = prepare(function_directory(yaml="name: fn\nreactor: true\n"))
    assert isinstance(outcome, Ready)
    assert outcome.plan.mode == "reactor"
    assert outcome.plan.executable == str(fake.folder / "tinygo")


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_names_that_no_file_system_takes(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path / name).startswith("directory ")


def test_dangling_and_looping_links(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert refused(tmp_path / "loop").startswith("directory ")
    (tmp_path / "dangling").symlink_to("nowhere")
    assert refused(tmp_path / "dangling") == f"directory does not exist: {tmp_path / 'dangling'}"
