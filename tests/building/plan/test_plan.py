from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.building.events import BuildPlan, CompilerName
from tui.building.plan.plan import deploy_note, plan_build, shell_line, shell_word
from tui.text import printable
from tui.workspace.function import FunctionConfig

STATELESS = FunctionConfig("fn")
PERSISTENT = FunctionConfig("fn", ws_persistent=True)
REACTOR = FunctionConfig("fn", reactor=True)
BOTH = FunctionConfig("fn", ws_persistent=True, reactor=True)


@pytest.mark.parametrize(
    ("config", "compiler", "argv", "mode"),
    [
        (STATELESS, "tinygo", "tinygo build -o /w/fn/function.wasm -target wasi .", "command"),
        (PERSISTENT, "tinygo", "tinygo build -o /w/fn/function.wasm -target wasi -buildmode=c-shared .", "reactor"),
        (REACTOR, "tinygo", "tinygo build -o /w/fn/function.wasm -target wasi -buildmode=c-shared .", "reactor"),
        (BOTH, "tinygo", "tinygo build -o /w/fn/function.wasm -target wasi -buildmode=c-shared .", "reactor"),
        (STATELESS, "go", "go build -o /w/fn/function.wasm .", "command"),
        (BOTH, "go", "go build -o /w/fn/function.wasm -buildmode=c-shared .", "reactor"),
    ],
)
def test_golden_plans(config: FunctionConfig, compiler: CompilerName, argv: str, mode: str) -> None:
    plan = plan_build(Path("/w/fn"), config, compiler)
    assert list(plan.argv) == argv.split()
    assert (plan.cwd, plan.output, plan.mode) == (Path("/w/fn"), Path("/w/fn/function.wasm"), mode)


def test_the_reason_names_the_key_that_decides() -> None:
    def reason(config: FunctionConfig) -> str:
        return plan_build(Path("/w"), config).reason

    assert reason(STATELESS).startswith("stateless function")
    assert reason(PERSISTENT).startswith("ws_persistent: true")
    assert reason(REACTOR).startswith("reactor: true")
    assert "handle is never called" in reason(BOTH)


def test_the_deploy_tools_note() -> None:
    assert deploy_note(STATELESS) is None
    persistent = "  (ws_persistent=true → using -buildmode=c-shared for WASI-reactor semantics)"
    assert deploy_note(PERSISTENT) == deploy_note(BOTH) == persistent
    assert deploy_note(REACTOR) == "  (reactor=true → using -buildmode=c-shared; export handle(ptr,len)->packed)"


def test_a_relative_directory_becomes_absolute_and_keeps_its_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    assert plan_build(Path("link"), STATELESS).output == tmp_path / "link" / "function.wasm"


def test_stock_go_is_told_where_to_build_for() -> None:
    line = shell_line(plan_build(Path("/w/fn"), STATELESS, "go"))
    assert line == (
        "cd /w/fn && GOOS=wasip1 GOARCH=wasm "
        'GOFLAGS="${GOFLAGS:--mod=readonly}" GOTOOLCHAIN="${GOTOOLCHAIN:-local}" go build -o /w/fn/function.wasm .'
    )


@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        ("/a/b-c_d.wasm", "/a/b-c_d.wasm"),
        ("", "''"),
        ("a b", "'a b'"),
        ("it's", "'it'\\''s'"),
        ("$(id)`id`", "'$(id)`id`'"),
        ("=ls", "'=ls'"),
        ("~root", "'~root'"),
        ("é", "'é'"),
        ("a\nb", "\"$(printf 'a\\012b')\""),
        ("a\n%s\\", "\"$(printf 'a\\012\\045s\\134')\""),
        ("\udcff", "\"$(printf '\\377')\""),
        ("\u202e", "\"$(printf '\\342\\200\\256')\""),
    ],
)
def test_golden_words(word: str, quoted: str) -> None:
    assert shell_word(word) == quoted


def test_words_for_a_terminal_without_unicode() -> None:
    assert shell_word("é", ascii_only=True) == "\"$(printf '\\303\\251')\""


SHELLS = [shell for shell in ("/bin/sh", "/bin/bash") if os.access(shell, os.X_OK)]
NAMES = st.binary(min_size=1, max_size=60).filter(lambda name: not {0, 47} & set(name) and name not in (b".", b".."))
NASTY = [
    b"\n",
    b"x\n",
    b"-rf",
    b"a'b\"c$d`e\\f!g",
    b"\xff\xfe",
    "\u202e\u200b漢".encode(),
    b"\x1b]0;t\x07",
    b"%s%n",
    b"=",
    b" ",
]


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tinygo that prints where it is and how it was called, each thing ended by NUL."""
    folder = tmp_path_factory.mktemp("probe")
    (folder / "tinygo").write_text('#!/bin/sh\nprintf "%s\\0" "$(pwd; echo .)" "$@"\n')
    (folder / "tinygo").chmod(0o755)
    return folder


def pasted(shell: str, plan: BuildPlan, probe: Path, *, ascii_only: bool) -> tuple[bytes, list[bytes]]:
    """The working directory and the arguments that the program sees after the line is given to a shell."""
    line = shell_line(plan, ascii_only=ascii_only)
    assert printable(line) == line
    done = subprocess.run(
        [shell, "-c", line], env={"PATH": f"{probe}:{os.environ['PATH']}"}, capture_output=True, check=True
    )
    where, *arguments = done.stdout.split(b"\0")[:-1]
    return where.removesuffix(b"\n."), arguments


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES | st.sampled_from(NASTY), shell=st.sampled_from(SHELLS), ascii_only=st.booleans())
def test_the_line_can_be_pasted_whatever_the_path_holds(
    tmp_path: Path, probe: Path, name: bytes, shell: str, ascii_only: bool
) -> None:
    directory = tmp_path / os.fsdecode(name)
    directory.mkdir(exist_ok=True)
    plan = plan_build(directory, PERSISTENT)
    where, arguments = pasted(shell, plan, probe, ascii_only=ascii_only)
    assert where == os.fsencode(directory)
    assert arguments == [os.fsencode(word) for word in plan.argv[1:]]
