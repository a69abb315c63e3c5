from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tui.app.desk.record import FunctionRecord
from tui.app.desk.survey import SurveyTerms, survey_config, survey_module
from tui.gateway.contract.contract import load_contract
from tui.gateway.model import Life
from tui.workspace.model import Function


def surveyed(directory: Path) -> Life:
    terms = SurveyTerms(load_contract())
    record = FunctionRecord(Function("fn", directory, has_yaml=True, has_go=False))
    record = replace(record, **survey_config(record.function, terms))
    found = survey_module(record, terms)["life"]
    assert isinstance(found, Life)
    return found


def test_a_refused_config_still_has_the_life_that_the_module_tells(tmp_path: Path, echo_command: bytes) -> None:
    (tmp_path / "function.yaml").write_text("memory: lots\n")
    (tmp_path / "function.wasm").write_bytes(echo_command)
    life = surveyed(tmp_path)
    assert (life.expected, life.reason) == (None, "function.yaml is refused")
    assert life.actual is not None
    assert life.matches is None


@pytest.mark.parametrize("yaml", ["name: fn\n", "memory: lots\n"])
def test_a_module_that_cannot_be_read_is_said_in_its_life(tmp_path: Path, yaml: str) -> None:
    (tmp_path / "function.yaml").write_text(yaml)
    (tmp_path / "function.wasm").mkdir()
    life = surveyed(tmp_path)
    assert life.has_module
    assert "cannot be read" in life.steps[0].note
