from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from tests.wasm.binary import COMPONENT_HEADER, HEADER, custom, leb, module, section
from tui.wasm.decode import read
from tui.wasm.decode.decode import decode
from tui.wasm.decode.read import read_module


def large(path: Path, before: bytes, size: int, after: bytes = b"") -> None:
    """A file of `before`, a data section of `size` bytes that are a hole on disk, and `after`."""
    path.write_bytes(before + b"\x0b" + leb(size) + b"\5")
    with path.open("r+b") as file:
        file.truncate(len(before) + 1 + len(leb(size)) + size)
        file.seek(0, os.SEEK_END)
        file.write(after)


def test_hundreds_of_megabytes_give_header_sections_and_a_note(tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    large(path, module(section(1, b"\1\x60\0\0"), custom("c")), 400_000_000, custom(".debug_info", b"x" * 50))
    tracemalloc.start()
    found = read_module(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
    assert [(part.name, part.count) for part in found.sections] == [
        ("type", 1),
        ("c", None),
        ("data", 5),
        (".debug_info", None),
    ]
    assert found.sections[2].size == 400_000_000
    assert not found.complete
    assert found.errors == ()
    assert found.dwarf_bytes == len(custom(".debug_info", b"x" * 50))
    assert "too many to be read whole" in found.warnings[0].message


def test_an_outline_has_the_sections_of_a_whole_reading(
    tmp_path: Path, echo_command: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(echo_command)
    monkeypatch.setattr(read, "OUTLINE_ABOVE", 1000)
    assert read_module(path).sections == decode(echo_command).sections


@pytest.mark.parametrize(
    ("tail", "words"),
    [(b"\x0e\0", "14 is not a section id"), (b"\1\x50", "needs 80 bytes"), (b"\1\x80", "inside the header")],
)
def test_broken_frames_of_a_large_file(tmp_path: Path, tail: bytes, words: str) -> None:
    path = tmp_path / "m.wasm"
    large(path, HEADER, 300_000_000, tail)
    found = read_module(path)
    assert words in found.errors[0].message
    assert len(found.sections) == 1


def test_large_files_of_other_kinds(tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(b"<html>")
    os.truncate(path, 300_000_000)
    assert "HTML" in read_module(path).errors[0].message
    path.write_bytes(COMPONENT_HEADER + b"\1" + leb(300_000_000))
    os.truncate(path, 300_000_000 + 14)
    found = read_module(path)
    assert found.kind == "component"
    assert found.sections[0].name == "core module"
    path.write_bytes(b"\0asm\2\0\0\0")
    os.truncate(path, 300_000_000)
    assert read_module(path).kind == "unknown"
