"""Completions, asked for as the shells ask."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tui.cli import COMMANDS, main
from tui.cli.parser import root_parser
from tui.cli.reports.arguments import root_form
from tui.cli.words import VALUED

SHELLS = ("bash", "zsh", "fish")
needs = {shell: pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed") for shell in SHELLS}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "with space").mkdir()
    (tmp_path / "chat").mkdir()
    (tmp_path / "notes.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def script(shell: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["completions", shell]) == 0
    file = folder / f".fn-tui.{shell}"
    file.write_text(capsys.readouterr().out)
    return file


def run(shell: str, *argv: str, text: str = "") -> list[str]:
    done = subprocess.run([shell, *argv], input=text, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return sorted(done.stdout.splitlines())


def bash(file: Path, *words: str) -> list[str]:
    lines = [f"source {file}", f"COMP_WORDS=({' '.join(repr(word) for word in ('fn-tui', *words))})"]
    lines += [f"COMP_CWORD={len(words)}", "_fn_tui", 'printf "%s\\n" "${COMPREPLY[@]}"']
    return run("bash", "--norc", "-c", "\n".join(lines))


@needs["bash"]
def test_bash_completes_commands_options_and_values(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = script("bash", here, capsys)
    assert bash(file, "che") == ["check"]
    assert bash(file, "") == sorted([*COMMANDS, "chat", "with space"])
    assert bash(file, "build", "--st") == ["--stale"]
    assert bash(file, "build", "--compiler", "") == ["go", "tinygo"]
    assert bash(file, "check", "--format", "s") == ["sarif"]
    assert bash(file, "--compiler", "go", "list", "--js") == ["--json"]
    assert bash(file, "list", "with") == ["with space"]
    assert bash(file, "list", "--settings", "no") == ["notes.toml"]
    assert bash(file, "completions", "z") == ["zsh"]


@needs["fish"]
def test_fish_completes_commands_options_and_values(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = script("fish", here, capsys)

    def fish(line: str) -> list[str]:
        found = run("fish", "--no-config", "-c", f"source {file}; complete -C {line!r}")
        return [each.partition("\t")[0] for each in found]

    assert fish("fn-tui che") == ["check"]
    assert fish("fn-tui build --st") == ["--stale"]
    assert fish("fn-tui build --compiler ") == ["go", "tinygo"]
    assert "--theme" in fish("fn-tui --th")


@needs["zsh"]
def test_zsh_reads_the_script(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = script("zsh", here, capsys)
    text = f"autoload -Uz compinit; compinit -u -D; source {file}; print $_comps[fn-tui]"
    assert run("zsh", "-f", "-c", text) == ["_fn_tui"]


def test_the_options_with_a_value_are_those_of_the_program() -> None:
    valued = {flag for option in root_form().options if option.kind != "none" for flag in option.flags}
    assert valued == VALUED
    assert root_parser().knows("--jobs=2")
    assert not root_parser().knows("--stale")
