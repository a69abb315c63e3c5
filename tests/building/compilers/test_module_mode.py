from __future__ import annotations

from pathlib import Path

import pytest

from tui.building.compilers.module_mode import fitted
from tui.building.plan.build_plan import CompilerName
from tui.building.plan.plan import plan_build
from tui.workspace.function import FunctionConfig


def flags(directory: Path, compiler: CompilerName = "go") -> str | None:
    return fitted(plan_build(directory, FunctionConfig("fn"), compiler)).env_defaults.get("GOFLAGS")


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GOWORK", raising=False)
    directory = tmp_path / "functions" / "fn"
    directory.mkdir(parents=True)
    (tmp_path / "go.mod").touch()
    return directory


def test_alone(function: Path) -> None:
    assert flags(function) == "-mod=readonly"
    assert flags(function, "tinygo") is None


def test_in_a_workspace(function: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "go.work").touch()
    assert flags(function) == "-mod=readonly"
    (function / "go.mod").touch()
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "modules.txt").touch()  # go work vendor
    assert flags(function) is None
    monkeypatch.setenv("GOWORK", "off")
    assert flags(function) == "-mod=readonly"
    monkeypatch.setenv("GOWORK", str(tmp_path / "other.work"))
    assert flags(function) is None


def test_with_vendored_dependencies(function: Path, tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "modules.txt").touch()
    assert flags(function) is None
    (function / "go.mod").touch()  # a module of its own: the folder above is not its
    assert flags(function) == "-mod=readonly"
