from __future__ import annotations

import pytest

from tests.running.modulecases import ModuleCase, module_cases
from tui.running.lives.bench import Bench
from tui.running.run import run

# It spins until the time is up that the gateway gives `_initialize`; the other loops have a second.
LONG = ("mod-ps-init-loop",)
CASES = [pytest.param(one, marks=[pytest.mark.long] if one.id in LONG else []) for one in module_cases()]


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.id)
def test_a_module_runs_here_as_on_the_gateway(case: ModuleCase, bench: Bench) -> None:
    assert case.differences(run(bench, case.target(), case.call())) == {}
