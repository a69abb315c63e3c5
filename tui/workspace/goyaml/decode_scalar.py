"""Scalars -> Go values of the wanted type, and the type errors of the whole document."""

from __future__ import annotations

from typing import Final

from tui.workspace.goyaml.convert import BOOL_WORDS, decode_base64, to_int
from tui.workspace.goyaml.gotext import cut
from tui.workspace.goyaml.nodes import NULLS, GoYamlError, Node, TooLargeError
from tui.workspace.goyaml.resolve import BINARY_TAG, MAP_TAG, SEQ_TAG, Value, is_quoted, resolve, tag_of
from tui.workspace.goyaml.schema import ANY, BOOL, INT, STRING, Kind, MapOut, Out, StructType, TypeFault

UNSET: Final = object()  # what the decoder calls "not good": the target keeps what it had
_MAX_FAULTS: Final = 10_000  # duplicate keys are reported pair by pair, which is quadratic


class ScalarDecoder:
    """Decodes scalars. `faults` are the type errors, in the order in which yaml.v3 finds them."""

    def __init__(self) -> None:
        self.faults: list[TypeFault] = []

    def _fault(self, text: str, node: Node) -> None:
        if len(self.faults) >= _MAX_FAULTS:
            raise TooLargeError(f"more than {_MAX_FAULTS} errors")
        self.faults.append(TypeFault(text, node))

    def _mismatch(self, node: Node, kind: Kind) -> object:
        tag = tag_of(node)
        # A scalar with a collection's tag is named without quotes, and not cut.
        value = node.value if tag in (SEQ_TAG, MAP_TAG) else f" `{cut(node.value)}`"
        name = kind.name if isinstance(kind, StructType) else kind
        self._fault(f"line {node.line}: cannot unmarshal {tag}{value} into {name}", node)
        return UNSET

    def _scalar(self, node: Node, kind: Kind, out: Out) -> object:
        text = node.value
        value: Value = text
        if not is_quoted(node):
            if kind is STRING and node.tag is None:
                # Whatever a plain scalar means, a string takes its text; only null gives nothing.
                return UNSET if text in NULLS else text
            value = self._resolved(node)
            if value is None:
                return self._null(kind, out)
        return self._converted(node, kind, value)

    def _converted(self, node: Node, kind: Kind, value: Value) -> object:
        """A value that is not null as the Go type wants it."""
        good: object = UNSET
        if kind is ANY:
            good = value
        elif kind is STRING:
            good = value if node.tag == BINARY_TAG else node.value
        elif kind is INT:
            number = to_int(value)
            good = UNSET if number is None else number
        elif kind is BOOL:
            good = value if isinstance(value, bool) else BOOL_WORDS.get(value, UNSET) if type(value) is str else UNSET
        return self._mismatch(node, kind) if good is UNSET else good

    @staticmethod
    def _resolved(node: Node) -> Value:
        try:
            tag, value = resolve(node.tag, node.value)
        except GoYamlError as error:
            raise GoYamlError(error.text, node.line, node.column) from None
        if tag != BINARY_TAG:
            return value
        try:
            return decode_base64(node.value)
        except GoYamlError as error:
            raise GoYamlError(error.text, node.line, node.column) from None

    @staticmethod
    def _null(kind: Kind, out: Out) -> object:
        if kind is ANY:
            return None
        if isinstance(out, MapOut):
            out.items = None
            return True
        return UNSET
