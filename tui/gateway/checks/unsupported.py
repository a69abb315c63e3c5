"""What builds and fails when it is called, by compiler: a table, `unsupported.json` beside this file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from tui.facts import Fact
from tui.gateway.checks.gocalls import GoUse

Compiler = Literal["tinygo", "go"]
TABLE: Final = Path(__file__).with_name("unsupported.json")


class Rule(Fact):
    """One row: a package, the names of it that are meant (none: all), and what becomes of a call."""

    package: str
    names: frozenset[str]
    fails: dict[Compiler, str]  # no entry: it works with that compiler
    instead: str


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The table."""
    rows = json.loads(TABLE.read_bytes())["rules"]
    compilers: tuple[Compiler, ...] = ("tinygo", "go")
    return tuple(
        Rule(
            row["package"],
            frozenset(row["names"]),
            {compiler: row[compiler] for compiler in compilers if compiler in row},
            row["instead"],
        )
        for row in rows
    )


def unsupported(uses: Iterable[GoUse], compiler: Compiler) -> Iterator[tuple[Rule, GoUse]]:
    """The rules that these uses break with that compiler, each once with the first use that does."""
    listed = list(uses)
    for rule in rules():
        if compiler not in rule.fails:
            continue
        meant = (use for use in listed if use.package == rule.package and _is_meant(rule, use))
        first = next(meant, None)
        if first is not None:
            yield rule, first


def _is_meant(rule: Rule, use: GoUse) -> bool:
    return use.name in rule.names if rule.names else use.name != ""
