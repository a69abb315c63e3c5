"""What the last run here says of a function, in words, and where it contradicts the verdict."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from tui.text import plural

if TYPE_CHECKING:
    from tui.building.record.runs import RunRecord
    from tui.gateway.verdict import Verdict

# Ends of a run for which the function's own code and input are not to blame.
BEFORE_IT_RUNS: Final = frozenset({"compile", "memory_limit", "instantiate", "exports"})
MODULE: Final = "function.wasm"


def ran_words(ran: RunRecord) -> str:
    """`ran 14:02, 3 ms, 12 host calls`; the day, too, where it is not today's."""
    now, then = time.localtime(), time.localtime(ran.at)
    day = "" if now[:3] == then[:3] else time.strftime("%Y-%m-%d ", then)
    moment = day + time.strftime("%H:%M", then)
    if not ran.answered:
        return f"failed here {moment}: {ran.error}"
    return f"ran {moment}, {max(round(ran.ms), 1)} ms, {plural(ran.host_calls, 'host call')}"


def with_run(verdict: Verdict, ran: RunRecord | None) -> Verdict:
    """The verdict, with a finding where the run says the contrary."""
    from tui.gateway.verdict import Finding, Place

    said = _contradiction(verdict, ran) if ran is not None else None
    if said is None or ran is None:
        return verdict
    finding = Finding(
        check="run-contradicts",
        severity="warning",
        message=said,
        at_run_time=ran.error or "it answered",
        remedy="run it again (fn-tui run), and believe neither until they agree",
        where=Place(MODULE),
    )
    errors = verdict.count("error")
    findings = (*verdict.findings[:errors], finding, *verdict.findings[errors:])
    return verdict._replace(status="blocked" if errors else "warnings", findings=findings)


def _contradiction(verdict: Verdict, ran: RunRecord) -> str | None:
    of_module = [one for one in verdict.findings if one.severity == "error" and one.where == _module()]
    if ran.answered and of_module:
        return f"it answered when it ran here, though of this module it is said: {of_module[0].message}"
    if ran.stage in BEFORE_IT_RUNS and not ran.answered and not verdict.count("error"):
        return "nothing is said against this module, and yet it could not be started here"
    return None


def _module() -> object:
    from tui.gateway.verdict import Place

    return Place(MODULE)
