from __future__ import annotations

from tests.fuzz.fuzz_run import run


def test_a_few_hundred_random_modules_do_no_harm() -> None:
    tally = run(300, seed=3)
    assert tally.faults == []
    assert tally.stages["done"] > 20
    assert tally.stages["compile"] > 50
