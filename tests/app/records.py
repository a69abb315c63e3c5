"""Records for tests of the shell: made by hand, as the readers would make them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tui.app.desk.record import BuildProgress, FunctionRecord
from tui.building.errors.diagnostics import headline
from tui.building.events import BuildResult, BuildStatus, Diagnostic
from tui.building.inputs.freshness import Staleness
from tui.gateway.verdict import Finding, Verdict, VerdictStatus
from tui.wasm.module import Module
from tui.workspace.function import ConfigError, ConfigProblem, ConfigReading, Function, FunctionConfig

ROOT = Path("/work space")


def function(path: str = "fn") -> Function:
    """A function directory that need not exist."""
    return Function(path, ROOT / path, has_yaml=True, has_go=True)


def record(path: str = "fn", *, name: str = "fn") -> FunctionRecord:
    """A function whose config was read, and that was never built."""
    return FunctionRecord(
        function(path), reading=ConfigReading(FunctionConfig(name), None), staleness=Staleness("absent")
    )


def built(
    path: str = "fn", status: VerdictStatus = "ready", *, size: int = 82_000, stale: bool = False
) -> FunctionRecord:
    """A function with a module and a verdict."""
    findings = () if status == "ready" else (finding("error" if status == "blocked" else "warning"),)
    return replace(
        record(path),
        module=Module(size=size, kind="core", mode="command"),
        modified=1_700_000_000.0,
        verdict=Verdict(status, findings),
        staleness=Staleness("stale" if stale else "fresh", "function.go changed since the build" if stale else None),
    )


def finding(severity: str = "error", message: str = "every export traps") -> Finding:
    """One finding."""
    return Finding("check", severity, message, "the socket closes", "build as reactor")  # type: ignore[arg-type]


def refused(
    path: str = "fn", text: str = "failed to parse function.yaml: yaml: line 3", line: int = 3
) -> FunctionRecord:
    """A function whose function.yaml is refused."""
    error = ConfigError("parse", text, (ConfigProblem(text, line, 1),))
    return FunctionRecord(function(path), reading=ConfigReading(None, error))


def ended(base: FunctionRecord, status: BuildStatus = "failed", *diagnostics: Diagnostic) -> FunctionRecord:
    """The record after a build that ended so."""
    sentence = None if status == "built" else "tinygo build failed: exit status 1"
    error = headline(diagnostics[0]) if diagnostics and status == "failed" else sentence
    result = BuildResult(
        base.function.directory, status, 1, 2.5, error=error, diagnostics=diagnostics, tool_error=sentence
    )
    return replace(base, last=result, finished=1_700_000_100.0)


def building(base: FunctionRecord, started: float = 0.0, expected: float | None = None) -> FunctionRecord:
    """The record while its build runs."""
    return replace(base, progress=BuildProgress("building", started=started, expected=expected))
