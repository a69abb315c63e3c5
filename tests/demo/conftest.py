"""The sample workspace, copied, and each of its functions built once a run by stock Go."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.gobuild import go_environment, go_executable, held
from tui.demo.copy import WORKSPACE, copy_workspace

FUNCTIONS = (
    "chat",
    "digest",
    "echo",
    "invite",
    "presence",
    "push",
    "shop/functions/ledger",
    "shop/functions/order",
    "wallet",
)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that nothing was built in."""
    target = tmp_path_factory.mktemp("demo") / "workspace"
    copy_workspace(target)
    return target


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which stock Go was run on each function; `<function>/go.txt` holds what it said."""
    target = tmp_path_factory.mktemp("demo-built") / "workspace"
    with held(f"sample-{content(WORKSPACE)}") as kept:
        if not kept.exists():
            part = kept.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            with in_one_place() as place:
                build_all(place)
                shutil.copytree(place, part)
            part.rename(kept)
        shutil.copytree(kept, target)
    return target


@contextmanager
def in_one_place() -> Iterator[Path]:
    """A new copy, always in the same folder, which Go writes into modules: whoever builds it, the bytes are the same,
    and the engine compiles them once."""
    with held("sample") as place:
        shutil.rmtree(place, ignore_errors=True)
        copy_workspace(place)
        yield place


def content(folder: Path) -> str:
    """A name for all that lies in a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in files]
    return hashlib.sha256(repr((named, go_executable())).encode()).hexdigest()[:20]


def build_all(workspace: Path) -> None:
    """Run stock Go on each function, in its mode."""
    for function in FUNCTIONS:
        directory = workspace / function
        # digest is refused by the deploy tool's decoder, not by YAML's: its mode is still that of a command.
        config = yaml.safe_load((directory / "function.yaml").read_text())
        shared = ["-buildmode=c-shared"] if config.get("ws_persistent") or config.get("reactor") else []
        argv = [go_executable(), "build", "-o", "function.wasm", *shared, "."]
        done = subprocess.run(argv, cwd=directory, env=go_environment(), capture_output=True, text=True, check=False)
        (directory / "go.txt").write_text(done.stderr)
