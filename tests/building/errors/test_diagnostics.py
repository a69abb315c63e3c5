"""The recorded output of TinyGo 0.35, and the other texts that compilers and linkers are known to print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tui.building.errors.diagnostics import absolute_path, first_error, parse_diagnostics, place_text
from tui.building.events import Diagnostic
from tui.text import printable

CASES: dict[str, Any] = {
    case["id"]: case
    for case in map(json.loads, (Path(__file__).parent / "cases/tinygo-0.35.jsonl").read_text().splitlines())
}
NOWHERE = Path("/nonexistent/fn")


def parse(text: str, directory: Path = NOWHERE, failed: bool = True) -> tuple[Diagnostic, ...]:
    return parse_diagnostics(text.split("\n"), directory, failed=failed)


def only(text: str, directory: Path = NOWHERE) -> Diagnostic:
    found = parse(text, directory)
    assert len(found) == 1, found
    return found[0]


def recorded(name: str, directory: Path) -> list[tuple[str, str]]:
    """(place, message) of each diagnostic in the recorded output, its sources laid out in `directory`."""
    case = CASES[name]
    for file, content in (case.get("source") or {}).items():
        path = directory / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return [(place_text(item), item.message) for item in parse(case["stderr"], directory, case["exit_code"] != 0)]


@pytest.mark.parametrize("name", sorted(CASES))
def test_each_recorded_failure_is_read_and_each_success_is_silent(name: str, tmp_path: Path) -> None:
    found = recorded(name, tmp_path)
    assert bool(found) == (CASES[name]["exit_code"] != 0)
    # Every line that names a place in the user's files comes back with that place.
    for line in CASES[name]["stderr"].split("\n"):
        if line.startswith(("function.go:", "sub/sub.go:")):
            assert tuple(line.split(": ", 1)) in found


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("bad-nomain/default", "function.go:1:1"),
        ("edge/fix-bad-linkname", "function.go:3:6"),
        ("edge/fix-bad-subpkg", "sub/sub.go:3:29"),
    ],
)
def test_the_linker_s_errors_are_placed_in_the_source(name: str, place: str, tmp_path: Path) -> None:
    assert [found for found, _ in recorded(name, tmp_path)] == [place]


@pytest.mark.parametrize(
    "name",
    [
        "nogomod/default",
        "empty-dir/default",
        "edge/fix-gomod-125",
        "edge/go-119-on-path",
        "edge/go-127",
        "edge/no-go",
        "edge/no-home",
        "edge/bad-target",
        "edge/wasmopt-missing",
        "edge/o-is-dir",
        "bad-wasmexport/default",
        "bad-nomain/default",
    ],
)
def test_known_failures_are_explained(name: str) -> None:
    assert all(item.explanation for item in parse(CASES[name]["stderr"]))


def test_all_errors_of_a_package_with_their_package_and_log_line() -> None:
    found = parse(CASES["edge/fix-bad-many"]["stderr"])
    assert [(item.line, item.log_line) for item in found] == [(n + 3, n) for n in range(1, 13)]
    assert {item.package for item in found} == {"bad-many"}


def test_stock_go() -> None:
    found = parse("# example.com/fn\n./function.go:6:9: undefined: x\n./function.go:7:2: too many errors\n")
    assert [place_text(item) for item in found] == ["function.go:6:9"]  # that there are too many is no error of its own


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("function.go:5:14: cannot use x", "function.go:5:14", "cannot use x"),
        (
            "linker-undefined.go:6: linker could not find symbol main.foo",
            "linker-undefined.go:6",
            "linker could not find symbol main.foo",
        ),
        ("C:\\fn\\function.go:1:2: no", "C:\\fn\\function.go:1:2", "no"),
        ("my file.go:1:2: no", "my file.go:1:2", "no"),
        ("native.c:3:1: error: hello", "native.c:3:1", "hello"),
        (
            "function.go:3:13: fatal: 'nothere.h' file not found",
            "function.go:3:13",
            "fatal: 'nothere.h' file not found",
        ),
        ("\x1b[1mfunction.go:5:14:\x1b[0m \x1b[31mno\x1b[0m", "function.go:5:14", "no"),
        ("go.mod:5: unknown directive: foo", "go.mod:5", "unknown directive: foo"),
        ("function.go:1:1: [/x] \u202emessage", "function.go:1:1", "[/x] \\u202emessage"),
        ("function.go:99999999999999999999:1: far", "function.go:999999999:1", "far"),
    ],
)
def test_places(text: str, place: str, message: str) -> None:
    found = only(text)
    assert (place_text(found), found.message) == (place, message)


@pytest.mark.parametrize(
    ("text", "severity", "message"),
    [
        ("a.c:1:2: warning: unused", "warning", "unused"),
        ("a.c:1:2: note: here", "note", "here"),
        ("a.c:1:2: remark: so", "note", "so"),
        ("a.c:1:2: fatal error: gone", "error", "gone"),
        ("warning: something", "warning", "something"),
    ],
)
def test_severities(text: str, severity: str, message: str) -> None:
    found = only(text)
    assert (found.severity, found.message) == (severity, message)


@pytest.mark.parametrize(
    "text",
    [
        "wasm-ld: error: /tmp/tinygo3560166224/main.o: undefined symbol: main.missing",
        "wasm-ld: error: lto.tmp: undefined symbol: os/signal.signal_enable",
        "tinygo:wasm-ld: error: lto.tmp: undefined symbol: main.x",
        "wasm-ld: error: entry symbol not defined (pass --no-entry to suppress): _start",
        "error: could not find wasm-opt, set the WASMOPT environment variable to override",
        'cannot use "/nonexistent" as wasm-opt (from WASMOPT environment variable): fork/exec /nonexistent: no',
        "requires go version 1.19 through 1.23, got go1.24",
        "error: requires go version 1.15 through 1.17, got go1.18",
        "could not find wasi-libc, perhaps you need to run `make wasi-libc`?",
        "open /usr/local/lib/tinygo/targets/nosuch.json: no such file or directory",
        "LLVM ERROR: out of memory",
        "go: go.mod file not found in current directory or any parent directory; see 'go help modules'",
        "go: go.mod requires go >= 1.99 (running go 1.23.9; GOTOOLCHAIN=local)",
        "no Go files in /path/empty",
    ],
)
def test_failures_without_a_place(text: str) -> None:
    found = only(text)
    assert found.path is None
    assert found.severity == "error"
    assert found.explanation


def test_the_version_range_is_told_with_both_versions() -> None:
    words = only("requires go version 1.19 through 1.23, got go1.24").explanation or ""
    assert all(version in words for version in ("1.19", "1.23", "1.24"))


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("function.go:3:8: no required module provides package a.b/c; to add it:\n\tgo get a.b/c", "go get a.b/c"),
        ("function.go:3:8: no required module provides package a.b/c: go.mod file not found", "go mod init fn"),
        ("m.go:9:2: missing go.sum entry for module providing X (imported by Y); to add:\n\tgo get Y", "go get Y"),
        ("go: a.b/x@v0.14.0: missing go.sum entry; to add it:\n\tgo mod download a.b/x", "go mod download a.b/x"),
        ("go: updates to go.mod needed; to update it:\n\tgo mod tidy", "go mod tidy"),
        ("function.go:1:1: undefined: x", None),
    ],
)  # fmt: skip
def test_suggested_fixes(text: str, fix: str | None) -> None:
    assert only(text).fix == fix


def test_continuations_belong_to_the_diagnostic_above() -> None:
    found = only(
        "ld.lld: error: undefined symbol: X\n>>> referenced by main\n>>>               /tmp/x.o:(runtime.initAll)\n"
        ">>> referenced 18 more times\nfailed to run tool: ld.lld\nerror: failed to link /tmp/x/main: exit status 1"
    )
    assert len(found.details) == 5
    assert found.details[-1].startswith("error: failed to link")


def test_an_import_cycle() -> None:
    found = only("package command-line-arguments\n\timports a\n\timports b\n\timports a: import cycle not allowed")
    assert found.message == "import cycle not allowed"
    assert found.details == ("imports a", "imports b", "imports a: import cycle not allowed")
    assert found.explanation


def test_an_error_while_interpreting() -> None:
    found = only(
        "# main\n/src/interp.go:10:19: test error\n  call void @f()\n\n"
        "traceback:\n/src/interp.go:6:5:\n  call void @g()\n"
    )
    assert (place_text(found), found.message) == ("/src/interp.go:10:19", "test error")
    assert "/src/interp.go:6:5:" in found.details


def test_a_panic_keeps_its_trace_together() -> None:
    found = only(
        "panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/x.go:1 +0x1\n"
    )
    assert "goroutine 1 [running]:" in found.details


def test_the_compiler_s_own_tree_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYGOROOT", "/somewhere/odd")
    paths = [
        "/usr/local/lib/tinygo/src/internal/syscall/unix/at.go",
        "/home/me/.cache/tinygo/goroot-43f5b2136c/src/net/x.go",
        "/usr/local/go/src/fmt/print.go",
        "/somewhere/odd/src/runtime/x.go",
        "../../../../../usr/lib/go-1.23/src/os/x.go",
        "/home/me/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.24/src/os/x.go",
    ]
    text = "\n".join(f"{path}:44:52: Stat_t not declared by package syscall" for path in paths)
    found = parse(f"{text}\nfunction.go:1:1: mine\n/home/me/go/src/fn/x.go:1:1: also mine")
    assert [item.in_toolchain for item in found] == [False, False, *[True] * len(paths)]
    assert [item.message for item in found[:2]] == ["mine", "also mine"]


def test_absolute_paths_in_the_function_become_relative(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert only(f"{tmp_path}/link/function.go:1:2: no", tmp_path / "link").path == "function.go"
    assert only(f"{tmp_path}/real/function.go:1:2: no", tmp_path / "link").path == "function.go"
    outside = only(f"{tmp_path}/shared/x.go:1:2: no", tmp_path / "link")
    assert (outside.path, outside.in_toolchain) == (f"{tmp_path}/shared/x.go", False)


def test_identical_lines_count_once() -> None:
    line = "wasm-ld: error: lto.tmp: undefined symbol: x"
    found = parse(f"{line}\n{line}\n{line}\nfunction.go:1:1: a\nfunction.go:1:1: a")
    assert [item.log_line for item in found] == [0, 3]


def test_noise_is_no_error() -> None:
    text = "go: downloading github.com/x/y v1.2.3\ngo: finding module for package z\n"
    assert parse(text, failed=False) == ()
    assert [item.message for item in parse(f"{text}function.go:1:1: a")] == ["a"]


def test_a_failure_that_says_nothing_known_shows_its_last_lines() -> None:
    found = only("\n".join(f"strange {number}" for number in range(9)) + "\n\n")
    assert (found.message, found.log_line) == ("strange 8", 8)
    assert found.details == ("strange 4", "strange 5", "strange 6", "strange 7")


def test_silence() -> None:
    assert parse("") == ()
    assert parse("\n \n") == ()
    assert parse("strange", failed=False) == ()


def test_a_flood_keeps_both_ends() -> None:
    lines = ["function.go:1:1: first", *["noise"] * 200_000, "function.go:2:1: last"]
    found = parse_diagnostics(lines, NOWHERE)
    assert [(item.message, item.log_line) for item in found] == [
        ("first", 0),
        ("last", 200_001),
        ("noise", 1),  # what fits no rule is a note
    ]


def test_first_error_and_absolute_path() -> None:
    found = parse("a.c:1:2: warning: unused\nfunction.go:2:1: no")
    first = first_error(found)
    assert first is not None
    assert first.message == "no"
    assert absolute_path(first, Path("/w/fn")) == Path("/w/fn/function.go")
    assert first_error(()) is None


LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                "# pkg",
                "traceback:",
                "panic: x",
                "\tgo get x",
                "  y",
                ">>> z",
                "",
                "package a",
                "a.go:1:2: m",
                "a.go:1:2:",
            ]
        ),
        st.builds("{}:{}:{}: {}".format, st.text(max_size=8), st.integers(), st.integers(), st.text(max_size=8)),
        st.builds("wasm-ld: error: undefined symbol: {}".format, st.text("main.()*[]/env_X", max_size=12)),
    ),
    max_size=12,
)


@settings(max_examples=examples(3))
@given(LINES)
def test_never_raises_and_never_drops_a_failure(lines: list[str]) -> None:
    found = parse_diagnostics(lines, NOWHERE)
    for item in found:
        texts = (item.message, *item.details, item.fix or "", item.package or "")
        assert all(printable(text) == text for text in texts)
        assert item.log_line is not None
        assert 0 <= item.log_line < len(lines)
    shown = [line for line in lines if any(c.isalnum() for c in line) and not line.startswith(("# ", "go: "))]
    assert found or not shown
