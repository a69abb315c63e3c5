"""The command line: every subcommand. The screen is imported only when asked for."""

from __future__ import annotations

import gc
import os
import sys

from tui import __version__

TYPE_CHECKING = False  # what typing says; loading that costs more than the answer to --version
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from types import ModuleType
    from typing import Final, Protocol

    class Command(Protocol):
        """What a module of this folder offers for its subcommand."""

        def add_arguments(self, parser: argparse.ArgumentParser) -> None:
            """Declare the subcommand's own arguments."""

        def run(self, args: argparse.Namespace) -> int:
            """Do it and return the exit code."""


# name -> (module of this folder, one-line help, what the README says of it). Adding a subcommand touches this table and
# its own file; `python -m tests.make_readme` writes the README's table and the manual page anew.
COMMANDS: Final[dict[str, tuple[str, str, str]]] = {
    "list": (
        "listing",
        "list the function directories of a workspace",
        "the functions: config, plan, module, stale or not",
    ),
    "config": (
        "config",
        "show each function.yaml as the deploy tool reads it",
        "each `function.yaml` as the deploy tool reads it, with its own error text",
    ),
    "plan": (
        "plan",
        "show the exact build command, and why",
        "the exact build command, ready to paste, and why it is this one",
    ),
    "build": (
        "build",
        "build functions",
        "build; `--all`, `--stale`, `--jobs N`, `--junit FILE`",
    ),
    "watch": (
        "watch",
        "rebuild what changes",
        "rebuild on save exactly what a change touches",
    ),
    "inspect": (
        "inspect",
        "show what is in a .wasm file",
        "what is in a module",
    ),
    "diff": (
        "diff",
        "compare two modules",
        "what changed between two modules",
    ),
    "check": (
        "check",
        "say what the gateway would refuse or swallow",
        "what the gateway would refuse or swallow; `--format github` or `sarif` for CI",
    ),
    "run": (
        "run.command",
        "run a function here, as the gateway would",
        "run a function here, as the gateway would (extra `run`)",
    ),
    "test": (
        "calls.command",
        "run the calls that are kept beside functions, and compare",
        "run the calls kept in each `calls.yaml`, show what differs; `--watch`, `--junit FILE`, `--update`",
    ),
    "dev": (
        "dev.command",
        "serve all functions here over HTTP, as the gateway would, and build on save",
        "every function behind HTTP and WebSockets here, built on save (extra `gateway`)",
    ),
    "new": (
        "setup.new",
        "create a function",
        "a new function: `--kind command`, `persistent` or `reactor`",
    ),
    "cluster-status": (
        "cluster",
        "show the workers of a Dask cluster, and which fit",
        "the workers of a Dask cluster, and which fit (extra `cluster`)",
    ),
    "doctor": (
        "doctor",
        "look at the compilers, and say what to do",
        "the compilers: where, which, fit for each other; `--cluster`: those of the workers, too",
    ),
    "demo": (
        "setup.demo",
        "copy the sample workspace and open it",
        "a copy of the sample workspace",
    ),
    "serve": (
        "serve.command",
        "the screen in a browser, on loopback",
        "the screen in a browser on this machine (extra `serve`)",
    ),
    "completions": (
        "setup.completions",
        "print completions for a shell",
        "completions for bash, zsh or fish; `--help` says where they go",
    ),
    "config-path": (
        "setup.settings",
        "print where the settings file lies",
        "where the settings lie",
    ),
    "init-settings": (
        "setup.settings",
        "write a commented settings file",
        "a commented settings file to start from; `--print` writes it to stdout",
    ),
}

SETTINGS_COMMANDS: Final = ("config-path", "init-settings")  # the file of --settings may be there or not

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1  # something failed or is invalid
EXIT_USAGE: Final = 2  # wrong usage or unreadable input
EXIT_CRASH: Final = 70  # a fault of ours
EXIT_INTERRUPTED: Final = 130
VERSION_WORDS: Final = f"fn-tui {__version__}"
LOADED: Final = 200_000  # objects: more than any command loads; half of it is Dask, where a cluster builds


def dispatch(argv: Sequence[str]) -> int:
    """Run the subcommand that `argv` names, or open the screen."""
    if list(argv) in (["--version"], ["-V"]):  # asked by scripts; the parser loads the compilers for their names
        print(VERSION_WORDS)
        return EXIT_OK
    before = 0
    if argv and argv[0].startswith("-"):
        from tui.cli.words import leading

        before = leading(argv)
    if before < len(argv) and argv[before] in COMMANDS:
        return _subcommand(argv[before], argv[:before], argv[before + 1 :])
    # Said before argparse looks at the rest, which would complain of the options of a misspelt subcommand.
    if argv and not argv[0].startswith("-") and not _is_workspace(argv[0]):
        return EXIT_USAGE
    from tui.cli.parser import root_parser

    args = root_parser().parse_args(argv)
    if not _is_workspace(args.workspace):
        return EXIT_USAGE
    from tui.cli.commands import screen as screen_command
    from tui.cli.layers import personal_programs, settings_file_is_there

    if not settings_file_is_there(args.settings):
        return EXIT_USAGE
    _mind_colours(args)
    personal_programs(args.settings)
    return screen_command.run(args)


def _subcommand(name: str, before: Sequence[str], words: Sequence[str]) -> int:
    """Run a subcommand with its own arguments, and the options that were typed before it."""
    from tui.cli.options import TERMS

    command: Command = _module(name)
    args = plainly(name, [*before, *words]) or _by_parser(name, command, before, words)
    if args.settings is not None and name not in SETTINGS_COMMANDS:
        from tui.cli.layers import settings_file_is_there

        if not settings_file_is_there(args.settings):
            return EXIT_USAGE
    _mind_colours(args)
    if name in TERMS:
        from tui.cli.layers import settle

        settle(TERMS[name], args)
    return command.run(args)


