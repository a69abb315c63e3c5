"""What was learned of the functions of one workspace, kept between runs. Losing it costs time only.

Two values a function: what tells its state, and the rest. Both are of one reading, and hold for as long as the disk
shows what it showed then, for the same fn-tui, contract and compiler.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from tui.assessment.assessment import Assessment
from tui.assessment.kept.codec import AMOUNT, FLAG, PATH, TEXT, Damaged, Form, many, optional, record
from tui.assessment.kept.forms import (
    BRIEF,
    BUILD,
    BYTES,
    INPUTS,
    PLAN,
    READING,
    RUN,
    STALENESS,
    STAMP,
    VERDICT,
    WASM,
    plan_in,
)
from tui.assessment.kept.identity import identity, work_files
from tui.assessment.kept.witness import Eye, Places, Sight
from tui.facts import Fact
from tui.settings.store.database import Database
from tui.settings.store.files import default_store, file_name
from tui.settings.store.store import Document, Table
from tui.settings.xdg import cache_home
from tui.workspace.function import Function

if TYPE_CHECKING:
    from pathlib import Path

    from tui.building.compilers.chosen import InUse
    from tui.building.inputs.inputs import Inputs
    from tui.gateway.contract.contract import Contract
    from tui.wasm.module import Module


class Against(Protocol):
    """What functions are held against, as far as it matters here."""

    @property
    def compiler(self) -> InUse:
        """What a build would use now."""

    @property
    def validates(self) -> bool:
        """Whether modules are validated that were not yet."""

    @property
    def contract_id(self) -> str:
        """What tells the host's contract from every other."""

    @property
    def contract(self) -> Contract:
        """The contract."""


AT_ONCE: Final = 200  # functions that are written in one transaction
SAVE_SECONDS: Final = 2.0  # or those of this time, so that a kill costs little
LOOK_SECONDS: Final = 0.05  # for which what lies above the functions is looked at once
MOST_BYTES: Final = 4 << 20  # of one value
_MANIFEST: Final = 2_000  # files of a build; of one with more nothing is kept
_VENDOR: Final = "vendor/modules.txt"  # what else may come to lie beside it cannot be seen by a look

# The fields of an Assessment that are in the first value, and those in the second.
_STATE: Final[dict[str, Form[Any]]] = {
    "reading": optional(READING),
    "plan": optional(PLAN),
    "at": AMOUNT,
    "staleness": optional(STALENESS),
    "modified": optional(AMOUNT),
    "ended": optional(BUILD),
    "stamp": optional(STAMP),
    "module_error": optional(TEXT),
    "verdict": optional(VERDICT),
    "ran": optional(RUN),
    "unvalidated": optional(PATH),
    "brief": BRIEF,
}
_NOT_JUDGED: Final = dict.fromkeys(("stamp", "module_error", "verdict", "ran", "unvalidated"))


class _State(Fact):
    """The first value: where the function lay, what it was held against, what the disk showed, and what came of it."""

    terms: str
    places: Places
    sight: str
    judged: bool
    validated: bool
    fields: tuple[Any, ...]


class _Rest(Fact):
    """The second value, of the same reading."""

    sight: str
    fields: tuple[Any, ...]


class Begun(Fact):
    """A reading that begins: when, and what the function's own folder showed."""

    at: int  # POSIX time, ns
    sight: str


def _fields(forms: dict[str, Form[Any]]) -> Form[tuple[Any, ...]]:
    return record(lambda *values: values, forms, lambda values: values)


def table_of(name: str, form: Form[Any]) -> Table[Any]:
    """The table of values of this form."""

    def decode(document: Document) -> Any:
        try:
            return form.decode(document.get("kept"))
        except Damaged:
            return None

    return Table(
        name, 3, lambda value: {"kept": form.encode(value)}, decode, "what is known of functions", most_bytes=MOST_BYTES
    )


PLACES: Final = record(Places, dict.fromkeys(("folders", "trees", "files"), many(TEXT)))
STATES: Final = table_of(
    "states",
    record(
        _State,
        {"terms": TEXT, "places": PLACES, "sight": TEXT, "judged": FLAG, "validated": FLAG, "fields": _fields(_STATE)},
    ),
)


