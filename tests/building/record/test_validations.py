from __future__ import annotations

from pathlib import Path

import pytest

from tui.building.record import validations
from tui.building.record.validations import Validations, default_validations
from tui.wasm import validate, validator
from tui.wasm.validate import Validation

pytest.importorskip("wasmtime")


def test_each_module_is_validated_once(tmp_path: Path, echo_command: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = default_validations().of(echo_command)
    assert found is not None
    assert found.ok

    def never(_: bytes) -> Validation:
        raise AssertionError("validated twice")

    monkeypatch.setattr(validate, "validate", never)
    assert default_validations().of(echo_command) == found
    assert default_validations().known(echo_command + b"\0\1\0") is None


def test_another_release_of_the_validator_looks_again(
    tmp_path: Path, echo_command: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    default_validations().of(echo_command)
    monkeypatch.setattr(validator, "validator_version", lambda: "1.0")
    assert default_validations().known(echo_command) is None
    monkeypatch.setattr(validator, "validator_version", lambda: "")
    assert default_validations().known(echo_command) is None


def test_of_two_modules_with_one_checksum_none_takes_the_others_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(validations, "crc32", lambda _: 7)
    kept, good, bad = default_validations(), Validation("valid"), Validation("invalid", "no")
    for noted, other, found in ((b"one", b"two", good), (b"two", b"one", bad), (b"one", b"two", good)):
        kept.note(noted, found)
        for asked in (kept, default_validations()):
            assert asked.known_or_place(noted) == (found, None)
            assert asked.known(other) is None
            assert asked.place(other) == asked.place(noted)


@pytest.mark.parametrize("outcome", ["crashed", "not installed"])
def test_what_says_nothing_of_the_module_is_not_kept(outcome: str) -> None:
    kept = Validations()
    kept.note(b"x", Validation(outcome))  # type: ignore[arg-type]  # one of the parameters above
    assert kept.known(b"x") is None


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"outcome": "fine", "message": "", "digest": ""},
        {"outcome": "valid", "digest": ""},
        {"outcome": "valid", "message": "", "offset": "1", "digest": ""},
        {"outcome": "valid", "message": ""},
    ],
)
def test_a_damaged_entry_counts_as_none(document: dict[str, object]) -> None:
    assert validations.VALIDATIONS.decode(document) is None
