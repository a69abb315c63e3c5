from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ECHO_SOURCE
from tests.gateway.subjects import read_subject
from tui.gateway.subject import gather_sources


def test_facts_of_a_function_directory(function_directory: Callable[..., Path]) -> None:
    directory = function_directory(go=ECHO_SOURCE)
    (directory / "more.go").write_text(
        "package main\n\n//go:wasmexport handle\nfunc handle(p, n uint32) uint64 { return 0 }\n"
    )
    facts = gather_sources(directory)
    assert facts.files == ("function.go", "more.go")
    assert facts.packages == ("main",)
    assert (facts.go_mod, facts.go_line, facts.go_line_at) == (directory / "go.mod", "1.24", 3)
    assert [str(export.place) for export in facts.exports] == ["more.go:3"]
    assert str(facts.main) == "function.go:8"


def test_files_that_a_build_leaves_out_do_not_count(function_directory: Callable[..., Path]) -> None:
    directory = function_directory()
    bad = "package other\n"
    for name in ("function_test.go", "_draft.go", ".hidden.go", "x_windows.go", "x_linux_amd64.go", "notes.txt"):
        (directory / name).write_text(bad)
    (directory / "ignored.go").write_text("//go:build ignore\n\n" + bad)
    (directory / "x_wasm.go").write_text("package main\n")
    facts = gather_sources(directory)
    assert facts.files == ("function.go", "x_wasm.go")
    assert facts.packages == ("main",)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    facts = gather_sources(tmp_path / "none")
    assert facts.files == ()
    assert facts.unread == ((".", "No such file or directory"),)


def test_a_pipe_named_like_a_source_does_not_block(function_directory: Callable[..., Path]) -> None:
    directory = function_directory()
    os.mkfifo(directory / "pipe.go")
    assert gather_sources(directory).unread == (("pipe.go", "not a regular file"),)


def test_go_mod_without_a_go_line(function_directory: Callable[..., Path]) -> None:
    directory = function_directory()
    (directory / "go.mod").write_text("module example.com/fn\n")
    facts = gather_sources(directory)
    assert facts.go_mod is not None
    assert facts.go_line is None


def test_a_subject_holds_config_module_and_sources(
    function_directory: Callable[..., Path], echo_command: bytes
) -> None:
    subject = read_subject(function_directory(wasm=echo_command), stale="why", go_version="1.24")
    assert subject.config is not None
    assert subject.config.name == "fn"
    assert subject.module is not None
    assert subject.module.ok
    assert subject.wasm == echo_command
    assert (subject.stale, subject.go_version) == ("why", "1.24")
    assert subject.sources is not None
    assert len(repr(subject)) < 1_000_000  # the bytes stay out of it


def test_a_subject_without_anything(tmp_path: Path) -> None:
    subject = read_subject(tmp_path)
    assert (subject.config, subject.module, subject.module_error) == (None, None, None)
