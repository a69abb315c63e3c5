from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.building.plan.hooks import outline


@pytest.fixture
def module(tmp_path: Path) -> Path:
    return tmp_path / "function.wasm"


def test_real_modules(module: Path, echo_command: bytes, persistent_reactor: bytes) -> None:
    module.write_bytes(echo_command)
    assert outline(module).mode == "command"
    module.write_bytes(persistent_reactor)
    assert outline(module).mode == "reactor"
    assert outline(module).fault is None
    for end in (4, 9, 100, len(persistent_reactor) // 2, len(persistent_reactor) - 1):
        module.write_bytes(persistent_reactor[:end])
        assert outline(module).fault is not None


@pytest.mark.parametrize(
    ("exports", "mode"),
    [
        (b"\x01\x06_start\x00\x00", "command"),
        (b"\x01\x0b_initialize\x00\x00", "reactor"),
        (b"\x02\x06_start\x00\x00\x0b_initialize\x00\x80\x01", None),
        (b"\x01\x06memory\x02\x00", None),
        (b"\xff\xff\xff\xff\x0f\x06_start\x00\x00", "command"),  # a count that lies
        (b"", None),
    ],
)
def test_export_sections(module: Path, exports: bytes, mode: str | None) -> None:
    module.write_bytes(b"\0asm\x01\0\0\0" + b"\x00\x03\x02abc"[:5] + b"\x07" + bytes([len(exports)]) + exports)
    assert outline(module).mode == mode


@pytest.mark.parametrize(
    "content", [b"", b"\0asm", b"\0asm\x0d\0\x01\0", b"text", b"\0asm\x01\0\0\0\x07", b"\0asm\x01\0\0\0\x07\xff"]
)
def test_no_module(module: Path, content: bytes) -> None:
    module.write_bytes(content)
    assert outline(module).mode is None


def test_a_module_that_is_not_there(module: Path) -> None:
    with pytest.raises(FileNotFoundError):
        outline(module)


@given(st.binary(max_size=80))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    module = tmp_path_factory.getbasetemp() / "any.wasm"
    module.write_bytes(b"\0asm\x01\0\0\0" + content)
    assert outline(module).mode in {"command", "reactor", None}
