"""calls.yaml -> its calls, or what is wrong with it: line, column, and what is allowed there.

The nodes are PyYAML's own (no tags, no objects); what a plain word means is JSON's: 0xabc and 1:30 are texts here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tui.reading import read_whole
from tui.running.answer import Caller
from tui.running.calls.saved_call import EXPECTED, FILE, CallsFault, SavedCall, Span

if TYPE_CHECKING:
    from yaml import MappingNode, Node, ScalarNode

MOST_BYTES: Final = 128 << 10
MOST_NODES: Final = 20_000  # an alias counts as all that it stands for
DEEPEST: Final = 40
KEYS: Final = ("input", "raw", "frames", "caller", "seed", "http", "expect")
CALLER_KEYS: Final = ("wallet", "sub", "device", "claims")
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?")
_HALF: Final = re.compile("[\ud800-\udfff]")
_WORDS: Final[Mapping[str, object]] = {"true": True, "false": False, "null": None, "~": None, "": None}
T = TypeVar("T")


class _WrongError(Exception):
    """What is wrong, and with which node."""

    def __init__(self, words: str, node: Node) -> None:
        super().__init__(words)
        self.fault = CallsFault(words, node.start_mark.line + 1, node.start_mark.column + 1)


def read_calls(folder: Path) -> tuple[SavedCall, ...] | CallsFault | None:
    """The calls that lie beside a function; None where it has none."""
    try:
        source = read_whole(folder / FILE, MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        return CallsFault(error.strerror or str(error))
    return parse_calls(source)


def parse_calls(source: bytes) -> tuple[SavedCall, ...] | CallsFault:
    """The calls of a file's bytes."""
    import yaml

    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return CallsFault(f"byte {error.start} is not UTF-8")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return () if root is None else _calls(root)
    except _WrongError as wrong:
        return wrong.fault
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = error.problem or error.context or "not YAML"
        if words.startswith("but ") and error.context:
            words = f"{error.context}, {words}"
        return CallsFault(words, mark.line + 1, mark.column + 1) if mark is not None else CallsFault(words)
    except yaml.reader.ReaderError as error:
        return CallsFault(f"character {error.position} may not stand in YAML")
    except (yaml.YAMLError, RecursionError):
        return CallsFault("nested too deeply")


def _calls(root: Node) -> tuple[SavedCall, ...]:
    room = _Room()
    room.take(root)
    found = [_call(key.value, key, node) for key, node in _entries(root, "names of calls, each with what it is")]
    return tuple(found)


class _Room:
    """Counts nodes, so that no alias makes more of them than a file could hold."""

    def __init__(self) -> None:
        self._left = MOST_NODES

    def take(self, node: Node, depth: int = 0) -> None:
        """Count a node with all in it. Raises _WrongError."""
        self._left -= 1
        if self._left < 0 or depth > DEEPEST:
            raise _WrongError(f"more than {MOST_NODES:,} values" if depth <= DEEPEST else "nested too deeply", node)
        if isinstance(node.value, str) and _HALF.search(node.value):
            raise _WrongError("half of a pair, \\ud800 to \\udfff, is no character", node)
        for each in _children(node):
            self.take(each, depth + 1)


def _children(node: Node) -> Iterator[Node]:
    from yaml import MappingNode, SequenceNode

    if isinstance(node, MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, SequenceNode):
        yield from node.value


def _call(name: str, key: Node, node: Node) -> SavedCall:
    if not name or len(name) > 100:
        raise _WrongError("a call has a name of 1 to 100 characters", key)
    parts = _known(node, KEYS)
    if "input" in parts and "raw" in parts:
        raise _WrongError("input is JSON and raw is text: give one of the two", parts["raw"])
    expect = parts.get("expect")
    return SavedCall(
        name,
        key.start_mark.line + 1,
        _input(parts),
        _frames(parts.get("frames")),
        _each(parts.get("caller"), _caller, Caller()),
        _each(parts.get("seed"), _file, ""),
        _each(parts.get("http"), _file, ""),
        _each(expect, _expected, {}),
        _span(expect) if expect is not None else None,
        _span(node),
    )


def _each(node: Node | None, read: Callable[[Node], T], absent: T) -> T:
    return absent if node is None else read(node)


