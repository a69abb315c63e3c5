"""The one boundary of the command line, in real processes: what is said, where, and with which exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gobuild import CACHE
from tui.cli import COMMANDS, main
from tui.cli.crash import REPORTS_KEPT, report_crash

Run = Callable[..., subprocess.CompletedProcess[bytes]]
# A subcommand of its own, so that the boundary is tested and not this or that command.
STANDIN = """
import sys
from tui import cli
class Standin:
    @staticmethod
    def add_arguments(parser): parser.add_argument("what", nargs="?")
    @staticmethod
    def run(args):
        {body}
        return 0
sys.modules["tui.cli.commands.standin"] = Standin
cli.COMMANDS["standin"] = ("standin", "for tests", "")
sys.exit(cli.main(["standin"]))
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `python ARGS` with a state folder of its own."""
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(CACHE)}

    def start(*argv: str, shell: str | None = None, **changes: str) -> subprocess.CompletedProcess[bytes]:
        command = ["sh", "-c", shell, "sh", sys.executable, *argv] if shell else [sys.executable, *argv]
        return subprocess.run(command, env=environment | changes, capture_output=True, check=False, timeout=60)

    return start


def standin(body: str) -> list[str]:
    return ["-c", STANDIN.format(body=body)]


def test_a_fault_of_ours_is_one_line_a_report_and_exit_70(run: Run, tmp_path: Path) -> None:
    done = run(*standin('raise KeyError("a\\x1b[2Jb")'))
    assert done.returncode == 70
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    (report,) = (tmp_path / "state/fn-tui/crashes").iterdir()
    assert lines[0].startswith("fn-tui: a fault of fn-tui's own: KeyError: ")
    assert lines[0].endswith(str(report))
    assert "\x1b" not in lines[0]
    text = report.read_text()
    for part in ("fn-tui 0.1.0", "python: 3.", "textual 8", "argv: []", "Traceback", ", in run\n", "\nKeyError: "):
        assert part in text
    assert report.stat().st_mode & 0o777 == 0o600


def test_where_no_report_can_be_written_the_traceback_is_printed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    done = run(*standin("raise RuntimeError('gone')"))
    assert done.returncode == 70
    assert b"Traceback" in done.stderr
    assert b"RuntimeError: gone (no report could be written: Not a directory)" in done.stderr


def test_old_reports_are_forgotten(private_home: Path) -> None:
    folder = private_home / "state/fn-tui/crashes"
    folder.mkdir(parents=True)
    for number in range(REPORTS_KEPT + 5):
        (folder / f"crash-19990101-0000{number:02}-1.txt").write_text("")
    assert "a fault of fn-tui's own: ValueError: x" in report_crash(ValueError("x"))
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == REPORTS_KEPT
    assert not kept[-1].startswith("crash-1999")


@pytest.mark.parametrize("body", ["raise KeyboardInterrupt", "import os, signal; os.kill(os.getpid(), signal.SIGINT)"])
def test_an_interrupt_is_exit_130_without_a_word(body: str, run: Run) -> None:
    done = run(*standin(body))
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_a_reader_that_goes_away_is_no_error(run: Run) -> None:
    body = "from tui.cli.output import say; [say('x' * 5000) for _ in range(100)]"
    done = run(*standin(body), shell='{ "$@"; echo "exit $?" >&2; } | head -c 10')
    assert (done.stdout, done.stderr) == (b"xxxxxxxxxx", b"exit 0\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said(run: Run) -> None:
    done = run("-m", "tui", "config-path", shell='"$@" > /dev/full')
    assert done.returncode == 1
    assert done.stderr == b"fn-tui: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_survived(closed: str, run: Run) -> None:
    done = run("-m", "tui", "config-path", shell=f'"$@" {closed}; echo "exit $?"')
    assert done.stdout.endswith(b"exit 0\n")
    assert done.stderr == b""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_no_locale_makes_output_fail(encoding: str, run: Run) -> None:
    body = "from tui.cli.output import emit, say; say('✓ é 目'); emit({'a': '✓é目\\udcff'})"
    done = run(*standin(body), PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    people, program = done.stdout.splitlines()
    assert people == "✓ é 目".encode(encoding, "backslashreplace")
    assert program == '{"a":"✓é目\\\\xff","a_b64":"4pyTw6nnm67/"}'.encode()


def test_help_itself_can_be_printed_in_any_locale(run: Run) -> None:
    for name in ("config-path", "new", "demo"):
        assert run("-m", "tui", name, "--help", PYTHONIOENCODING="ascii").returncode == 0


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["lst"], 'lst is neither a folder nor a subcommand: did you mean "fn-tui list"?'),
        (["lst", "--json"], 'did you mean "fn-tui list"?'),
        (["--ascii", "lst"], 'did you mean "fn-tui list"?'),
        (["qqqq"], "qqqq is neither a folder nor a subcommand (fn-tui --help lists the subcommands)"),
        (["a\x1b[2Jb"], "a\\e[2Jb is neither"),
        (["a\0b"], "a\\0b is neither"),
        (["--compiler", "go", "biuld"], 'did you mean "fn-tui build"?'),
    ],
)
def test_a_word_that_is_nothing_gets_an_answer(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert words in captured.err


@pytest.mark.parametrize("argv", [[], ["list"], ["build", "--all"], ["check"], ["plan", "fn"]], ids=" ".join)
def test_a_folder_that_was_removed_under_the_shell_is_told(
    argv: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    code = main(argv)
    monkeypatch.undo()
    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert "Traceback" not in captured.err
    assert captured.err.startswith("fn-tui: ")
    assert "report" not in captured.err


def test_a_file_is_no_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "function.wasm"
    file.write_bytes(b"")
    assert main([str(file)]) == 2
    assert capsys.readouterr().err == f"fn-tui: {file} is not a folder: fn-tui inspect {file} shows what is in it\n"


def test_windows_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("tui.cli.os.name", "nt")
    code = main(["config-path"])
    monkeypatch.undo()
    assert code == 2
    assert "Windows is not supported" in capsys.readouterr().err


def test_wrong_usage_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config-path", "--nonsense"]) == 2
    assert "unrecognized arguments: --nonsense" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_each_subcommand_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: fn-tui {name} ")
    assert "--json" in out or name == "serve"


def test_terminating_a_headless_command_ends_it(run: Run) -> None:
    body = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert run(*standin(body)).returncode == -signal.SIGTERM


def test_a_report_is_not_written_through_a_link(private_home: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for number in range(REPORTS_KEPT + 5):
        (theirs / f"crash-19990101-0000{number:02}-1.txt").write_text("a person's")
    (private_home / "state/fn-tui").mkdir(parents=True)
    (private_home / "state/fn-tui/crashes").symlink_to(theirs)
    assert "no report could be written: it is a link" in report_crash(ValueError("x"))
    assert len(list(theirs.iterdir())) == REPORTS_KEPT + 5
