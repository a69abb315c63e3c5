"""`fn-tui list [WORKSPACE]`: the function directories of a workspace, one a line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.building.compilers import DEFAULT
from tui.building.inputs.freshness import ChosenCompiler, Staleness, staleness
from tui.building.inputs.sources import SourceCache, default_cache
from tui.building.plan.plan import build_mode, plan_build
from tui.cli import EXIT_OK, EXIT_USAGE
from tui.cli.commands.config import config_record
from tui.cli.folders import folder_fault
from tui.cli.options import add_compiler
from tui.cli.output import complain, emit, say
from tui.text import human_bytes, plural, printable
from tui.workspace.config import read_config
from tui.workspace.find import iter_functions
from tui.workspace.model import ConfigError, ConfigProblem, ConfigReading, FindProblem, Function

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from tui.building.plan.model import CompilerName

# state -> (glyph, ASCII): the signs of the screen's own list.
_GLYPHS: Final = {
    "config-error": ("✗", "x"),
    "invalid": ("✗", "x"),
    "stale": ("↻", "~"),
    "absent": ("·", "."),
    "fresh": ("✓", "+"),
}
_NAME_WIDTH: Final = 60


class ListedFunction(NamedTuple):
    """One row: a function, its config, and how its module stands."""

    function: Function
    reading: ConfigReading
    freshness: Staleness

    @property
    def state(self) -> str:
        """`config-error`, `invalid` (function.wasm is no module), `stale`, `absent` or `fresh`."""
        if self.reading.error is not None:
            return "config-error"
        return "invalid" if self.freshness.fault is not None else self.freshness.state


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `list`."""
    parser.add_argument("workspace", nargs="?", default=".", metavar="WORKSPACE", help="folder to search (default: .)")
    add_compiler(parser, "what a build would use")
    parser.add_argument("--json", action="store_true", help="one JSON object a function")


def run(args: argparse.Namespace) -> int:
    """List the functions; 0, or 2 where the workspace is no folder."""
    return print_listing(Path(args.workspace), as_json=args.json, compiler=args.compiler)


def print_listing(root: Path, as_json: bool = False, compiler: CompilerName = DEFAULT) -> int:
    """Print the functions below `root` and, on stderr, the folders that could not be searched; the exit code.

    A module that another compiler than `compiler` built is stale, as on screen.
    """
    fault = folder_fault(os.fspath(root))
    if fault is not None:
        complain(fault)
        return EXIT_USAGE
    problems: list[FindProblem] = []
    cache = default_cache()
    rows = _rows(root, problems, cache, compiler)
    if as_json:
        for row in rows:
            emit(function_record(row))
    else:
        _print_table(list(rows), root, problems)
    for problem in sorted(problems, key=lambda problem: problem.path.split("/")):
        complain(f"{problem.path}: {problem.message}")
    unsaved = cache.save()
    if unsaved is not None:
        complain(unsaved)
    # A folder below that cannot be read is a gap in the list; the workspace itself is all of it.
    return EXIT_USAGE if any(problem.path == "." for problem in problems) else EXIT_OK


def _rows(
    root: Path, problems: list[FindProblem], cache: SourceCache, compiler: CompilerName
) -> Iterator[ListedFunction]:
    """The functions in order of the walk: a folder before its subfolders, names sorted."""
    chosen = ChosenCompiler(compiler)
    for found in iter_functions(root):
        if isinstance(found, FindProblem):
            problems.append(found)
            continue
        reading = read_config(found.directory)
        freshness = staleness(found.directory, reading.config, compiler=chosen, cache=cache)
        yield ListedFunction(found, reading, freshness)


def function_record(row: ListedFunction) -> dict[str, object]:
    """One function as `--json` prints it."""
    config, error = row.reading.config, row.reading.error
    record: dict[str, object] = {
        "path": row.function.path,
        "dir": str(row.function.directory),
        "name": config.name if config is not None else row.function.directory.name,
    }
    if config is not None:
        plan = plan_build(row.function.directory, config)
        record["config"] = config_record(config)
        record["plan"] = {"argv": list(plan.argv), "mode": plan.mode, "reason": plan.reason}
    else:
        record["error"] = error.text if error is not None else ""
        record["line"] = error.line if error is not None else None
        record["plan"] = None
    record["wasm"] = _wasm_record(row.freshness)
    return record


def _wasm_record(freshness: Staleness) -> dict[str, object] | None:
    """function.wasm as `--json` prints it; None where there is none."""
    if freshness.state == "absent":
        return None
    return {
        "size": freshness.size,
        "modified": iso_time(freshness.modified),
        "stale": freshness.is_stale,
        "reason": freshness.reason,
        "mode": freshness.mode,
        "valid": freshness.fault is None,
        "error": freshness.fault,
    }


def iso_time(seconds: float | None) -> str | None:
    """A POSIX time as ISO 8601 in UTC: `2026-01-31T12:00:00.125Z`; None where there is none."""
    if seconds is None:
        return None
    import time

    milliseconds = int(seconds * 1000)
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(milliseconds // 1000))
    return f"{whole}.{milliseconds % 1000:03d}Z"


def _print_table(rows: list[ListedFunction], root: Path, problems: list[FindProblem]) -> None:
    if not rows and any(problem.path == "." for problem in problems):
        return  # what is in it is not known
    if not rows:
        say(f"no functions in {root}: a function is a folder with function.yaml or function.go (fn-tui new makes one)")
        return
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    name_width = min(max(len(printable(row.function.path)) for row in rows), _NAME_WIDTH)
    for row in rows:
        say(_line(row, name_width, plain).rstrip())
    counts = {state: sum(row.state == state for row in rows) for state in _GLYPHS}
    noted = [f"{counts[state]} {word}" for state, word in _STATE_WORDS.items() if counts[state]]
    say(", ".join([plural(len(rows), "function"), *noted]))


_STATE_WORDS: Final = {
    "config-error": "refused",
    "invalid": "broken",
    "stale": "stale",
    "absent": "not built",
    "fresh": "up to date",
}


def _line(row: ListedFunction, name_width: int, plain: bool) -> str:
    """`✓ echo   1.9 MB  command  ` and a note where there is something to say."""
    size = human_bytes(row.freshness.size) if row.freshness.size is not None else "no build"
    mode = build_mode(row.reading.config) if row.reading.config is not None else ""
    glyph = _GLYPHS[row.state][plain]
    note = error_summary(row.reading.error) if row.reading.error is not None else row.freshness.reason or ""
    return f"{glyph} {printable(row.function.path):<{name_width}}  {size:>8}  {mode:<7}  {note}"


def error_summary(error: ConfigError) -> str:
    """A refusal on one line: its first problem, where it is, and how many more there are."""
    first, *more = error.problems or (ConfigProblem(error.text.split("\n", 1)[0]),)
    place = f"line {first.line}: " if first.line is not None and not first.message.startswith("line ") else ""
    rest = f" (and {len(more)} more)" if more else ""
    return f"function.yaml refused: {place}{first.message.removeprefix('function.yaml: ')}{rest}"
