from __future__ import annotations

import math

import pytest

from tui.workspace.goyaml.nodes import GoYamlError
from tui.workspace.goyaml.resolve import Timestamp, is_timestamp, resolve

RESOLVED = [
    ("", "!!null", None), ("~", "!!null", None), ("NULL", "!!null", None), ("nUll", "!!str", "nUll"),
    ("true", "!!bool", True), ("FALSE", "!!bool", False), ("yes", "!!str", "yes"), ("tRue", "!!str", "tRue"),
    ("0", "!!int", 0), ("-0", "!!int", 0), ("+12", "!!int", 12), ("1_000", "!!int", 1000), ("_1", "!!str", "_1"),
    ("1_", "!!int", 1), ("0x1F", "!!int", 31), ("0X1f", "!!int", 31), ("-0x10", "!!int", -16), ("0x", "!!str", "0x"),
    ("010", "!!int", 8), ("00", "!!int", 0), ("08", "!!float", 8.0), ("0o17", "!!int", 15), ("0O17", "!!int", 15),
    ("0b101", "!!int", 5), ("-0b11", "!!int", -3), ("0b2", "!!str", "0b2"), ("0b-1", "!!int", -1), ("0o+7", "!!int", 7),
    ("-0b-1", "!!str", "-0b-1"), ("0B-1", "!!str", "0B-1"),
    ("9223372036854775807", "!!int", 2**63 - 1), ("18446744073709551615", "!!int", 2**64 - 1),
    ("18446744073709551616", "!!float", 2.0**64), ("+9223372036854775808", "!!float", 2.0**63),
    ("-9223372036854775808", "!!int", -(2**63)), ("-9223372036854775809", "!!float", -(2.0**63)),
    ("1.5", "!!float", 1.5), ("1.", "!!float", 1.0), (".5", "!!float", 0.5), (".5_0", "!!float", 0.5),
    ("-.5", "!!float", -0.5), (".5__0", "!!str", ".5__0"),
    ("1e3", "!!float", 1000.0), ("1e400", "!!str", "1e400"), ("1e-400", "!!float", 0.0),
    (".inf", "!!float", math.inf), ("-.INF", "!!float", -math.inf), (".iNf", "!!str", ".iNf"), ("+", "!!str", "+"),
    ("1:30", "!!str", "1:30"), ("٣", "!!str", "٣"), ("1 ", "!!str", "1 "), ("<<", "!!str", "<<"),
    ("0x1.8p1", "!!str", "0x1.8p1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tag", "value"), RESOLVED)
def test_plain_texts(text: str, tag: str, value: object) -> None:
    found = resolve(None, text)
    assert found == (tag, value)
    assert type(found[1]) is type(value)


def test_not_a_number() -> None:
    tag, value = resolve(None, ".NaN")
    assert tag == "!!float"
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    ("text", "is_time"),
    [
        ("2001-01-01", True),
        ("2001-1-1", True),
        ("0000-02-29", True),
        ("2001-02-29", False),
        ("2000-02-29", True),
        ("1900-02-29", False),
        ("2001-13-01", False),
        ("2001-00-01", False),
        ("2001-01-00", False),
        ("2001-04-31", False),
        ("01-01-01", False),
        ("20010-01-01", False),
        ("2001-01-01T1:2:3Z", True),
        ("2001-01-01t10:20:30.123456789012+05:30", True),
        ("2001-01-01T10:20:30,5Z", True),
        ("2001-01-01T10:20:30", False),
        ("2001-01-01T24:20:30Z", False),
        ("2001-01-01T10:20:30+24:60", True),
        ("2001-01-01T10:20:30+25:00", False),
        ("2001-01-01T10:20:30+5:30", False),
        ("2001-01-01 10:20:30", True),
        ("2001-01-01   10:20:30.5", True),
        ("2001-01-01 10:20:30Z", False),
        ("2001-01-01 10:20", False),
        ("2001-01-01 10:60:00", False),
    ],
)
def test_points_in_time(text: str, is_time: bool) -> None:
    assert is_timestamp(text) is is_time
    tag, value = resolve(None, text)
    assert (tag == "!!timestamp") is is_time
    assert isinstance(value, Timestamp) is is_time


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("!!str", "64", "64"),
        ("!!float", "64", 64.0),
        ("!!int", "0x1F", 31),
        ("!!null", "", None),
        ("!!binary", "abc", "abc"),
        ("!x", "true", "true"),
        ("!!set", "a", "a"),
    ],
)
def test_explicit_tags(tag: str, text: str, value: object) -> None:
    assert resolve(tag, text)[1] == value


@pytest.mark.parametrize(
    ("tag", "text", "message"),
    [
        ("!!int", "abc", "cannot decode !!str `abc` as a !!int"),
        ("!!int", "1.5", "cannot decode !!float `1.5` as a !!int"),
        ("!!int", "", "cannot decode !!null `` as a !!int"),
        ("!!bool", "on", "cannot decode !!str `on` as a !!bool"),
        ("!!null", "true", "cannot decode !!bool `true` as a !!null"),
        ("!!float", "18446744073709551615", "cannot decode !!int `18446744073709551615` as a !!float"),
        ("!!timestamp", "x", "cannot decode !!str `x` as a !!timestamp"),
        ("!!int", "2001-01-01", "cannot decode !!str `2001-01-01` as a !!int"),
    ],
)
def test_core_tags_that_disagree(tag: str, text: str, message: str) -> None:
    with pytest.raises(GoYamlError) as caught:
        resolve(tag, text)
    assert caught.value.text == message