def _module(name: str) -> ModuleType:
    """The module of a subcommand, as importlib's import_module gives it, which takes long to load."""
    return __import__(f"tui.cli.commands.{COMMANDS[name][0]}", fromlist=["run"])


def plainly(name: str, words: Sequence[str]) -> argparse.Namespace | None:
    """The arguments of a subcommand, where the line takes no parser."""
    from tui.cli.options import PLAIN, Plain, declare

    if name not in PLAIN:
        return None
    parser = Plain()
    declare(name, _module(name).add_arguments, parser)
    return parser.read(words)


def _by_parser(name: str, command: Command, before: Sequence[str], words: Sequence[str]) -> argparse.Namespace:
    """The arguments, or the parser's help or complaint, with which it ends."""
    from tui.cli.parser import command_parser, root_parser

    if any(word in ("-h", "--help", "-V", "--version") for word in before):
        root_parser().parse_args(before)  # prints it, and ends
    parser = command_parser(name, command)
    for word in before:
        if word.startswith("-") and not parser.knows(word):
            parser.error(f"{word}, which stands before the subcommand, means nothing to it")
    return parser.parse_args([*before, *words])


def _mind_colours(args: argparse.Namespace) -> None:
    """What --no-color asks for, in the word that everything obeys that draws: we, Textual, and what we start."""
    if args.no_color:
        os.environ["NO_COLOR"] = "1"


def _is_workspace(word: str) -> bool:
    """Whether `word` is a folder; if not, the sentence that says what it may have meant is printed."""
    if os.path.isdir(word):  # Path.is_dir raises on a name with a null byte
        return True
    from tui.cli.output import complain

    if os.path.exists(word):
        hint = f": fn-tui inspect {word} shows what is in it" if word.endswith(".wasm") else ""
        complain(f"{word} is not a folder{hint}")
    else:
        from difflib import get_close_matches

        near = get_close_matches(word, COMMANDS, 1)
        hint = f': did you mean "fn-tui {near[0]}"?' if near else " (fn-tui --help lists the subcommands)"
        complain(f"{word} is neither a folder nor a subcommand{hint}")
    return False


def program() -> int:
    """`fn-tui` as it is installed: `main`, after which the process ends; where nothing waits for more, at once."""
    from tui.cli.loading import install

    install()
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return code  # Python says what is wrong
    except KeyboardInterrupt as stop:
        return _end(stop)
    if _is_over():
        os._exit(code)
    return code


def _is_over() -> bool:
    """Whether nothing is left to do in this process but to take apart what was loaded, for a millisecond."""
    import atexit

    left = getattr(atexit, "_ncallbacks", None)  # what is to be called at the end; another Python may not tell
    waits = "threading" in sys.modules or "sqlite3" in sys.modules or left is None or left() > 0
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on profilers use that
    watched = monitoring is not None and any(map(monitoring.get_tool, range(6)))
    return not (waits or watched or sys.getprofile() or sys.gettrace() or sys.flags.inspect)


def main(argv: Sequence[str] | None = None) -> int:
    """What `fn-tui` does with a command line, the process's own where none is given; returns the exit code."""
    from tui.cli.output import complain, prepare_streams

    if os.name == "nt":
        complain("Windows is not supported: use fn-tui on Linux, on macOS, or in WSL")
        return EXIT_USAGE
    prepare_streams()
    if argv is not None:
        return guarded(lambda: dispatch(argv))
    words = sys.argv[1:]
    if words and words[0] in COMMANDS:
        return _brief(lambda: dispatch(words))
    return guarded(lambda: _screen(words))


def _screen(words: Sequence[str]) -> int:
    """The program, for what may open the screen: a first frame before anything else."""
    from tui.cli import early

    early.begin(words)
    try:
        return dispatch(words)
    finally:
        early.end()


def _brief(work: Callable[[], int]) -> int:
    """The program, for one command. Loading makes no garbage, and what is left at the end goes with the process: the
    collector's passes over both cost a short command a tenth.
    """
    gc.set_threshold(LOADED)
    try:
        return guarded(work)
    finally:
        gc.freeze()


def guarded(work: Callable[[], int]) -> int:
    """The exit code of `work`, whatever becomes of it. The one boundary: a fault of ours becomes a report."""
    try:
        return work()
    except BaseException as stop:  # noqa: BLE001 - the boundary
        return _end(stop)


def _is_somewhere() -> bool:
    """Whether the current directory is there: the folder of a shell may be removed under it."""
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return False
    return True


def _end(stop: BaseException) -> int:
    """The exit code of what ended the run early, after saying what is to be said of it."""
    from tui.cli.output import OutputError, complain, drop_output

    if isinstance(stop, SystemExit):  # argparse
        return stop.code if isinstance(stop.code, int) else EXIT_OK if stop.code is None else EXIT_USAGE
    if isinstance(stop, KeyboardInterrupt):
        drop_output()  # what is left there is what nobody takes: the end would wait for it
        return EXIT_INTERRUPTED
    if isinstance(stop, BrokenPipeError | OutputError):
        drop_output()
        # The reader of our output went away (`fn-tui list | head -1`): not an error of ours, nor of anybody.
        if isinstance(stop, BrokenPipeError):
            return EXIT_OK
        complain(str(stop))
        return EXIT_FAILED
    if isinstance(stop, FileNotFoundError) and not _is_somewhere():
        complain("the current directory is gone: change to one that is there (`cd`)")
        return EXIT_USAGE
    from tui.cli.crash import report_crash

    complain(report_crash(stop))
    return EXIT_CRASH
