"""Folders by the XDG Base Directory Specification."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.settings import xdg

HOMES: dict[str, tuple[Callable[[], Path], str]] = {
    "XDG_CONFIG_HOME": (xdg.config_home, ".config"),
    "XDG_STATE_HOME": (xdg.state_home, ".local/state"),
    "XDG_CACHE_HOME": (xdg.cache_home, ".cache"),
}


@pytest.mark.parametrize("variable", HOMES)
def test_the_variable_decides(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "/somewhere")
    assert HOMES[variable][0]() == Path("/somewhere/fn-tui")


@pytest.mark.parametrize("variable", HOMES)
@pytest.mark.parametrize("value", ["", "relative/folder", "./x", None])
def test_unset_and_relative_values_fall_back_to_home(
    variable: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    if value is None:
        monkeypatch.delenv(variable, raising=False)
    else:
        monkeypatch.setenv(variable, value)
    home, fallback = HOMES[variable]
    assert home() == Path("/home/ada") / fallback / "fn-tui"


@pytest.mark.parametrize("home", ["", None])
def test_without_home_the_password_database_is_asked(home: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if home is None:
        monkeypatch.delenv("HOME", raising=False)
    else:
        monkeypatch.setenv("HOME", home)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert xdg.config_home() == Path(pwd.getpwuid(os.getuid()).pw_dir) / ".config/fn-tui"


def test_a_user_without_an_entry_has_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert xdg.cache_home() == Path("/nonexistent/.cache/fn-tui")


def test_a_home_that_is_no_folder_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "relative")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert xdg.state_home() == Path("/nonexistent/.local/state/fn-tui")
    assert not xdg.state_home().exists()
