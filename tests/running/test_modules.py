from __future__ import annotations

import pytest

from tests.running.modulecases import ModuleCase, module_cases
from tui.running.lives.bench import Bench
from tui.running.run import run


@pytest.mark.parametrize("case", module_cases(), ids=lambda one: one.id)
def test_a_module_runs_here_as_on_the_gateway(case: ModuleCase, bench: Bench) -> None:
    assert case.differences(run(bench, case.target(), case.call())) == {}
