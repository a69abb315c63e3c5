"""`--save NAME`: a call that went as it should, kept in calls.yaml for `fn-tui test`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.output import remark
from tui.running.calls.compare import expectation
from tui.running.calls.keep import name_fault
from tui.running.calls.saved_call import FILE, SavedCall
from tui.running.calls.write import add_call

if TYPE_CHECKING:
    import argparse

    from tui.running.answer import Answer, Call


def save_fault(args: argparse.Namespace) -> str | None:
    """Why the call cannot be kept; None where it can."""
    folder = Path(args.path)
    if not os.path.isdir(folder):
        return "--save keeps a call beside a function: name its folder"
    fault = name_fault(folder, args.save)
    if fault is not None:
        return fault
    for option in ("seed", "http", "record"):
        named = vars(args)[option]
        if named and _below(folder, named) is None:
            return f"--save keeps files of the function's folder only, and --{option} {named} is none"
    return None


def _below(folder: Path, named: str) -> str | None:
    """A file's path relative to the function's folder; None for one that lies elsewhere."""
    relative = os.path.relpath(named, folder)
    return None if relative == ".." or relative.startswith("../") else relative


def save(args: argparse.Namespace, call: Call, answer: Answer) -> str | None:
    """Keep it; the sentence of what went wrong, or None."""
    folder = Path(args.path)
    http = args.http or args.record
    kept = SavedCall(
        args.save,
        input=call.input,
        frames=call.frames,
        caller=call.caller,
        seed=_below(folder, args.seed) or "" if args.seed else "",
        http=_below(folder, http) or "" if http else "",
        expect=expectation(answer),
    )
    problem = add_call(folder, kept)
    if problem is None:
        remark(f"kept as {args.save} in {folder / FILE}")
    return problem