def _rests() -> Table[Any]:
    """The second table, whose forms load what a module and a life are."""
    from tui.assessment.kept.lives import LIFE
    from tui.assessment.kept.modules import MODULE

    forms: dict[str, Form[Any]] = {
        "source": optional(BYTES),
        "inputs": optional(INPUTS),
        "history": many(BUILD),
        "module": optional(MODULE),
        "life": optional(LIFE),
    }
    return table_of("rests", record(_Rest, {"sight": TEXT, "fields": _fields(forms)}))


_REST_NAMES: Final = ("source", "inputs", "history", "module", "life")


def kept_of(workspace: str) -> Kept:
    """What is kept of a workspace, by its path."""
    return Kept(database_of(workspace))


def database_of(workspace: str) -> Database:
    """Where it is kept."""
    name = file_name(os.path.abspath(workspace)).removesuffix(".json")  # noqa: PTH100 -- resolve() asks the disk
    return Database(cache_home() / "workspaces" / f"{name}.sqlite3")


class Kept:
    """For one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._eye = Eye()
        self._looked, self._saved = 0.0, time.monotonic()
        self._loaded = False
        self._new: list[tuple[Table[Any], str, Any]] = []
        self._key: str | None = None
        self._of: tuple[object, ...] = ()

    @cached_property
    def _rests(self) -> Table[Any]:
        return _rests()

    # -- asked

    def stated(self, function: Function, terms: Against) -> Assessment | None:
        """What tells the function's state, as far as `stated` looks; None where it is not known, or not any more."""
        state = self._confirmed(function, terms)
        if state is None:
            return None
        weighed = _assessment(function, state, judged=False)
        if not weighed.needs_verdict:
            return weighed
        return _assessment(function, state) if state.judged else None

    def whole(self, function: Function, terms: Against) -> Assessment | None:
        """All that is known of the function; None where not all is, or it does not hold any more."""
        state = self._confirmed(function, terms)
        return self._completed(function, state, terms) if state is not None and state.judged else None

    def outlined(self, function: Function, terms: Against) -> Assessment | None:
        """All that is known, but for what is kept in the second value: its `brief` stands for that; None as above."""
        state = self._confirmed(function, terms)
        return _assessment(function, state) if state is not None and state.judged else None

    def has(self, function: Function, terms: Against) -> bool:
        """Whether something is kept of the function for these terms, whether or not it still holds."""
        return self._state(function, terms) is not None

    def relearn(self) -> None:
        """Another process writes what it learns: look for it."""
        self._database.unload()

    def module(self, found: Assessment) -> Module | None:
        """The module of the file with the stamp of what was found, whatever else may have changed since."""
        state: _State | None = self._read(STATES, found.function)
        rest: _Rest | None = self._read(self._rests, found.function) if state is not None else None
        if state is None or rest is None or rest.sight != state.sight:
            return None
        known = _whole(found.function, state, rest)
        return known.module if known.stamp == found.stamp else None

    def _completed(self, function: Function, state: _State, terms: Against) -> Assessment | None:
        from tui.gateway.checks.imports import judge_imports

        rest: _Rest | None = self._read(self._rests, function)
        if rest is None or rest.sight != state.sight:
            return None
        found = _whole(function, state, rest)
        module = found.module
        return replace(found, imports=judge_imports(module, terms.contract)) if module is not None else found

    def _confirmed(self, function: Function, terms: Against) -> _State | None:
        """The first value, where the disk shows what it showed."""
        state = self._state(function, terms)
        if state is None:
            return None
        sight = self._look(function, state.places)
        return state if sight is not None and sight.digest == state.sight else None

    def _state(self, function: Function, terms: Against) -> _State | None:
        """The first value, where it is of these terms."""
        key = self._terms_key(terms)
        state: _State | None = self._read(STATES, function) if key is not None else None
        if state is None or state.terms != key or (terms.validates and not state.validated):
            return None
        return state

    def _read(self, table: Table[Any], function: Function) -> Any:
        if table is STATES and not self._loaded:
            self._loaded = True
            self._database.load(table)  # nearly all of them will be asked for
        return self._database.read(table, os.fspath(function.directory)).value

    def _look(self, function: Function, places: Places) -> Sight | None:
        now = time.monotonic()
        if now - self._looked > LOOK_SECONDS:
            self._eye, self._looked = Eye(), now
        return self._eye.witness(os.fspath(function.directory), places)

    # -- told

    def learn(self, function: Function, terms: Against, read: Callable[[], Assessment]) -> Assessment:
        """What a reading of the function tells, which is kept."""
        begun = self.begin(function)
        found = read()
        if begun is not None:
            self.keep(found, begun, terms)
        return found

    def begin(self, function: Function) -> Begun | None:
        """Before a function is read."""
        at = time.time_ns()
        sight = self._look(function, Places())  # what changed above since then is seen by the looks in `keep`
        return Begun(at, sight.digest) if sight is not None else None

    def keep(self, found: Assessment, begun: Begun, terms: Against) -> None:
        """After it was read. Nothing is kept where the disk may have changed meanwhile, or could change unseen."""
        from tui.assessment.kept.modules import is_plain

        key = self._terms_key(terms)
        places = places_for(found)
        if key is None or places is None or (found.module is not None and not is_plain(found.module)):
            return
        directory = os.fspath(found.function.directory)
        eye = Eye()
        own, sight = eye.witness(directory, Places()), eye.witness(directory, places)
        if own is None or own.digest != begun.sight or sight is None or not sight.is_settled(begun.at):
            return
        judged = found.verdict is not None
        validated = terms.validates or found.unvalidated is None
        fields = tuple(getattr(found, name) for name in list(_STATE)[:-1])
        fields = (*fields, found.told)
        self._new.append((STATES, directory, _State(key, places, sight.digest, judged, validated, fields)))
        if judged:
            rest = tuple(getattr(found, name) for name in _REST_NAMES)
            self._new.append((self._rests, directory, _Rest(sight.digest, rest)))
        if len(self._new) >= AT_ONCE or time.monotonic() - self._saved > SAVE_SECONDS:
            self.save()

    def save(self) -> str | None:
        """Write what was learned; the sentence of what went wrong. It costs time only."""
        new, self._new, self._saved = self._new, [], time.monotonic()
        return self._database.write_all(new) if new else None

    def close(self) -> str | None:
        """Write what was learned, and let go of the database; the sentence of what went wrong."""
        problem = self.save()
        self._database.close()
        return problem

    # -- what it is held against

    def _terms_key(self, terms: Against) -> str | None:
        """What the same function may be called otherwise by; None where that cannot be told."""
        of = (terms.compiler, terms.contract_id)
        if self._of != of:
            self._of, self._key = of, identity(*of)
        return self._key


