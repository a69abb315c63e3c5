"""Nodes from libyaml's events: fast, and equal to yaml.v3's for documents that hold nothing out of the ordinary."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tui.workspace.goyaml.nodes import ALIAS, MAPPING, SCALAR, SEQUENCE, GoYamlError, Node, TooLargeError, short_tag

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_NODES: Final = 100_000
MAX_DEPTH: Final = 10_000


@lru_cache(maxsize=1)
def parser_class() -> Any:
    """PyYAML's parser on libyaml; None where PyYAML was built without it."""
    try:
        from yaml._yaml import CParser
    except ImportError:
        return None
    return CParser


def has_libyaml() -> bool:
    """Whether PyYAML can drive libyaml here. Without it, configs are read by fn-tui's own, slower scanner."""
    return parser_class() is not None


class _Composer:
    """Builds the tree of the first document from events, without recursion."""

    def __init__(self, get_event: Callable[[], Any]) -> None:
        self._get_event = get_event
        self._anchors: dict[str, Node] = {}

    def compose(self) -> tuple[Node | None, bool]:
        """The root of the first document (None: no document), and whether the stream ends after it."""
        import yaml

        handlers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.AliasEvent: self._alias,
        }
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        root: list[Node] = []
        stack: list[list[Node]] = [root]
        get_event = self._get_event
        for _ in range(MAX_NODES):
            event = get_event()
            kind = event.__class__
            handler = handlers.get(kind)
            if handler is not None:
                node = handler(event)
                stack[-1].append(node)
                if node.content is not None:
                    stack.append(node.content)
                    if len(stack) > MAX_DEPTH:
                        raise GoYamlError(
                            f"line {node.line}: exceeded max depth of {MAX_DEPTH}", node.line, node.column
                        )
            elif kind in ends:
                stack.pop()
            elif kind is yaml.StreamEndEvent:
                return (root[0] if root else None), True
            elif kind is yaml.DocumentEndEvent:
                return root[0], get_event().__class__ is yaml.StreamEndEvent
        raise TooLargeError(f"more than {MAX_NODES:,} values")

    def _scalar(self, event: Any) -> Node:
        mark = event.start_mark
        style = event.style
        tag = event.tag
        node = Node(SCALAR, mark.line + 1, mark.column + 1, event.value, tag=tag and short_tag(tag), style=style or "")
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _mapping(self, event: Any) -> Node:
        return self._collection(event, MAPPING)

    def _sequence(self, event: Any) -> Node:
        return self._collection(event, SEQUENCE)

    def _collection(self, event: Any, kind: int) -> Node:
        mark = event.start_mark
        tag = event.tag
        node = Node(kind, mark.line + 1, mark.column + 1, tag=tag and short_tag(tag), content=[])
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        mark = event.start_mark
        node = Node(ALIAS, mark.line + 1, mark.column + 1, event.anchor)
        node.alias = self._anchors.get(event.anchor)
        if node.alias is None:
            raise GoYamlError(f"unknown anchor '{event.anchor}' referenced", node.line, node.column)
        return node


def compose(source: bytes) -> tuple[Node | None, bool]:
    """The root node of the first document (None: there is none), and whether the stream ends after it.

    Raises `yaml.YAMLError` (libyaml's own words), `GoYamlError` for an unknown anchor, `TooLargeError`.
    """
    return _Composer(parser_class()(source).get_event).compose()
