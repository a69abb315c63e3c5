"""Each way in which a module can be stale, made with real files and, for the modes, real modules."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building.compilers.known import Known
from tui.building.events import BuildResult, BuildStatus
from tui.building.inputs.freshness import Staleness, remember_build, staleness
from tui.building.inputs.inputs import read_inputs
from tui.building.plan.plan import plan_build
from tui.building.record.history import load_history
from tui.workspace.function import FunctionConfig

COMMAND = FunctionConfig("fn")
PERSISTENT = FunctionConfig("fn", ws_persistent=True)
MODULE = b"\0asm\x01\0\0\0"
Make = Callable[..., Path]


def age(directory: Path, seconds: float) -> None:
    """Put all files of a function that long into the past."""
    for path in directory.rglob("*"):
        os.utime(path, (time.time() - seconds,) * 2)


def build(directory: Path, status: BuildStatus = "built", module: bytes | None = MODULE, ahead: float = 0) -> None:
    """A build that ended so, put on record, under a clock that is `ahead` by so many seconds."""
    plan, inputs = plan_build(directory, COMMAND), read_inputs(directory)
    if module is not None and status == "built":
        plan.output.write_bytes(module)
        os.utime(plan.output, (time.time() + ahead,) * 2)
    size = len(module) if module is not None and status == "built" else None
    result = BuildResult(directory, status, 0 if status == "built" else 1, 1.5, size, finished=time.time() + ahead)
    assert remember_build(result, plan, inputs, compiler_version="0.35.0") is None


@pytest.fixture
def fn(function_directory: Make) -> Path:
    return function_directory()


def test_absent(fn: Path) -> None:
    assert staleness(fn, COMMAND) == Staleness("absent")
    assert staleness(fn / "gone", COMMAND).state == "absent"
    assert staleness(fn / "function.go" / "x", COMMAND).state == "absent"


def test_built_outside_goes_by_time_stamps(fn: Path) -> None:
    age(fn, 100)
    (fn / "function.wasm").write_bytes(MODULE)
    found = staleness(fn, COMMAND)
    assert (found.state, found.reason, found.size) == ("fresh", None, 8)
    os.utime(fn / "function.go", (time.time() + 100,) * 2)
    assert staleness(fn, COMMAND).reason == "function.go changed since the build"


def test_an_input_as_old_as_a_module_from_outside_is_not_newer(fn: Path) -> None:
    """A copy or a checkout gives all files one time stamp."""
    (fn / "function.wasm").write_bytes(MODULE)
    for later, state in ((0, "fresh"), (1, "stale")):
        for name in ("function.go", "go.mod"):
            os.utime(fn / name, (1_700_000_000 + later,) * 2)
        os.utime(fn / "function.wasm", (1_700_000_000,) * 2)
        assert staleness(fn, COMMAND).state == state


def test_a_failure_in_the_moment_of_the_module_is_since(fn: Path) -> None:
    (fn / "function.wasm").write_bytes(MODULE)
    finished = 1_700_000_000
    failed = BuildResult(fn, "failed", 1, 1.5, finished=finished)
    assert remember_build(failed, plan_build(fn, COMMAND), read_inputs(fn)) is None
    for after, reason in ((0, "the last build failed; this is an earlier one"), (1, None)):
        for name in ("function.go", "go.mod"):
            os.utime(fn / name, (finished - 10,) * 2)
        os.utime(fn / "function.wasm", (finished + after,) * 2)
        assert staleness(fn, COMMAND).reason == reason


def test_go_mod_counts_and_yaml_and_tests_do_not(fn: Path) -> None:
    age(fn, 100)
    (fn / "function.wasm").write_bytes(MODULE)
    for name in ("function.yaml", "function_test.go", "README.md"):
        (fn / name).write_text("x")
        os.utime(fn / name, (time.time() + 100,) * 2)
        assert staleness(fn, COMMAND).state == "fresh", name
    os.utime(fn / "go.mod", (time.time() + 100,) * 2)
    assert staleness(fn, COMMAND).reason == "go.mod changed since the build"


def test_on_record_the_content_decides(fn: Path) -> None:
    build(fn)
    assert staleness(fn, COMMAND).state == "fresh"
    os.utime(fn / "function.go", (time.time() + 100,) * 2)
    assert staleness(fn, COMMAND).state == "fresh"
    (fn / "function.go").write_text("package main\n")
    age(fn, 1000)
    os.utime(fn / "function.wasm", ns=(0, load_history(fn).builds[-1].wasm_modified_ns or 0))
    assert staleness(fn, COMMAND).reason == "function.go changed since the build"


def test_new_and_removed_files_are_named(fn: Path) -> None:
    build(fn)
    (fn / "more.go").write_text("package main\n")
    assert staleness(fn, COMMAND).reason == "more.go is new since the build"
    build(fn)
    (fn / "more.go").unlink()
    assert staleness(fn, COMMAND).reason == "more.go was removed since the build"
    (fn / "function.go").write_text("package main\n")
    assert staleness(fn, COMMAND).reason == "function.go changed since the build (1 more)"


def test_the_function_s_own_files_are_named_first(fn: Path) -> None:
    shared = fn / "a" / "shared.go"
    shared.parent.mkdir()
    shared.write_text("package a\n")
    (fn / "function.go").write_text('package main\nimport _ "example.com/fn/a"\n')
    build(fn)
    shared.write_text("package a\nvar X int\n")
    assert staleness(fn, COMMAND).reason == "a/shared.go changed since the build"


def test_what_lies_outside_its_folder_is_named_last(fn: Path) -> None:
    shared = fn.parent / "shared"
    shared.mkdir()
    (shared / "go.mod").write_text("module example.com/shared\n")
    (shared / "shared.go").write_text("package shared\n")
    (fn / "go.mod").write_text("module example.com/fn\n\nreplace example.com/shared => ../shared\n")
    (fn / "function.go").write_text('package main\nimport _ "example.com/shared"\n')
    build(fn)
    for source in (shared / "shared.go", fn / "function.go"):
        source.write_text(source.read_text() + "// changed\n")
    assert staleness(fn, COMMAND).reason == "function.go changed since the build (1 more)"


def test_after_a_failed_build(fn: Path) -> None:
    build(fn)
    (fn / "function.go").write_text("package main\nfunc\n")
    build(fn, "failed")
    assert staleness(fn, COMMAND).reason == "the last build failed; this is an earlier one"


def test_after_a_failed_build_of_a_module_from_the_future(fn: Path) -> None:
    """The clock was wrong when it was built, and is right now."""
    build(fn, ahead=4e8)
    (fn / "function.go").write_text("package main\nfunc\n")
    build(fn, "failed")
    assert staleness(fn, COMMAND).reason == "the last build failed; this is an earlier one"


def test_a_failed_edit_taken_back_is_fresh(fn: Path) -> None:
    good = (fn / "function.go").read_text()
    build(fn)
    (fn / "function.go").write_text("package main\nfunc\n")
    build(fn, "failed")
    (fn / "function.go").write_text(good)
    assert staleness(fn, COMMAND).state == "fresh"


def test_a_failed_build_beside_a_module_from_outside(fn: Path) -> None:
    age(fn, 100)
    (fn / "function.wasm").write_bytes(MODULE)
    os.utime(fn / "function.wasm", (time.time() - 50,) * 2)
    build(fn, "failed")
    assert staleness(fn, COMMAND).reason == "the last build failed; this is an earlier one"
    (fn / "function.wasm").write_bytes(MODULE)  # built by hand after it
    assert staleness(fn, COMMAND).state == "fresh"


def test_a_cancelled_build_changes_nothing(fn: Path) -> None:
    build(fn)
    build(fn, "cancelled")
    assert staleness(fn, COMMAND).state == "fresh"


def test_a_module_replaced_by_others_is_not_the_one_on_record(fn: Path) -> None:
    build(fn)
    age(fn, 100)
    (fn / "function.go").write_text("package main\n")
    os.utime(fn / "function.go", (time.time() - 50,) * 2)
    (fn / "function.wasm").write_bytes(MODULE + b"\0\1\0")
    assert staleness(fn, COMMAND).state == "fresh"


def test_the_mode_of_real_modules(fn: Path, persistent_command: bytes, persistent_reactor: bytes) -> None:
    build(fn, module=persistent_command)
    found = staleness(fn, PERSISTENT)
    assert (found.reason, found.mode) == ("built as command, function.yaml asks for reactor", "command")
    assert staleness(fn, COMMAND).state == "fresh"
    build(fn, module=persistent_reactor)
    assert staleness(fn, COMMAND).reason == "built as reactor, function.yaml asks for command"
    assert staleness(fn, PERSISTENT).state == "fresh"


def test_a_refused_config_asks_for_no_mode(fn: Path, persistent_command: bytes) -> None:
    build(fn, module=persistent_command)
    assert staleness(fn, None).state == "fresh"


def test_a_mode_given_by_the_caller_spares_a_look(fn: Path) -> None:
    build(fn)
    assert staleness(fn, COMMAND, "reactor").reason == "built as reactor, function.yaml asks for command"


def test_the_compiler_counts_where_it_is_known(fn: Path) -> None:
    build(fn)
    assert staleness(fn, COMMAND, compiler=Known("tinygo", "0.35.0")).state == "fresh"
    assert staleness(fn, COMMAND, compiler=Known()).state == "fresh"
    assert staleness(fn, COMMAND, compiler=Known("tinygo", "0.36.0")).reason == (
        "built by tinygo 0.35.0, now it is 0.36.0"
    )
    assert staleness(fn, COMMAND, compiler=Known("go")).reason == "built by tinygo, go is chosen now"
    assert staleness(fn, COMMAND, compiler=Known("go", program=None)).state == "fresh"


def test_a_module_that_is_a_folder(fn: Path) -> None:
    (fn / "function.wasm").mkdir()
    found = staleness(fn, COMMAND)
    assert found.is_stale
    assert "cannot be read" in (found.reason or "")


def test_a_save_during_the_build_counts_as_changed(fn: Path) -> None:
    plan, inputs = plan_build(fn, COMMAND), read_inputs(fn)
    (fn / "function.go").write_text("package main // saved while it ran\n")
    plan.output.write_bytes(MODULE)
    assert remember_build(BuildResult(fn, "built", 0, 1.0, 8), plan, inputs) is None
    assert staleness(fn, COMMAND).reason == "function.go changed since the build"


def test_what_is_remembered(fn: Path) -> None:
    build(fn)
    record = load_history(fn).last_built
    assert record is not None
    assert (record.seconds, record.size, record.compiler_version, record.mode) == (1.5, 8, "0.35.0", "command")
    assert record.argv[0] == "tinygo"
    skipped = BuildResult(fn, "skipped", None, 0.0)
    assert remember_build(skipped, plan_build(fn, COMMAND), None) is None
    assert len(load_history(fn).builds) == 1


def test_a_module_gone_before_it_is_on_record(fn: Path) -> None:
    plan = plan_build(fn, COMMAND)
    problem = remember_build(BuildResult(fn, "built", 0, 1.0, 8), plan, None)
    assert problem is not None
    assert "function.wasm" in problem
