"""How the life of a function is kept."""

from __future__ import annotations

from typing import Final

from tui.assessment.kept.codec import FLAG, NUMBER, SHOWN, TEXT, many, one_of, optional, record
from tui.assessment.kept.modules import FUNC_TYPE, MODE
from tui.gateway.verdict import Life, LifeStep

_STEP: Final = record(
    LifeStep,
    {
        "label": SHOWN,
        "export": optional(TEXT),
        "state": one_of("present", "wrong", "missing", "unknown"),
        "expected": optional(FUNC_TYPE),
        "actual": optional(SHOWN),
        "repeats": FLAG,
        "note": SHOWN,
        "does": SHOWN,
        "more": SHOWN,
        "actual_type": optional(FUNC_TYPE),
        "accident": SHOWN,
        "words": SHOWN,
        "lit": FLAG,
    },
)
LIFE: Final = record(
    Life,
    {
        "kind": TEXT,
        "reason": SHOWN,
        "expected": optional(MODE),
        "actual": optional(MODE),
        "steps": many(_STEP),
        "helpers": many(_STEP),
        "breaks_at": optional(NUMBER),
        "summary": SHOWN,
        "remedy": SHOWN,
        "failure": SHOWN,
        "has_module": FLAG,
        "by_exports": FLAG,
    },
)
