"""The command that builds a function, why it is this one, and the same as a line to paste into a shell."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.building.compilers import DEFAULT, by_name
from tui.building.plan.build_plan import BuildMode, BuildPlan, CompilerName
from tui.text import printable

if TYPE_CHECKING:
    from tui.workspace.function import FunctionConfig

MODULE_NAME: Final = "function.wasm"
C_SHARED: Final = "-buildmode=c-shared"

# (ws_persistent, reactor) -> why the mode is what it is. Both true: persistent wins.
_REASONS: Final = {
    (False, False): "stateless function: main reads stdin and writes stdout, _start runs it anew for every call",
    (True, False): "ws_persistent: true needs a reactor: _initialize runs once, then the ws_* exports are called",
    (False, True): "reactor: true needs a reactor: _initialize runs ahead of time, then the export handle is called",
    (True, True): "ws_persistent: true needs a reactor: _initialize, then the ws_* exports; "
    "it wins over reactor: true, so handle is never called",
}
# The deploy tool's own lines on the same choice; persistent wins there too.
PERSISTENT_NOTE: Final = "  (ws_persistent=true → using -buildmode=c-shared for WASI-reactor semantics)"
REACTOR_NOTE: Final = "  (reactor=true → using -buildmode=c-shared; export handle(ptr,len)->packed)"

_BARE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@+:,./-")


def build_mode(config: FunctionConfig) -> BuildMode:
    """`reactor` exactly when ws_persistent or reactor is true."""
    return "reactor" if config.needs_reactor else "command"


def deploy_note(config: FunctionConfig) -> str | None:
    """The line with which the deploy tool comments on a reactor build; None in command mode."""
    if config.ws_persistent:
        return PERSISTENT_NOTE
    return REACTOR_NOTE if config.reactor else None


def plan_build(
    directory: Path, config: FunctionConfig, compiler: CompilerName = DEFAULT, executable: str | None = None
) -> BuildPlan:
    """The plan for one function; pure for an absolute `directory`. Source: COMPILERS.md, "Invocation".

    `executable` is the program that `argv[0]` was found to be, and is carried along as it is. The path is made absolute
    but symbolic links in it are kept, since the plan is shown to the person who gave it.
    """
    cwd = Path(os.path.abspath(directory))  # noqa: PTH100 - resolve() would follow links
    output = cwd / MODULE_NAME
    mode = build_mode(config)
    shared = (C_SHARED,) if mode == "reactor" else ()
    chosen = by_name(compiler)
    return BuildPlan(
        argv=(chosen.name, "build", "-o", str(output), *chosen.flags, *shared, "."),
        cwd=cwd,
        output=output,
        mode=mode,
        reason=_REASONS[config.ws_persistent, config.reactor],
        compiler=compiler,
        env=chosen.env,
        env_defaults=chosen.env_defaults,
        executable=executable,
        note=deploy_note(config),
    )


def shell_line(plan: BuildPlan, *, ascii_only: bool = False) -> str:
    """The plan as one line that any POSIX shell takes when pasted, whatever the path holds.

    The line has no control, bidi or zero-width character, so it can go to a terminal as it is; such characters, and
    bytes that are not UTF-8, are spelt in octal for printf. `ascii_only` does so with every character outside ASCII.
    """
    fixed = [f"{name}={value}" for name, value in plan.env.items()]
    defaults = [f'{name}="${{{name}:-{value}}}"' for name, value in plan.env_defaults.items()]
    words = [shell_word(word, ascii_only=ascii_only) for word in plan.argv]
    return " ".join(["cd", _directory_word(plan.cwd, ascii_only), "&&", *fixed, *defaults, *words])


def shell_word(word: str, *, ascii_only: bool = False) -> str:
    """One word quoted for any POSIX shell (dash too, which has no $'...')."""
    # A "=" says something to a shell in front of a command or at a word's start, and nothing within an option.
    if word and _BARE.issuperset(word.replace("=", "") if word.startswith("-") else word):
        return word
    if printable(word) == word and (word.isascii() or not ascii_only):
        return "'" + word.replace("'", "'\\''") + "'"
    spelt = "".join(_spell(character) for character in word)
    return f"\"$(printf '{spelt}')\""


def _spell(character: str) -> str:
    """One character for the format of printf: itself where nothing could read more into it, else octal bytes."""
    if character in _BARE:
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _directory_word(directory: Path, ascii_only: bool) -> str:
    """A directory for cd: $(...) eats newlines at the end, so a name that ends in one gets a slash after it."""
    path = str(directory)
    return shell_word(path + "/" if path.endswith("\n") else path, ascii_only=ascii_only)
