"""Is function.wasm what a build would make now? Fresh, stale (and why), or absent.

Stale: the inputs differ from those of the build on record (by content hash; without a record, by time stamps), it was
built for another mode than function.yaml asks for, or the last build failed and left an earlier module.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tui.building.inputs.inputs import Inputs, read_inputs
from tui.building.plan.hooks import Outline, outline
from tui.facts import Fact

if TYPE_CHECKING:
    from tui.building.compilers.chosen import InUse
    from tui.building.events import BuildMode, BuildPlan, BuildResult
    from tui.building.inputs.sources import SourceCache
    from tui.building.record.history import BuildRecord, History
    from tui.workspace.function import FunctionConfig

FreshnessState = Literal["fresh", "stale", "absent"]


class Staleness(Fact):
    """Whether function.wasm is what a build would make now."""

    state: FreshnessState
    reason: str | None = None  # in words, where stale
    size: int | None = None  # bytes, where there is a function.wasm
    modified: float | None = None  # POSIX time, where there is one
    mode: BuildMode | None = None  # the mode that it was built in, where its exports tell
    fault: str | None = None  # why the file is no module that could be loaded, where one look at it tells

    @property
    def is_stale(self) -> bool:
        """Whether there is a module and it is not what a build would make."""
        return self.state == "stale"


def staleness(
    directory: Path,
    config: FunctionConfig | None,
    module_mode: BuildMode | None = None,
    *,
    compiler: InUse | None = None,
    history: History | None = None,
    inputs: Inputs | None = None,
    cache: SourceCache | None = None,
) -> Staleness:
    """How function.wasm in `directory` stands to its inputs. Never raises: a module that cannot be read is stale.

    `config` is None where function.yaml is refused; `module_mode` spares a look at the module's exports. `history`,
    `inputs` and `cache` spare reading what the caller has at hand.
    """
    wasm = directory / "function.wasm"
    try:
        status = wasm.stat()
    except (FileNotFoundError, NotADirectoryError):
        return Staleness("absent")
    except OSError as error:
        return Staleness("stale", f"function.wasm cannot be read: {error.strerror or error}")
    try:
        mode, fault = Outline(module_mode) if module_mode is not None else outline(wasm)
    except OSError as error:
        return Staleness("stale", f"function.wasm cannot be read: {error.strerror or error}", status.st_size)
    if fault is not None:
        return Staleness("stale", fault, status.st_size, status.st_mtime, mode, fault)
    if history is None:
        from tui.building.record.history import load_history  # not needed where nothing is built yet

        history = load_history(directory)
    known = history
    record = _record_of(known, status)
    reason = _mode_reason(mode or (record.mode if record is not None else None), config)
    if reason is None:
        now = inputs if inputs is not None else read_inputs(directory, cache)
        reason = _input_reason(now, known, record, status.st_mtime) or _compiler_reason(record, compiler)
    state: FreshnessState = "fresh" if reason is None else "stale"
    return Staleness(state, reason, status.st_size, status.st_mtime, mode)


def _record_of(known: History, status: os.stat_result) -> BuildRecord | None:
    """The build that made the module which is there; None where somebody else put it there."""
    record = known.last_built
    if record is None or (record.wasm_modified_ns, record.size) != (status.st_mtime_ns, status.st_size):
        return None
    return record


def _mode_reason(built: str | None, config: FunctionConfig | None) -> str | None:
    if built is None or config is None:
        return None
    wanted = "reactor" if config.needs_reactor else "command"
    return None if built == wanted else f"built as {built}, function.yaml asks for {wanted}"


def _input_reason(now: Inputs, known: History, record: BuildRecord | None, built: float) -> str | None:
    """What differs between the inputs now and those of the module, in words."""
    if record is not None and record.fingerprint is not None:
        if record.fingerprint == now.fingerprint:
            return None
        return _failure_since(known) or _changed_name(now, known) or "an input changed since the build"
    failure = _failure_since(known, built)
    if failure is not None:
        return failure
    if now.newest is not None and now.modified > built:
        return f"{now.newest} changed since the build"
    return None


def _failure_since(known: History, built: float = 0.0) -> str | None:
    """`built` is the time of a module that is not on record; of one that is, what is on record behind it came later."""
    last = known.last
    if last is None or last.status != "failed" or last.finished < built:
        return None
    return "the last build failed; this is an earlier one"


def _changed_name(now: Inputs, known: History) -> str | None:
    """The file that a person would name first: changed, else new, else gone."""
    before = known.manifest
    if not before:
        return None
    changed = [name for name, digest in now.manifest.items() if before.get(name, digest) != digest]
    added = [name for name in now.manifest if name not in before]
    gone = [name for name in before if name not in now.manifest]
    for names, verb in ((changed, "changed since"), (added, "is new since"), (gone, "was removed since")):
        if names:
            first = min(names, key=lambda name: (name.startswith(".."), name))
            others = len(changed) + len(added) + len(gone) - 1
            return f"{first} {verb} the build" + (f" ({others} more)" if others else "")
    return None


def _compiler_reason(record: BuildRecord | None, compiler: InUse | None) -> str | None:
    if record is None or compiler is None:
        return None
    if record.compiler != compiler.name and compiler.program is None:
        return None  # a compiler that is not here cannot build it anew: that another made it is no fault of the module
    if record.compiler != compiler.name:
        return f"built by {record.compiler}, {compiler.name} is chosen now"
    if compiler.version and record.compiler_version and compiler.version != record.compiler_version:
        return f"built by {record.compiler} {record.compiler_version}, now it is {compiler.version}"
    return None


def remember_build(
    result: BuildResult,
    plan: BuildPlan,
    inputs: Inputs | None,
    *,
    compiler_version: str | None = None,
    trigger: str | None = None,
) -> str | None:
    """Put a build that ended on record; the sentence of what went wrong, or None.

    `inputs` are those read *before* the compiler started: a file saved while it ran then counts as changed.
    """
    from tui.building.record.history import BuildRecord, record_build

    if result.status == "skipped":
        return None
    modified_ns = None
    if result.status == "built":
        try:
            modified_ns = os.stat(plan.output).st_mtime_ns  # noqa: PTH116 - one system call, no Path
        except OSError:
            return f"{plan.output} was gone before it could be put on record"
    record = BuildRecord(
        finished=result.finished if result.finished is not None else time.time(),
        seconds=round(result.seconds, 3),
        status=result.status,
        compiler=plan.compiler,
        compiler_version=compiler_version,
        mode=plan.mode,
        size=result.size,
        fingerprint=inputs.fingerprint if inputs is not None else None,
        wasm_modified_ns=modified_ns,
        argv=result.argv or plan.argv,
        worker=result.worker,
        error=result.error,
        trigger=trigger,
        phases=tuple((name, round(seconds, 3)) for name, seconds in result.phases),
    )
    return record_build(result.directory, record, inputs.manifest if inputs is not None else None)
