from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.wasm.binary import body, functions, leb, module, section, vec
from tests.wasm.features import FEATURES, accepts, assemble
from tui.wasm.decode.decode import decode


def test_four_billion_locals_are_well_formed_and_never_made() -> None:
    found = decode(functions_module(body(local_runs=b"\1\xff\xff\xff\xff\x0f\x7f")))
    assert found.ok
    assert found.headroom[0].what == "locals of a function"


def functions_module(*bodies: bytes) -> bytes:
    return module(functions(*bodies))


def test_locals_sum_below_two_to_the_32() -> None:
    found = decode(functions_module(body(local_runs=b"\2\xff\xff\xff\xff\x0f\x7f\1\x7f")))
    assert "too many locals: 4,294,967,296" in found.errors[0].message


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"\0", "a function body of 0 bytes"),
        (b"\1\x0b", "11 local runs declared"),
        (b"\2\0\0", "ends in 0x00"),
        (b"\x7f\0\x0b", "needs 127 bytes"),
        (b"\3\1\1\x0b", "past|value type"),
        (b"\4\1\1\x0b\x0b", "not a value type"),
        (b"\4\5\1\x7f\x0b", "5 local runs declared|past"),
    ],
)
def test_malformed_bodies_are_placed(bad: bytes, words: str) -> None:
    found = decode(module(section(1, vec(b"\x60\0\0")), section(3, b"\2\0\0"), section(10, vec(body(), bad))))
    assert found.malformed
    assert found.errors[0].message.startswith("code section, entry 1: ")
    assert any(word in found.errors[0].message for word in words.split("|")), found.errors


def test_bodies_lie_one_after_the_other(echo_command: bytes) -> None:
    found = decode(echo_command)
    code = next(part for part in found.sections if part.id == 10)
    assert found.body_offsets[-1] == code.end
    assert code.start < found.body_offsets[0] <= code.start + 5
    assert found.functions.code_bytes == code.end - found.body_offsets[0]


def test_local_runs_with_references_and_long_counts() -> None:
    for feature in ("locals", "many locals"):
        source = assemble(FEATURES[feature])
        assert accepts(source)
        assert decode(source).ok
    assert decode(functions_module(body(local_runs=b"\x81\0\x81\0\x7f"))).ok
    assert decode(functions_module(body(local_runs=leb(300) + b"\1\x7f" * 300))).ok


@pytest.mark.skipif(shutil.which("wasm-objdump") is None, reason="needs wasm-objdump (Debian package wabt)")
def test_section_ranges_and_body_sizes_equal_wasm_objdumps(echo_command: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(echo_command)
    found = decode(echo_command)
    headers = subprocess.run(["wasm-objdump", "-h", path], capture_output=True, text=True, check=True).stdout
    ranges = [(int(a, 16), int(b, 16)) for a, b in re.findall(r"start=(0x\w+) end=(0x\w+)", headers)]
    assert [(part.start, part.end) for part in found.sections] == ranges
    counts = [int(count) for count in re.findall(r"count: (\d+)", headers)]
    assert [part.count for part in found.sections if part.count is not None] == counts
    details = subprocess.run(
        ["wasm-objdump", "-x", "-j", "code", path], capture_output=True, text=True, check=True
    ).stdout
    sizes = [int(size) for size in re.findall(r" - func\[\d+\] size=(\d+)", details)]
    ours = []
    for start, end in zip(found.body_offsets, found.body_offsets[1:], strict=False):
        width = next(n for n in range(1, 6) if echo_command[start + n - 1] < 0x80)
        ours.append(end - start - width)
    assert ours == sizes
