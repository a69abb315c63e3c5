"""A person's own settings for the subcommands: defaults of their options, and which compilers they find."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse

    from tui.settings.keys import Settings

# subcommand -> options whose defaults are settings. `check` reads the workspace's settings too, by itself.
OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "list": ("compiler",),
    "plan": ("compiler",),
    "build": ("compiler", "jobs", "timeout"),
    "watch": ("compiler", "jobs"),
    "doctor": (),
    "check": ("compiler",),
}
_PROGRAMS: Final = ("tinygo", "go", "wasm_opt")


def personal_defaults(name: str, parser: argparse.ArgumentParser) -> None:
    """Let settings stand in for options that are not given, and say what is wrong with the settings."""
    if name not in OPTIONS or not _has_any():
        return
    from tui.cli.output import complain
    from tui.settings.settings import load_settings

    settings, problems = load_settings()
    if name != "check":
        for problem in problems:
            complain(str(problem))
    use_programs(settings)
    chosen = {option: getattr(settings, option) for option in OPTIONS[name]}
    parser.set_defaults(**{option: value for option, value in chosen.items() if value})


def personal_programs(settings_file: str | None) -> None:
    """Only the programs, for the screen, which reads its settings by itself. `settings_file`: what --settings says."""
    from pathlib import Path

    if settings_file is None and not _has_any():
        return
    from tui.settings.settings import load_settings

    use_programs(load_settings(file=Path(settings_file) if settings_file else None)[0])


def use_programs(settings: Settings) -> None:
    """Put the programs that the settings name before those on PATH, for us and for the compilers that we start."""
    for program in (settings.go, settings.tinygo):
        if program:
            os.environ["PATH"] = os.pathsep.join([os.path.dirname(program), os.environ.get("PATH", os.defpath)])  # noqa: PTH120
    if settings.wasm_opt:
        os.environ["WASMOPT"] = settings.wasm_opt


def _has_any() -> bool:
    """Whether there is anything to read. Start-up counts: without settings nothing more is loaded."""
    from tui.settings.xdg import config_home

    variables = (f"FN_TUI_{name.upper()}" for name in (*_PROGRAMS, "compiler", "jobs", "timeout"))
    # The file's name as in tui.settings.settings, which is not loaded for this.
    return any(os.environ.get(variable) for variable in variables) or _there(config_home() / "settings.toml")


def _there(file: os.PathLike[str]) -> bool:
    """Whether there is a file, or something in the way of knowing: reading it then says what."""
    try:
        os.stat(file)  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
