from __future__ import annotations

from tests.fuzz.fuzz_decode import mutants, run


def test_a_few_thousand_mutants_show_no_fault() -> None:
    tally = run(4000, seed=20)
    assert tally.faults == []
    assert tally.verdicts["both accept"] > 100
    assert tally.verdicts["both refuse"] > 1000


def test_a_seed_gives_the_same_mutants_again() -> None:
    assert list(mutants(50, 7)) == list(mutants(50, 7)) != list(mutants(50, 8))
