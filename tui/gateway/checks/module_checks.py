"""Checks on function.wasm itself: there, whole, a core module, of today, and within what the engine can do."""

from __future__ import annotations

from collections.abc import Iterator

from tui.gateway.checks.case import WASM, Case, Check, Raised
from tui.gateway.engine.features import claimed_features
from tui.gateway.life.words import BUILD, REBUILD
from tui.gateway.model import Place
from tui.text import printable

_FILE = Place(WASM)


def absent(case: Case) -> Iterator[Raised]:
    """Nothing was built yet."""
    if case.subject.module is None and case.subject.module_error is None:
        yield Raised("no build yet: there is no function.wasm", "deploy builds one first", BUILD, _FILE)


def unreadable(case: Case) -> Iterator[Raised]:
    """Pitfall 2: not WebAssembly, truncated, malformed."""
    if case.subject.module_error is not None:
        why = printable(case.subject.module_error, 160)
        yield Raised(
            f"function.wasm cannot be read: {why}", case.contract.say("invalid_module", why=why), REBUILD, _FILE
        )
        return
    module = case.subject.module
    if module is None or module.ok or module.kind == "component":
        return
    note = module.errors[0] if module.errors else None
    why = printable(note.message, 160) if note is not None else "not a WebAssembly module"
    at = f" (byte {note.offset:,} of {module.size:,})" if note is not None else ""
    if module.kind == "core":
        said = f"the module does not compile at the first call: {why}"
    else:
        said = case.contract.say("invalid_module", why=why)
    yield Raised(f"function.wasm is not a valid module: {why}{at}", said, REBUILD, _FILE)


def incomplete(case: Case) -> Iterator[Raised]:
    """The module was too large or too slow to be read to its end."""
    module = case.module
    if module is not None and not module.complete:
        said = printable(module.warnings[-1].message, 160) if module.warnings else "not read to its end"
        yield Raised(f"function.wasm was not read to its end: {said}", "not known", "look at why it is so large", _FILE)


def component(case: Case) -> Iterator[Raised]:
    """Pitfall 21: a component in place of a core module, or imports of WASI preview 2."""
    module = case.subject.module
    if module is None:
        return
    host = case.contract.runtime.name
    remedy = "build with -target wasi (WASI preview 1), not wasip2"
    if module.kind == "component":
        words = case.contract.say("invalid_module", why="a component, not a core module")
        yield Raised(f"function.wasm is a component; {host} runs core modules only", words, remedy, _FILE)
        return
    names = list(dict.fromkeys(entry.module for entry in module.imports if is_preview2(entry.module)))
    if names and case.module is not None:
        first = printable(names[0], 80)
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        words = case.contract.say("unknown_module", module=first)
        yield Raised(f"imports the WASI preview 2 interface {first}{more}", words, remedy, _FILE)


def is_preview2(module: str) -> bool:
    """Whether an import's module name is that of a component interface: `wasi:cli/stdin@0.2.0`."""
    return module.startswith("wasi:") or ("/" in module and "@" in module)


def stale(case: Case) -> Iterator[Raised]:
    """Pitfall 1: function.wasm older than what it is built from, or built for another mode."""
    if case.subject.stale is not None and case.subject.module is not None:
        if case.mode_breaks and case.subject.stale.startswith("built as"):
            return  # the check of the build mode says so already, and more
        if not case.subject.module.ok or case.subject.module.kind != "core":
            return  # it is no module that could be older or newer than anything: the checks above say so
        why = printable(case.subject.stale, 200)
        yield Raised(f"function.wasm is stale: {why}", case.contract.say("stale"), REBUILD, _FILE)


def unsupported(case: Case) -> Iterator[Raised]:
    """Pitfall 22: a feature that the engine lacks, seen in the module."""
    runtime = case.contract.runtime
    for use in case.features:
        message = f"uses {use.feature} ({use.evidence}), which {runtime.name} lacks"
        remedy = f"build without {use.feature}: -target wasi enables nothing that the host lacks"
        yield Raised(message, runtime.refusal, remedy, _FILE)


def claimed(case: Case) -> Iterator[Raised]:
    """The compiler says that it may use a feature that the engine lacks; nothing in the module shows it."""
    if case.module is None:
        return
    runtime = case.contract.runtime
    used = {use.feature for use in case.features}
    names = [name for name in claimed_features(case.module) if name not in runtime.features and name not in used]
    if names:
        shown = ", ".join(printable(name, 40) for name in names[:6])
        yield Raised(
            f"was compiled with {shown} allowed, which {runtime.name} lacks; no use of it was found",
            f"nothing, or: {runtime.refusal}",
            "build with -target wasi and without further features",
            _FILE,
        )


CHECKS = (
    Check("module-absent", "No build yet", "info", absent),
    Check("module-invalid", "function.wasm is not valid WebAssembly", "error", unreadable, (2,)),
    Check("module-incomplete", "function.wasm could not be read to its end", "warning", incomplete),
    Check("module-component", "A component or WASI preview 2", "error", component, (21,)),
    Check("module-stale", "function.wasm is older than what it is built from", "warning", stale, (1,)),
    Check("feature-unsupported", "A WebAssembly feature that the engine lacks", "error", unsupported, (22,)),
    Check("feature-claimed", "A WebAssembly feature allowed that the engine lacks", "warning", claimed, (22,)),
)
