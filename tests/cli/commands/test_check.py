from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PERSISTENT_SOURCE
from tests.small import COMMAND, PERSISTENT_COMMAND, assembled
from tui.cli import main
from tui.gateway.contract.reading import SHIPPED
from tui.settings.settings import settings_path

PERSISTENT = "name: chat\nws_persistent: true\n"


@pytest.fixture
def workspace(function_directory: Callable[..., Path]) -> Path:
    """A function that is ready, one blocked, one with a warning, one without a build."""
    echo_command, persistent_command = assembled(COMMAND), assembled(PERSISTENT_COMMAND)
    function_directory(name="echo", yaml="name: echo\n", wasm=echo_command)
    function_directory(name="chat", yaml=PERSISTENT, go=PERSISTENT_SOURCE, wasm=persistent_command)
    function_directory(name="push", yaml="name: push\ncron: daily\n", wasm=echo_command)
    return function_directory(name="wallet", yaml="name: wallet\n").parent


@pytest.fixture
def inside(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace, as the current directory."""
    monkeypatch.chdir(workspace)
    monkeypatch.setenv("COLUMNS", "100")
    return workspace


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_has_a_line_a_function(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json"]) == 1
    out, err = capfd.readouterr()
    assert err == ""
    found = records(out)
    assert [(one["dir"], one["state"], one["verdict"]) for one in found] == [
        ("chat", "blocked", "blocked"),
        ("echo", "ready", "ready"),
        ("push", "warnings", "warnings"),
        ("wallet", "unbuilt", "unbuilt"),
    ]
    assert all(set(one) == {"dir", "path", "state", "verdict", "findings"} for one in found)
    finding = found[0]["findings"][0]
    assert set(finding) == {"check", "severity", "message", "at_run_time", "remedy", "where"}
    assert (finding["check"], finding["severity"], finding["where"]) == ("build-mode", "error", "function.wasm")
    assert found[2]["findings"][0]["where"].startswith("function.yaml:2")
    assert found[3]["findings"][0]["check"] == "module-absent"


def test_format_json_is_the_same(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["check", "--json"])
    short = capfd.readouterr().out
    main(["check", "--format", "json"])
    assert capfd.readouterr().out == short


def test_text_shows_pictures_findings_and_a_summary(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "✗ chat  blocked"
    assert any("✗ _initialize ┃" in line or "✗ _initialize    ┃" in line for line in lines)
    assert "     at run time: wasm error: unreachable at the first export call" in lines
    assert "     → fn-tui build chat" in lines
    assert not any("b rebuilds" in line for line in lines)
    assert any(line.startswith("✓ echo  ✓ fits  COMMAND") for line in lines)
    assert any(line.startswith("· wallet  · unbuilt") for line in lines)
    assert lines[-1] == "4 functions: ready 1, warnings 1, blocked 1, unbuilt 1"
    assert max(map(len, lines)) <= 100


def test_one_function_is_shown_whole(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "echo"]) == 0
    assert "│ ✓ _start  │" in capfd.readouterr().out
    assert main(["check", "--all", "echo", "wallet"]) == 0
    assert capfd.readouterr().out.count("│ ✓ _start  │") == 1


def test_ascii(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["check", "--ascii"])
    out = capfd.readouterr().out
    assert out.isascii()
    assert "x chat  blocked" in out


def test_a_locale_without_box_drawing_gets_ascii(inside: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "check", "chat"], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.isascii()


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 1)])
def test_strict_fails_on_warnings(inside: Path, options: tuple[str, ...], code: int) -> None:
    assert main(["check", "push", *options]) == code
    assert main(["check", "wallet", *options]) == code  # deploying would build it: nobody knows how that ends
    assert main(["check", "echo", *options]) == 0


def test_a_setting_makes_it_strict(inside: Path) -> None:
    assert main(["check", "push"]) == 0
    settings = settings_path()
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("strict = true\n")
    assert main(["check", "push"]) == 1


def test_github_annotations(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "github"]) == 1
    lines = capfd.readouterr().out.splitlines()
    first = next(line for line in lines if line.startswith("::error "))
    assert first.startswith("::error file=chat/function.wasm,title=build-mode::built as a command")
    assert "%0Aat run time: wasm error%3A" not in first  # a colon is escaped in properties only
    assert "%0Aat run time: wasm error: unreachable" in first
    assert any(line.startswith("::warning file=push/function.yaml,line=2,") for line in lines)
    assert any(line.startswith("::notice file=wallet/function.wasm,") for line in lines)
    assert lines[-1].startswith("4 functions: ")


def test_github_escapes_what_a_folder_is_called(
    function_directory: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    directory = function_directory(name="a,b:c%d\ne", yaml="name: x\ntimeout: 90\n")
    monkeypatch.chdir(directory.parent)
    main(["check", "--format", "github"])
    lines = capfd.readouterr().out.splitlines()
    assert lines[0].startswith("::error file=a%2Cb%3Ac%25d%0Ae/function.yaml,line=2,")


def test_sarif(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "sarif"]) == 1
    log = json.loads(capfd.readouterr().out)
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"]
    ]
    assert uris == ["chat/function.wasm", "push/function.yaml", "wallet/function.wasm"]


def test_functions_are_named_from_here_and_checked_once(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["check", "--json", "chat", ".", "../" + inside.name])
    assert sorted(one["dir"] for one in records(capfd.readouterr().out)) == ["chat", "echo", "push", "wallet"]


def test_a_stale_module_is_counted(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    os.utime(inside / "echo/function.wasm", (1_000_000_000, 1_000_000_000))
    assert main(["check", "echo"]) == 0
    out = capfd.readouterr().out
    assert "is stale" in out
    assert out.endswith("1 function: stale 1\n")


def test_nothing_to_check(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert "no functions in" in capfd.readouterr().err
    assert main(["check", str(tmp_path / "none")]) == 2
    assert "no such directory" in capfd.readouterr().err


def test_a_path_that_is_missing_is_told_and_the_others_are_checked(
    inside: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--json", "none", "echo"]) == 2
    out, err = capfd.readouterr()
    assert [one["dir"] for one in records(out)] == ["echo"]
    assert "none: no such directory" in err


def test_another_host_s_contract(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plain = str(SHIPPED.with_name("wasi_host.json"))
    assert main(["check", "--contract", plain, "echo"]) == 0
    assert main(["check", "--json", "--contract", plain, "chat"]) == 0
    assert "wasmexport-in-command" in capfd.readouterr().out


@pytest.mark.parametrize(("content", "said"), [("{}", "format"), ("[", "not JSON"), (None, "No such file")])
def test_a_bad_contract_is_a_usage_error(
    inside: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], content: str | None, said: str
) -> None:
    file = tmp_path / "host.json"
    if content is not None:
        file.write_text(content)
    assert main(["check", "--contract", str(file)]) == 2
    err = capfd.readouterr().err
    assert said in err
    assert "host.json" in err


def test_control_characters_stay_out_of_the_terminal(
    function_directory: Callable[..., Path], capfd: pytest.CaptureFixture[str]
) -> None:
    directory = function_directory(name="a\x1b[2Jb", yaml='name: "\\e]0;x"\n', go="package \x1b[31m\n")
    main(["check", str(directory)])
    out, err = capfd.readouterr()
    assert "\x1b" not in out + err


def test_colours_only_where_a_terminal_wants_them(inside: Path) -> None:
    """In a real terminal of its own; NO_COLOR switches them off."""
    import pty

    def seen(**environment: str) -> bytes:
        pid, descriptor = pty.fork()
        if pid == 0:
            os.execve(sys.executable, [sys.executable, "-m", "tui", "check", "chat"], os.environ | environment)
        output = b""
        while True:
            try:
                piece = os.read(descriptor, 65536)
            except OSError:
                break
            if not piece:
                break
            output += piece
        os.close(descriptor)
        os.waitpid(pid, 0)
        return output

    assert b"\x1b[1;31m" in seen(TERM="xterm-256color")
    assert b"\x1b" not in seen(TERM="xterm-256color", NO_COLOR="1")
    assert b"\x1b" not in seen(TERM="dumb")


def test_words_are_labelled_by_who_says_them_and_not_said_twice(
    function_directory: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    refused = function_directory(name="digest", yaml="name: digest\nmemory: much\n")
    monkeypatch.chdir(refused.parent)
    assert main(["check", "digest"]) == 1
    out = capfd.readouterr().out
    assert "at run time" not in out
    assert out.count("cannot unmarshal") == 1
    assert "╭" not in out  # nobody can know what it would be
    function_directory(name="late", yaml="name: late\ntimeout: 90\n")
    main(["check", "late"])
    assert "     the gateway says: " in capfd.readouterr().out


def test_a_function_with_nothing_but_warnings_is_told_in_a_line(
    inside: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "push", "wallet"]) == 0
    out = capfd.readouterr().out
    assert "▲ push  warnings\n   ✓ fits  COMMAND" in out
    assert "╭" not in out
    (inside / "push/function.wasm").unlink()
    main(["check", "push", "wallet"])
    out = capfd.readouterr().out
    assert "· push  unbuilt, with warnings\n" in out
    assert "ready" not in out
    main(["check", "--all", "push"])
    assert "╭" in capfd.readouterr().out


def test_states_are_counted_as_in_the_list(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    os.utime(inside / "echo/function.wasm", (1_000_000_000, 1_000_000_000))
    (inside / "push/function.wasm").write_bytes(b"not a module")
    main(["check"])
    assert capfd.readouterr().out.splitlines()[-1] == "4 functions: stale 1, blocked 2, unbuilt 1"
    main(["list"])
    assert capfd.readouterr().out.splitlines()[-1] == "4 functions: stale 1, blocked 2, unbuilt 1"
