"""Stylesheets that hundreds of apps in one process share: the same text with the same colours gives the same rules.

Each app begins with the styles of some fifty widgets, and reads them all again where its theme changes: a seventh of
what a test with a screen costs. Textual keeps what it read for each app alone, by the same key as here but the colours.
"""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

Rules = dict[tuple[object, ...], list[RuleSet]]

read_rules = Stylesheet._parse_rules
KNOWN: dict[frozenset[tuple[str, str]], Rules] = {}


def _kept_rules(self: Stylesheet, *place: Any, **named: Any) -> list[RuleSet]:
    """As Textual's, with what any stylesheet with these variables has read."""
    known = _with_variables(self)
    key = (*place, *sorted(named.items()))
    if key not in known:
        known[key] = read_rules(self, *place, **named)
    return known[key]


def _with_variables(sheet: Stylesheet) -> Rules:
    """What was read with the variables of a stylesheet, looked up once for each dictionary of them."""
    variables = sheet._variables
    of, known = getattr(sheet, "_shared_rules", (None, {}))
    if of is not variables:
        known = KNOWN.setdefault(frozenset(variables.items()), {})
        sheet._shared_rules = (variables, known)  # type: ignore[attr-defined]
    return known


def install() -> None:
    """Have every app share them."""
    Stylesheet._parse_rules = _kept_rules  # type: ignore[method-assign]
