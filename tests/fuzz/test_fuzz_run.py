from __future__ import annotations

import pytest

from tests.fuzz.fuzz_run import run


def test_a_few_hundred_random_modules_do_no_harm() -> None:
    tally = run(300, seed=3)
    assert tally.faults == []
    assert tally.stages["done"] > 20
    assert tally.stages["compile"] > 50


@pytest.mark.long
def test_ten_thousand_random_modules_do_no_harm() -> None:
    tally = run(10_000, seed=16)
    assert tally.faults == []
    assert tally.stages["done"] > 700
    assert tally.stages["compile"] > 1_700
