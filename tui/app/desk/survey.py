"""What there is to know of one function on disk, read and judged: two steps, each a plain function for a thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from tui.building.compilers import DEFAULT
from tui.reading import read_start

if TYPE_CHECKING:
    from pathlib import Path

    from tui.app.desk.record import FunctionRecord
    from tui.building.inputs.sources import SourceCache
    from tui.building.model import CompilerName
    from tui.building.record.history import BuildRecord, History
    from tui.building.record.validations import Validations
    from tui.gateway.contract.contract import Contract
    from tui.wasm.model import Module
    from tui.workspace.model import Function

Fields = dict[str, Any]  # fields of FunctionRecord
SHOWN_SOURCE: Final = 1_000_000  # bytes of function.yaml that are kept for showing its lines
DECODE_SECONDS: Final = 20.0  # a module that takes longer shows what was read so far


@dataclass(frozen=True, slots=True)
class SurveyTerms:
    """What a survey is made against: the host's contract, the compiler in use and its version, a cache of sources."""

    contract: Contract
    compiler: CompilerName = DEFAULT
    executable: str | None = None
    compiler_version: str | None = None
    go_version: str | None = None
    cache: SourceCache | None = None
    validations: Validations | None = None  # those made before


def survey_config(function: Function, terms: SurveyTerms) -> Fields:
    """function.yaml read, and the build planned. Never raises for what a folder holds."""
    from tui.building.compilers.module_mode import fitted
    from tui.building.plan.plan import plan_build
    from tui.workspace.config import read_config

    reading = read_config(function.directory)
    plan = None
    if reading.config is not None:
        plan = fitted(plan_build(function.directory, reading.config, terms.compiler, terms.executable))
    return {"reading": reading, "source": _source(function.directory / "function.yaml"), "plan": plan}


def _source(path: Path) -> bytes | None:
    try:
        return read_start(path, SHOWN_SOURCE)
    except OSError:
        return None  # the reading says why


def survey_module(record: FunctionRecord, terms: SurveyTerms) -> Fields:
    """function.wasm decoded and held against config and contract. Never raises for what a folder holds."""
    from tui.building.inputs.freshness import Compiler, staleness
    from tui.building.record.history import load_history
    from tui.building.record.previous import known_previous
    from tui.gateway.checks.imports import judge_imports

    directory = record.function.directory
    config = record.reading.config if record.reading is not None else None
    modified = _modified(record.wasm)
    found = _module(record, modified)
    history = load_history(directory)
    # A compiler that is not here cannot build it anew: being made by another is then no fault of the module.
    compiler = Compiler(terms.compiler, terms.compiler_version) if terms.executable is not None else None
    stale = staleness(directory, config, compiler=compiler, history=history, cache=terms.cache)
    judged = replace(record, module=found.module, module_error=found.problem)
    return {
        "modified": modified,
        "module": found.module,
        "module_error": found.problem,
        "staleness": stale,
        "previous": known_previous(directory),
        "history": tuple(history.builds),
        "failure": _failure(directory, history, modified, terms),
        "imports": judge_imports(found.module, terms.contract) if found.module is not None else (),
        **_judged(judged, found.wasm, stale.reason, terms),
    }


def _failure(directory: Path, history: History, modified: float | None, terms: SurveyTerms) -> BuildRecord | None:
    """The last build on record, where it failed and another one now would meet the very same inputs."""
    from tui.building.inputs.inputs import read_inputs

    last = history.last
    if last is None or last.status != "failed" or last.fingerprint is None:
        return None
    if modified is not None and modified > last.finished:
        return None  # somebody built it since, outside
    return last if read_inputs(directory, terms.cache).fingerprint == last.fingerprint else None


@dataclass(frozen=True, slots=True)
class _Found:
    """function.wasm as found: decoded, or why it could not be read; neither where there is none."""

    module: Module | None = None
    problem: str | None = None
    wasm: bytes | None = None


def _modified(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def _module(record: FunctionRecord, modified: float | None) -> _Found:
    """The module as it is now. Where the file is the same, the Module known stays: panes draw by identity."""
    from tui.wasm.decode.decode import decode
    from tui.wasm.decode.read import OUTLINE_ABOVE, ModuleChangedError, read_bytes, read_module

    try:
        if record.wasm.stat().st_size > OUTLINE_ABOVE:
            return _Found(read_module(record.wasm))
        wasm = read_bytes(record.wasm)
    except FileNotFoundError:
        return _Found()
    except ModuleChangedError as error:
        return _Found(problem=str(error))
    except OSError as error:
        return _Found(problem=f"function.wasm cannot be read: {error.strerror or error}")
    known = record.module
    if known is not None and record.modified == modified and known.size == len(wasm):
        return _Found(known, wasm=wasm)
    return _Found(decode(wasm, monotonic() + DECODE_SECONDS), wasm=wasm)


def _judged(record: FunctionRecord, wasm: bytes | None, stale: str | None, terms: SurveyTerms) -> Fields:
    """Verdict and life."""
    from tui.gateway.check import look
    from tui.gateway.subject import Subject, gather_sources

    subject = Subject(
        directory=record.function.directory,
        reading=record.reading,
        module=record.module,
        module_error=record.module_error,
        stale=stale,
        sources=gather_sources(record.function.directory),
        go_version=terms.go_version,
        wasm=wasm,
        validation=terms.validations.known(wasm) if wasm is not None and terms.validations is not None else None,
    )
    verdict, life = look(subject, terms.contract)
    return {"verdict": verdict, "life": life}
