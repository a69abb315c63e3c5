from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from tui.wasm.validator import VALIDATOR, is_available, validator_version


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    validator_version.cache_clear()
    yield
    validator_version.cache_clear()


def test_the_version_is_the_one_that_installers_tell() -> None:
    assert is_available()
    assert validator_version() == version("wasmtime")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda _: None, ""),
        (lambda folder: (folder / VALIDATOR).mkdir(), "unknown"),
        (lambda folder: [(folder / name).mkdir() for name in (VALIDATOR, f"{VALIDATOR}-9.1.dist-info")], "9.1"),
    ],
)
def test_what_is_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object], expected: str
) -> None:
    make(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == VALIDATOR]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert validator_version() == expected
    assert is_available() is bool(expected)
