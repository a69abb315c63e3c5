"""A workspace with a function of every kind, and what each is to be called."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tui.assessment.assessment import VerdictWord
from tui.building.events import BuildResult, BuildStatus
from tui.building.inputs.freshness import remember_build
from tui.building.inputs.inputs import read_inputs
from tui.building.plan.plan import plan_build
from tui.lines.states import State
from tui.workspace.config import read_config

GO: Final = "package main\n\nfunc main() {}\n"
OLD: Final = 1_000_000_000  # POSIX time
LATE: Final = 4_000_000_000
# name -> (state, verdict)
EXPECTED: Final[Mapping[str, tuple[State, VerdictWord]]] = {
    "ready": ("ready", "ready"),
    "warned": ("warnings", "warnings"),
    "stale": ("stale", "warnings"),
    "unbuilt": ("unbuilt", "unbuilt"),
    "unbuilt-warned": ("unbuilt", "unbuilt"),
    "unbuildable": ("unbuilt", "blocked"),
    "refused": ("refused", "blocked"),
    "refused-built": ("refused", "blocked"),
    "refused-type": ("refused", "blocked"),
    "no-yaml": ("refused", "blocked"),
    "wrong-mode": ("blocked", "blocked"),
    "cut-short": ("blocked", "blocked"),
    "no-wasm": ("blocked", "blocked"),
    "empty": ("blocked", "blocked"),
    "component": ("blocked", "blocked"),
    "folder": ("blocked", "blocked"),
    "pipe": ("blocked", "blocked"),
    "malformed": ("blocked", "blocked"),
    "malformed-stale": ("blocked", "blocked"),
    "too-large": ("blocked", "blocked"),
    "above-200-mb": ("warnings", "incomplete"),
    "failed": ("failed", "failed"),
    "failed-built": ("failed", "failed"),
    "failed-clock-back-built": ("failed", "failed"),
    "failed-then-mended": ("unbuilt", "unbuilt"),
    "failed-then-built-outside": ("ready", "ready"),
    "failed-refused": ("refused", "blocked"),
    "failed-other-mode": ("unbuilt", "unbuilt"),
    "cancelled": ("cancelled", "unbuilt"),
    "cancelled-built": ("cancelled", "ready"),
}


def lay_out(root: Path, command: bytes) -> None:
    """Make them all. `command` is a good module of a command that exports nothing else."""
    for name in EXPECTED:
        fresh(root, name, wasm=None if name.startswith(("unbuilt", "no-yaml")) else command)
    for name in ("warned", "unbuilt-warned"):
        (root / name / "function.yaml").write_text("name: fn\ncron: daily\n")
    touch(root / "stale" / "function.wasm", OLD - 100)
    (root / "unbuildable" / "go.mod").unlink()
    (root / "unbuildable" / "function.wasm").unlink()
    _refused(root)
    _broken(root, command)
    _ended(root)
    # Files of a workspace are older than what was done with it just now.
    for path in root.rglob("*"):
        if path.is_file() and path.stat().st_mtime > OLD * 1.1 and path.name != "function.wasm":
            touch(path, OLD)


def fresh(root: Path, name: str, wasm: bytes | None) -> Path:
    """A function whose module, where it has one, is newer than its sources."""
    directory = root / name
    directory.mkdir(parents=True)
    for file, text in (("function.yaml", "name: fn\n"), ("function.go", GO), ("go.mod", "module fn\n\ngo 1.18\n")):
        (directory / file).write_text(text)
        touch(directory / file, OLD)
    if wasm is not None:
        (directory / "function.wasm").write_bytes(wasm)
        touch(directory / "function.wasm", OLD + 100)
    return directory


def touch(path: Path, when: float) -> None:
    os.utime(path, (when, when))


def _refused(root: Path) -> None:
    (root / "refused" / "function.wasm").unlink()
    for name in ("refused", "refused-built", "failed-refused"):
        (root / name / "function.yaml").write_text("name: [\n")
    (root / "refused-type" / "function.yaml").write_text("name: fn\nmemory: much\n")
    (root / "no-yaml" / "function.yaml").unlink()


def _broken(root: Path, command: bytes) -> None:
    (root / "wrong-mode" / "function.yaml").write_text("name: fn\nws_persistent: true\n")
    contents: dict[str, bytes | Callable[[Path], object]] = {
        "cut-short": command[: len(command) // 2],
        "no-wasm": b"not a module\n",
        "empty": b"",
        "component": b"\0asm\x0d\0\x01\0",
        "malformed": command[:8] + b"\x01\x02\xff\xff" + command[8:],
        "malformed-stale": command[:8] + b"\x01\x02\xff\xff" + command[8:],
        "folder": Path.mkdir,
        "pipe": os.mkfifo,
        "too-large": lambda path: _sparse(path, b"\0asm\x01\0\0\0", (1 << 30) + 1),
        "above-200-mb": lambda path: sparse_module(path, command, 201_000_000),
    }
    for name, content in contents.items():
        path = root / name / "function.wasm"
        path.unlink()
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content(path)
        touch(path, OLD - 100 if name == "malformed-stale" else OLD + 100)


def _sparse(path: Path, head: bytes, size: int) -> None:
    path.write_bytes(head)
    os.truncate(path, size)


def sparse_module(path: Path, command: bytes, size: int) -> None:
    """A good module behind a custom section of zeros, so that it costs no room on disk."""
    payload = size - len(command)
    length = bytes(payload >> shift & 0x7F | (0x80 if shift < 28 else 0) for shift in range(0, 35, 7))
    with path.open("wb") as file:
        file.write(command)
        file.write(b"\0" + length + b"\x04pads")
        file.truncate(file.tell() - 5 + payload)


def _ended(root: Path) -> None:
    """Builds on record, as a build leaves them."""
    ahead = root / "failed-clock-back-built"  # the clock was wrong when the module was built
    touch(ahead / "function.wasm", LATE)
    end(ahead, "built", None, LATE)
    (ahead / "function.go").write_text("package main\n\nfunc main() { nope }\n")
    for name in EXPECTED:
        if name.startswith(("failed", "cancelled")) and not name.endswith(("-built", "-outside")):
            (root / name / "function.wasm").unlink()
        if name.startswith("failed"):
            end(root / name, "failed", "function.go:3:5: undefined: nope")
        elif name.startswith("cancelled"):
            end(root / name, "cancelled", "cancelled")
    (root / "failed-then-mended" / "function.go").write_text("package main\n\nfunc main() { }\n")
    (root / "failed-other-mode" / "function.yaml").write_text("name: fn\nreactor: true\n")
    touch(root / "failed-then-built-outside" / "function.wasm", LATE)


def end(directory: Path, status: BuildStatus, error: str | None, finished: float | None = None) -> None:
    """Put a build on record that ended so from the inputs of now."""
    config = read_config(directory).config
    plan = plan_build(directory, config or read_config(directory.parent / "ready").config)  # type: ignore[arg-type]
    size = (directory / "function.wasm").stat().st_size if status == "built" else None
    result = BuildResult(directory, status, 1, 0.5, size, error, finished=finished)
    assert remember_build(result, plan, read_inputs(directory)) is None
