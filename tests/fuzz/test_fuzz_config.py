"""function.yaml by libyaml's events and by our own scanner: one answer, whatever the document holds.

The seed is fixed, so that a difference can be found again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.workspace.configcases import cases
from tests.workspace.test_config_fuzz import TOKENS
from tui.workspace.config import load_config
from tui.workspace.goyaml.load import EXACT_LIMIT, is_unusual

SOURCES = [case.source for case in cases() if len(case.source) < 2000]
OF_ORDINARY = 0.7  # of the mutants, those of documents that libyaml reads: the others never reach it


def mutants(count: int) -> Iterator[bytes]:
    """Documents of the cases, changed in one to three places."""
    dice = random.Random(20261126)
    ordinary = [source for source in SOURCES if not is_unusual(source)]
    for _ in range(count):
        source = dice.choice(ordinary if dice.random() < OF_ORDINARY else SOURCES)
        for _ in range(dice.randint(1, 3)):
            start = dice.randrange(len(source) + 1)
            end = min(start + dice.randrange(5), len(source))
            put = dice.choice([b"", *TOKENS, bytes([dice.randrange(256)]), source[: dice.randrange(20)]])
            source = source[:start] + put + source[end:]
        yield source


def judge(count: int) -> int:
    """Hold the two readers together on so many mutants; how many of them libyaml had the word on."""
    by_libyaml = 0
    for source in mutants(count):
        assert len(source) < EXACT_LIMIT
        with_libyaml = load_config(source)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tui.workspace.goyaml.load.has_libyaml", lambda: False)
            own = load_config(source)
        assert with_libyaml == own, source
        by_libyaml += not is_unusual(source)
    return by_libyaml


def test_both_readers_agree_on_every_case() -> None:
    for source in (case.source for case in cases() if len(case.source) < EXACT_LIMIT):
        with_libyaml = load_config(source)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tui.workspace.goyaml.load.has_libyaml", lambda: False)
            assert load_config(source) == with_libyaml, source


def test_both_readers_agree_on_mutants() -> None:
    assert judge(2_000) > 500


@pytest.mark.long
def test_both_readers_agree_on_a_hundred_thousand_mutants() -> None:
    assert judge(100_000) > 25_000
