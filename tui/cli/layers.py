"""Settings for the subcommands: what stands in for options that are not given, and which programs are found.

The person's own, those of the workspace that a command is about (once a person has agreed to them), the environment.
"""

from __future__ import annotations

import os

from tui.building.compilers import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any, Final

    from tui.cli.options import Terms
    from tui.settings.keys import Settings
    from tui.settings.settings import Words
    from tui.settings.toml_file import TomlFile
    from tui.settings.trust import WorkspaceFile


# What holds where nothing is set: the defaults of `Settings`, which is not loaded for this.
UNSET: Final[dict[str, object]] = {
    "compiler": DEFAULT,
    "jobs": 0,
    "timeout": 0.0,
    "cluster": "",
    "contract": None,
    "strict": False,
    "ascii": False,
}
_HOW: Final = "--trust agrees and shows it, and so does the screen"


def settle(terms: Terms, args: argparse.Namespace) -> None:
    """Fill in the options that were not given, and say what is wrong with the settings, or not agreed to."""
    given: dict[str, Any] = vars(args)
    about = _first(given[terms.about]) if terms.about is not None else None
    # Numbers are the command's own to judge; a path becomes one as in a file.
    flags = {option: given[option] for option in terms.options if option == "contract"}
    trust = given.get("trust", False)
    file = given.get("settings")
    said = trust or file or any(value is not None for value in flags.values()) or _something_is_set(about)
    settings = effective(about, flags, trust=trust, file=file) if said else None
    for option in terms.options:
        if given[option] is None or option in flags:
            given[option] = UNSET[option] if settings is None else getattr(settings, option)


def _something_is_set(about: Path | None) -> bool:
    """Whether there are settings to read: most machines have none, and reading them costs a short command a tenth."""
    from tui.settings.workspace_file import find_workspace_file
    from tui.settings.xdg import config_home

    if any(name.startswith("FN_TUI_") for name in os.environ) or _may_be_there(config_home() / "settings.toml"):
        return True
    return about is not None and find_workspace_file(about) is not None


def _may_be_there(file: Path) -> bool:
    """Whether there is such a file, or something that keeps us from seeing it, of which reading will tell."""
    try:
        os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def effective(
    about: Path | None, flags: Mapping[str, object], *, trust: bool = False, file: str | None = None
) -> Settings:
    """The settings in force for a folder; what is wrong is said, and the programs that they name are found from now on.

    `trust`: the person agrees to those of the workspace; `file` stands in for the person's own file.
    """
    from pathlib import Path

    from tui.cli.output import complain
    from tui.settings.settings import load_settings

    own = Path(file) if file else None
    settings, problems = load_settings(workspace_layer(about, trust=trust), file=own, flags=flags, words=known_words())
    for problem in problems:
        complain(str(problem))
    use_programs(settings)
    return settings


def settings_file_is_there(file: str | None) -> bool:
    """Whether the settings file that a person named can be read at all; if not, why is said. None: none was named."""
    if file is None:
        return True
    from pathlib import Path

    from tui.cli.output import complain
    from tui.settings.toml_file import SettingsProblem, read_toml

    read = read_toml(Path(file), required=True)
    if isinstance(read, SettingsProblem) and read.line is None:  # with a line, something in it is wrong: told later
        complain(f"--settings {read}")
        return False
    return True


def known_words() -> Words:
    """The words that some settings take and only others know: the names of the compilers that there are."""
    from tui.building.compilers import names

    return {"compiler": names()}


def workspace_layer(folder: Path | None, *, trust: bool) -> TomlFile | None:
    """The workspace's settings where they may take effect. Says where they may not, and what `trust` agrees to."""
    from tui.cli.output import complain
    from tui.settings.toml_file import SettingsProblem
    from tui.settings.trust import workspace_file

    found = workspace_file(folder, known_words()) if folder is not None else None
    if found is None:
        if trust:
            complain(f"--trust: no .fn-tui.toml belongs to {folder}, so there is nothing to agree to")
        return None
    if isinstance(found, SettingsProblem):
        complain(str(found))
        return None
    if trust and found.in_force is None:
        _agree(found)
        return found.file
    if found.in_force is None:
        complain(f"{found.file.path} is ignored, since nobody has agreed to what it sets ({found.names}): {_HOW}")
    return found.in_force


def _agree(found: WorkspaceFile) -> None:
    """Keep that the person agrees, and show to what."""
    from tui.cli.output import complain, remark
    from tui.settings.effects import consequences
    from tui.settings.trust import agree

    folder = found.file.path.parent
    told = [f"  {line}: {what}" for line, what in consequences(found.entries, folder)]
    complain(f"from now on {found.file.path} is in force as it is now:")
    remark(*told, *_moves(found))
    unsaved = agree(found.file)
    if unsaved is not None:
        complain(f"{unsaved}: it is in force for this once")


def _moves(found: WorkspaceFile) -> list[str]:
    """What the keys would be that it changes, as far as the person's own settings and the defaults tell."""
    if not any(entry.action for entry in found.entries):
        return []
    from tui.app.keys.keymap import read_keymap
    from tui.app.keys.moves import moved_keys
    from tui.settings.settings import load_settings

    before, after = (read_keymap(load_settings(layer)[0].keys) for layer in (None, found.file))
    moves = [f"  key {key}: {what}" for key, what in (moved.words() for moved in moved_keys(before, after))]
    return [*moves, *(f"  {problem}" for problem in after.problems)]


def personal_programs(settings_file: str | None) -> None:
    """Only the programs, for the screen, which reads its settings by itself. `settings_file`: what --settings says."""
    from pathlib import Path

    from tui.settings.settings import load_settings

    use_programs(load_settings(file=Path(settings_file) if settings_file else None)[0])


def use_programs(settings: Settings) -> None:
    """Put the programs that the settings name before those on PATH, for us and for the compilers that we start.

    TinyGo runs the first go on PATH, and reads WASMOPT: there is no other way to tell it. So this is the one place
    where our environment is changed, before anything is started.
    """
    from tui.building.compilers.locate import STAND_IN

    if settings.go:
        os.environ[STAND_IN] = settings.go
    for program in (settings.tinygo_go, settings.tinygo):
        if program:
            os.environ["PATH"] = os.pathsep.join([os.path.dirname(program), os.environ.get("PATH", os.defpath)])  # noqa: PTH120
    if settings.wasm_opt:
        os.environ["WASMOPT"] = settings.wasm_opt


def _first(named: str | list[str]) -> Path | None:
    """The folder that a command is about; None where it is none."""
    from pathlib import Path  # 5 ms of start-up, which commands without settings do without

    first = named if isinstance(named, str) else (named or ["."])[0]
    folder = os.path.dirname(first) or "." if os.path.isfile(first) else first  # noqa: PTH120
    return Path(folder) if os.path.isdir(folder) else None
