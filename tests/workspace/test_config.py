from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workspace.configcases import Case, cases
from tui.cli.commands.config import config_record
from tui.workspace.config import MAX_BYTES, load_config, read_config, read_config_file
from tui.workspace.function import ConfigError, ConfigReading, FunctionConfig
from tui.workspace.goyaml import load as load_module


def outcome(reading: ConfigReading) -> object:
    if reading.config is not None:
        assert reading.error is None
        return config_record(reading.config)
    assert reading.error is not None
    return reading.error.stage, reading.error.text


def expected(case: Case) -> object:
    return case.expected["config"] if case.ok else (case.expected["stage"], case.expected["error"])


def wrong() -> list[str]:
    return [case.id for case in cases() if outcome(load_config(case.source)) != expected(case)]


def error(source: bytes) -> ConfigError:
    found = load_config(source).error
    assert found is not None
    return found


def config(source: bytes) -> FunctionConfig:
    found = load_config(source)
    assert found.config is not None, found.error
    return found.config


def test_there_are_cases_of_each_kind() -> None:
    assert len(cases()) == 1886
    assert {case.expected.get("stage") for case in cases()} == {None, "parse", "validate", "panic"}


def test_every_recorded_outcome_is_met_to_the_letter() -> None:
    assert wrong() == []


def test_and_by_our_own_scanner_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_module, "has_libyaml", lambda: False)
    assert wrong() == []


def test_every_problem_of_a_refused_document_has_its_place() -> None:
    placeless = [
        case.id
        for case in cases()
        if not case.ok
        for problem in error(case.source).problems
        if problem.line is None and re.search(r"line \d", problem.message)
    ]
    assert placeless == []


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (b'name: fn\nmemory: "64"\n', (2, 9)),
        (b"name: fn\nmemory: 999\n", (2, 1)),
        (b"memory: 64\nname: a.b\n", (2, 1)),
        (b"name: fn\nenv:\n  A: *x\n", (3, 6)),
        (b"name: fn\nretry:\n  count: !!int abc\n", (3, 10)),
        (b"name: fn\nenv:\n  A: b\x01\n", (3, 7)),
        (b"name: fn\nenv:\n  A: \xff\n", (3, 6)),
        (b'name: "a\n', (2, 1)),
        (b"name: fn\nenv: {A: b\n", (3, 1)),
        (b"name: fn\nname: fn\n", (2, 1)),
        (b"name: fn\nenv: {<<: x}\n", (2, 11)),
        (b"memory: 64\n", (None, None)),
    ],
)
def test_errors_point_at_the_fault(source: bytes, place: tuple[int | None, int | None]) -> None:
    found = error(source)
    assert (found.line, found.column) == place


def test_all_type_errors_are_reported_in_order() -> None:
    found = error(b'name: [x]\nmemory: "64"\npublic: maybe\nretry: 3\nenv:\n  A: [b]\n')
    assert [(problem.line, problem.message) for problem in found.problems] == [
        (1, "line 1: cannot unmarshal !!seq into string"),
        (2, "line 2: cannot unmarshal !!str `64` into int"),
        (3, "line 3: cannot unmarshal !!str `maybe` into bool"),
        (4, "line 4: cannot unmarshal !!int `3` into functions.RetryConfig"),
        (6, "line 6: cannot unmarshal !!seq into string"),
    ]
    assert found.text.startswith("failed to parse function.yaml: yaml: unmarshal errors:\n  line 1: cannot")


def test_a_crash_of_the_tool_is_told_in_words() -> None:
    found = error(b"name: fn\nenv: {[a]: 1, <<: {B: 2}}\n")
    assert found.stage == "panic"
    assert found.problems[0].message.startswith("the deploy tool itself crashes on this")
    assert found.line == 2


@pytest.mark.parametrize(
    ("source", "origins"),
    [
        (b"name: fn\nmemory: 0x10\n", {"name": (1, 1, "fn"), "memory": (2, 1, "0x10")}),
        (b"name: fn\nretry:\n  count: 2\n", {"name": (1, 1, "fn"), "retry": (2, 1, ""), "retry.count": (3, 3, "2")}),
        (b"b: &b {timeout: 5}\nname: fn\n<<: *b\n", {"name": (2, 1, "fn"), "timeout": (1, 8, "5")}),
        (b"name: fn\nenv: {A: 'x'}\n", {"name": (1, 1, "fn"), "env": (2, 1, ""), "env.A": (2, 7, "x")}),
    ],
)
def test_each_given_key_knows_where(source: bytes, origins: dict[str, tuple[int, int, str]]) -> None:
    found = load_config(source).origins
    assert {key: (origin.line, origin.column, origin.raw) for key, origin in found.items()} == origins
    assert len(found) == len(origins)
    assert all(found[key].key == key for key in found)


