"""`fn-tui config-path` and `fn-tui init-settings`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tui.cli import main
from tui.settings.settings import settings_path


def test_the_path_is_printed(capsys: pytest.CaptureFixture[str], private_home: Path) -> None:
    assert main(["config-path"]) == 0
    assert capsys.readouterr().out == f"{private_home}/config/fn-tui/settings.toml\n"
    assert main(["config-path", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(settings_path()), "exists": False}


def test_another_file_can_be_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    assert main(["init-settings", "--settings", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(file), "written": True}
    assert main(["config-path", "--settings", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(file), "exists": True}


def test_the_file_is_written_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init-settings"]) == 0
    assert capsys.readouterr().out.startswith(f"Wrote {settings_path()}")
    settings_path().write_text("jobs = 1\n")
    assert main(["init-settings"]) == 1
    assert "is there already, and was left as it is" in capsys.readouterr().err
    assert settings_path().read_text() == "jobs = 1\n"


def test_it_can_be_printed_instead(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init-settings", "--print"]) == 0
    assert tomllib.loads(capsys.readouterr().out) == {"keys": {}}
    assert not settings_path().exists()


def test_a_place_that_cannot_be_written_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert main(["init-settings", "--settings", str(tmp_path / "file/below.toml")]) == 1
    assert "cannot be written: " in capsys.readouterr().err


def test_a_link_in_its_place_is_left(tmp_path: Path) -> None:
    """Whether it leads to a file or to nothing yet."""
    (tmp_path / "theirs.toml").write_text("a person's")
    for target in ("theirs.toml", "missing.toml"):
        (tmp_path / "settings.toml").symlink_to(target)
        assert main(["init-settings", "--settings", str(tmp_path / "settings.toml")]) == 1
        (tmp_path / "settings.toml").unlink()
    assert (tmp_path / "theirs.toml").read_text() == "a person's"
    assert not (tmp_path / "missing.toml").exists()
