"""Which compilers there are on this machine, and whether they are fit for the job and for each other."""

from __future__ import annotations

from tui.building.compilers import by_name, every
from tui.building.compilers.compiler import Found, Tool
from tui.facts import Fact

__all__ = ["Tool", "Toolchain", "find_toolchain"]


class Toolchain(Fact):
    """What a build could use on this machine now."""

    found: tuple[Found, ...]  # one of each compiler, the default first

    def of(self, name: str) -> Found | None:
        """A compiler as it was found; None for one that was not looked for."""
        return next((each for each in self.found if each.tool.name == name), None)

    @property
    def tools(self) -> tuple[Tool, ...]:
        """Every program: the compilers, then what they run."""
        return (*(each.tool for each in self.found), *(tool for each in self.found for tool in each.needs))

    def tool(self, name: str) -> Tool:
        """A program by its name. Raises LookupError."""
        found = next((tool for tool in self.tools if tool.name == name), None)
        if found is None:
            raise LookupError(name)
        return found

    def can_build(self, name: str) -> bool:
        """Whether a build with this compiler has a chance."""
        found = self.of(name)
        return found is not None and found.obstacle is None

    def obstacle(self, name: str) -> str | None:
        """Why a build with this compiler has no chance, in a sentence; None where it has one."""
        found = self.of(name)
        return found.obstacle if found is not None else by_name(name).words.missing

    @property
    def best(self) -> str | None:
        """The first compiler that can build; None where none can."""
        return next((each.tool.name for each in self.found if each.obstacle is None), None)

    def other(self, name: str) -> str | None:
        """The first compiler but this one that can build; None where none can."""
        return next((n for n in (each.tool.name for each in self.found) if n != name and self.can_build(n)), None)

    def words(self, name: str) -> str:
        """A compiler with its version, and the Go that it works with: `TinyGo 0.35.0 · Go 1.23.9`."""
        found, compiler = self.of(name), by_name(name)
        version = (found.tool.version if found is not None else None) or "?"
        go = found.go_version if found is not None and found.go_version != found.tool.version else None
        with_go = f" · Go {go}" if go is not None else ""
        return f"{compiler.words.short} {version}{with_go}{' (stand-in)' if compiler.stand_in else ''}"


def find_toolchain() -> Toolchain:
    """Look for the tools and ask for their versions. Blocks for milliseconds, seconds if a tool hangs: use a thread."""
    return Toolchain(tuple(compiler.examine() for compiler in every()))
