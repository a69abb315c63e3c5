"""Checks on function.wasm itself: there, whole, a core module, of today, and within what the engine can do."""

from __future__ import annotations

from collections.abc import Iterator

from tui.gateway.checks.case import WASM, Case, Check, Raised
from tui.gateway.engine.features import claimed_features
from tui.gateway.engine.forecast import Fate
from tui.gateway.engine.wazero.engine_module import quoted
from tui.gateway.life.words import BUILD, REBUILD
from tui.gateway.verdict import Place
from tui.text import printable
from tui.wasm.decode.budget import OutOfTime
from tui.wasm.module import Module
from tui.wasm.validate import EXTRA, Validation
from tui.wasm.validator import validator_version

_FILE = Place(WASM)


def absent(case: Case) -> Iterator[Raised]:
    """Nothing was built yet. That a build failed says more, and another is no way on by itself."""
    if case.subject.module is None and case.subject.module_error is None and case.subject.failed is None:
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
    if module.kind != "core":
        said = "; ".join(filter(None, (case.contract.say("invalid_module", why=why), compile_words(case))))
    elif case.taken:
        runtime = case.contract.runtime
        message = f"function.wasm breaks a rule that {runtime.name} does not check: {why}{at}"
        yield Raised(message, "runs with this engine; others refuse the module", REBUILD, _FILE, "warning")
        return
    else:
        said = compile_words(case) or f"{case.contract.runtime.refusal}: {why}"
    yield Raised(f"function.wasm is not a valid module: {why}{at}", said, REBUILD, _FILE)


def compile_words(case: Case) -> str:
    """What is said where the engine refuses the module before anything runs; "" where it does not, or is not known."""
    answer, runtime = case.evidence.answer, case.contract.runtime
    if answer is None or answer.taken:
        return ""
    if answer.stage == "compile":
        return f"{runtime.refusal} ({runtime.name}: {answer.said})"
    return case.say_load(answer.said)


def refused_by_engine(case: Case) -> Iterator[Raised]:
    """A rule of the engine's own that the module breaks: sections, constants, tables, segments, name section."""
    answer, module = case.evidence.answer, case.module or case.subject.module
    if answer is None or answer.taken or module is None or not module.ok or case.evidence.features:
        return  # what the decoder found, or a feature that the engine lacks, is said in words of its own
    if answer.function is not None:
        return
    does = "refuses the module" if answer.stage == "compile" else "cannot instantiate the module"
    yield Raised(f"{case.contract.runtime.name} {does}: {answer.said}", compile_words(case), REBUILD, _FILE)


def start_fails(case: Case) -> Iterator[Raised]:
    """A start section whose function traps, exits or never ends: the module is never instantiated."""
    start = case.evidence.start
    if case.module is not None and start is not None and start.how != "returns" and not case.evidence.refused:
        words = _start_trap(case, case.module, start) if start.how == "traps" else start.words
        yield Raised(
            f"the start section's function {start.how}", case.say_load(words), "take it out, or mend it", _FILE
        )


def _start_trap(case: Case, module: Module, start: Fate) -> str:
    """A trap of the start section's function as the engine tells it.

    wazero looks for the exports of that function with an index that counts the imported functions twice.
    """
    index = module.start or 0
    counted = index + module.functions.imported
    names = sorted(quoted(e.name) for e in module.exports if e.kind == "func" and e.index == counted)
    exports = f" export[{','.join(names)}]" if names else ""
    return case.engine.start_traps.format(index=index, exports=exports, why=start.words) or start.words


