"""Which compiler builds would use, in the words of the screen, and what is said where it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.shell.toast import Toast

if TYPE_CHECKING:
    from tui.building.compilers.toolchain import Toolchain
    from tui.building.model import CompilerName


def is_missing(chosen: CompilerName) -> bool:
    """Whether this compiler is not on this machine now. Looks on PATH; starts nothing."""
    from tui.building.compilers.locate import find_compiler

    return find_compiler(chosen) is None


def compiler_words(chosen: CompilerName, tools: Toolchain | None) -> tuple[str, str]:
    """The compiler that builds would use, for the header, and the role of the words. `tools` None: not known yet."""
    if tools is None:
        return ("TinyGo" if chosen == "tinygo" else "stock Go"), "muted"
    if chosen == "go" and tools.go.path is None:
        return ("no Go: c chooses TinyGo" if tools.can_build("tinygo") else "no compiler"), "error"
    if chosen == "go":
        return f"Go {tools.go.version or '?'} (stand-in)", "warn" if tools.can_build("go") else "error"
    if tools.tinygo.path is None:
        return ("no TinyGo: c chooses stock Go" if tools.can_build("go") else "no compiler"), "error"
    return tools.summary, "muted" if tools.can_build("tinygo") else "error"


def no_compiler(chosen: CompilerName) -> Toast:
    """What is said instead of building where the chosen compiler is missing: the deploy tool's words, and a way on."""
    from tui.building.compilers.locate import missing_compiler

    other = "Or: pip install 'fn-tui[go]', and c chooses stock Go" if chosen == "tinygo" else "c chooses TinyGo"
    return Toast(f"{missing_compiler(chosen)}. {other}", "error", "Nothing was built")
