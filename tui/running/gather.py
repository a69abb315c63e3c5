"""From what a person names, a function's folder or a .wasm file, to the function that can be run."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.running.answer import Target
from tui.running.known import digest_of, keep_target, known_target
from tui.wasm.decode.read import read_bytes

if TYPE_CHECKING:
    from tui.workspace.function import FunctionConfig

WASM: Final = "function.wasm"
YAML: Final = "function.yaml"
MARKS: Final = (".fn-tui.toml", ".git")  # a folder with one of these is a workspace


@dataclass(frozen=True, slots=True)
class NotBuilt:
    """There is a function and no module."""

    words: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """What is named cannot be run, whatever is built."""

    words: str


def gather(path: str) -> Target | NotBuilt | Unusable:
    """The function in a folder, or in a .wasm file. A function.wasm goes with the function.yaml beside it."""
    wasm = Path(path) / WASM if os.path.isdir(path) else Path(path)
    folder = wasm.parent
    target = _target(folder) if wasm.name == WASM else Target(wasm.stem, b"")
    if isinstance(target, Unusable):
        return target
    try:
        source = read_bytes(wasm)
    except FileNotFoundError:
        if not os.path.isdir(path):
            return Unusable(f"{path}: no such file or directory")
        return NotBuilt(f"{path} is not built: there is no {WASM} (fn-tui build {path}, or run with --build)")
    except OSError as error:
        return Unusable(f"{wasm}: {error.strerror or error}")
    return replace(target, wasm=source)


def target_of(config: FunctionConfig, wasm: bytes) -> Target:
    """The function that a configuration and a module make."""
    return Target(
        name=config.name,
        wasm=wasm,
        memory=config.memory,
        timeout=config.timeout,
        persistent=config.ws_persistent,
        reactor=config.reactor,
        raw_response=config.raw_http_response,
        env=dict(config.env or {}),
    )


def _target(folder: Path) -> Target | Unusable:
    """A function without its module, by function.yaml as the deploy tool reads it; without one it has the folder's
    name.
    """
    try:
        os.lstat(folder / YAML)
    except FileNotFoundError:
        return Target(folder.resolve().name or "function", b"")
    except OSError as error:
        return Unusable(f"{folder / YAML}: {error.strerror or error}")
    digest = digest_of(folder / YAML)
    known = known_target(folder, digest)
    return known if known is not None else _read(folder, digest)


def _read(folder: Path, digest: str) -> Target | Unusable:
    """What function.yaml says, kept for the next run unless something in it is secret."""
    from tui.workspace.config import read_config

    reading = read_config(folder)
    if reading.config is None:
        assert reading.error is not None  # noqa: S101 -- one of the two is there
        return Unusable(reading.error.text)
    target = target_of(reading.config, b"")
    if not reading.secrets:
        keep_target(folder, folder / YAML, digest, target)
    return target


def workspace_of(folder: Path) -> Path:
    """The workspace that a function's folder belongs to: the nearest one above with a mark, else its parent."""
    here = folder.absolute()
    for above in (here, *here.parents):
        if any(os.path.lexists(above / mark) for mark in MARKS):
            return above
    return here.parent
