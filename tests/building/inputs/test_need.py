"""Whether a build is needed, by what is on record of the last one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.building.compilers.versions import installed_at
from tui.building.events import BuildPlan, BuildResult
from tui.building.inputs.freshness import remember_build
from tui.building.inputs.inputs import read_inputs
from tui.building.inputs.need import NeedByHistory
from tui.building.plan.plan import plan_build
from tui.building.record.history import load_history
from tui.workspace.function import FunctionConfig

CONFIG = FunctionConfig("fn")


@pytest.fixture
def plan(function_directory: Callable[..., Path], tmp_path: Path, echo_command: bytes) -> BuildPlan:
    """A function that was built and put on record, by a compiler that was there before."""
    directory = function_directory()
    compiler = tmp_path / "tinygo"
    compiler.write_text("the compiler")
    plan = plan_build(directory, CONFIG)._replace(executable=str(compiler))
    plan.output.write_bytes(echo_command)
    finished = int(installed_at(str(compiler))) + 10  # a number that every clock has
    result = BuildResult(directory, "built", 0, 1.5, len(echo_command), finished=finished)
    assert remember_build(result, plan, read_inputs(directory)) is None
    return plan


async def fresh(plan: BuildPlan) -> bool:
    return NeedByHistory().check(plan, CONFIG, forced=False).fresh


async def test_what_was_built_of_these_inputs_is_not_built_again(plan: BuildPlan) -> None:
    assert await fresh(plan)
    assert not NeedByHistory().check(plan, CONFIG, forced=True).fresh


async def test_a_compiler_that_was_installed_since_builds_anew(plan: BuildPlan) -> None:
    assert plan.executable is not None
    (record,) = load_history(plan.cwd).builds
    for later, is_fresh in ((-1, True), (0, False), (1, False)):  # seconds after the build's end
        os.utime(plan.executable, (record.finished + later,) * 2)
        assert await fresh(plan) is is_fresh


async def test_inputs_and_module_are_those_of_the_record(plan: BuildPlan) -> None:
    source = plan.cwd / "function.go"
    text = source.read_text()
    source.write_text(text + "// changed\n")
    assert not await fresh(plan)
    source.write_text(text)
    assert await fresh(plan)
    built = plan.output.stat().st_mtime_ns
    os.utime(plan.output, ns=(built, built + 1))  # put there by somebody else, to the letter the same
    assert not await fresh(plan)
