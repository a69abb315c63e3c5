"""The sentence under the picture: where the trip ends, what the caller sees, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.facts import Fact
from tui.gateway.contract.contract import Kind
from tui.gateway.life.exports import traps_at_once
from tui.gateway.life.trip import go_name, go_signature
from tui.gateway.verdict import LifeStep
from tui.wasm.module import Module

if TYPE_CHECKING:
    from tui.wasm.mode import ExportMode

BUILD: Final = "b builds it (or: fn-tui build)"
REBUILD: Final = "b rebuilds it (or: fn-tui build)"
# The hooks come from the compiler and the build mode, never from a directive (building/COMPILERS.md).
_HOOKS: Final = {
    "_start": "the compiler makes _start from `func main` of package main in command mode",
    "_initialize": "the compiler makes _initialize with -buildmode=c-shared",
}


# How a note begins that is about its station; any other is a sentence of its own.
_OF_A_STATION: Final = ("is ", "has ", "traps", "exits", "never ends", "always ")


class Ending(Fact):
    """How the trip ends, in words."""

    summary: str
    remedy: str = ""
    failure: str = ""


def rebuild_as(mode: ExportMode) -> str:
    """The remedy for a module of the wrong mode."""
    return f"b rebuilds it as a {mode} (or: fn-tui build)"


def export_it(step: LifeStep) -> str:
    """The remedy for an export that is missing or of another type, with the Go lines to write."""
    if step.export is None or step.expected is None:
        return REBUILD
    if step.export in _HOOKS:
        return f"{_HOOKS[step.export]}; {REBUILD}"
    verb = "declare it as" if step.state == "wrong" else "add"
    signature = go_signature(step.expected)
    if not signature:
        return f"export {step.export} of type {step.expected}"
    return f"{verb} `//go:wasmexport {step.export}` over `func {go_name(step.export)}{signature}`, then build"


def sentence(step: LifeStep) -> str:
    """What is wrong with a station, as a sentence of its own."""
    if step.note == "not exported":
        return f"{step.label} is not exported"
    if step.state == "missing" and not step.note.startswith(_OF_A_STATION):
        return f"no {step.label}: {step.note}"
    return f"{step.label} {step.note}" if step.note.startswith(_OF_A_STATION) else step.note


def ending(
    kind: Kind,
    module: Module | None,
    stations: tuple[tuple[LifeStep, ...], tuple[LifeStep, ...]],
    broken: str | None,
    others: tuple[Kind | None, Kind | None],
) -> Ending:
    """The words for the first thing that goes wrong, or for the arrival.

    `stations` are the steps and the helpers; `others` the kind that function.yaml asks for and the one that the
    module's exports would fit.
    """
    (steps, helpers), (expected, fitting) = stations, others
    if module is None:
        blocked = "correct function.yaml first" if expected is None else BUILD
        unknown = Ending("no build yet: what the module exports is not known", blocked)
        return unknown if broken is None else Ending(broken, REBUILD, "the host refuses the file")
    if broken is not None:
        return _never_loads(module, broken, kind)
    first = next((step for step in steps if not step.holds), None)
    if first is not None and module.mode != kind.mode:
        return _wrong_mode(kind, module, first, fitting)
    if first is not None:
        return Ending(f"{sentence(first)}: {kind.failure}", export_it(first), kind.failure)
    leaning = next((helper for helper in helpers if not helper.holds), None)
    if leaning is not None:
        return _no_helper(kind, leaning)
    odd = next((step for step in (*steps, *helpers) if step.accident), None)
    return _arrives(kind, module, expected) if odd is None else _by_accident(kind, module, odd)


def _never_loads(module: Module, broken: str, kind: Kind) -> Ending:
    if module.kind == "component":
        return Ending(f"{broken}: the host runs core modules only", "build with -target wasi, not wasip2", kind.failure)
    if not module.ok or "refuses the module" in broken:
        return Ending(broken, REBUILD, "the host refuses the file")
    return Ending(f"never starts: {broken}", "see the imports: what the host offers, and the nearest names", broken)


def _wrong_mode(kind: Kind, module: Module, first: LifeStep, fitting: Kind | None) -> Ending:
    """The module was built for the other mode: each pair of modes fails in its own way."""
    remedy = rebuild_as(kind.mode)
    if fitting is not None and kind.when is None:
        summary = f"main never runs: the exports are those of a {fitting.name} function"
        return Ending(summary, f"add `{fitting.when}: true` to function.yaml; or {remedy}", kind.wrong_build)
    if kind.mode == "reactor" and module.mode == "command":
        return _command_for_reactor(kind, first, remedy)
    if kind.mode == "command" and module.mode == "reactor":
        return Ending("hollow: built as a reactor, main never runs", remedy, kind.wrong_build)
    if module.mode == "both":
        return Ending(f"contradictory: {first.note}", remedy, kind.wrong_build)
    return Ending(f"{sentence(first)}: {kind.failure}", remedy, kind.failure)


def _command_for_reactor(kind: Kind, first: LifeStep, remedy: str) -> Ending:
    if kind.detect:
        return Ending("runs as a command: its exports are never called", remedy, kind.wrong_build)
    if not traps_at_once(first) and first.export not in _HOOKS:
        return Ending(f"{sentence(first)}: {kind.failure}", export_it(first), kind.failure)
    return Ending("every export traps: the runtime is never initialised", remedy, kind.wrong_build)


def _no_helper(kind: Kind, helper: LifeStep) -> Ending:
    if helper.label == "memory":
        return Ending(f"{sentence(helper)}: {kind.failure}", REBUILD, kind.failure)
    if kind.allocator:
        return Ending(f"{sentence(helper)}: the host cannot pass bytes in", export_it(helper), kind.failure)
    return Ending(f"{sentence(helper)}: calls that return bytes come back empty", export_it(helper), "empty strings")


def _by_accident(kind: Kind, module: Module, odd: LifeStep) -> Ending:
    """The trip arrives though something is not as it should be."""
    if module.mode != kind.mode and odd.export in _HOOKS:
        return Ending(f"works by accident: {odd.accident}", rebuild_as(kind.mode))
    return Ending(f"works by accident: {sentence(odd)}; {odd.accident}", export_it(odd))


def _arrives(kind: Kind, module: Module, expected: Kind | None) -> Ending:
    if expected is None:
        return Ending(f"arrives as a {kind.name}; what it should be is not known", "correct function.yaml first")
    if module.mode == "both":
        return Ending("arrives, though it exports both _start and _initialize", rebuild_as(kind.mode))
    if expected.name != kind.name:
        return Ending(
            f"runs as a {kind.name} by its exports, function.yaml asks for a {expected.name}",
            f"set {kind.when}: true in function.yaml; the next build makes a {expected.mode} otherwise",
        )
    return Ending(kind.about or "arrives")
