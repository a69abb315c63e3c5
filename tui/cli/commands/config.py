"""`fn-tui config`: each function.yaml as the deploy tool reads it, with what it does not say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.exact import b64, is_exact
from tui.cli.folders import place
from tui.cli.options import add_targets
from tui.cli.output import emit, say
from tui.reading import read_start
from tui.text import first_line

if TYPE_CHECKING:
    import argparse

    from tui.cli.options import Declares
    from tui.workspace.excerpt import ExcerptLine
    from tui.workspace.function import ConfigReading, ConfigWarning, DeployForm, FunctionConfig
    from tui.workspace.rows import ConfigRow

_PANIC = "the deploy tool itself crashes on this file"


def add_arguments(parser: Declares) -> None:
    """Declare the arguments of `fn-tui config`."""
    add_targets(parser, "dirs", "DIR", "function directory, or a function.yaml")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--form", action="store_true", help="show what would be sent at deploy")
    parser.add_argument("--reveal", action="store_true", help="show values that look like secrets")


def run(args: argparse.Namespace) -> int:
    """Show each config; 1 if one is refused, 2 if one cannot be read."""
    return max(_show(name, args) for name in args.dirs)


def _show(name: str, args: argparse.Namespace) -> int:
    from tui.workspace.config import read_config_file
    from tui.workspace.names import YAML_NAME

    path = Path(name)
    file = path if os.path.isfile(path) else path / YAML_NAME  # Path.is_file can raise
    reading = read_config_file(file)
    if args.json:
        emit(place(name) | _record(reading, form=args.form))
    else:
        say(*_page(name, file, reading, args))
    if reading.error is None:
        return EXIT_OK
    return EXIT_USAGE if reading.error.stage == "read" else EXIT_FAILED


# --- for programs


def _record(reading: ConfigReading, *, form: bool) -> dict[str, object]:
    warnings = [_warning_record(warning) for warning in reading.warnings]
    if reading.config is not None:
        shown = _form_record(reading.config) if form else {"config": config_record(reading.config)}
        return {"ok": True, **shown, "warnings": warnings}
    error = reading.error
    if error is None:
        raise AssertionError("a reading has a config or an error")
    return {
        "ok": False,
        "stage": error.stage,
        "error": error.text,
        "line": error.line,
        "column": error.column,
        "problems": [{"message": p.message, "line": p.line, "column": p.column} for p in error.problems],
        "warnings": warnings,
    }


def _warning_record(warning: ConfigWarning) -> dict[str, object]:
    keys = ("code", "key", "message", "hint", "line", "column")
    return {key: getattr(warning, key) for key in keys}


def _form_record(config: FunctionConfig) -> dict[str, object]:
    from tui.workspace.deploy_form import deploy_form

    form = deploy_form(config)
    return {"fields": [list(field) for field in form.fields], "metadata": form.metadata or None}


def _raw(text: str) -> str | dict[str, str]:
    return text if is_exact(text) else {"b64": b64(text)}


def config_record(config: FunctionConfig) -> dict[str, object]:
    """A config under the keys of function.yaml. `env_raw` holds the entries that are no UTF-8, if there are any."""
    env, broken = None, {}
    if config.env is not None:
        env = {key: value for key, value in config.env.items() if is_exact(key) and is_exact(value)}
        broken = {key: value for key, value in config.env.items() if key not in env}
    return {
        "name": config.name,
        "public": config.public,
        "internal": config.internal,
        "memory": config.memory,
        "timeout": config.timeout,
        "retry": {"count": config.retry.count, "delay": config.retry.delay},
        "env": env,
        **({"env_raw": [[_raw(key), _raw(value)] for key, value in broken.items()]} if broken else {}),
        "ws_persistent": config.ws_persistent,
        "ws_idle_timeout_sec": config.ws_idle_timeout_sec,
        "ws_max_frame_bytes": config.ws_max_frame_bytes,
        "ws_max_inflight_per_conn": config.ws_max_inflight_per_conn,
        "reactor": config.reactor,
        "raw_http_response": config.raw_http_response,
        "ws_auth": config.ws_auth,
    }


# --- for people


def _page(name: str, file: Path, reading: ConfigReading, args: argparse.Namespace) -> list[str]:
    from tui.workspace.rows import loose_warnings, rows

    if reading.config is not None and args.form:
        return [f"{name}: would be sent at deploy", *_form_page(reading, reveal=args.reveal)]
    lines = [f"{name}: ok"] if reading.error is None else _refusal(name, file, reading, reveal=args.reveal)
    found = rows(reading)
    widths = (max((len(row.key) for row in found), default=0), max((_width(row, args) for row in found), default=0))
    for row in found:
        lines += _row_lines(row, widths, reveal=args.reveal)
    lines += [f"  ! {_said(warning)}" for warning in loose_warnings(reading)]
    return lines


def _width(row: ConfigRow, args: argparse.Namespace) -> int:
    return min(len(row.text(reveal=args.reveal)), 40)


def _said(warning: ConfigWarning) -> str:
    where = f"line {warning.line}: " if warning.line is not None else ""
    return f"{where}{warning.message} ({warning.hint})"


def _row_lines(row: ConfigRow, widths: tuple[int, int], *, reveal: bool) -> list[str]:
    place = f"line {row.line}" if row.given else "default"
    head = f"  {row.key:<{widths[0]}}  {row.text(reveal=reveal):<{widths[1]}}  {place}"
    return [head, *(f"    ! {warning.message} ({warning.hint})" for warning in row.warnings)]


def _refusal(name: str, file: Path, reading: ConfigReading, *, reveal: bool) -> list[str]:
    from tui.workspace.excerpt import excerpt_for

    error = reading.error
    if error is None:
        return []
    source = _source(file) if error.stage != "read" else b""
    head = f"{name}: {_PANIC}: {error.text}" if error.stage == "panic" else f"{name}: {first_line(error.text)}"
    lines = [head]
    for problem in error.problems:
        if len(error.problems) > 1 or "\n" in error.text:
            lines.append(f"  {problem.message}")
        for line in excerpt_for(source, problem, reveal=reveal):
            lines += _excerpt_lines(line)
    return lines


def _source(file: Path) -> bytes:
    from tui.workspace.config import MAX_BYTES

    try:
        return read_start(file, MAX_BYTES)
    except OSError:  # it went away since it was read: the refusal stands without its lines
        return b""


def _excerpt_lines(line: ExcerptLine) -> list[str]:
    from tui.workspace.excerpt import caret_line

    shown = [f"  {line.number:>5} | {line.text}"]
    return shown if line.caret is None else [*shown, f"        | {caret_line(line)}"]


def _form_page(reading: ConfigReading, *, reveal: bool) -> list[str]:
    from tui.workspace.deploy_form import deploy_form
    from tui.workspace.secrets import MASK

    config = reading.config
    if config is None:
        return []
    if config.env and not reveal:
        config = config._replace(env={k: MASK if k in reading.secrets else v for k, v in config.env.items()})
    form: DeployForm = deploy_form(config)
    width = max(len(key) for key, _ in form.fields)
    return [
        *(f"  {key:<{width}}  {value}" for key, value in form.fields),
        f"  {'metadata':<{width}}  {form.metadata or '(none)'}",
    ]
