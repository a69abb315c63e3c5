from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.building.inputs.constraints import may_build, name_may_build


@pytest.mark.parametrize(
    ("name", "built"),
    [
        ("function.go", True),
        ("function_test.go", False),
        ("x_wasip1.go", True),
        ("x_wasm.go", True),
        ("x_wasip1_wasm.go", True),
        ("x_windows.go", False),
        ("x_js.go", False),
        ("x_js_wasm.go", False),
        ("x_linux_amd64.go", False),
        ("x_amd64.go", False),
        ("windows.go", True),  # no prefix: only a name
        ("x_unix.go", True),  # no constraint in a file name
        ("_x.go", False),
        (".x.go", False),
    ],
)
def test_file_names(name: str, built: bool) -> None:
    assert name_may_build(name) is built


@pytest.mark.parametrize(
    ("line", "built"),
    [
        ("wasip1", True),
        ("!wasip1", False),
        ("wasm && wasip1", True),
        ("windows || darwin", False),
        ("windows || wasm", True),
        ("!windows && !js", True),
        ("ignore", False),
        ("tinygo", True),  # depends on the compiler: taken in
        ("!tinygo", True),
        ("custom && windows", False),
        ("custom && !windows", True),
        ("!(wasm || custom)", False),
        ("!(windows || custom)", True),
        ("go1.24", True),
        ("((wasm", True),
    ],
)
def test_build_lines(line: str, built: bool) -> None:
    assert may_build(f"// words\n//go:build {line}\n\n".encode()) is built


def test_only_a_line_of_its_own_counts() -> None:
    assert may_build(b"// see //go:build windows\n// go:build windows\n")


@given(st.binary(max_size=200))
def test_any_bytes(line: bytes) -> None:
    assert may_build(b"//go:build " + line + b"\n") in {True, False}


@given(st.text("()!&| w", max_size=60))
def test_any_expression(line: str) -> None:
    assert may_build(f"//go:build {line}\n".encode()) in {True, False}


def test_deep_nesting_is_survived() -> None:
    assert may_build(b"//go:build " + b"(" * 100_000 + b"wasm\n")
