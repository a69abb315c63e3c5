"""Settings in layers: who wins, what is refused, and where."""

from __future__ import annotations

import os
import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.settings.default_file import default_text, write_default
from tui.settings.keys import SETTING_KEYS, SettingKey, Settings
from tui.settings.settings import load_settings, settings_path
from tui.settings.toml_file import SettingsProblem, TomlFile, read_toml
from tui.settings.workspace_file import WORKSPACE_FILE


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(file: Path) -> list[str]:
    return [str(problem) for problem in load_settings(file=file, environment={})[1]]


WORDS = {"compiler": ("tinygo", "go")}


def of_workspace(folder: Path) -> TomlFile:
    """The workspace's file, as a person has agreed to it."""
    file = read_toml(folder / WORKSPACE_FILE)
    assert isinstance(file, TomlFile)
    return file


def test_without_any_file_the_defaults_hold() -> None:
    assert load_settings(environment={}) == (Settings(), ())


def test_the_table_and_the_fields_are_the_same_settings() -> None:
    assert [key.name for key in SETTING_KEYS] == [field.name for field in fields(Settings) if field.compare]


def test_each_layer_wins_over_the_one_before(tmp_path: Path) -> None:
    write(settings_path(), "jobs = 1\ntimeout = 1\nlog_lines = 1001\nwrap = true\n")
    write(tmp_path / WORKSPACE_FILE, "jobs = 2\ntimeout = 2\nlog_lines = 1002\n")
    environment = {"FN_TUI_JOBS": "3", "FN_TUI_TIMEOUT": "3"}
    settings, wrong = load_settings(of_workspace(tmp_path), environment=environment, flags={"jobs": 4, "theme": None})
    assert wrong == ()
    assert (settings.jobs, settings.timeout, settings.log_lines, settings.wrap) == (4, 3.0, 1002, True)


def test_keys_of_both_files_are_merged(tmp_path: Path) -> None:
    write(settings_path(), '[keys]\nbuild = "b"\nquit = ["q", "ctrl+q"]\n')
    write(tmp_path / WORKSPACE_FILE, '[keys]\nbuild = "x,enter"\n')
    settings, wrong = load_settings(of_workspace(tmp_path), environment={})
    assert wrong == ()
    assert settings.keys == {"build": ("x", "enter"), "quit": ("q", "ctrl+q")}


@pytest.mark.parametrize("line", ['tinygo = "./evil"', 'go = "evil"', 'wasm_opt = "e"', 'editor = "e"'])
def test_a_workspace_may_not_choose_programs(line: str, tmp_path: Path) -> None:
    path = write(tmp_path / WORKSPACE_FILE, f"# a cloned workspace\n{line}\njobs = 2\n")
    settings, wrong = load_settings(of_workspace(tmp_path), environment={})
    assert settings == Settings(jobs=2)
    assert [(problem.source, problem.line) for problem in wrong] == [(str(path), 2)]
    assert "a workspace may not choose programs to run" in wrong[0].message
    assert str(settings_path()) in wrong[0].message


def program(path: Path) -> Path:
    write(path, "#!/bin/sh\n").chmod(0o755)
    return path


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    tinygo, go = program(tmp_path / "tinygo/bin/tinygo"), program(tmp_path / "own/go")
    optimiser = program(tmp_path / "bin/wasm-opt-122")
    text = 'contract = "../host.json"\ntinygo = "~/tinygo/bin/tinygo"\ngo = "go"\n'
    file = write(tmp_path / "own/settings.toml", text)
    settings, wrong = load_settings(file=file, environment={"FN_TUI_WASM_OPT": "bin/wasm-opt-122"})
    assert wrong == ()
    assert settings.contract == tmp_path / "own/../host.json"
    assert (settings.tinygo, settings.go, settings.wasm_opt) == (str(tinygo), str(go), str(optimiser))


