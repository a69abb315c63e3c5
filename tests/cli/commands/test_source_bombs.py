"""Sources, go.mod and modules that would make `list`, `check` and `build` read for minutes or take gigabytes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.limits import MEGABYTE, run_limited
from tests.wasm.binary import HEADER
from tui.building.inputs import sources
from tui.cli import main

MAIN = b"package main\n\nfunc main() {}\n"
SIZE = 2 * MEGABYTE
MEMORY = 75 * MEGABYTE  # thirty bytes for each of a bomb's
THREADS = 50 * MEGABYTE  # of addresses, for the stacks of six
CPU = 4  # seconds: on any machine some of them spend a budget of one, and a slow one needs one to start


def filled(unit: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """`unit` again and again, up to SIZE."""
    return before + unit * (SIZE // len(unit)) + after


# the file -> its content
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "comments": ("function.go", lambda: filled(b"//\n", after=MAIN)),
    "import group": ("function.go", lambda: filled(b'"a"\n', b"package main\nimport (\n", b")\nfunc main() {}\n")),
    "imports": ("function.go", lambda: filled(b'import"a"\n', b"package main\n", b"func main() {}\n")),
    "strings": ("function.go", lambda: filled(b'""\n', b"package main\nvar x = []string{", b"}\nfunc main() {}\n")),
    "exports": ("function.go", lambda: filled(b"//export a\nfunc a(){}\n", b"package main\nfunc main() {}\n")),
    "embeds": ("function.go", lambda: filled(b"//go:embed a*\n", b"package main\nfunc main() {}\n")),
    "one embed": ("function.go", lambda: filled(b" ", b"package main\n//go:embed a", b"b\nfunc main() {}\n")),
    "one constraint": ("function.go", lambda: filled(b" ", b"//go:build a", b"b\n\n" + MAIN)),
    "one name": ("function.go", lambda: filled(b"a", b"package ")),
    "one string": ("function.go", lambda: filled(b"\\a", b'package main\nimport "')),
    "go.mod lines": ("go.mod", lambda: filled(b"a\n", b"module x\n")),
    "go.mod blanks": ("go.mod", lambda: filled(b" \n", b"module x\n")),
    "go.mod replacements": ("go.mod", lambda: filled(b"replace a => ./b\n", b"module x\n")),
    "zeros": ("function.wasm", lambda: HEADER + bytes(SIZE)),
    "customs": ("function.wasm", lambda: filled(b"\0\1\0", HEADER)),
    "yaml": ("function.yaml", lambda: filled(b"- a\n", b"name: fn\nenv:\n")),
}


def armed(directory: Path, bomb: str) -> Path:
    """A function with a bomb in one of its files."""
    directory.mkdir()
    (directory / "function.yaml").write_text("name: fn\n")
    (directory / "function.go").write_bytes(MAIN)
    (directory / "go.mod").write_text("module example.com/fn\n\ngo 1.20\n")
    (directory / "function.wasm").write_bytes(HEADER)
    name, content = BOMBS[bomb]
    (directory / name).write_bytes(content())
    return directory


# Read as others of these are: an import as a group of them, a word as one that is longer.
ALIKE = ("imports", "strings", "one constraint", "one name", "go.mod blanks")


@pytest.mark.parametrize(
    "bomb", [pytest.param(bomb, marks=[pytest.mark.long] if bomb in ALIKE else []) for bomb in BOMBS]
)
def test_check_stays_within_bounds(bomb: str, tmp_path: Path) -> None:
    done = run_limited("check", "--json", armed(tmp_path / "fn", bomb), cpu=CPU, memory=MEMORY)
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.parametrize("argv", [["list"], ["build", "--stale"]], ids=" ".join)
@pytest.mark.parametrize("bomb", ["comments", pytest.param("import group", marks=pytest.mark.long), "zeros"])
def test_other_commands_stay_within_bounds(argv: list[str], bomb: str, tmp_path: Path) -> None:
    done = run_limited(*argv, armed(tmp_path / "fn", bomb), cpu=CPU, memory=MEMORY + THREADS)
    assert done.returncode in (0, 1), done.stderr


def test_a_large_file_that_is_embedded_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hole on disk, of four times what a module could hold."""
    monkeypatch.setattr(sources, "HASHED", 16 * MEGABYTE)
    (tmp_path / "function.yaml").write_text("name: fn\n")
    (tmp_path / "function.go").write_text('package main\n\nimport _ "embed"\n\n//go:embed hole\nvar x []byte\n')
    (tmp_path / "go.mod").write_text("module example.com/fn\n")
    (tmp_path / "function.wasm").write_bytes(HEADER)
    with (tmp_path / "hole").open("wb") as file:
        file.truncate(64 * MEGABYTE)
    os.utime(tmp_path / "hole", (1, 1))
    came: list[int] = []

    def read(descriptor: int, most: int) -> bytes:
        chunk = really_read(descriptor, most)
        came.append(len(chunk))
        return chunk

    really_read = os.read
    monkeypatch.setattr(os, "read", read)
    assert main(["list", "--json", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["wasm"]["stale"] is False
    assert 16 * MEGABYTE <= sum(came) < 20 * MEGABYTE


def test_zeros_are_said_to_be_no_module(tmp_path: Path) -> None:
    (tmp_path / "function.yaml").write_text("name: fn\n")
    (tmp_path / "function.go").write_bytes(MAIN)
    (tmp_path / "function.wasm").write_bytes(HEADER + bytes(1000))
    done = run_limited("list", "--json", tmp_path)
    wasm = json.loads(done.stdout)["wasm"]
    assert wasm["valid"] is False
    assert wasm["error"] == "function.wasm is damaged: a custom section without a name (at byte 8)"
