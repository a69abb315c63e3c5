"""`fn-tui inspect FILE|DIR...`: what is in a .wasm file."""

from __future__ import annotations

import gc
import os

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.options import add_targets
from tui.cli.output import complain, emit, say
from tui.wasm.decode.decode import decode
from tui.wasm.decode.read import read_bytes, read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from tui.cli.options import Declares
    from tui.wasm.module import Module
    from tui.wasm.sizes.size_report import Retained, SizeReport
    from tui.wasm.validate import Validation


def add_arguments(parser: Declares) -> None:
    """Declare FILE|DIR, --json, --sizes and --validate."""
    add_targets(parser, "paths", "FILE|DIR", "a .wasm file, or a directory with function.wasm")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--sizes", action="store_true", help="code by package and function, own and retained")
    parser.add_argument("--validate", action="store_true", help="validate in full (needs the extra `validate`)")


def module_path(given: str) -> str:
    """The .wasm file that an argument means: itself, or function.wasm in a directory."""
    return os.path.join(given, "function.wasm") if os.path.isdir(given) else given  # noqa: PTH118


def unreadable(path: str, error: OSError, as_json: bool) -> int:
    """Say that a file cannot be read; gives the exit code."""
    reason = error.strerror or str(error)
    if as_json:
        emit({"file": path, "error": reason})
    complain(f"{path}: {reason}")
    return EXIT_USAGE


def _load(path: str, args: argparse.Namespace) -> tuple[Module, bytes]:
    """The module, and the bytes that it was read from where they are needed further."""
    if not (args.sizes or args.validate):
        return read_module(path), b""
    source = read_bytes(path)
    return decode(source), source


def _sizes(source: bytes, module: Module) -> tuple[SizeReport, Retained | None]:
    from tui.wasm.decode.budget import Budget, OutOfTime
    from tui.wasm.sizes.retained import retained_sizes
    from tui.wasm.sizes.sizes import size_report

    report = size_report(source, module)
    if report.retained_note:
        return report, None
    try:
        return report, retained_sizes(source, module, Budget(len(source)).tick)
    except OutOfTime as stop:
        from dataclasses import replace

        return replace(report, retained_note=stop.reason), None


def _validation(source: bytes) -> Validation:
    from tui.wasm.validate import EXTRA, Validation, validate

    return validate(source) or Validation("not installed", EXTRA)


def _print_json(path: str, module: Module, source: bytes, args: argparse.Namespace) -> bool:
    from tui.cli.reports.module_json import module_record

    record = module_record(path, module)
    valid = True
    if args.sizes:
        from tui.cli.reports.sizes_json import sizes_record

        record["sizes"] = sizes_record(*_sizes(source, module))
    if args.validate:
        from tui.cli.reports.sizes_json import validation_record

        verdict = _validation(source)
        valid = not verdict.refused
        record["validation"] = validation_record(verdict)
    emit(record)
    return valid


def _print_text(path: str, module: Module, source: bytes, args: argparse.Namespace) -> bool:
    from tui.wasm.module_text import module_lines, size_lines, validation_line

    say(*module_lines(path, module))
    valid = True
    if args.sizes:
        say(*size_lines(*_sizes(source, module)))
    if args.validate:
        verdict = _validation(source)
        valid = not verdict.refused
        say(validation_line(verdict))
    return valid


def _inspect(given: str, args: argparse.Namespace) -> int:
    path = module_path(given)
    try:
        module, source = _load(path, args)
    except OSError as error:
        return unreadable(path, error, args.json)
    valid = (_print_json if args.json else _print_text)(path, module, source, args)
    return EXIT_FAILED if module.errors or not valid else EXIT_OK


def run(args: argparse.Namespace) -> int:
    """Show each module; 1 where one is malformed or invalid, 2 where one cannot be read."""
    collecting = gc.isenabled()
    gc.disable()  # tens of thousands of records and no cycle among them
    try:
        return max([_inspect(given, args) for given in args.paths])
    finally:
        if collecting:
            gc.enable()
