"""The verdict on one function: every check of the table run, its findings sorted, worst first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tui.gateway.checks.table import CHECKS, Case, Check, Raised
from tui.gateway.contract.contract import Contract
from tui.gateway.subject import Subject, gather_sources
from tui.gateway.verdict import Finding, Life, Severity, Verdict, VerdictStatus
from tui.text import printable

# What a fault in a check can raise. It becomes a finding; the other checks go on.
CHECK_FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
MAX_TEXT: Final = 400  # characters; names from modules have no bounds of their own
_ORDER: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "info": 2}


def check(subject: Subject, contract: Contract, checks: tuple[Check, ...] = CHECKS) -> Verdict:
    """The verdict on a function: blocked by an error, else warnings, else ready. Never raises for what a folder holds.

    Sources are gathered from the directory where the subject brings none.
    """
    return _verdict(_case(subject, contract), checks)


def judge(subject: Subject, contract: Contract) -> tuple[Verdict, Life]:
    """The verdict on a function and its life, from one look at the module's bytes. Never raises for what they hold."""
    case = _case(subject, contract)
    return _verdict(case, CHECKS), case.life


def _case(subject: Subject, contract: Contract) -> Case:
    if subject.sources is None:
        subject = replace(subject, sources=gather_sources(subject.directory))
    return Case(subject, contract)


def _verdict(case: Case, checks: tuple[Check, ...]) -> Verdict:
    findings = [finding for one in checks for finding in _run(one, case)]
    findings.sort(key=lambda finding: _ORDER[finding.severity])
    return Verdict(status_of(findings), tuple(findings), is_cut=case.is_cut)


def status_of(findings: list[Finding]) -> VerdictStatus:
    """The verdict that findings add up to."""
    severities = {finding.severity for finding in findings}
    return "blocked" if "error" in severities else "warnings" if "warning" in severities else "ready"


def _run(one: Check, case: Case) -> Iterator[Finding]:
    """The findings of one check; a fault inside it is a finding of its own."""
    try:
        raised = list(one.run(case))
    except CHECK_FAULTS as fault:
        raised = [_faulty(one, fault)]
    for found in raised:
        yield Finding(
            check=one.id,
            severity=found.severity or one.severity,
            message=printable(found.message, MAX_TEXT),
            at_run_time=printable(found.at_run_time, MAX_TEXT),
            remedy=printable(found.remedy, MAX_TEXT),
            where=found.where,
        )


def _faulty(one: Check, fault: BaseException) -> Raised:
    said = printable(f"{type(fault).__name__}: {fault}", 160)
    return Raised(
        f"the check {one.id} failed inside ({said})",
        "not known: this was not checked",
        "report it to fn-tui with the function at hand",
        severity="warning",
    )
