"""Which compiler builds: TinyGo, or stock Go as a stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.app.dialogs.choice import Choice, ChoiceScreen
from tui.app.rows.glyphs import Glyphs
from tui.app.shell.roles import Part
from tui.text import printable

if TYPE_CHECKING:
    from tui.building.compilers.toolchain import Toolchain
    from tui.building.model import CompilerName

_LABELS: Final[dict[str, str]] = {"tinygo": "TinyGo", "go": "stock Go (stand-in)"}


def _choice(name: CompilerName, tools: Toolchain | None, glyphs: Glyphs) -> Choice:
    if tools is None:
        return Choice(name, _LABELS[name], "still being looked for")
    tool, obstacle = tools.tinygo if name == "tinygo" else tools.go, tools.obstacle(name)
    sign = Part(glyphs["ok"], "ok") if obstacle is None else Part(glyphs["error"], "error")
    words = "not found" if tool.path is None else obstacle or tool.message
    return Choice(name, _LABELS[name], glyphs.text(printable(words, 200)), sign=sign)


def compiler_choices(tools: Toolchain | None, glyphs: Glyphs) -> list[Choice]:
    """Both compilers, and how each is."""
    return [_choice("tinygo", tools, glyphs), _choice("go", tools, glyphs)]


def compiler_screen(tools: Toolchain | None, chosen: CompilerName, glyphs: Glyphs) -> ChoiceScreen:
    """Choose the compiler for the builds to come."""
    return ChoiceScreen("Compiler", compiler_choices(tools, glyphs), glyphs, typing=False, chosen=chosen)


def stand_in_screen(tools: Toolchain, glyphs: Glyphs) -> ChoiceScreen:
    """TinyGo cannot build: its words, and stock Go one key away."""
    words = glyphs.text(printable(tools.obstacle("tinygo") or tools.tinygo.message, 300))
    choices = compiler_choices(tools, glyphs)
    note = (Part(f"{glyphs['error']} ", "error"), Part(words))
    return ChoiceScreen("Build with stock Go instead?", choices, glyphs, typing=False, chosen="go", note=note)