def _assessment(function: Function, state: _State, *, judged: bool = True) -> Assessment:
    fields = dict(zip(_STATE, state.fields, strict=True))
    if not judged:
        fields |= _NOT_JUDGED
    if fields["plan"] is not None:
        fields["plan"] = plan_in(function.directory, fields["plan"])
    return Assessment(function, **fields)


def _whole(function: Function, state: _State, rest: _Rest) -> Assessment:
    return replace(_assessment(function, state), brief=None, **dict(zip(_REST_NAMES, rest.fields, strict=True)))


def places_for(found: Assessment) -> Places | None:
    """What an assessment hangs on; None where that is more than a look at times can hold."""
    directory = found.function.directory
    if found.plan is not None and (found.plan.cwd != directory or found.plan.output != directory / WASM):
        return None
    more = (str(found.unvalidated),) if found.unvalidated is not None else ()
    if found.inputs is not None:
        return places_of(found.inputs, more)
    return Places(files=(*records_of(directory), *work_files(), *more))


def records_of(directory: Path) -> tuple[str, str]:
    """The files with what is on record of a function: its builds, and its runs."""
    from tui.building.record.history import HISTORIES, history_key
    from tui.building.record.runs import RUNS

    store = default_store()
    return str(store.path(HISTORIES, history_key(directory))), str(store.path(RUNS, str(directory.absolute())))


def places_of(inputs: Inputs, more: tuple[str, ...] = ()) -> Places | None:
    """What a function hangs on that is built from these; None where that is more than a look at times can hold."""
    directory = inputs.directory
    if len(inputs.manifest) > _MANIFEST or any(name.endswith(_VENDOR) for name in inputs.manifest):
        return None
    folders = tuple(str(folder) for folder in inputs.packages if folder != directory)
    trees = tuple(str(root) for root in inputs.embed_roots)
    outside = [f"{directory}/{name}" for name in inputs.manifest if "/" in name]
    outside += [str(path) for path in inputs.sought if path.parent != directory]
    files = (*records_of(directory), *work_files(), *more)
    return Places(folders, trees, (*files, *dict.fromkeys(outside)))
