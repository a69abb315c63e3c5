"""Nodes -> the typed values of function.yaml, as yaml.v3's decoder fills the deploy tool's structs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tui.workspace.goyaml.decode_scalar import UNSET, ScalarDecoder
from tui.workspace.goyaml.gotext import go_syntax, go_type, quote
from tui.workspace.goyaml.nodes import ALIAS, MAPPING, SCALAR, SEQUENCE, GoPanicError, GoYamlError, Node, TooLargeError
from tui.workspace.goyaml.resolve import MERGE_TAG, STR_TAG, is_null, tag_of
from tui.workspace.goyaml.schema import (
    ANY,
    FUNCTION_CONFIG,
    STRING,
    STRING_MAP,
    AnyMap,
    Kind,
    MapOut,
    Out,
    StructOut,
    StructType,
)

_MAX_DEPTH: Final = 120  # of merges and of complex keys; Go has no such limit


def _allowed_alias_ratio(count: int) -> float:
    """How much of the work may come from aliases: 99 % in small documents, down to 10 % in very large ones."""
    if count <= 400_000:
        return 0.99
    return 0.10 if count >= 4_000_000 else 0.99 - 0.89 * ((count - 400_000) / 3_600_000)


def _is_merge(key: Node) -> bool:
    return key.kind == SCALAR and key.value == "<<" and (
        key.tag == MERGE_TAG or (key.tag is None and not key.style)
    )  # fmt: skip


def _is_string_map(node: Node) -> bool:
    return all(_ultimate_tag(key) in (STR_TAG, MERGE_TAG) for key in node.entries[::2])


def _ultimate_tag(node: Node) -> str:
    while node.alias is not None:
        node = node.alias
    return tag_of(node)


def _check_hashable(value: object, key: Node) -> None:
    """Go finds a list or a mapping in a set of keys by no value at all: it crashes."""
    if isinstance(value, list | AnyMap):
        raise GoPanicError(f"runtime error: hash of unhashable type {go_type(value)}", key.line, key.column)


class Decoder(ScalarDecoder):
    """Fills the structs from nodes."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 1  # the document itself
        self._alias_count = 0
        self._alias_depth = 0
        self._open_aliases: set[int] = set()
        self._merged: set[tuple[type, object]] | None = None
        self._depth = 0

    def decode(self, root: Node | None) -> StructOut:
        """What the document gives for the deploy tool's FunctionConfig.

        Raises `GoYamlError`, `GoPanicError` or `TooLargeError` where there is no value at all.
        """
        out = StructOut(FUNCTION_CONFIG)
        if root is not None:
            self._unmarshal(root, FUNCTION_CONFIG, out)
        return out

    def _unmarshal(self, node: Node, kind: Kind, out: Out = None) -> object:
        self._count += 1
        if self._alias_depth:
            self._alias_count += 1
            many = self._alias_count > 100 and self._count > 1000
            if many and self._alias_count / self._count > _allowed_alias_ratio(self._count):
                raise GoYamlError("document contains excessive aliasing", None, None)
        if node.kind == SCALAR:
            return self._scalar(node, kind, out)
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise TooLargeError(f"merges or keys nested more than {_MAX_DEPTH} deep")
        good = _COLLECTIONS[node.kind](self, node, kind, out)
        self._depth -= 1
        return good

    def _alias(self, node: Node, kind: Kind, out: Out) -> object:
        if id(node) in self._open_aliases:
            raise GoYamlError(f"anchor '{node.value}' value contains itself", node.line, node.column)
        target = node.alias
        if target is None:  # the composers see to it that there is one
            raise GoYamlError(f"unknown anchor '{node.value}' referenced", node.line, node.column)
        self._open_aliases.add(id(node))
        self._alias_depth += 1
        good = self._unmarshal(target, kind, out)
        self._alias_depth -= 1
        self._open_aliases.discard(id(node))
        return good

    def _sequence(self, node: Node, kind: Kind, _out: Out) -> object:
        if kind is not ANY:
            return self._mismatch(node, kind)
        entries = [self._unmarshal(entry, ANY) for entry in node.entries]
        return [entry for entry in entries if entry is not UNSET]

    def _mapping(self, node: Node, kind: Kind, out: Out) -> object:
        if self._has_duplicates(node):
            return UNSET
        if isinstance(kind, StructType) and isinstance(out, StructOut):
            return self._struct(node, kind, out)
        if isinstance(out, MapOut):
            return self._string_map(node, out)
        return self._any_map(node, out) if kind is ANY else self._mismatch(node, kind)

    def _has_duplicates(self, node: Node) -> bool:
        """Report the keys that are given twice: keys are one if their kind and raw text are."""
        keys = node.entries[::2]
        if len({(key.kind, key.value) for key in keys}) == len(keys):
            return False
        alike: dict[tuple[int, str], list[Node]] = {}
        for key in keys:
            alike.setdefault((key.kind, key.value), []).append(key)
        for key in keys:
            later = alike[key.kind, key.value]
            later.remove(key)
            for again in later:
                place = f"line {again.line}: mapping key {quote(again.value)} already defined at line {key.line}"
                self._fault(place, again)
        return True

    def _struct(self, node: Node, struct: StructType, out: StructOut) -> object:
        merged, self._merged = self._merged, None
        done: set[str] = set()
        for name, key, value in self._named(node, merged):
            field = struct.fields.get(name)
            if field is None:
                out.unknown.append((name, key))
            elif name in done:
                self._fault(f"line {key.line}: field {name} already set in type {struct.name}", key)
            else:
                done.add(name)
                self._set_field(out, name, field, key, value)
        self._merged = merged
        self._merge_into(node, struct, out)
        return True

    def _named(self, node: Node, merged: set[tuple[type, object]] | None) -> Iterator[tuple[str, Node, Node]]:
        """(name, key, value) of each entry whose key is a string and is not given by then."""
        for key, value in node.pairs():
            if _is_merge(key):
                continue
            name = self._unmarshal(key, STRING)
            if isinstance(name, str) and not self._is_merged(name, merged):
                yield name, key, value

    def _merge_into(self, node: Node, kind: Kind, out: Out) -> None:
        """What the last `<<` of a mapping brings, behind all that it says itself."""
        merge = None
        for key, value in node.pairs():
            if _is_merge(key):
                merge = value
        if merge is not None:
            self._merge(node, merge, kind, out)

    def _set_field(self, out: StructOut, name: str, kind: Kind, key: Node, value: Node) -> None:
        out.places[name] = (key, value)
        decoded = self._unmarshal(value, kind, out.inner.get(name))
        if name not in out.inner and isinstance(decoded, str | int):
            out.values[name] = decoded

    @staticmethod
    def _is_merged(name: object, merged: set[tuple[type, object]] | None) -> bool:
        """Whether a key of a merged mapping is given already; it counts as given from here on."""
        if merged is None:
            return False
        given = (type(name), name)  # 1, 1.0 and true are three keys in Go
        if given in merged:
            return True
        merged.add(given)
        return False

    def _string_map(self, node: Node, out: MapOut) -> object:
        merged, self._merged = self._merged, None
        is_new = out.items is None
        items = out.items = {} if out.items is None else out.items
        for name, key, value in self._named(node, merged):
            text = self._unmarshal(value, STRING)
            if isinstance(text, str):
                items[name] = text
            elif is_null(value) and (is_new or name not in items):
                items[name] = ""
            out.places[name] = (key, value)
        self._merged = merged
        self._merge_into(node, STRING_MAP, out)
        return True

    def _any_map(self, node: Node, out: Out) -> object:
        """A mapping without a type: only ever a key, where a mapping with a merge has such keys."""
        merged, self._merged = self._merged, None
        items = out if isinstance(out, AnyMap) else AnyMap("string" if _is_string_map(node) else "interface {}")
        kind = STRING if items.keys_type == "string" else ANY
        for key, value in node.pairs():
            if _is_merge(key):
                continue
            name = self._unmarshal(key, kind)
            if name is UNSET:
                continue
            if merged is not None:
                _check_hashable(name, key)
            if self._is_merged(name, merged):
                continue
            if isinstance(name, list | AnyMap):
                raise GoYamlError(f"invalid map key: {go_syntax(name)}", key.line, key.column)
            item = self._unmarshal(value, ANY)
            if item is not UNSET:
                items[name] = item
        self._merged = merged
        self._merge_into(node, ANY, items)
        return items

    def _merge(self, parent: Node, merge: Node, kind: Kind, out: Out) -> None:
        """Fill what `parent` does not give from the mapping, or the mappings, after its "<<"."""
        merged = self._merged
        if merged is None:
            given: set[tuple[type, object]] = set()
            self._merged = given
            self._give_keys(parent, given)
        sources = merge.entries if merge.kind == SEQUENCE else [merge]
        for source in sources:
            target = source.alias if source.kind == ALIAS else source
            if target is None or target.kind != MAPPING:
                text = "map merge requires map or sequence of maps as the value"
                raise GoYamlError(text, source.line, source.column)
            self._unmarshal(source, kind, out)
        self._merged = merged

    def _give_keys(self, parent: Node, given: set[tuple[type, object]]) -> None:
        """The keys of a mapping as values without a type, which count as given."""
        for key in parent.entries[::2]:
            value = self._unmarshal(key, ANY)
            if value is not UNSET:
                _check_hashable(value, key)
                given.add((type(value), value))


_COLLECTIONS: Final[dict[int, Callable[[Decoder, Node, Kind, Out], object]]] = {
    ALIAS: Decoder._alias,
    SEQUENCE: Decoder._sequence,
    MAPPING: Decoder._mapping,
}