def test_programs_must_be_there_under_their_own_name(tmp_path: Path) -> None:
    program(tmp_path / "go1.23")
    write(tmp_path / "tinygo", "no program").chmod(0o644)
    file = write(tmp_path / "s.toml", 'go = "go1.23"\ntinygo = "tinygo"\nwasm_opt = "none"\n')
    assert problems(file=file) == [
        f'{file}:1: "go" takes the path of a program called "go", not "go1.23"',
        f'{file}:2: "tinygo" names {tmp_path / "tinygo"}, which is not a program that can be run',
        f'{file}:3: "wasm_opt" names {tmp_path / "none"}, which is not a program that can be run',
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nb = \n", 2, "is not valid TOML"),
        ("jobs = 1\njobs = 2\n", 2, "is not valid TOML"),
        ('theme = """\n', 2, "is not valid TOML"),
        ("x = " + "[" * 5000, None, "nested too deeply"),
        ("jobs = " + "9" * 6000, None, "is not valid TOML"),
        ("wrap = true\njobbs = 2\n", 2, 'no setting is called "jobbs": did you mean "jobs"?'),
        ("\n\njobs = 65\n", 3, "takes a whole number from 0 to 64, not 65"),
        ("jobs = true\n", 1, "takes a whole number from 0 to 64, not true"),
        ("jobs = 2.0\n", 1, "takes a whole number"),
        ("timeout = nan\n", 1, "takes a number from 0 to 86,400, not nan"),
        ("timeout = -1\n", 1, "takes a number"),
        ('watch = "yes"\n', 1, 'takes true or false, not "yes"'),
        ('compiler = "tinyg"\n', 1, 'takes "tinygo" or "go", not "tinyg": did you mean "tinygo"?'),
        ("compiler = 7\n", 1, 'takes "tinygo" or "go", not 7'),
        ('theme = "a\\u001bb"\n', 1, "holds a control character"),
        ("editor = 1\n", 1, "takes text in quotes, not 1"),
        ("contract = []\n", 1, "takes text in quotes, not []"),
        ("log_lines = 10\n", 1, "takes a whole number from 1,000 to 5,000,000, not 10"),
        ('[keys]\n# build\nbuild = 1\nquit = "q"\n', 3, '"keys.build" takes a key or a list of keys'),
        ('keys.build = ["b", 2]\n', 1, "takes a key or a list of keys"),
        ("keys = 1\n", 1, '"keys" is a table'),
        ('"wrap" = 1\n', 1, "takes true or false, not 1"),
        ("[theme]\nname = 1\n", 1, "takes text in quotes"),
        (b'theme = "a"\nx = "\xff"\n', 2, "is not UTF-8"),
        (b"#" * 100_001, None, "is larger than 100,000 bytes"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str | bytes, line: int | None, words: str, tmp_path: Path) -> None:
    file = write(tmp_path / "settings.toml", text)
    _, wrong = load_settings(file=file, environment={}, words=WORDS)
    assert [(problem.source, problem.line) for problem in wrong] == [(str(file), line)]
    assert words in wrong[0].message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jobs." + "a." * 400 + "a = 1\n", "takes a whole number from 0 to 64, not a table"),
        ("keys.build." + "a." * 400 + "a = 1\n", "takes a key or a list of keys, such as"),
        ("a." * 40_000 + "a = 1\n", "has more than 500 dots in one line, and was not read"),
        ("jobs = [" + "1," * 40_000 + "]\n", "takes a whole number from 0 to 64, not a list"),
        ("j" * 90_000 + " = 1\n", f'no setting is called "{"j" * 39}…"'),
        ("jobs = " + "9" * 4_000 + "\n", f"takes a whole number from 0 to 64, not {'9' * 59}…"),
        ("keys.build = [" + '"b",' * 51 + "]\n", '"keys.build" names 51 keys; an action has at most 50'),
    ],
    ids=["deep", "deep keys", "endless", "wide", "one name", "one number", "keys"],
)
def test_what_is_too_much_is_said_in_a_line(text: str, words: str, tmp_path: Path) -> None:
    (said,) = problems(write(tmp_path / "s.toml", text))
    assert said.startswith(f"{tmp_path / 's.toml'}:1: ")
    assert words in said
    assert len(said) < len(str(tmp_path)) + 250


def test_names_that_are_none_are_bounded(tmp_path: Path) -> None:
    """A megabyte of them took every command of the workspace longer than anybody waits."""
    file = write(tmp_path / "s.toml", "".join(f"k{number} = 1\n" for number in range(9_000)))
    said = problems(file)
    assert (len(said), said[0]) == (101, f'{file}:1: no setting is called "k0"')
    assert said[-1] == f"{file}: names 9,000 settings; those after the first 100 are passed over"
    file = write(tmp_path / "s.toml", "[keys]\n" + "".join(f"k{number} = 1\n" for number in range(9_000)))
    said = problems(file)
    assert len(said) == 501
    assert said[-1] == f'{file}:1: "keys" names 9,000 actions; those after the first 500 are passed over'


def test_one_wrong_setting_leaves_the_others_in_force(tmp_path: Path) -> None:
    file = write(tmp_path / "s.toml", 'jobs = "two"\nwrap = true\n[keys]\nbuild = 1\nquit = "Q"\n')
    settings, wrong = load_settings(file=file, environment={})
    assert settings == Settings(wrap=True, keys={"quit": ("Q",)})
    assert [problem.line for problem in wrong] == [1, 4]


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    file = write(tmp_path / "s.toml", b"\xef\xbb\xbfjobs = 3\n")
    assert load_settings(file=file, environment={}) == (Settings(jobs=3), ())


