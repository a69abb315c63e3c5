"""fn-tui for Python programs: what the screen and the commands ask, as six functions. `import tui` loads it when asked.

Nothing here prints, and nothing but `build` writes in a workspace. Where a folder holds something wrong, that is part
of the answer; exceptions are for wrong use and for what the caller named and cannot be had. Paths may be relative.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.assessment.assessment import Assessment
from tui.building.compilers import DEFAULT
from tui.building.plan.build_plan import BuildPlan
from tui.workspace.function import ConfigError, ConfigReading, FindProblem, Function

if TYPE_CHECKING:
    from tui.building.events import BuildEvent, BuildResult
    from tui.wasm.module import Module

AnyPath = str | os.PathLike[str]


def find(workspace: AnyPath = ".") -> tuple[list[Function], list[FindProblem]]:
    """The function directories below a folder, itself included, and the folders that could not be searched.

    A function is a folder with function.yaml or function.go; folders are given before those in them, names sorted.
    Never raises: a workspace that is no folder is a problem with the path ".".
    """
    from tui.workspace.find import find_functions

    return find_functions(_absolute(workspace))


def read_config(directory: AnyPath | Function) -> ConfigReading:
    """function.yaml as the deploy tool reads it: a `config` with defaults applied, or an `error`; the other is None.

    `config.memory` is in MB, `timeout` and `retry.delay` in seconds. `error.text` is the deploy tool's own message.
    `warnings` tell what it accepts without a word; lines and columns count from 1. Never raises.
    """
    from tui.workspace import config

    return config.read_config(_directory(directory))


def plan(directory: AnyPath | Function, *, compiler: str = DEFAULT) -> BuildPlan | ConfigError:
    """The command that builds a function, without running it; the error where function.yaml is refused.

    `argv` runs in `cwd` with `env` added to the environment; `mode` is "command" or "reactor", and `reason` says why.
    `executable` is None where the compiler is not on this machine. Raises LookupError for a compiler that there is not.
    """
    from tui.assessment.assess import read
    from tui.assessment.terms import terms_here

    found = read(Assessment(_function(directory)), terms_here(compiler=_compiler(compiler)))
    if found.plan is not None:
        return found.plan
    error = found.reading.error if found.reading is not None else None
    return error or ConfigError("read", "function.yaml was not read")


def assess(
    function: AnyPath | Function, *, compiler: str = DEFAULT, contract: AnyPath | None = None, validate: bool = False
) -> Assessment:
    """All that is known of one function now: config, plan, inputs, module, life, verdict, builds on record.

    `state` is its one word on screen and in JSON ("ready", "stale", "failed", ...), `verdict_word` what to expect of
    deploying it. Sizes are in bytes, times in POSIX seconds. `contract` is the file of another host than the Orama
    gateway; `validate` has bodies validated in full where the extra is installed: seconds for large modules.

    Raises ContractError where `contract` cannot be had, LookupError for a compiler that there is not.
    """
    from tui.assessment import assess as steps
    from tui.assessment.terms import terms_here
    from tui.gateway.contract.reading import load_contract

    host = load_contract(_absolute(contract) if contract is not None else None)
    terms = terms_here(lambda: host, _compiler(compiler), validate=validate)
    found = steps.assess(_function(function), terms)
    terms.cache.save()  # losing the digests of large files costs time only
    return found


def build(
    directory: AnyPath | Function,
    *,
    compiler: str = DEFAULT,
    force: bool = False,
    timeout: float | None = None,
    told: Callable[[BuildEvent], None] = lambda _: None,
) -> BuildResult:
    """Build a function, and wait for the end: a good module replaces function.wasm, of any other nothing is left.

    What is up to date is "skipped" unless `force`; `timeout` is in seconds. `told` gets each event as it happens, the
    compiler's output among them. The result's `status` is "built", "failed", "cancelled" or "skipped", its `error` one
    line, `diagnostics` the places in the sources; `seconds` and `size` (bytes) as measured.

    Raises LookupError for a compiler that there is not, RuntimeError inside a running event loop: use
    `asyncio.to_thread` there.
    """
    import asyncio

    return asyncio.run(_built(_directory(directory), _compiler(compiler), force, timeout, told))


async def _built(
    directory: Path, compiler: str, force: bool, timeout: float | None, told: Callable[[BuildEvent], None]
) -> BuildResult:
    from contextlib import aclosing

    from tui.building.events import BuildEnded
    from tui.building.inputs.need import NeedByHistory
    from tui.building.process.options import BuildOptions
    from tui.building.process.runner import run_build

    options = BuildOptions(compiler, force=force, timeout=timeout, need_check=NeedByHistory())
    result = None
    async with aclosing(run_build(directory, options)) as events:
        async for event in events:
            told(event)
            if isinstance(event, BuildEnded):
                result = event.result
    if result is None:
        raise RuntimeError(f"the build of {directory} told no end")
    return result


def inspect(module: AnyPath | Function | bytes) -> Module:
    """What is in a .wasm file, or in the function.wasm of a directory, or in these bytes.

    Sizes and offsets are in bytes. Malformed input gives what was read up to `errors`. Of a file above 200 MB, and
    where reading takes too long, `complete` is False and `warnings` say what was left out. Raises OSError where a file
    cannot be read.
    """
    from tui.wasm.decode.decode import decode
    from tui.wasm.decode.read import read_module

    if isinstance(module, bytes):
        return decode(module)
    path = _directory(module)
    return read_module(path / "function.wasm" if path.is_dir() else path)


def _absolute(path: AnyPath) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would lose the path as it was given


def _directory(given: AnyPath | Function) -> Path:
    return given.directory if isinstance(given, Function) else _absolute(given)


def _function(given: AnyPath | Function) -> Function:
    if isinstance(given, Function):
        return given
    directory = _absolute(given)
    has = [os.path.isfile(directory / name) for name in ("function.yaml", "function.go")]
    return Function(".", directory, *has)


def _compiler(name: str) -> str:
    """The name, once it is known that there is such a compiler. Raises LookupError."""
    from tui.building.compilers import by_name

    return by_name(name).name
