from __future__ import annotations

import pytest

from tui.workspace.goyaml.gotext import cut, go_syntax, quote


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
        ({"a": 1}, 'map[string]interface {}{"a":1}'),
        ({1: "a"}, 'map[interface {}]interface {}{1:"a"}'),
    ],
)
def test_values_in_go_syntax(value: object, syntax: str) -> None:
    assert go_syntax(value) == syntax
