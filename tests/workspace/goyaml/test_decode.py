from __future__ import annotations

import pytest

from tui.workspace.goyaml.decode import Decoder
from tui.workspace.goyaml.grammar.parser import Parser
from tui.workspace.goyaml.nodes import GoPanicError, GoYamlError, TooLargeError
from tui.workspace.goyaml.schema import MapOut, StructOut


def decoded(text: str) -> tuple[StructOut, list[str]]:
    decoder = Decoder()
    out = decoder.decode(Parser(text.encode()).root())
    return out, [fault.text for fault in decoder.faults]


def env_of(text: str) -> dict[str, str] | None:
    out, faults = decoded(text)
    assert faults == []
    env = out.inner["env"]
    assert isinstance(env, MapOut)
    return env.items


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("memory: 64.9", {"memory": 64}),
        ("memory: -0.5", {"memory": 0}),
        ("memory: -1e30", {"memory": -(2**63)}),
        ("memory: -.inf", {"memory": -(2**63)}),
        ("memory: 9223372036854775807", {"memory": 2**63 - 1}),
        ("memory: !!int '64'", {"memory": 64}),
        ("memory: !!float 64", {"memory": 64}),
        ("memory: ~", {}),
        ("public: y\ninternal: 'Off'", {"public": True, "internal": False}),
        ("public: !x yes", {"public": True}),
        ("public: !!binary eWVz", {"public": True}),
        ("name: 0x1F\nws_auth: 2001-01-01", {"name": "0x1F", "ws_auth": "2001-01-01"}),
        ("name: !!binary Zm4=", {"name": "fn"}),
        ("name: !!binary /w==", {"name": "\udcff"}),
        ("a: &a fn\nname: *a", {"name": "fn"}),
        ("? !!binary bmFtZQ==\n: fn", {"name": "fn"}),
        ("'<<': {name: a}\nname: fn", {"name": "fn"}),
        ("<<: {name: a, memory: 3}\nname: fn", {"name": "fn", "memory": 3}),
        ("<<: [{name: a}, {name: b, memory: 3}]", {"name": "a", "memory": 3}),
        ("<<: {<<: {memory: 3}, name: fn}", {"name": "fn", "memory": 3}),
        ("Name: fn\nunknown: *u", None),
    ],
)
def test_struct_values(text: str, values: dict[str, object] | None) -> None:
    if values is None:
        with pytest.raises(GoYamlError, match="unknown anchor 'u' referenced"):
            decoded(text)
        return
    out, faults = decoded(text)
    assert (out.values, faults) == (values, [])


@pytest.mark.parametrize(
    ("text", "env"),
    [
        ("a: b", None),
        ("env: ~", None),
        ("env: {}", {}),
        ("env: {A: 1.50, B: on, C: ~, D: 0755, E: !!int 7}", {"A": "1.50", "B": "on", "C": "", "D": "0755", "E": "7"}),
        ("env: {~: a, '': b}", {"": "b"}),
        ("env: {A: x, <<: {A: y, B: z}}", {"A": "x", "B": "z"}),
        ("env: {1: x, <<: {1: y}}", {"1": "y"}),
        ("n: &n ~\nenv: {A: *n}", {"A": ""}),
    ],
)
def test_env_values(text: str, env: dict[str, str] | None) -> None:
    assert env_of(text) == env


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[a]", ["line 1: cannot unmarshal !!seq into functions.FunctionConfig"]),
        ("a", ["line 1: cannot unmarshal !!str `a` into functions.FunctionConfig"]),
        ("name: {a: b}", ["line 1: cannot unmarshal !!map into string"]),
        ("retry: [1]", ["line 1: cannot unmarshal !!seq into functions.RetryConfig"]),
        ("env: 'x'", ["line 1: cannot unmarshal !!str `x` into map[string]string"]),
        ("memory: 9223372036854775808", ["line 1: cannot unmarshal !!int `9223372...` into int"]),
        ("memory: .nan", ["line 1: cannot unmarshal !!float `.nan` into int"]),
        ("memory: true", ["line 1: cannot unmarshal !!bool `true` into int"]),
        ("public: 1", ["line 1: cannot unmarshal !!int `1` into bool"]),
        ("public: 2001-01-01", ["line 1: cannot unmarshal !!timestamp `2001-01-01` into bool"]),
        ("memory: !x {a: b}", ["line 1: cannot unmarshal !x `` into int"]),
        ("memory: !!seq 64", ["line 1: cannot unmarshal !!seq64 into int"]),
        ("name: a\nname: b\nname: c", [
            'line 2: mapping key "name" already defined at line 1',
            'line 3: mapping key "name" already defined at line 1',
            'line 3: mapping key "name" already defined at line 2',
        ]),
        ("? [a]\n: 1\n? [b]\n: 2", ['line 3: mapping key "" already defined at line 1']),
        ('"name": a\n!!binary bmFtZQ==: b', ["line 2: field name already set in type functions.FunctionConfig"]),
        ("x: {a: 1, a: 2}", []),
        ("a: &a abc\nmemory: *a", ["line 1: cannot unmarshal !!str `abc` into int"]),
    ],
)  # fmt: skip
def test_type_errors(text: str, faults: list[str]) -> None:
    assert decoded(text)[1] == faults


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: !!binary '*'", "!!binary value contains invalid base64 data"),
        ("memory: !!int abc", "cannot decode !!str `abc` as a !!int"),
        ("a: &a {<<: *a}\n<<: *a", "anchor 'a' value contains itself"),
        ("<<: a", "map merge requires map or sequence of maps as the value"),
        ("<<: [a]", "map merge requires map or sequence of maps as the value"),
        ("{? {? {? [b] : c, 2: d} : e} : f, <<: {}}", 'invalid map key: []interface {}{"b"}'),
    ],
)
def test_fatal_errors(text: str, message: str) -> None:
    with pytest.raises(GoYamlError) as caught:
        decoded(text)
    assert caught.value.text == message
    assert caught.value.line is not None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{? [b] : c, <<: {}}", "[]interface {}"),
        ("{? {b: c} : c, <<: {}}", "map[string]interface {}"),
        ("{? {!x b: c} : c, <<: {}}", "map[interface {}]interface {}"),
        ("{name: fn, ? {? [b] : c, 2: d} : e, <<: {}}", "[]interface {}"),  # before it is called invalid
        ("{name: fn, ? {2: d, <<: {? [b] : c}} : e, <<: {}}", "[]interface {}"),
    ],
)
def test_a_key_that_go_cannot_hash_is_a_crash(text: str, kind: str) -> None:
    with pytest.raises(GoPanicError) as caught:
        decoded(text)
    assert caught.value.text == f"runtime error: hash of unhashable type {kind}"


def test_too_much_of_one_thing_ends_early() -> None:
    with pytest.raises(TooLargeError):
        decoded("env: " + "{<<: " * 200 + "}" * 200)
    with pytest.raises(TooLargeError):
        decoded("a: 1\n" * 200)


def test_unknown_keys_are_gathered_and_not_decoded() -> None:
    out, faults = decoded("zzz: !!int abc\nretry: {x: [1]}")
    assert faults == []
    assert [key for key, _ in out.unknown] == ["zzz"]
    retry = out.inner["retry"]
    assert isinstance(retry, StructOut)
    assert [key for key, _ in retry.unknown] == ["x"]
