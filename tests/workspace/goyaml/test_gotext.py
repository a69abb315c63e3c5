from __future__ import annotations

import pytest

from tui.workspace.goyaml.gotext import cut, go_syntax, quote
from tui.workspace.goyaml.schema import AnyMap


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("a", '"a"'),
        ('"\\', '"\\"\\\\"'),
        ("\a\b\f\n\r\t\v", '"\\a\\b\\f\\n\\r\\t\\v"'),
        ("\x00\x1b\x7f", '"\\x00\\x1b\\x7f"'),
        ("é世", '"é世"'),
        ("\x85\xa0\u2028\U000e0001", '"\\u0085\\u00a0\\u2028\\U000e0001"'),
        ("\udcff", '"\\xff"'),
    ],
)
def test_texts_are_quoted_as_go_quotes_them(text: str, quoted: str) -> None:
    assert quote(text) == quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0123456789", "0123456789"),
        ("01234567890", "0123456..."),
        ("ééééé", "ééééé"),
        ("éééééa", "ééé\ufffd..."),
        ("世世世世", "世世\ufffd..."),
        ("a世世世b", "a世世..."),
    ],
)
def test_values_are_cut_by_octets(text: str, shown: str) -> None:
    assert cut(text) == shown


@pytest.mark.parametrize(
    ("value", "syntax"),
    [
        (None, "interface {}(nil)"),
        (True, "true"),
        (3, "3"),
        (1.5, "1.5"),
        (2.0, "2"),
        (["a", 1], '[]interface {}{"a", 1}'),
        (999999.5, "999999.5"),
        (1e6, "1e+06"),
        (-123456789.25, "-1.2345678925e+08"),
        (1e22, "1e+22"),
        (1.5e-5, "1.5e-05"),
        (0.0001, "0.0001"),
        (-0.0, "-0"),
        (float("-inf"), "-Inf"),
        (float("nan"), "NaN"),
        (2**63 - 1, "9223372036854775807"),
        (2**63, "0x8000000000000000"),
    ],
)
def test_values_in_go_syntax(value: object, syntax: str) -> None:
    assert go_syntax(value) == syntax


@pytest.mark.parametrize(
    ("keys", "items", "syntax"),
    [
        ("string", {"b": 1, "a": []}, 'map[string]interface {}{"a":[]interface {}{}, "b":1}'),
        ("interface {}", {"a": 1}, 'map[interface {}]interface {}{"a":1}'),
        ("interface {}", {3: "x", 1: "a", None: 2}, 'map[interface {}]interface {}{interface {}(nil):2, 1:"a", 3:"x"}'),
    ],
)
def test_mappings_in_go_syntax_are_in_order(keys: str, items: dict[object, object], syntax: str) -> None:
    mapping = AnyMap(keys)
    mapping.update(items)
    assert go_syntax(mapping) == syntax
