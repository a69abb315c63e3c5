from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.gobuild import go_environment, go_executable
from tests.wasm.binary import body, function_names, functions, module, producers, section, vec
from tui.wasm.decode.decode import decode
from tui.wasm.sizes.go_paths import flattened, import_paths
from tui.wasm.sizes.sizes import size_report

PACKAGE = """package %s

type T struct{ n int }

//go:noinline
func (t *T) Add(k int) int { if k > 100 { panic("x") }; return t.n + k }

//go:noinline
func Work(n int) int { t := &T{n}; for i := 0; i < n; i++ { n += t.Add(i) }; return n }
"""
MAIN = """package main

import ("mymod/sub"; "mymod/sub/deep"; x "mymod/v2.x"; "os")

func main() { os.Exit(sub.Work(len(os.Args)) + deep.Work(len(os.Args)) + x.Work(len(os.Args))) }
"""


def with_names(*names: bytes) -> bytes:
    """A module of stock Go whose function is called as the linker calls it, with a table of names in its data."""
    table = b"\0" + b"\0".join(names) + b"\0"
    data = section(11, vec(b"\0\x41\0\x0b" + vec(*(bytes([byte]) for byte in table))))
    made_by = producers(processed_by=(("Go cmd/compile", "go1.27.3"),))
    memory = section(5, vec(b"\0\1"))
    kept = functions(body())
    return module(kept[:10], memory, kept[10:], data, function_names({0: "mymod_sub.Work"}), made_by)


def test_the_table_of_names_gives_slashes_back() -> None:
    source = with_names(b"mymod", b"mymod/sub.Work", b"mymod/v2%2ex.(*T).Add", b"#vendor/x.F", b"type:.eq.a/b.T")
    found = decode(source)
    assert found.errors == ()
    assert import_paths(source, found) == {"mymod_sub": "mymod/sub", "mymod_v2_2ex": "mymod/v2.x"}
    assert [row.name for row in size_report(source, found).rows if row.group == "package"] == ["mymod/sub"]


def test_without_the_table_a_package_stays_as_the_linker_wrote_it() -> None:
    source = with_names(b"mymod", b"main.main")
    assert [row.name for row in size_report(source, decode(source)).rows if row.group == "package"] == ["mymod_sub"]


@pytest.mark.parametrize(
    ("path", "flat"), [("a/b", "a_b"), ("gopkg.in/yaml%2ev3", "gopkg.in_yaml_2ev3"), ("x/y-z", "x_y_z"), ("a/é", "a__")]
)
def test_how_the_linker_writes_a_path(path: str, flat: str) -> None:
    assert flattened(path) == flat


@pytest.mark.slow
def test_packages_of_a_real_module(tmp_path: Path) -> None:
    for folder, name in (("sub", "sub"), ("sub/deep", "deep"), ("v2.x", "x")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "a.go").write_text(PACKAGE % name)
    (tmp_path / "main.go").write_text(MAIN)
    (tmp_path / "go.mod").write_text("module mymod\n\ngo 1.24\n")
    argv = [go_executable(), "build", "-o", "out.wasm", "."]
    done = subprocess.run(argv, cwd=tmp_path, env=go_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    source = (tmp_path / "out.wasm").read_bytes()
    rows = {row.name for row in size_report(source, decode(source)).rows}
    assert {"mymod/sub", "mymod/sub/deep", "mymod/v2.x", "internal/abi", "main"} <= rows
    assert not {row for row in rows if row.startswith("mymod_")}
