"""`fn-tui plan DIR...`: the exact build command of each function, and why it is this one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.building.compilers.module_mode import fitted
from tui.building.plan.plan import plan_build, shell_line
from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.folders import place
from tui.cli.options import add_compiler, add_targets
from tui.cli.output import complain, emit, remark, say

if TYPE_CHECKING:
    import argparse

    from tui.building.plan.build_plan import BuildPlan
    from tui.cli.options import Declares


def add_arguments(parser: Declares) -> None:
    """Declare the arguments of `fn-tui plan`."""
    add_targets(parser, "directories", "DIR", "a function directory")
    add_compiler(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Print the plans. 2 where a function.yaml cannot be read, else 1 where one is refused, else 0."""
    return max(_show(directory, args) for directory in args.directories)


def plan_record(plan: BuildPlan) -> dict[str, object]:
    """A plan as `--json` prints it, but for where the function lies."""
    return {
        "argv": list(plan.argv),
        "cwd": str(plan.cwd),
        "output": str(plan.output),
        "mode": plan.mode,
        "reason": plan.reason,
        "executable": plan.executable,
        "compiler": plan.compiler,
        "env": {**plan.env_defaults, **plan.env},
    }


def _show(directory: str, args: argparse.Namespace) -> int:
    from tui.building.compilers import by_name
    from tui.workspace.config import read_config

    reading = read_config(Path(directory))
    if reading.config is None:
        error = reading.error
        _refuse(directory, error.text if error is not None else "no config", as_json=args.json)
        return EXIT_USAGE if error is not None and error.stage == "read" else EXIT_FAILED
    executable = by_name(args.compiler).find()
    plan = fitted(plan_build(Path(directory), reading.config, args.compiler, executable))
    if args.json:
        emit({**place(directory), **plan_record(plan)})
        return EXIT_OK
    encoding = sys.stdout.encoding or "utf-8"
    say(shell_line(plan, ascii_only=bool(args.ascii) or not encoding.lower().startswith("utf")))
    # What is not part of the command goes to stderr, so that `fn-tui plan DIR | sh` does what it looks like.
    found = f"{args.compiler}: {executable}" if executable else f"{args.compiler} is not on PATH"
    for line in (plan.note, f"  {plan.mode} mode: {plan.reason}", f"  {found}"):
        if line is not None:
            remark(f"{directory}: {line.strip()}")
    return EXIT_OK


def _refuse(directory: str, error: str, *, as_json: bool) -> None:
    if as_json:
        emit({**place(directory), "error": error})
    else:
        complain(f"{directory}: {error}")