def test_a_named_file_must_exist_and_a_folder_is_none(tmp_path: Path) -> None:
    assert problems(file=tmp_path / "none.toml") == [f"{tmp_path / 'none.toml'}: there is no such file"]
    assert problems(file=tmp_path) == [f"{tmp_path}: cannot be read: Is a directory"]


def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for name in ("pipe", "link"):
        file = tmp_path / name
        assert read_toml(file) == SettingsProblem(str(file), None, "is not a regular file, and was not read")
        assert problems(file) == [f"{file}: is not a regular file, and was not read"]


def test_the_names_of_compilers_are_those_that_are_given(tmp_path: Path) -> None:
    file = write(tmp_path / "s.toml", 'compiler = "mine"\n')
    words = {"compiler": ("tinygo", "mine")}
    assert load_settings(file=file, environment={}, words=words)[0].compiler == "mine"
    (problem,) = load_settings(environment={}, flags={"compiler": "go"}, words=words)[1]
    assert str(problem) == '--compiler: takes "tinygo" or "mine", not "go"'


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("FN_TUI_JOBS", "3", "jobs", 3),
        ("FN_TUI_TIMEOUT", "2.5", "timeout", 2.5),
        ("FN_TUI_ASCII", "1", "ascii", True),
        ("FN_TUI_MOUSE", "OFF", "mouse", False),
        ("FN_TUI_COMPILER", "go", "compiler", "go"),
        ("FN_TUI_EDITOR", "vim +{line}", "editor", "vim +{line}"),
        ("FN_TUI_JOBS", "", "jobs", 0),
    ],
)
def test_the_environment_sets(variable: str, text: str, name: str, value: object) -> None:
    settings, wrong = load_settings(environment={variable: text})
    assert wrong == ()
    assert getattr(settings, name) == value


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("FN_TUI_JOBS", "many", "takes a whole number from 0 to 64"),
        ("FN_TUI_MOUSE", "maybe", "takes 1 or 0, true or false, not 'maybe'"),
        ("FN_TUI_COMPILER", "gcc", 'takes "tinygo" or "go"'),
    ],
)
def test_a_wrong_variable_is_named(variable: str, text: str, words: str) -> None:
    (problem,) = map(str, load_settings(environment={variable: text}, words=WORDS)[1])
    assert problem.startswith(f"{variable}: ")
    assert words in problem


def test_a_wrong_flag_is_named() -> None:
    settings, (problem,) = load_settings(environment={}, flags={"jobs": -1})
    assert settings == Settings()
    assert str(problem) == "--jobs: takes a whole number from 0 to 64, not -1"


def test_the_default_file_changes_nothing_and_documents_everything(tmp_path: Path) -> None:
    file = tmp_path / "new/settings.toml"
    write_default(file)
    assert load_settings(file=file, environment={}) == (Settings(), ())
    uncommented = "\n".join(re.sub(r"^# (\w+ = )", r"\1", line) for line in default_text().split("\n"))
    settings, wrong = load_settings(file=write(tmp_path / "uncommented.toml", uncommented), environment={})
    assert wrong == ()
    assert settings == Settings(keys={"build": ("b", "f5")})
    assert all(f"# {key.name} = " in default_text() or f"[{key.name}]" in default_text() for key in SETTING_KEYS)


def test_the_default_file_never_replaces_one(tmp_path: Path) -> None:
    file = write(tmp_path / "settings.toml", "jobs = 1\n")
    with pytest.raises(FileExistsError):
        write_default(file)
    assert file.read_text() == "jobs = 1\n"


@pytest.mark.parametrize("key", SETTING_KEYS, ids=lambda key: str(key.name))
def test_each_example_is_taken_and_changes_something(
    key: SettingKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    monkeypatch.setattr(os, "access", lambda *_: True)
    line = f"[keys]\n{key.example}\n" if key.kind == "keys" else f"{key.name} = {key.example}\n"
    settings, wrong = load_settings(file=write(tmp_path / "s.toml", line), environment={})
    assert wrong == ()
    assert getattr(settings, key.name) != getattr(Settings(), key.name)


toml_words = st.sampled_from(
    ["[keys]", "jobs", " = ", "\n", '"', "'''", "1", "true", "[", "]", "{", "}", ",", "é", "\x1b", "theme"]
)


@given(
    source=st.one_of(
        st.binary(max_size=200), st.lists(toml_words, max_size=20).map(lambda parts: "".join(parts).encode())
    )
)
def test_no_file_is_fatal(source: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = write(tmp_path_factory.getbasetemp() / "any.toml", source)
    settings, wrong = load_settings(file=file, environment={})
    assert isinstance(settings, Settings)
    assert all(problem.line is None or 1 <= problem.line <= source.count(b"\n") + 1 for problem in wrong)
