"""The Go types that function.yaml is decoded into, and the places where their values gather."""

from __future__ import annotations

from typing import Final

from tui.workspace.goyaml.nodes import Node

STRING: Final = "string"
INT: Final = "int"
BOOL: Final = "bool"
ANY: Final = "interface {}"
STRING_MAP: Final = "map[string]string"


class StructType:
    """A Go struct: its name as errors print it, and the types of its keys."""

    __slots__ = ("fields", "name")

    def __init__(self, name: str, fields: dict[str, Kind]) -> None:
        self.name = name
        self.fields = fields


Kind = str | StructType

RETRY_CONFIG: Final = StructType("functions.RetryConfig", {"count": INT, "delay": INT})
FUNCTION_CONFIG: Final = StructType(
    "functions.FunctionConfig",
    {
        "name": STRING,
        "public": BOOL,
        "internal": BOOL,
        "memory": INT,
        "timeout": INT,
        "retry": RETRY_CONFIG,
        "env": STRING_MAP,
        "ws_persistent": BOOL,
        "ws_idle_timeout_sec": INT,
        "ws_max_frame_bytes": INT,
        "ws_max_inflight_per_conn": INT,
        "reactor": BOOL,
        "raw_http_response": BOOL,
        "ws_auth": STRING,
    },
)


class MapOut:
    """A map[string]string being filled; `items` is None while the Go map is nil."""

    __slots__ = ("items", "places")

    def __init__(self) -> None:
        self.items: dict[str, str] | None = None
        self.places: dict[str, tuple[Node, Node]] = {}


class StructOut:
    """A struct being filled: scalar fields by key, where each key was given, and keys that the struct has not."""

    __slots__ = ("inner", "places", "unknown", "values")

    def __init__(self, struct: StructType) -> None:
        self.values: dict[str, str | int | bool] = {}
        self.inner: dict[str, StructOut | MapOut] = {}
        for name, kind in struct.fields.items():
            if isinstance(kind, StructType):
                self.inner[name] = StructOut(kind)
            elif kind == STRING_MAP:
                self.inner[name] = MapOut()
        self.places: dict[str, tuple[Node, Node]] = {}
        self.unknown: list[tuple[str, Node]] = []


class TypeFault:
    """One line of yaml.v3's "unmarshal errors", and where it points."""

    __slots__ = ("column", "line", "text")

    def __init__(self, text: str, node: Node) -> None:
        self.text = text
        self.line = node.line
        self.column = node.column


class AnyMap(dict[object, object]):
    """A mapping decoded without a type: Go makes its keys texts, or anything, by what they were written as."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self.keys_type = keys


Out = StructOut | MapOut | AnyMap | None
