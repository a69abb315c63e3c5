"""What a check is about, read from a directory without builds, records or a compiler."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from tui.gateway.subject import Subject, gather_sources
from tui.wasm.decode.decode import decode
from tui.wasm.decode.read import read_bytes
from tui.workspace.config import read_config

decoded = lru_cache(16)(decode)  # of the same few modules, over and over


def read_subject(directory: Path, stale: str | None = None, go_version: str | None = None) -> Subject:
    """The subject that a function directory holds: config, module and sources read. Never raises."""
    wasm, problem = None, None
    try:
        wasm = read_bytes(directory / "function.wasm")
    except FileNotFoundError:
        pass
    except OSError as error:
        problem = error.strerror or str(error)
    return Subject(
        directory=directory,
        reading=read_config(directory),
        module=decoded(wasm) if wasm is not None else None,
        module_error=problem,
        stale=stale,
        sources=gather_sources(directory),
        go_version=go_version,
        wasm=wasm,
    )
