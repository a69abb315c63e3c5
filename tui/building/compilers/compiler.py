"""A compiler as an object: all that tells one from another. Each lies in a file of its own beside this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tui.facts import Fact

if TYPE_CHECKING:
    from tui.building.plan.build_plan import BuildPlan

NOTHING: Mapping[str, str] = MappingProxyType({})


class Tool(Fact):
    """One program, as it was found on this machine."""

    name: str
    path: str | None  # absolute; None: not found
    version: str | None  # "0.35.0", "1.27.3", "122"
    ok: bool  # there, and fit for what it would be used for
    message: str  # one sentence on its state
    advice: str | None = None  # what to do, where not ok
    optional: bool = False  # nothing hangs on it here


class Found(Fact):
    """A compiler and the programs that it runs, as they were found on this machine."""

    tool: Tool  # the compiler itself; its name is the compiler's
    needs: tuple[Tool, ...] = ()  # other programs without which its builds fail
    reactors: bool = True  # whether it can build with -buildmode=c-shared
    go_version: str | None = None  # of the Go whose language and standard library it builds with: "1.23.9"

    @property
    def obstacle(self) -> str | None:
        """Why a build with it has no chance, in a sentence; None where it has one."""
        return next((tool.message for tool in (self.tool, *self.needs) if not (tool.ok or tool.optional)), None)


class Words(Fact):
    """How sentences name a compiler."""

    short: str  # before a version: "TinyGo", "Go"
    title: str  # alone: "TinyGo", "stock Go"
    missing: str  # the deploy tool's sentence where it is not on PATH; the like for others
    instead: str | None = None  # what else can be done where it is missing, in a headless sentence
    install: str | None = None  # one way to get it, short: "pip install 'fn-tui[go]'"


class PhaseSign(Fact):
    """What shows that a build is in a phase: a program that runs (with this first argument), or a file by its name."""

    phase: str  # as people read it: "linking"
    programs: frozenset[str] = frozenset()
    word: str = ""  # the program's first argument; "" for any
    files: frozenset[str] = frozenset()  # names in the private folder of the build
    passing: bool = False  # when it shows no more, the phase before it goes on


def _nothing() -> str | None:
    return None


def _unchanged(plan: BuildPlan) -> BuildPlan:
    return plan


class Compiler(Fact):
    """All that fn-tui knows of a compiler.

    A build runs `NAME build -o OUTPUT FLAGS... [-buildmode=c-shared] .` in the function's directory. `find`,
    `known_version` and `examine` look at this machine now; only `examine` starts programs, each for its version.
    """

    name: str  # after --compiler, in settings and records; the first word of its command
    words: Words
    stand_in: bool  # not what the deploy tool runs
    flags: tuple[str, ...]
    env: Mapping[str, str]  # added to the environment of a build
    env_defaults: Mapping[str, str]  # added only where the person has set none
    tags: Mapping[str, bool]  # build tags that are its own: whether they are set
    find: Callable[[], str | None]  # the program's absolute path
    known_version: Callable[[str], str | None]  # the version of a program at a path, as far as it is known
    examine: Callable[[], Found]  # blocks for milliseconds, for seconds where a program hangs
    lacks: Callable[[], str | None] = _nothing  # what a build will miss, and the fix, in a sentence; starts nothing
    fitted: Callable[[BuildPlan], BuildPlan] = _unchanged  # a plan as it suits the modules around its directory
    reads_cgo: bool = True  # whether files that `import "C"` are compiled
    phases: tuple[PhaseSign, ...] = ()  # in the order in which a build goes through them
