"""Stylesheets that hundreds of apps in one process share: the same text with the same colours gives the same rules.

Each app begins with the styles of some fifty widgets, and reads them all again where its theme changes: a seventh of
what a test with a screen costs. Textual keeps what it read for each app alone, by the same key as here but the colours.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import textual.css.stylesheet
import textual.markup
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.tokenize import tokenize_value
from textual.css.tokenizer import Token

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


@cache
def _tokens(value: str) -> tuple[Token, ...]:
    return tuple(tokenize_value(value, ("__name__", "")))


def _kept_tokens(values: dict[str, str]) -> dict[str, list[Token]]:
    """As Textual's tokenize_values, which reads the same hundred and sixty values for each app and each theme anew."""
    return {name: list(_tokens(value)) for name, value in values.items()}


def install() -> None:
    """Have every app share them."""
    Stylesheet._parse_rules = _kept_rules  # type: ignore[method-assign]
    for module in (textual.css.stylesheet, textual.markup):
        module.tokenize_values = _kept_tokens  # type: ignore[attr-defined]
