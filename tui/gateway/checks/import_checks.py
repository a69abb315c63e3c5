"""Checks on imports: the host resolves every one of them at each instantiation, and knows names and exact types."""

from __future__ import annotations

from collections.abc import Iterator

from tui.gateway.checks.case import WASM, YAML, Case, Check, Raised, quoted
from tui.gateway.checks.imports import JudgedImport, type_code
from tui.gateway.checks.module_checks import is_preview2
from tui.gateway.life.trip import go_signature
from tui.gateway.life.words import export_it
from tui.gateway.verdict import LifeStep, Place
from tui.text import plural, printable
from tui.wasm.module import FuncType

_FILE = Place(WASM)
SHOWN = 20  # findings of one check; a module of a foreign host has hundreds


def unknown_module(case: Case) -> Iterator[Raised]:
    """Pitfall 3: an import from a module that the host does not have."""
    for group in [group for group in case.imports if not group.known and not is_preview2(group.module)][:SHOWN]:
        first = group.imports[0]
        count = plural(len(group.imports), "import")
        names = ", ".join(case.contract.module_names)
        remedy = f"import from {group.nearest}" if group.nearest else f"import from one of: {names}"
        yield Raised(
            f"{count} from module {quoted(group.module)}, which the host does not have",
            _named(case, first),
            remedy,
            case.declared(group.module, first.name),
        )


def _named(case: Case, judged: JudgedImport) -> str:
    """What the host says of an import; where several do not resolve it names any one of them."""
    said = case.say_load(judged.refusal)
    refusals = {one.refusal for _, one in case.judged() if not one.ok}
    if len(refusals) == 1:
        return said
    return f"{said} (of the {len(refusals)} that cannot be resolved the host names one, by chance)"


def unknown_function(case: Case) -> Iterator[Raised]:
    """Pitfall 4: a function that the host does not have: a slip, or newer than the host."""
    unknown = [
        (group, one) for group, one in case.judged() if one.state in ("unknown", "not-a-function") and not one.host
    ]
    for group, one in unknown[:SHOWN]:
        what = "a function" if one.state == "unknown" else f"a {one.guest}"
        since = f" ({case.contract.host} {printable(one.since, 20)} brings it)" if one.since else ""
        remedy = f"did you mean {one.nearest}?" if one.nearest else "take out the import, or use what the host has"
        yield Raised(
            f"imports {what} {quoted(one.name)} from {quoted(group.module)}, which is not there{since}",
            _named(case, one),
            remedy,
            case.declared(group.module, one.name),
        )


def wrong_type(case: Case) -> Iterator[Raised]:
    """Pitfall 5: a function of the host imported with another type."""
    for group, one in [(group, one) for group, one in case.judged() if one.host and not one.ok][:SHOWN]:
        remedy = f"declare {one.name} as {one.host}"
        if one.function is not None and go_signature(one.function.type):
            remedy = f"declare it as `{_go(one.name, one.function.type)}`"
        yield Raised(
            f"imports {printable(group.module)}.{one.name} as {printable(one.guest, 80)}, the host has {one.host}",
            _named(case, one),
            remedy,
            case.declared(group.module, one.name),
        )


def _go(name: str, type_: FuncType) -> str:
    """A Go declaration of a host function, with its parameters numbered."""
    return f"func {name}{go_signature(type_)}"


def declared_wrong(case: Case) -> Iterator[Raised]:
    """Pitfalls 3 to 5 as the sources have them, while there is no module that shows them."""
    if case.subject.module is not None:
        return
    for entry in case.sources.imports[:SHOWN]:
        table = case.contract.module(entry.module)
        if table is None:
            words = case.contract.say("unknown_module", module=printable(entry.module, 80))
            names = ", ".join(case.contract.module_names)
            message = (
                f"{entry.go_name or entry.name} is declared from module {quoted(entry.module)}, which the host lacks"
            )
            yield Raised(message, words, f"import from one of: {names}", entry.place)
            continue
        function = table.functions.get(entry.name)
        if function is None:
            words = case.contract.say("unknown_function", module=entry.module, name=printable(entry.name, 80))
            yield Raised(
                f"declares {quoted(entry.name)}, which the host does not have", words, "correct it", entry.place
            )
        elif entry.type is not None and entry.type != function.type:
            guest, host = type_code(entry.type), type_code(function.type)
            words = case.contract.say("signature", module=entry.module, name=entry.name, guest=guest, host=host)
            message = f"declares {entry.module}.{entry.name} as {guest}, the host has {host}"
            yield Raised(message, words, f"declare it as `{_go(entry.go_name, function.type)}`", entry.place)


