"""Which compiler builds: TinyGo, or stock Go as a stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.app.choice_screen import Choice, ChoiceScreen
from tui.app.glyphs import Glyphs
from tui.app.roles import Part
from tui.text import printable

if TYPE_CHECKING:
    from tui.build.model import CompilerName
    from tui.build.toolchain import Tool, Toolchain

_LABELS: Final[dict[str, str]] = {"tinygo": "TinyGo", "go": "stock Go (stand-in)"}


def _choice(name: str, tool: Tool | None, glyphs: Glyphs) -> Choice:
    if tool is None:
        return Choice(name, _LABELS[name], "still being looked for")
    sign = Part(glyphs["ok"], "ok") if tool.ok else Part(glyphs["error"], "error")
    words = tool.message if tool.ok or tool.path is not None else "not found"
    return Choice(name, _LABELS[name], glyphs.text(printable(words, 200)), sign=sign)


def compiler_choices(tools: Toolchain | None, glyphs: Glyphs) -> list[Choice]:
    """Both compilers, and how each is."""
    return [
        _choice("tinygo", tools.tinygo if tools is not None else None, glyphs),
        _choice("go", tools.go if tools is not None else None, glyphs),
    ]


def compiler_screen(tools: Toolchain | None, chosen: CompilerName, glyphs: Glyphs) -> ChoiceScreen:
    """Choose the compiler for the builds to come."""
    return ChoiceScreen("Compiler", compiler_choices(tools, glyphs), glyphs, typing=False, chosen=chosen)


def stand_in_screen(tools: Toolchain, glyphs: Glyphs) -> ChoiceScreen:
    """TinyGo cannot build: its words, and stock Go one key away."""
    words = glyphs.text(printable(tools.tinygo.message, 300))
    choices = compiler_choices(tools, glyphs)
    note = (Part(f"{glyphs['error']} ", "error"), Part(words))
    return ChoiceScreen("Build with stock Go instead?", choices, glyphs, typing=False, chosen="go", note=note)
