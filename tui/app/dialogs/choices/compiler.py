"""Which compiler builds: TinyGo, or one that stands in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.colours.roles import Part
from tui.app.dialogs.choices.choice import Choice, ChoiceScreen
from tui.app.rows.glyphs import Glyphs
from tui.building.compilers import by_name, every
from tui.text import printable

if TYPE_CHECKING:
    from tui.building.compilers.compiler import Compiler
    from tui.building.compilers.toolchain import Toolchain
    from tui.building.events import CompilerName


def _choice(compiler: Compiler, tools: Toolchain | None, glyphs: Glyphs) -> Choice:
    name = compiler.name
    label = f"{compiler.words.title} (stand-in)" if compiler.stand_in else compiler.words.title
    if tools is None:
        return Choice(name, label, "still being looked for")
    tool, obstacle = tools.tool(name), tools.obstacle(name)
    sign = Part(glyphs["ok"], "ok") if obstacle is None else Part(glyphs["error"], "error")
    words = "not found" if tool.path is None else obstacle or tool.message
    return Choice(name, label, glyphs.text(printable(words, 200)), sign=sign)


def compiler_choices(tools: Toolchain | None, glyphs: Glyphs) -> list[Choice]:
    """All compilers, and how each is."""
    return [_choice(compiler, tools, glyphs) for compiler in every()]


def compiler_screen(tools: Toolchain | None, chosen: CompilerName, glyphs: Glyphs) -> ChoiceScreen:
    """Choose the compiler for the builds to come."""
    return ChoiceScreen("Compiler", compiler_choices(tools, glyphs), glyphs, typing=False, chosen=chosen)


def stand_in_screen(tools: Toolchain, unfit: CompilerName, stand_in: CompilerName, glyphs: Glyphs) -> ChoiceScreen:
    """The chosen compiler cannot build: its words, and one that can one key away."""
    words = glyphs.text(printable(tools.obstacle(unfit) or tools.tool(unfit).message, 300))
    choices = compiler_choices(tools, glyphs)
    note = (Part(f"{glyphs['error']} ", "error"), Part(words))
    title = f"Build with {by_name(stand_in).words.title} instead?"
    return ChoiceScreen(title, choices, glyphs, typing=False, chosen=stand_in, note=note)
