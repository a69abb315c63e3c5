"""Which compiler builds would use, in the words of the screen, and what is said where it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.notices import Notice
from tui.building.compilers import by_name, every

if TYPE_CHECKING:
    from tui.building.compilers.toolchain import Toolchain
    from tui.building.events import CompilerName


def is_missing(chosen: CompilerName) -> bool:
    """Whether this compiler is not on this machine now. Looks on PATH; starts nothing."""
    return by_name(chosen).find() is None


def compiler_words(chosen: CompilerName, tools: Toolchain | None, key: str) -> tuple[str, str]:
    """The compiler that builds would use, for the header, and the role of the words. `tools` None: not known yet.

    `key` chooses another.
    """
    compiler = by_name(chosen)
    if tools is None:
        return compiler.words.title, "muted"
    if tools.tool(chosen).path is None:
        other = tools.other(chosen)
        if other is None:
            return "no compiler", "error"
        return f"no {compiler.words.short}: {key} chooses {by_name(other).words.title}", "error"
    fit = "warn" if compiler.stand_in else "muted"
    return tools.words(chosen), fit if tools.can_build(chosen) else "error"


def no_compiler(chosen: CompilerName) -> Notice:
    """What is said instead of building where the chosen compiler is missing: the deploy tool's words, and a way on."""
    ways = []
    for other in every():
        if other.name != chosen:
            install = (
                f"Or: {other.words.install}, and build with" if other.words.install is not None else "Or: build with"
            )
            ways.append(f"{install} {other.words.title}")
    return Notice(". ".join([by_name(chosen).words.missing, *ways]), "error", "Nothing was built")
