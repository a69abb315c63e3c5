"""Checks on function.yaml: refused by the deploy tool, refused by the host, or without the effect it seems to have."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from tui.gateway.checks.case import YAML, Case, Check, Raised
from tui.gateway.contract.contract import ConfigRule
from tui.gateway.verdict import Place, Severity
from tui.text import printable
from tui.workspace.function import ConfigError, ConfigWarning, FunctionConfig

LONGEST: Final = 240


def refused(case: Case) -> Iterator[Raised]:
    """The deploy tool refuses function.yaml."""
    reading = case.subject.reading
    if reading is None or reading.error is None:
        return
    error = reading.error
    for problem in error.problems[:20]:
        message = printable(problem.message, LONGEST)
        line = f"correct line {problem.line} of function.yaml" if problem.line is not None else _remedy(case, error)
        first, *more = error.text.split("\n", maxsplit=1)
        words = printable(f"{first} {problem.message}" if more else first, LONGEST)
        yield Raised(message, words, line, Place(YAML, problem.line, problem.column))


def _remedy(case: Case, error: ConfigError) -> str:
    """What to do about an error that has no line."""
    if error.stage != "read":
        return "correct function.yaml"
    if not os.path.lexists(case.subject.directory / YAML):
        return "add a function.yaml; `name: ...` is all that it needs"
    return "make function.yaml a file that can be read, of a usual size"


def value_of(config: FunctionConfig, key: str) -> object:
    """The value of a dotted key; None where the config has no such key."""
    found: object = config
    for part in key.split("."):
        found = getattr(found, part, None)
    return found


def limits(case: Case) -> Iterator[Raised]:
    """Pitfall 12: a value that passes the deploy tool and that the host refuses."""
    if case.config is None:
        return
    for rule in case.contract.rules:
        value = value_of(case.config, rule.key)
        found = _breaks(rule, value, case.config)
        if found is None:
            continue
        wanted, remedy = found
        shown = f'"{printable(value, 60)}"' if isinstance(value, str) else str(value)
        words = rule.refusal.format_map({"value": shown}) if rule.refusal else f"{rule.key}: {wanted}, got {shown}"
        yield Raised(
            f"{rule.key} is {shown}, the host wants it {wanted}",
            f"{case.contract.say('refused')}: {words}",
            case.set_key(*remedy),
            case.line(rule.key),
        )


def _breaks(rule: ConfigRule, value: object, config: FunctionConfig) -> tuple[str, tuple[str, str]] | None:
    """What a rule wants and which key to set to what, where the value breaks it; else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        if rule.maximum is not None and value > rule.maximum:
            return f"at most {rule.maximum}", (rule.key, str(rule.maximum))
        if rule.minimum is not None and value < rule.minimum:
            return f"at least {rule.minimum}", (rule.key, str(rule.minimum))
    if rule.one_of is not None and isinstance(value, str) and value not in rule.one_of:
        words = " or ".join(f'"{text}"' for text in rule.one_of)
        return f"to be {words}", (rule.key, next((text for text in rule.one_of if text), '""'))
    if rule.not_with is not None and value and value_of(config, rule.not_with) is True:
        return f"empty where {rule.not_with} is true", (rule.not_with, "false")
    return None


def no_effect(case: Case) -> Iterator[Raised]:
    """Pitfall 18: a key given in function.yaml that the host stores or drops without acting on it."""
    if case.config is None:
        return
    for rule in case.contract.no_effect:
        place = case.line(rule.key)
        given = place.line is not None and bool(value_of(case.config, rule.key))
        if given and (not rule.kinds or case.kind.name in rule.kinds):
            remedy = f"line {place.line} of function.yaml: take {rule.key} out"
            severity: Severity = "info" if rule.harmless else "warning"
            yield Raised(f"{rule.key} has no effect: {rule.why}", "no effect", remedy, place, severity)


# code of a config warning -> the check that it belongs to; all others are a `config-note`.
_NOTE: Final = "config-note"
_FOLDED: Final = {
    "unknown-key": "config-key",
    "wrong-case-key": "config-key",
    "foreign-key": "config-key",
    "misspelt-key": "config-key",
    "secret-in-env": "config-secret",
}
# What the config reader says of the host: the contract, which may be another host's, has the last word on that.
_HOST_MATTERS: Final = frozenset({
    "timeout-over-gateway", "retry-count-over-gateway", "retry-delay-negative", "ws-auth-value", "ws-auth-internal",
    "both-kinds", "env-without-effect", "memory-without-effect", "limit-without-effect",
})  # fmt: skip
_AT_RUN_TIME: Final = {
    "config-key": "ignored, without a word",
    "config-secret": "stored in clear, for everybody who can read the function",
    _NOTE: "changed or dropped, without a word",
}


def check_of(warning: ConfigWarning) -> str | None:
    """The id of the check under which a config warning is reported; None where the contract decides."""
    return None if warning.code in _HOST_MATTERS else _FOLDED.get(warning.code, _NOTE)


def _folded(case: Case, check: str) -> Iterator[Raised]:
    """The config reader's warnings that belong to one check."""
    for warning in case.subject.reading.warnings if case.subject.reading is not None else ():
        if check_of(warning) == check:
            place = Place(YAML, warning.line, warning.column)
            message, hint = printable(warning.message, LONGEST), printable(warning.hint, LONGEST)
            at = f"line {warning.line} of function.yaml: " if warning.line is not None else ""
            yield Raised(message, _AT_RUN_TIME[check], at + hint, place)


def keys(case: Case) -> Iterator[Raised]:
    """Pitfall 13: misspelt, wrong-case or foreign keys."""
    return _folded(case, "config-key")


def secrets(case: Case) -> Iterator[Raised]:
    """Pitfall 19: secrets in `env`."""
    return _folded(case, "config-secret")


def notes(case: Case) -> Iterator[Raised]:
    """Pitfall 14 and the rest: what the deploy tool reads in another way than it looks."""
    return _folded(case, _NOTE)


CHECKS = (
    Check("config-refused", "function.yaml is refused", "error", refused, (12, 14)),
    Check("config-limit", "A value beyond the host's limits", "error", limits, (12,)),
    Check("config-no-effect", "A key without effect", "warning", no_effect, (18,)),
    Check("config-key", "A key that the deploy tool ignores", "warning", keys, (13,)),
    Check("config-note", "A value that is read in another way than it looks", "warning", notes, (14,)),
    Check("config-secret", "A secret in env", "warning", secrets, (19,)),
)
