"""Verdicts as SARIF 2.1.0, the format that code scanning services read. The rules are the table of checks."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tui.gateway.checks.remedy import for_shell
from tui.gateway.checks.table import CHECKS, Check
from tui.gateway.verdict import Finding, Severity

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}
_ROOT: Final = "WORKSPACE"


def sarif_log(verdicts: Iterable[tuple[Path, Iterable[Finding]]], root: Path, version: str) -> dict[str, object]:
    """One SARIF log of function directories and their findings. Places below `root` are given relative to it."""
    numbers = {check.id: number for number, check in enumerate(CHECKS)}
    results = [_result(path, one, numbers, root) for path, findings in verdicts for one in findings]
    driver = {"name": "fn-tui", "version": version, "semanticVersion": version, "rules": [*map(_rule, CHECKS)]}
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_ROOT: {"uri": root.absolute().as_uri().rstrip("/") + "/"}},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(check: Check) -> dict[str, object]:
    return {
        "id": check.id,
        "name": "".join(part.capitalize() for part in check.id.split("-")),
        "shortDescription": {"text": check.title},
        "defaultConfiguration": {"level": LEVELS[check.severity]},
    }


def _result(directory: Path, finding: Finding, numbers: dict[str, int], root: Path) -> dict[str, object]:
    here = directory.absolute()
    remedy = for_shell(finding.remedy, str(here.relative_to(root) if here.is_relative_to(root) else directory))
    text = f"{finding.message}. At run time: {finding.at_run_time}. Remedy: {remedy}."
    identity = "\0".join((finding.check, str(directory), finding.message)).encode("utf-8", "surrogateescape")
    return {
        "ruleId": finding.check,
        "ruleIndex": numbers[finding.check],
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": _location(directory, finding, root)}],
        "partialFingerprints": {"finding/v1": sha256(identity).hexdigest()[:32]},
    }


def _location(directory: Path, finding: Finding, root: Path) -> dict[str, object]:
    where = finding.where
    path = (directory / (where.path if where is not None else "function.yaml")).absolute()
    location: dict[str, object] = {"artifactLocation": _artifact(path, root.absolute())}
    if where is not None and where.line is not None:
        region = {"startLine": max(where.line, 1)}
        if where.column is not None:
            region["startColumn"] = max(where.column, 1)
        location["region"] = region
    return location


def _artifact(path: Path, root: Path) -> dict[str, str]:
    if not path.is_relative_to(root):
        return {"uri": path.as_uri()}
    return {"uri": quote(path.relative_to(root).as_posix().encode("utf-8", "surrogateescape")), "uriBaseId": _ROOT}
