"""The commented settings file that `fn-tui init-settings` writes, made from the table of settings."""

from __future__ import annotations

import errno
from pathlib import Path
from textwrap import wrap

from tui.files import write_new
from tui.settings.keys import SETTING_KEYS, SettingKey, Settings

_HEAD = """\
# Settings of fn-tui. Every line that sets something is commented out and shows the default.
# A file .fn-tui.toml in a workspace is laid over this one, once you have agreed to it (it may not name programs),
# environment variables (FN_TUI_JOBS=2) over both, and command line options over all.
"""


def default_text() -> str:
    """The whole file: valid TOML that changes nothing as it stands."""
    return "\n".join([_HEAD, *(_entry(key) for key in SETTING_KEYS)])


def write_default(path: Path) -> None:
    """Write the file, with its folders. Raises OSError, FileExistsError where there is one already."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, "Not a directory", str(path.parent)) from error
    write_new(path, default_text().encode(), 0o644)


def toml_value(value: object) -> str:
    """A setting's value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:_g}" if isinstance(value, float) else f"{value:_}"
    return '"' + str(value or "").replace("\\", "\\\\").replace('"', '\\"') + '"'


def _entry(key: SettingKey) -> str:
    """One setting: what it does, then its default as a comment."""
    comment = "\n".join(f"# {line}" for line in wrap(key.help, 96))
    if key.kind == "keys":
        return f"{comment}\n[keys]\n# {key.example}\n"
    return f"{comment}\n# {key.name} = {toml_value(getattr(Settings(), key.name))}\n"


def settings_reference() -> str:
    """The Markdown table of the README's settings, without a trailing newline."""
    lines = ["| setting | default | variable | in a workspace | |", "|---|---|---|---|---|"]
    for key in SETTING_KEYS:
        default = f"`{toml_value(getattr(Settings(), key.name))}`" if key.kind != "keys" else f"e.g. `{key.example}`"
        variable = f"`{key.variable}`" if key.kind != "keys" else "-"
        workspace = "yes" if key.from_workspace else "no"
        lines.append(f"| `{key.name}` | {default} | {variable} | {workspace} | {key.help.replace('|', '&#124;')} |")
    return "\n".join(lines)