def _frames(node: Node | None) -> tuple[bytes, ...]:
    return () if node is None else tuple(text.encode() for text in _texts(node))


def _input(parts: Mapping[str, Node]) -> bytes:
    if "raw" in parts:
        return _text(parts["raw"]).encode()
    return compact(_value(parts["input"])).encode() if "input" in parts else b"{}"


def compact(value: object) -> str:
    """JSON as a client sends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _caller(node: Node) -> Caller:
    parts = _known(node, CALLER_KEYS)
    claims = parts.get("claims")
    named = {} if claims is None else {key.value: _text(value) for key, value in _entries(claims, "claims by name")}
    wallet, sub, device = (_each(parts.get(key), _text, "") for key in ("wallet", "sub", "device"))
    return Caller(wallet, sub or wallet, device, named)


def _file(node: Node) -> str:
    """A file below the function's folder."""
    text = _text(node)
    if not text or text.startswith("/") or ".." in text.split("/") or "\0" in text:
        raise _WrongError("a file of the function's folder is wanted: a relative path without ..", node)
    return text


def _expected(node: Node) -> Mapping[str, object]:
    parts = _known(node, tuple(EXPECTED))
    found: dict[str, object] = {}
    for key, value in parts.items():
        kind = EXPECTED[key]
        read: Callable[[Node], object] = _texts if kind == "a list of texts" else _text if kind == "a text" else _value
        found[key] = read(value)
        if kind == "a number" and type(found[key]) is not int:
            raise _WrongError(f"{key} is a number", value)
    return found


def _known(node: Node, allowed: tuple[str, ...]) -> dict[str, Node]:
    """The parts of a mapping, each a known one and there once."""
    found: dict[str, Node] = {}
    for key, value in _entries(node, "one of " + ", ".join(allowed)):
        if key.value not in allowed:
            raise _WrongError(f"{key.value[:60]!r} is none of {', '.join(allowed)}", key)
        found[key.value] = value
    return found


def _entries(node: Node, what: str) -> list[tuple[ScalarNode, Node]]:
    """The pairs of a mapping; an empty value is an empty one."""
    from yaml import MappingNode, ScalarNode

    if isinstance(node, ScalarNode) and node.value == "" and node.style is None:
        return []
    if not isinstance(node, MappingNode):
        raise _WrongError(f"a mapping is wanted here: {what}", node)
    return _pairs(node)


def _pairs(node: MappingNode) -> list[tuple[ScalarNode, Node]]:
    from yaml import ScalarNode

    found: list[tuple[ScalarNode, Node]] = []
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            raise _WrongError("a key is a text", key)
        if key.value in seen:
            raise _WrongError(f"{key.value[:60]!r} stands here twice", key)
        seen.add(key.value)
        found.append((key, value))
    return found


def _texts(node: Node) -> list[str]:
    from yaml import SequenceNode

    if not isinstance(node, SequenceNode):
        raise _WrongError("a list of texts is wanted here", node)
    return [_text(each) for each in node.value]


def _text(node: Node) -> str:
    """The text of a scalar, as it is written."""
    from yaml import ScalarNode

    if not isinstance(node, ScalarNode):
        raise _WrongError("a text is wanted here", node)
    return str(node.value)


def _value(node: Node) -> Any:
    """A node as JSON has it."""
    from yaml import ScalarNode, SequenceNode

    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [_value(each) for each in node.value]
    return {key.value: _value(value) for key, value in _entries(node, "an object")}


def _scalar(node: ScalarNode) -> object:
    text = str(node.value)
    if node.style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text) or len(text) > 400:
        return text
    number = json.loads(text)
    if isinstance(number, float) and isinf(number):
        raise _WrongError(f"{text[:60]} is too large for a number", node)
    return number


def _span(node: Node) -> Span:
    return Span(node.start_mark.index, _end(node), node.start_mark.column)


def _end(node: Node) -> int:
    """Behind the last character of a node: PyYAML's own mark of a block lies behind the comments that follow it."""
    from yaml import CollectionNode

    last = list(_children(node))[-1:]
    is_block = isinstance(node, CollectionNode) and not node.flow_style
    return _end(last[0]) if is_block and last else int(node.end_mark.index)