BOMBS: dict[str, Callable[[], bytes]] = {
    "alias": lambda: (
        b"name: fn\na0: &a0 {A: x}\n"
        + b"".join(b"a%d: &a%d {<<: [%s]}\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 10))
        + b"env: *a9\n"
    ),
    "merge nesting": lambda: b"name: fn\nenv: " + b"{<<: " * 5000 + b"{A: b}" + b"}" * 5000,
    "flow nesting": lambda: b"name: fn\nx: " + b"[" * 10_001 + b"]" * 10_001,
    "endless flow": lambda: b"name: fn\nx: " + b"[" * 1_000_000,
    "block nesting": lambda: b"x:\n  " + b"- " * 1_000_000 + b"a",
    "key nesting": lambda: b"? " * 20_000,
    "many values": lambda: b"name: fn\nenv:\n" + b"".join(b"  K%d: v\n" % n for n in range(200_000)),
    "duplicate keys": lambda: b"name: fn\nenv:\n" + b"  K: v\n" * 5000,
    "huge file": lambda: b"name: fn\n" + b"#" * 50_000_000,
    "long number": lambda: b"name: fn\nmemory: " + b"1" * 10_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_with_a_reason(name: str) -> None:
    found = error(BOMBS[name]())
    assert found.text.startswith(("failed to parse function.yaml: yaml: ", "function.yaml is more than fn-tui reads: "))
    assert len(found.text) < 1_000_000


def test_a_scalar_of_ten_megabytes_is_read() -> None:
    assert len((config(b"name: fn\nenv:\n  A: " + b"x" * 10_000_000).env or {})["A"]) == 10_000_000


def test_nesting_as_deep_as_the_tool_takes_is_read() -> None:
    assert config(b"name: fn\nx: " + b"[" * 10_000 + b"]" * 10_000).name == "fn"


@pytest.mark.parametrize("size", [65_000, 70_000, 200_000])
def test_long_documents_are_read_whichever_reader_has_them(size: int) -> None:
    source = b"name: fn\nmemory:\t64\nenv:\n  A: x\n# " + b"c" * size + b"\ntimeout: 7\n"
    assert config(source).timeout == 7


def test_a_long_document_is_refused_in_the_same_words() -> None:
    filler = b"# " + b"c" * 70_000 + b"\n"
    assert error(filler + b'name: "fn\n').text.endswith("found unexpected end of stream")
    assert error(filler + b"name: a: b\n").text.endswith("line 2: mapping values are not allowed in this context")
    assert error(filler + b"name: *x\n").text.endswith("unknown anchor 'x' referenced")


def test_read_from_a_directory_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "function.yaml").write_text("name: fn\n")
    assert read_config(tmp_path) == read_config_file(tmp_path / "function.yaml") == load_config(b"name: fn\n")


def refused_read(path: Path) -> str:
    found = read_config(path).error
    assert found is not None
    assert found.stage == "read"
    return found.text


def test_what_cannot_be_read_is_refused_in_the_tools_words(tmp_path: Path) -> None:
    file = tmp_path / "function.yaml"
    assert refused_read(tmp_path) == f"failed to read function.yaml: open {file}: no such file or directory"
    file.mkdir()
    assert refused_read(tmp_path) == f"failed to read function.yaml: read {file}: is a directory"
    file.rmdir()
    file.symlink_to("function.yaml")
    assert refused_read(tmp_path).startswith(f"failed to read function.yaml: open {file}: too many levels")


def test_a_pipe_in_the_files_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "function.yaml")
    assert refused_read(tmp_path).endswith("not a regular file")


def test_a_file_beyond_the_limit_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "function.yaml").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "16,777,217 bytes, the limit is 16,777,216" in refused_read(tmp_path)


def test_a_path_with_a_nul_is_refused() -> None:
    assert refused_read(Path("a\0b")).endswith("invalid argument")