def no_allocator(case: Case) -> Iterator[Raised]:
    """Pitfall 6: calls that return bytes and no allocator for them."""
    allocator = case.contract.allocator
    callers = [one.name for _, one in case.judged() if one.ok and one.returns_bytes]
    if allocator is None or not callers or case.module is None or case.kind.allocator:
        return  # a kind that needs an allocator anyway says so with its exports
    helper = next((step for step in case.life.helpers if step.expected == allocator.type), None)
    if helper is None or helper.holds:
        return
    wrong = helper.export if helper.state == "wrong" else None
    have = f"{wrong} {helper.note}" if wrong else f"neither {' nor '.join(allocator.names)} is exported"
    step = LifeStep(allocator.names[0], wrong or allocator.names[0], "wrong" if wrong else "missing", allocator.type)
    which = f"{callers[0]}, which returns bytes" if len(callers) == 1 else f"{callers[0]} and {len(callers) - 1} more"
    bytes_too = "" if len(callers) == 1 else " that return bytes"
    yield Raised(
        f"imports {which}{bytes_too}, and {have}", f"empty strings: {allocator.without}", export_it(step), _FILE
    )


def no_memory(case: Case) -> Iterator[Raised]:
    """A host function called in a module without a memory: it reaches for bytes that are not there."""
    called, module = case.evidence.calls_host, case.module
    if called is None or module is None or not case.engine.no_memory:
        return
    message = f"calls {printable(called, 80)} and has no memory"
    hook = next((step for step in case.kind.steps if step.type is not None), None)
    words = (
        case.engine.no_memory if hook is None else hook.fails.format(why=case.engine.no_memory, export="", function="")
    )
    yield Raised(message, words, "give the module a memory, as every Go compiler does", _FILE)


def needs_key(case: Case) -> Iterator[Raised]:
    """Pitfall 17: a host function that works only where a key of function.yaml is true."""
    if case.config is None:
        return
    for group, one in case.judged():
        need = one.function.needs if one.function is not None else None
        if need is not None and getattr(case.config, need.key, None) is not True:
            yield Raised(
                f"imports {printable(group.module)}.{one.name} without `{need.key}: true`",
                need.otherwise,
                case.set_key(need.key, "true"),
                case.line(need.key) if case.line(need.key).line else Place(YAML),
            )


def deprecated(case: Case) -> Iterator[Raised]:
    """Pitfall 20: a host function for which there is a better one."""
    for group, one in case.judged():
        if one.prefer is not None:
            why = f": {one.why}" if one.why else ""
            yield Raised(
                f"imports {one.name}{why}",
                one.why or "works, but there is a better call",
                f"use {one.prefer}",
                case.declared(group.module, one.name),
            )


CHECKS = (
    Check("import-module", "An import from a module that the host does not have", "error", unknown_module, (3,)),
    Check("import-unknown", "An import that the host does not have", "error", unknown_function, (4,)),
    Check("import-type", "An import with another type than the host's", "error", wrong_type, (5,)),
    Check("import-declared", "A declared import that the host would not resolve", "warning", declared_wrong, (3, 4, 5)),
    Check("allocator-missing", "Calls that return bytes, and no allocator", "error", no_allocator, (6,)),
    Check("memory-absent", "Host calls in a module without a memory", "error", no_memory),
    Check("import-needs-key", "A host function that needs a key in function.yaml", "warning", needs_key, (17,)),
    Check("import-deprecated", "A host function for which there is a better one", "warning", deprecated, (20,)),
)
