"""Fixtures that every room's tests share."""

from __future__ import annotations

import gc
import itertools
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import settling, stylesheets
from tests.disks import mounted
from tests.gobuild import CACHES, build_go, go_cache
from tests.guard import trapping

ROOT = Path(__file__).parents[1]
COLLECTED = pytest.StashKey[frozenset[Path]]()

# Tests start thousands of processes. Each that must compile what it imports takes up to twice as long.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# As in a person's shell, whatever the machine's own is: what is printed is buffered, and there is a terminal.
os.environ.pop("PYTHONUNBUFFERED", None)
os.environ["TERM"] = "xterm-256color"

# No example has a deadline by the clock: a machine that is busy with other things may hold any of them for a second.
# That work is bounded is held by counting it (test_bounds.py of the rooms).
# `.ci/run --long` tries many more examples.
settings.register_profile("everywhere", deadline=None, print_blob=bool(os.environ.get("CI")), max_examples=30)
settings.register_profile("long", settings.get_profile("everywhere"), max_examples=500)
settings.load_profile("everywhere")

settling.install()
stylesheets.install()

# Eight thousand tests are hundreds of thousands of objects that live to the end. The collector need not walk
# them, neither while they are made (a quarter of that time) nor at every pass in the tests.
gc.disable()

ECHO_SOURCE = """package main

import (
	"io"
	"os"
)

func main() {
	body, _ := io.ReadAll(os.Stdin)
	os.Stdout.Write(body)
}
"""

PERSISTENT_SOURCE = """package main

import "unsafe"

var alive = map[uint32][]byte{}

//go:wasmexport orama_alloc
func oramaAlloc(size uint32) uint32 {
	b := make([]byte, size+1)
	p := uint32(uintptr(unsafe.Pointer(&b[0])))
	alive[p] = b
	return p
}

//go:wasmexport ws_open
func wsOpen(ptr, length uint32) uint32 { return 0 }

//go:wasmexport ws_frame
func wsFrame(ptr, length uint32) uint32 { return 0 }

//go:wasmexport ws_close
func wsClose(ptr, length uint32) {}

func main() {}
"""

REACTOR_SOURCE = """package main

import "unsafe"

var alive = map[uint32][]byte{}

//go:wasmexport malloc
func malloc(size uint32) uint32 {
	b := make([]byte, size+1)
	p := uint32(uintptr(unsafe.Pointer(&b[0])))
	alive[p] = b
	return p
}

//go:wasmexport handle
func handle(ptr, length uint32) uint64 { return uint64(length)<<32 | uint64(ptr) }

func main() {}
"""


@pytest.hookimpl(tryfirst=True)  # before -m and -k take some away
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Remember which files tests were found in: test_collection.py holds them against the disk."""
    config.stash[COLLECTED] = frozenset(item.path for item in items)


def pytest_collection_finish() -> None:
    """What the tests themselves leave behind is collected as ever."""
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many tests ran, in how many of the files that hold some."""
    ran = {report.nodeid for kind in ("passed", "failed", "xfailed") for report in terminalreporter.getreports(kind)}
    files = {nodeid.split("::")[0] for nodeid in ran}
    there = sum(1 for _ in (ROOT / "tests").rglob("test_*.py"))
    terminalreporter.write_line(f"{len(ran):,} tests ran, in {len(files)} of {there} test files")


@pytest.fixture(scope="session", autouse=True)
def this_tree() -> Iterator[None]:
    """Processes that tests start run the tree that is edited too, and Go keeps what it compiled, wherever a test puts
    its caches: the standard library takes it ten seconds. What fn-tui itself learns and compiles is kept by content
    beside the modules of the tests, not among a person's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("GOCACHE", os.environ.get("GOCACHE") or str(go_cache()))
        patch.setenv("XDG_CACHE_HOME", str(CACHES))
        yield


@pytest.fixture(scope="session")
def echo_command() -> bytes:
    """A stdin/stdout function in command mode."""
    return build_go(ECHO_SOURCE, "command")


@pytest.fixture(scope="session")
def persistent_reactor() -> bytes:
    """A persistent WebSocket function, built as it must be."""
    return build_go(PERSISTENT_SOURCE, "reactor")


@pytest.fixture(scope="session")
def persistent_command() -> bytes:
    """The bug that fn-tui exists for: a persistent WebSocket function built in command mode, whose exports trap."""
    return trapping(build_go(PERSISTENT_SOURCE, "command"), "ws_open", "ws_frame", "ws_close", "orama_alloc")


@pytest.fixture(scope="session")
def unguarded_command() -> bytes:
    """The same as stock Go builds it, without TinyGo's guard: the engine gets along with it."""
    return build_go(PERSISTENT_SOURCE, "command")


@pytest.fixture(scope="session")
def reactor_handle() -> bytes:
    """A `reactor: true` function with `handle`."""
    return build_go(REACTOR_SOURCE, "reactor")


@pytest.fixture(scope="session")
def make_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a new folder. pytest looks through all that it made before, to number the next one: with two for each of
    thousands of tests, that comes to half a minute."""
    root, numbers = tmp_path_factory.mktemp("t", numbered=False), itertools.count()

    def make(name: str) -> Path:
        folder = root / f"{name}{next(numbers)}"
        folder.mkdir(mode=0o700)
        return folder

    return make


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, make_folder: Callable[[str], Path]) -> Path:
    """As pytest's own: a folder of the test's, named after it."""
    return make_folder(re.sub(r"\W", "_", request.node.name, flags=re.ASCII)[:27])


@pytest.fixture(autouse=True)
def private_home(make_folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and state of a person's own never reach a test, nor a test's them."""
    home = make_folder("xdg")
    for name in ("CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return home


@pytest.fixture
def function_directory(tmp_path: Path) -> Callable[..., Path]:
    """Makes a function directory of the files given: `function_directory(yaml="name: fn\\n", go=..., wasm=...)`."""

    def make(
        name: str = "fn", yaml: str | None = "name: fn\n", go: str | None = ECHO_SOURCE, wasm: bytes | None = None
    ) -> Path:
        directory = tmp_path / name
        directory.mkdir(parents=True)
        if yaml is not None:
            (directory / "function.yaml").write_text(yaml)
        if go is not None:
            (directory / "function.go").write_text(go)
            (directory / "go.mod").write_text("module example.com/fn\n\ngo 1.24\n")
        if wasm is not None:
            (directory / "function.wasm").write_bytes(wasm)
        return directory

    return make


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB, where the machine lets us mount one."""
    with mounted(tmp_path / "disk", "256k") as place:
        yield place
