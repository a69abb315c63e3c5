"""What a check sees and what it gives: one function held against one contract, and the findings on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from tui.facts import Fact
from tui.gateway.checks.imports import ImportGroup, JudgedImport, judge_imports
from tui.gateway.contract.contract import Contract, Kind
from tui.gateway.engine.engines import ENGINES, UNKNOWN, Engine
from tui.gateway.engine.evidence import Evidence, gather_evidence
from tui.gateway.life.exports import traps_at_once
from tui.gateway.life.life import choose_kind, driven_kind, life
from tui.gateway.subject import SourceFacts, Subject
from tui.gateway.verdict import Life, LifeStep, Place, Severity
from tui.text import printable
from tui.wasm.decode.read import read_bytes
from tui.wasm.module import Module
from tui.workspace.function import FunctionConfig

YAML, WASM = "function.yaml", "function.wasm"


class Raised(Fact):
    """A finding before its check's id and severity are put on it."""

    message: str
    at_run_time: str
    remedy: str
    where: Place | None = None
    severity: Severity | None = None  # None: that of the check


@dataclass
class Case:
    """One function and one contract, with what several checks need worked out once."""

    subject: Subject
    contract: Contract

    @property
    def config(self) -> FunctionConfig | None:
        """The config, where function.yaml is accepted."""
        return self.subject.config

    @property
    def module(self) -> Module | None:
        """The module, where it is a core module that decoder or engine take as a whole."""
        module = self.subject.module
        if module is None or module.kind != "core":
            return None
        return module if module.ok or self.taken else None

    @property
    def taken(self) -> bool:
        """Whether the engine's own rules take the module's bytes."""
        answer = self.evidence.answer
        return answer is not None and answer.taken

    @property
    def is_cut(self) -> bool:
        """Whether a limit of ours was reached before all of the module's bytes were looked at."""
        module = self.subject.module
        if module is None:
            return False
        kept, there = (len(module.imports), len(module.exports)), (module.counts.imports, module.counts.exports)
        return not module.complete or kept != there or self.evidence.is_cut

    @cached_property
    def engine(self) -> Engine:
        """What is known of the engine that the contract names."""
        return ENGINES.get(self.contract.runtime.name, UNKNOWN)

    @cached_property
    def evidence(self) -> Evidence:
        """What the module's bytes tell beyond its sections."""
        subject, exports = self.subject, self.sources.exports
        found = gather_evidence(
            subject.module, self._bytes(), self.contract.runtime, subject.validation, subject.budget
        )
        if found.guarded is None and exports and all(export.legacy for export in exports):
            return replace(found, guarded=False)  # `//export` has no guard
        return found

    @property
    def sources(self) -> SourceFacts:
        """What the Go files say; nothing where nobody gathered them."""
        return self.subject.sources or SourceFacts()

    @cached_property
    def kind(self) -> Kind:
        """The kind in which the host drives the function."""
        return driven_kind(self.config, self.module, self.contract)[0]

    @cached_property
    def asked(self) -> Kind | None:
        """The kind that function.yaml asks for; None where it is refused."""
        return choose_kind(self.config, self.contract)

    @cached_property
    def life(self) -> Life:
        """The function's life."""
        subject = self.subject
        return life(
            self.config, subject.module, self.contract, subject.module_error, self.evidence, imports=self._judged
        )

    @cached_property
    def mode_breaks(self) -> bool:
        """Whether the trip ends because the module has the other mode's hook."""
        module = self.module
        if module is None or module.mode in (self.kind.mode, "library"):
            return False
        steps = [step for step in self.life.steps if not step.holds]
        return any(is_hook(step) or traps_at_once(step) for step in steps)

    @cached_property
    def imports(self) -> tuple[ImportGroup, ...]:
        """The module's imports, judged; none without a module."""
        return self._judged if self.module is not None else ()

    @cached_property
    def _judged(self) -> tuple[ImportGroup, ...]:
        """The same of a module that is not taken, too."""
        if self.subject.imports is not None:
            return self.subject.imports
        return judge_imports(self.subject.module, self.contract) if self.subject.module is not None else ()

    def _bytes(self) -> bytes | None:
        """The module's bytes, read again where nobody handed them over."""
        module = self.subject.module
        if self.subject.wasm is not None or module is None or not module.complete:
            return self.subject.wasm
        try:
            return read_bytes(self.subject.directory / WASM)
        except OSError:
            return None  # gone meanwhile: sections and types have told their part

    def judged(self) -> Iterator[tuple[ImportGroup, JudgedImport]]:
        """Every import with its group; one that comes twice with the same type once."""
        for group in self.imports:
            for one in {(one.name, one.guest): one for one in group.imports}.values():
                yield group, one

    def say_load(self, why: str) -> str:
        """The host's words where the module cannot be instantiated."""
        name = self.config.name if self.config is not None else "function"
        return self.contract.say_load(self.kind, why, printable(name, 60))

    def line(self, key: str) -> Place:
        """Where function.yaml gives a key, or the file where it does not."""
        origins = self.subject.reading.origins if self.subject.reading is not None else {}
        origin = origins.get(key)
        return Place(YAML, origin.line) if origin is not None else Place(YAML)

    def set_key(self, key: str, value: str) -> str:
        """The remedy that sets a key: with its line where the file has it."""
        place = self.line(key)
        if place.line is None:
            return f"add `{key}: {value}` to function.yaml"
        return f"line {place.line} of function.yaml: {key.rsplit('.', maxsplit=1)[-1]}: {value}"

    def declared(self, module: str, name: str) -> Place:
        """Where the sources declare an import, or function.wasm where they do not."""
        found = (entry.place for entry in self.sources.imports if (entry.module, entry.name) == (module, name))
        return next(found, Place(WASM))


class Check(Fact):
    """One check: its id never changes, its title is what a list of rules shows."""

    id: str
    title: str
    severity: Severity
    run: Callable[[Case], Iterator[Raised]]
    pitfalls: tuple[int, ...] = ()  # numbers in the host's list of pitfalls


def is_hook(step: LifeStep) -> bool:
    """Whether a station is the life-cycle hook of a build mode."""
    return step.export in {"_start", "_initialize"}


def quoted(name: str, limit: int = 80) -> str:
    """A name from a module or a config, safe to show, in quotes."""
    return f'"{printable(name, limit)}"'
