"""What was learned of the workspace when it was last open: asked once for each function, told what is read anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.app.desk.record import FunctionRecord
    from tui.assessment.assessment import Assessment
    from tui.assessment.kept.kept import Begun, Kept
    from tui.assessment.terms import Terms
    from tui.lines.states import State
    from tui.workspace.function import Function

SAMPLE: Final = 8  # functions that stand for all


class Keeper:
    """For the thread that reads. What cannot be kept is worked out again the next time, no more."""

    def __init__(self, workspace: Path | None) -> None:
        """`workspace` is None where nothing is to be kept."""
        self._workspace = workspace
        self._kept: Kept | None = None
        self._met: set[str] = set()
        self._begun: dict[str, Begun] = {}

    def known(self, record: FunctionRecord, terms: Terms, *, whole: bool) -> Assessment | None:
        """What is known of a function that nobody has asked about here, and the disk confirms; else None.

        Not `whole`: without its rest, which takes five times as long, and is wanted of what a person looks at.
        """
        kept = self._kept_here()
        if kept is None or record.path in self._met:
            return None
        self._met.add(record.path)
        return kept.whole(record.function, terms) if whole else kept.outlined(record.function, terms)

    def share_unknown(self, functions: list[Function], terms: Terms) -> float:
        """Of how many of these functions nothing is kept, as a share: by a few of them."""
        kept = self._kept_here()
        sample = functions[:: max(len(functions) // SAMPLE, 1)]
        if kept is None or not sample:
            return 0.0
        return sum(not kept.has(function, terms) for function in sample) / len(sample)

    def learned(self, record: FunctionRecord, terms: Terms, *, whole: bool) -> Assessment | None:
        """What another process has learned of a function meanwhile; None where it has not, or it does not hold."""
        self._begun.pop(record.path, None)
        kept = self._kept_here()
        if kept is None:
            return None
        kept.relearn()
        return kept.whole(record.function, terms) if whole else kept.outlined(record.function, terms)

    def completed(self, record: FunctionRecord, terms: Terms) -> Assessment | None:
        """All that is known of a function whose rest was left where it is kept; None where it does not hold now."""
        return self._kept.whole(record.function, terms) if self._kept is not None else None

    def with_module(self, record: FunctionRecord) -> FunctionRecord:
        """A function that is to be judged anew with its module, which may be the same still: no need to decode it."""
        if record.is_whole or self._kept is None or record.stamp is None:
            return record
        from tui.building.record.runs import stamp_of

        if record.stamp != stamp_of(record.wasm):
            return record
        return replace(record, module=self._kept.module(record))

    def begin(self, record: FunctionRecord) -> None:
        """The function is read from now on."""
        kept = self._kept_here()
        begun = kept.begin(record.function) if kept is not None else None
        if begun is not None:
            self._begun[record.path] = begun

    def end(self, record: FunctionRecord, terms: Terms) -> None:
        """It was read."""
        begun = self._begun.pop(record.path, None)
        if begun is not None and self._kept is not None:
            self._kept.keep(record, begun, terms)

    def last_states(self) -> Mapping[str, State]:
        """What the functions were when somebody looked last."""
        if self._workspace is None:
            return {}
        from tui.assessment.kept.last import last_states

        return last_states(self._workspace)

    def lasting(self, states: Mapping[str, State]) -> Mapping[str, State]:
        """What the next `last_states` will be, where these are the states at the end."""
        if self._kept is None or self._workspace is None:
            return {}
        from tui.assessment.kept.last import lasting

        return lasting(states)

    def save(self) -> None:
        """Write what was learned."""
        if self._kept is not None:
            self._kept.save()

    def close(self, states: Mapping[str, State]) -> None:
        """Write it, and the states of all functions, and let go of where it lies."""
        if self._kept is not None and self._workspace is not None:
            from tui.assessment.kept.last import keep_states

            self._kept.close()
            keep_states(self._workspace, states)

    def _kept_here(self) -> Kept | None:
        if self._kept is None and self._workspace is not None:
            from tui.assessment.kept.kept import kept_of

            self._kept = kept_of(str(self._workspace))
        return self._kept