def bodies(case: Case) -> Iterator[Raised]:
    """A function body that does not validate; or bodies that nothing validated."""
    answer, module, validation = case.evidence.answer, case.module or case.subject.module, case.subject.validation
    if module is None or module.kind != "core" or not module.functions.defined:
        return
    if answer is not None and answer.function is not None:
        if module.ok and not case.evidence.features:
            message = f"the body of function {answer.function} does not validate: {answer.said}"
            yield Raised(message, compile_words(case), REBUILD, _FILE)
    elif answer is None and validation is not None and validation.refused and case.evidence.bodies == "wasmtime":
        words = f"{case.contract.runtime.refusal} (wasmtime: {validation.message})"
        yield Raised(f"function.wasm does not validate: {printable(validation.message, 160)}", words, REBUILD, _FILE)
    elif validation is not None and validation.refused and module.ok and not case.evidence.refused:
        yield _takes_what_others_refuse(case, validation)
    elif case.evidence.bodies == "unread" and not case.evidence.refused and module.ok and not case.is_cut:
        yield _unread(validation)  # of one that was not read to its end that is said


def _takes_what_others_refuse(case: Case, validation: Validation) -> Raised:
    """That the validator refuses what the engine's own rules take: one of the rules in which the two differ."""
    engine = case.contract.runtime.name
    message = f"wasmtime refuses the module, {engine} takes it: {printable(validation.message, 160)}"
    seen = "" if case.evidence.bodies == "engine" else "; the other function bodies were not looked at"
    return Raised(message, f"runs with this engine; others refuse it{seen}", REBUILD, _FILE, "warning")


def _unread(validation: Validation | None) -> Raised:
    """That nobody looked at the function bodies, and why."""
    if validation is not None and validation.outcome == "crashed":
        why, remedy = validation.message, "look at the module with fn-tui inspect --validate"
    elif validator_version():
        why, remedy = "not done yet", "fn-tui check does it"
    else:
        why, remedy = "the extra is not installed", EXTRA
    message = f"function bodies were not validated: {printable(why, 120)}"
    return Raised(
        message, "not known: a body that does not validate is refused at the first call", remedy, _FILE, "info"
    )


def incomplete(case: Case) -> Iterator[Raised]:
    """The module was too large or too slow to be read to its end."""
    module = case.subject.module
    if module is None or module.errors or not case.is_cut:
        return
    said = OutOfTime.reason
    if not module.complete:
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
        invalid = case.contract.say("invalid_module", why="a component, not a core module")
        words = "; ".join(filter(None, (invalid, compile_words(case))))
        yield Raised(f"function.wasm is a component; {host} runs core modules only", words, remedy, _FILE)
        return
    names = list(dict.fromkeys(entry.module for entry in module.imports if is_preview2(entry.module)))
    if names and case.module is not None:
        first = printable(names[0], 80)
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        words = case.say_load(case.contract.say("unknown_module", module=first))
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
    if case.module is None and not (case.subject.module is not None and case.subject.module.ok):
        return
    if case.taken:
        return  # the engine's own rules looked at whatever shows a feature
    for use in case.evidence.features:
        message = f"uses {use.feature} ({use.evidence}), which {runtime.name} lacks"
        remedy = f"build without {use.feature}: -target wasi enables nothing that the host lacks"
        yield Raised(message, compile_words(case) or runtime.refusal, remedy, _FILE)


def claimed(case: Case) -> Iterator[Raised]:
    """The compiler says that it may use a feature that the engine lacks; nothing in the module shows it."""
    if case.module is None:
        return
    runtime = case.contract.runtime
    used = {use.feature for use in case.evidence.features}
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
    Check("engine-refuses", "A rule of the engine's own", "error", refused_by_engine),
    Check("start-fails", "A start section that fails", "error", start_fails),
    Check("function-body", "A function body that does not validate", "error", bodies),
    Check("module-incomplete", "function.wasm could not be read to its end", "warning", incomplete),
    Check("module-component", "A component or WASI preview 2", "error", component, (21,)),
    Check("module-stale", "function.wasm is older than what it is built from", "warning", stale, (1,)),
    Check("feature-unsupported", "A WebAssembly feature that the engine lacks", "error", unsupported, (22,)),
    Check("feature-claimed", "A WebAssembly feature allowed that the engine lacks", "warning", claimed, (22,)),
)
