"""The person's editor at a line and a column, as an argv: from a setting or the environment. Starts nothing."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

# How programs take a place. {file}, {line} and {column} are filled in, word by word.
_CURSOR: Final = ("+call cursor({line},{column})", "{file}")
_PLUS_LINE: Final = ("+{line}", "{file}")
_PLUS_COLON: Final = ("+{line}:{column}", "{file}")
_PLUS_COMMA: Final = ("+{line},{column}", "{file}")
_COLONS: Final = ("{file}:{line}:{column}",)
_GOTO: Final = ("--goto", "{file}:{line}:{column}")
_OPTIONS: Final = ("--line", "{line}", "--column", "{column}", "{file}")
_STYLES: Final[tuple[tuple[tuple[str, ...], frozenset[str]], ...]] = (
    (_CURSOR, frozenset({"vim", "nvim", "gvim", "mvim", "nvim-qt", "neovide", "vim.basic", "vim.tiny", "vim.gtk3"})),
    (_PLUS_LINE, frozenset({"vi", "nvi", "ex", "joe", "jmacs", "mg", "mcedit", "vile", "elvis", "zile", "tilde"})),
    (_PLUS_COMMA, frozenset({"nano", "pico", "rnano", "ne"})),
    (
        _PLUS_COLON,
        frozenset({"emacs", "emacsclient", "emacs-nox", "kak", "micro", "gedit", "gnome-text-editor", "xed"}),
    ),
    (_COLONS, frozenset({"hx", "helix", "zed", "zeditor", "zedit", "subl", "sublime_text", "geany", "lapce", "amp"})),
    (_GOTO, frozenset({"code", "codium", "vscodium", "code-insiders", "code-oss", "cursor", "windsurf", "positron"})),
    (_OPTIONS, frozenset({"idea", "goland", "pycharm", "clion", "webstorm", "fleet", "kate", "kwrite", "studio"})),
    (("--line", "{line}:{column}", "{file}"), frozenset({"mate"})),
)
# Programs with a window of their own: the screen need not make room for them.
_WINDOWED: Final = frozenset(
    {"gvim", "mvim", "nvim-qt", "neovide", "gedit", "gnome-text-editor", "xed", "geany", "lapce", "mate"}
    | {"zed", "zeditor", "zedit", "subl", "sublime_text"}
    | _STYLES[5][1]
    | _STYLES[6][1]
)
_FALLBACKS: Final = ("nano", "vim", "vi", "hx", "micro", "emacs")


@dataclass(frozen=True, slots=True)
class EditorCommand:
    """What to run."""

    argv: tuple[str, ...]
    program: str  # the file that argv[0] stands for, absolute
    takes_terminal: bool  # the screen has to be suspended while it runs
    at_place: bool = True  # False: an editor of which it is not known how it takes a line


def editor_command(
    path: Path,
    line: int | None = None,
    column: int | None = None,
    *,
    setting: str = "",
    environment: Mapping[str, str] | None = None,
    find: Callable[[str], str | None] | None = None,
) -> EditorCommand | str:
    """The command that opens `path` (absolute) at a 1-based line and column; or the sentence why there is none.

    `setting` comes first (with `{file}`, `{line}`, `{column}` for editors that are not known here), then $VISUAL, then
    $EDITOR, then what is on PATH. `find` looks a program up.
    """
    variables = os.environ if environment is None else environment
    look_up = _on_path if find is None else find
    chosen, source = _chosen(setting, variables, look_up)
    if not chosen:
        return "no editor: set `editor` in the settings, or $VISUAL or $EDITOR"
    try:
        words = shlex.split(chosen)
    except ValueError as error:
        return f"{source} cannot be read as a command: {error}: {chosen}"
    if not words:
        return f"{source} is empty"
    program = look_up(words[0])
    if program is None:
        return f"{source} names {words[0]}, and there is no such program"
    return _command(words, program, path, line, column)


def _chosen(setting: str, variables: Mapping[str, str], find: Callable[[str], str | None]) -> tuple[str, str]:
    """The editor's command line, and where it comes from."""
    for text, source in (
        (setting, "the setting `editor`"),
        *((variables.get(n, ""), f"${n}") for n in ("VISUAL", "EDITOR")),
    ):
        if text.strip():
            return text, source
    return next((name for name in _FALLBACKS if find(name) is not None), ""), "PATH"


def _command(words: list[str], program: str, path: Path, line: int | None, column: int | None) -> EditorCommand:
    name = PurePath(words[0]).name.removesuffix(".exe").lower()
    takes_terminal = name not in _WINDOWED
    if name in {"emacsclient", "emacs"}:
        takes_terminal = not {"-n", "--no-wait", "-c", "--create-frame"} & set(words[1:])
    if any("{file}" in word for word in words):
        return EditorCommand(_filled(words, path, line, column), program, takes_terminal)
    style = next((style for style, names in _STYLES if name in names), None)
    if line is None or style is None:
        return EditorCommand((*words, str(path)), program, takes_terminal, at_place=line is None)
    return EditorCommand((*words, *_filled(style, path, line, column)), program, takes_terminal)


def _filled(words: list[str] | tuple[str, ...], path: Path, line: int | None, column: int | None) -> tuple[str, ...]:
    """The words with the place put in. A name is put in last, so that one with braces in it stays as it is."""
    place = {"{line}": str(line or 1), "{column}": str(column or 1), "{file}": str(path)}
    filled = []
    for template in words:
        word = template
        for key in ("{line}", "{column}", "{file}"):
            word = word.replace(key, place[key])
        filled.append(word)
    return tuple(filled)


def _on_path(program: str) -> str | None:
    """The program's path: one that is written as a path is taken as it is, a name is looked for on PATH."""
    from tui.building.compilers.locate import find_program, is_program

    if os.path.dirname(program):  # noqa: PTH120
        return os.path.abspath(program) if is_program(program) else None  # noqa: PTH100
    return find_program(program)
