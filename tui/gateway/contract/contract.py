"""A host's contract as frozen records: what it offers modules, what it asks of them, what it says when they fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tui.facts import Fact
from tui.wasm.module import FuncType

if TYPE_CHECKING:
    from tui.wasm.mode import ExportMode


class ContractError(Exception):
    """A contract file that cannot be used: which file, which field, what is wrong with it and what to do."""

    def __init__(self, source: str, where: str, problem: str, remedy: str) -> None:
        super().__init__(f"{source}: {where + ': ' if where else ''}{problem}; {remedy}")
        self.source = source
        self.where = where  # "kinds[1].steps[0].params", "line 3 column 7", "" for the file as a whole
        self.problem = problem
        self.remedy = remedy


class ConfigNeed(Fact):
    """A key of function.yaml that must be true for a host function to work."""

    key: str
    otherwise: str  # what happens without it


class HostFunction(Fact):
    """One function that the host offers to modules."""

    name: str
    type: FuncType
    does: str = ""  # one line
    returns_bytes: bool = False  # the host copies an answer into the module: needs its allocator
    prefer: str | None = None  # the better function of the same module
    why: str = ""  # why the other is better
    since: str | None = None  # the host version that brought it
    needs: ConfigNeed | None = None
    succeeds_with_one: bool = False  # its answer is 1 where it worked, 0 where it did not


class HostModule(Fact):
    """One table of host functions under one or more module names; the first name is the canonical one."""

    names: tuple[str, ...]
    functions: Mapping[str, HostFunction]


class Allocator(Fact):
    """The export through which the host asks a module for memory: any one of `names`, the first preferred."""

    names: tuple[str, ...]
    type: FuncType
    without: str  # what a call that returns bytes does where there is none


class KindStep(Fact):
    """A station of a kind's life. `exports` are alternatives, the first preferred; none: the host acts by itself."""

    label: str
    exports: tuple[str, ...]
    type: FuncType | None  # None for what the host does itself
    does: str  # two or three words
    repeats: bool = False
    more: str = ""  # what else one should know here
    missing: str = ""  # the host's words where the export is not there; "": those of the kind
    fails: str = ""  # its words where the call fails; {why} is what the engine says
    optional: str = ""  # what happens without the export, where the host goes on all the same
    unnoticed: str = ""  # what happens where the call fails, where the host goes on all the same
    closed: str = ""  # its words where the function exits or is stopped, where they are others
    exits: bool = False  # whether an exit with 0 counts as a return
    rejects: str = ""  # its words where the result is not 0, and that ends the trip; {value} is the result
    unreadable: str = ""  # its words where the result points outside the memory
    result: str = ""  # what it makes of it: "needed" both halves, "zero" 0 means go on; no result reads as 0


class Kind(Fact):
    """One way in which the host drives a function."""

    name: str
    when: str | None  # the boolean key of function.yaml that chooses it; None: the default
    mode: ExportMode  # which build fits it
    steps: tuple[KindStep, ...]
    about: str = ""
    detect: tuple[str, ...] = ()  # exports by which the host recognises it whatever function.yaml says
    forbids: tuple[str, ...] = ()  # exports that must be absent
    memory: bool = False  # whether `memory` must be exported
    allocator: tuple[str, ...] = ()  # exports of which one must be there for the host to pass a payload in
    enforces_memory: bool = False  # whether the memory limit of function.yaml holds
    failure: str = ""  # what a caller sees where an export is missing or of another type
    any_memory: bool = False  # a memory that is not exported as `memory`, or not at all, works too
    no_memory: str = ""  # the host's words where there is no memory that it can use
    no_allocator: str = ""  # its words where none of `allocator` is exported
    without_allocator: str = ""  # what happens without one, where the host goes on all the same
    load: str = ""  # its words where the module cannot be instantiated; {why} is what the engine says
    no_room: str = ""  # its words where the allocator gives a place outside the memory
    allocator_fails: str = ""  # its words where the allocator fails; {why} is what the engine says
    wrong_build: str = ""  # what a caller sees where the module was built for the other mode


class ConfigRule(Fact):
    """A rule of the host on one key of function.yaml, beyond the deploy tool's own."""

    key: str
    minimum: int | None = None
    maximum: int | None = None
    one_of: tuple[str, ...] | None = None
    not_with: str | None = None  # a boolean key that must not be true where this one is set
    refusal: str = ""  # the host's words; {value} stands for the value


class NoEffect(Fact):
    """A key of function.yaml that the host stores or drops without acting on it."""

    key: str
    why: str
    kinds: tuple[str, ...] = ()  # only for these kinds; empty: for all
    harmless: bool = False  # nothing depends on it: worth a note, not a warning


class Runtime(Fact):
    """The WebAssembly engine of the host."""

    name: str  # of one of `tui.gateway.engine.engines`, or of an engine that is not known here
    features: frozenset[str]  # by the names of the target_features convention: "bulk-memory"
    refusal: str  # what a module with any other feature meets
    init_seconds: int | None = None  # time for the init hook
    memory_pages: int | None = None  # the most that a module may have, in pages of 64 KiB
    version: str = ""  # of the engine


def _version(text: str) -> tuple[tuple[int, str], ...]:
    """A version in an order that compares: numbers as numbers, the rest as text."""
    parts = text.removeprefix("v").replace("-", ".").split(".")
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


@dataclass(frozen=True)
class Contract:
    """All that one host expects of a module and offers to it."""

    host: str
    version: str
    runtime: Runtime
    modules: tuple[HostModule, ...]
    kinds: tuple[Kind, ...]  # the first whose `when` is true; the one without `when` is the default
    allocator: Allocator | None = None
    rules: tuple[ConfigRule, ...] = ()
    no_effect: tuple[NoEffect, ...] = ()
    memory_key: str | None = None  # the key of function.yaml that gives the memory limit in MB
    words: Mapping[str, str] = field(default_factory=dict)
    source: str = ""  # the file it was read from

    @cached_property
    def module_names(self) -> tuple[str, ...]:
        """Every module name that a module may import from, canonical ones first within their table."""
        return tuple(name for module in self.modules for name in module.names)

    def module(self, name: str) -> HostModule | None:
        """The table that a module name stands for, or None."""
        return next((module for module in self.modules if name in module.names), None)

    def kind(self, name: str) -> Kind:
        """The kind of that name. Raises KeyError."""
        for kind in self.kinds:
            if kind.name == name:
                return kind
        raise KeyError(name)

    def offers(self, function: HostFunction) -> bool:
        """Whether this version of the host has the function already."""
        return function.since is None or _version(function.since) <= _version(self.version)

    @property
    def default_kind(self) -> Kind:
        """The kind that no key has to choose."""
        return next(kind for kind in self.kinds if kind.when is None)

    def say_load(self, kind: Kind, why: str, function: str) -> str:
        """The host's words where a module of that kind cannot be instantiated."""
        return kind.load.format(why=why, function=function) if kind.load else self.say("load", why=why)

    def say(self, situation: str, **names: object) -> str:
        """The host's words for a situation, the names filled in."""
        return self.words[situation].format_map(names)
