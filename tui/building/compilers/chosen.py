"""The compiler that was chosen, as it lies on this machine: what a build would use that is not told otherwise."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.building.compilers.compiler import Found
    from tui.building.plan.build_plan import CompilerName


class InUse(Protocol):
    """What others ask of the compiler that a build would use now."""

    @property
    def name(self) -> CompilerName:
        """Which it is."""

    @property
    def program(self) -> str | None:
        """Where its program lies; None where it is not on this machine: no build would differ then."""

    @property
    def version(self) -> str | None:
        """Its version, as far as it is known."""

    @property
    def go_version(self) -> str | None:
        """The version of the Go that it works with."""


class ChosenCompiler:
    """Looked up once, and only where somebody asks. Nothing is started, but for `go_version`."""

    def __init__(self, name: CompilerName, found: Found | None = None) -> None:
        """`found` spares looking for what the caller has found."""
        self.name: CompilerName = name
        self._found = found

    @cached_property
    def program(self) -> str | None:
        """Where its program lies."""
        from tui.building.compilers import by_name

        return self._found.tool.path if self._found is not None else by_name(self.name).find()

    @cached_property
    def version(self) -> str | None:
        """As far as it is known; None where it is not, or the compiler is missing."""
        from tui.building.compilers import by_name

        if self._found is not None:
            return self._found.tool.version
        return by_name(self.name).known_version(self.program) if self.program is not None else None

    @cached_property
    def go_version(self) -> str | None:
        """The version of the Go whose language and library it builds with; None where that is not known."""
        from tui.building.compilers import by_name

        return (self._found or by_name(self.name).examine()).go_version
