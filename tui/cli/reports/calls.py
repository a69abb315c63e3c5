"""What became of kept calls: lines for a person, JSON for programs, JUnit for continuous integration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from tui.cli.folders import place
from tui.cli.reports.junit import allowed

if TYPE_CHECKING:
    from tui.cli.commands.calls.suite import Tested
    from tui.lines.canvas import Line, Segment
    from tui.running.calls.run import Outcome


_PASSED: Final[Segment] = ("ok   ", "good")
_NOT: Final[Segment] = ("NO   ", "wrong")


def text_lines(tested: Tested) -> Iterator[Line]:
    """A line a call, and below it what differs."""
    if tested.problem is not None:
        yield _NOT, (tested.problem, "space")
    for one in tested.outcomes:
        yield (
            _PASSED if one.passed else _NOT,
            (f"{tested.shown}: {one.call.name}", "space"),
            (f"  {_took(one)}", "muted"),
        )
        yield from (((f"     {line}", "space"),) for line in one.differs)


def _took(one: Outcome) -> str:
    return f"{one.answer.figures.duration_ms:.1f} ms" if one.answer is not None else "not run"


def records(tested: Tested) -> Iterator[dict[str, Any]]:
    """An object a call; one without a call where none was run."""
    if tested.problem is not None:
        yield {**place(tested.shown), "call": None, "ok": False, "ms": None, "differs": [tested.problem]}
    for one in tested.outcomes:
        took = one.answer.figures.duration_ms if one.answer is not None else None
        yield {
            **place(tested.shown),
            "call": one.call.name,
            "ok": one.passed,
            "ms": took,
            "differs": list(one.differs),
        }


def junit_of_calls(tested: Sequence[Tested]) -> bytes:
    """The report as JUnit XML: a case a call."""
    cases = [case for each in tested for case in _cases(each)]
    failures = sum(not one.passed for each in tested for one in each.outcomes)
    errors = sum(each.problem is not None for each in tested)
    seconds = sum(one.seconds for each in tested for one in each.outcomes)
    totals = f'tests="{len(cases)}" failures="{failures}" errors="{errors}" time="{seconds:.3f}"'
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="fn-tui test" {totals}>\n'
        f'<testsuite name="calls" {totals}>\n{"".join(cases)}</testsuite>\n</testsuites>\n'
    )
    return text.encode("utf-8")


def _cases(tested: Tested) -> Iterator[str]:
    shown = quoteattr(allowed(tested.shown))
    if tested.problem is not None:
        message = quoteattr(allowed(tested.problem))
        yield f'<testcase classname={shown} name="calls.yaml">\n<error type="test" message={message}/>\n</testcase>\n'
    for one in tested.outcomes:
        body = ""
        if one.differs:
            message = quoteattr(allowed(one.differs[0]))
            told = escape(allowed("\n".join(one.differs)))
            body = f'<failure type="call" message={message}>{told}</failure>\n'
        name = quoteattr(allowed(one.call.name))
        yield f'<testcase classname={shown} name={name} time="{one.seconds:.3f}">\n{body}</testcase>\n'
