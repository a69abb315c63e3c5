from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.building.process.module_fault import module_fault, whole_fault

GOOD = b"\0asm\1\0\0\0"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "file too small to be a valid WASM binary (0 bytes)"),
        (b"\0asm\1\0\0", "file too small to be a valid WASM binary (7 bytes)"),
        (b"\0asn\1\0\0\0", "file is not a valid WASM binary (bad magic bytes)"),
        (GOOD, None),
        (b"\0asm\x0d\0\1\0", None),  # a component: the deploy tool does not look at the version
        (b"\0asm\2\0\0\0", None),
    ],
)
def test_faults_in_the_deploy_tools_words(tmp_path: Path, content: bytes, fault: str | None) -> None:
    (tmp_path / "function.wasm").write_bytes(content)
    assert module_fault(tmp_path / "function.wasm") == fault
    assert whole_fault(tmp_path / "function.wasm") == fault


def test_faults_of_what_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "function.wasm"
    assert module_fault(path) == f"failed to open WASM file: open {path}: no such file or directory"
    path.mkdir()
    assert module_fault(path) == f"failed to read WASM file: read {path}: is a directory"
    assert whole_fault(path) == f"failed to read WASM file: read {path}: is a directory"
    path.rmdir()
    os.mkfifo(path)
    assert module_fault(path) == f"failed to open WASM file: open {path}: not a regular file"
    assert whole_fault(path) == f"failed to open WASM file: open {path}: not a regular file"


def test_a_real_module_cut_anywhere(tmp_path: Path, echo_command: bytes) -> None:
    """At each section's start but those of what a module may lack, within each section, and a byte short."""
    path = tmp_path / "function.wasm"
    path.write_bytes(echo_command)
    assert whole_fault(path) is None
    size = len(echo_command)
    for cut in (12, 100, 1_000, 5_000, 10_000, size // 3, size // 2, size - 10_000, size - 1):
        path.write_bytes(echo_command[:cut])
        fault = whole_fault(path)
        assert fault is not None, cut
        assert fault.startswith("the module is cut short: the "), fault
        assert module_fault(path) is None


def test_sections_without_their_counterpart(tmp_path: Path) -> None:
    (tmp_path / "function.wasm").write_bytes(GOOD + bytes((1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0)))
    fault = whole_fault(tmp_path / "function.wasm")
    assert fault == "the module is damaged: 1 functions are declared, 0 have a body (at byte 18)"


def test_rubbish_after_the_header(tmp_path: Path) -> None:
    (tmp_path / "function.wasm").write_bytes(GOOD + b"\xff" * 100)
    fault = whole_fault(tmp_path / "function.wasm")
    assert fault is not None
    assert fault.startswith("the module is damaged: 255 is not a section id")
