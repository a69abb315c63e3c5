"""How what is known of a function is kept, part by part: config, plan, builds, verdict, life, inputs."""

from __future__ import annotations

from base64 import b64decode, b64encode
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from tui.assessment.brief import Brief
from tui.assessment.kept.codec import (
    AMOUNT,
    FLAG,
    NUMBER,
    PATH,
    SHOWN,
    TEXT,
    Damaged,
    Form,
    by_name,
    many,
    one_of,
    optional,
    pair,
    record,
)
from tui.building.inputs.freshness import Staleness
from tui.building.inputs.inputs import Inputs
from tui.building.plan.build_plan import BuildPlan
from tui.building.record.history import BuildRecord
from tui.building.record.runs import RunRecord
from tui.gateway.verdict import Finding, Place, Verdict
from tui.wasm.mode import MODES
from tui.workspace.function import (
    ConfigError,
    ConfigProblem,
    ConfigReading,
    ConfigWarning,
    FunctionConfig,
    KeyOrigin,
    RetryConfig,
)

WASM: Final = "function.wasm"
_LINE: Final = optional(NUMBER)
_NAMES: Final = by_name(TEXT)
_CONFIG_FIELDS: Final[dict[str, Form[Any]]] = {
    "name": TEXT,
    "public": FLAG,
    "internal": FLAG,
    "memory": NUMBER,
    "timeout": NUMBER,
    "retry": record(RetryConfig, {"count": NUMBER, "delay": NUMBER}),
    "env": optional(_NAMES),
    "ws_persistent": FLAG,
    "ws_idle_timeout_sec": NUMBER,
    "ws_max_frame_bytes": NUMBER,
    "ws_max_inflight_per_conn": NUMBER,
    "reactor": FLAG,
    "raw_http_response": FLAG,
    "ws_auth": TEXT,
}
_PROBLEM: Final = record(ConfigProblem, {"message": TEXT, "line": _LINE, "column": _LINE})
_ERROR: Final = record(
    ConfigError,
    {"stage": one_of("read", "parse", "validate", "panic"), "text": TEXT, "problems": many(_PROBLEM)},
)
_WARNING: Final = record(
    ConfigWarning,
    {"code": TEXT, "message": TEXT, "hint": TEXT, "key": optional(TEXT), "line": _LINE, "column": _LINE},
)
_ORIGIN: Final = record(KeyOrigin, {"key": TEXT, "line": NUMBER, "column": NUMBER, "raw": TEXT})
_SECRETS: Final[Form[frozenset[str]]] = Form(sorted, lambda read: frozenset(many(TEXT).decode(read)))


def _reading(*fields: Any) -> ConfigReading:
    reading = ConfigReading(*fields)
    if (reading.config is None) == (reading.error is None):
        raise Damaged("neither config nor error")
    return reading


READING: Final = record(
    _reading,
    {
        "config": optional(record(FunctionConfig, _CONFIG_FIELDS)),
        "error": optional(_ERROR),
        "warnings": many(_WARNING),
        "origins": by_name(_ORIGIN),
        "secrets": _SECRETS,
    },
)
MODE: Final = one_of("command", "reactor")
_ANYWHERE: Final = Path()
_PLAN_FIELDS: Final[dict[str, Form[Any]]] = {
    "argv": many(TEXT),
    "mode": MODE,
    "reason": TEXT,
    "compiler": TEXT,
    "env": _NAMES,
    "env_defaults": _NAMES,
    "executable": optional(TEXT),
    "note": optional(TEXT),
}
_OTHERS: Final = attrgetter(*list(_PLAN_FIELDS)[1:])
PLAN: Final = record(lambda argv, *others: BuildPlan(argv, _ANYWHERE, _ANYWHERE, *others), _PLAN_FIELDS)


def plan_in(directory: Path, plan: BuildPlan) -> BuildPlan:
    """A plan as it was in a directory: its paths are not kept, since they are those of the function."""
    return BuildPlan(plan.argv, directory, directory / WASM, *_OTHERS(plan))


STALENESS: Final = record(
    Staleness,
    {
        "state": one_of("fresh", "stale", "absent"),
        "reason": optional(TEXT),
        "size": optional(NUMBER),
        "modified": optional(AMOUNT),
        "mode": optional(MODE),
        "fault": optional(TEXT),
    },
)
BUILD: Final = record(
    BuildRecord,
    {
        "finished": AMOUNT,
        "seconds": AMOUNT,
        "status": one_of("built", "failed", "cancelled"),
        "compiler": TEXT,
        "compiler_version": optional(TEXT),
        "mode": TEXT,
        "size": optional(NUMBER),
        "fingerprint": optional(TEXT),
        "wasm_modified_ns": optional(NUMBER),
        "argv": many(TEXT),
        "error": optional(TEXT),
        "trigger": optional(TEXT),
        "phases": many(pair(TEXT, AMOUNT)),
        "worker": optional(TEXT),
    },
)
BRIEF: Final = record(
    Brief,
    {
        "size": optional(NUMBER),
        "complete": FLAG,
        "mode": optional(one_of(*MODES)),
        "matches": optional(FLAG),
        "built": optional(AMOUNT),
        "good": many(BUILD),
    },
)
STAMP: Final = record(lambda *numbers: numbers, dict.fromkeys("abc", NUMBER), lambda stamp: stamp)
RUN: Final = record(
    RunRecord,
    {"stamp": STAMP, "at": AMOUNT, "ms": AMOUNT, "host_calls": NUMBER, "stage": TEXT, "error": optional(TEXT)},
)
_PLACE: Final = record(Place, {"path": TEXT, "line": _LINE, "column": _LINE})
_FINDING: Final = record(
    Finding,
    {
        "check": SHOWN,
        "severity": one_of("error", "warning", "info"),
        "message": SHOWN,
        "at_run_time": SHOWN,
        "remedy": SHOWN,
        "where": optional(_PLACE),
    },
)
VERDICT: Final = record(
    Verdict, {"status": one_of("ready", "warnings", "blocked"), "findings": many(_FINDING), "is_cut": FLAG}
)


def _bytes(read: object) -> bytes:
    if type(read) is not str:
        raise Damaged("no bytes")
    try:
        return b64decode(read, validate=True)
    except ValueError as error:
        raise Damaged("no bytes") from error


BYTES: Final[Form[bytes]] = Form(lambda value: b64encode(value).decode(), _bytes)


def _paths(values: tuple[Path, ...]) -> object:
    return [str(value) for value in values]


_PATHS: Final[Form[tuple[Path, ...]]] = Form(_paths, many(PATH).decode)
INPUTS: Final = record(
    Inputs,
    {
        "directory": PATH,
        "manifest": _NAMES,
        "packages": _PATHS,
        "embed_roots": _PATHS,
        "newest": optional(TEXT),
        "modified": AMOUNT,
        "sought": _PATHS,
    },
)
