from __future__ import annotations

import pytest

from tui.workspace.goyaml.grammar.parser import Parser
from tui.workspace.goyaml.nodes import ALIAS, MAPPING, SCALAR, GoYamlError, Node

Shape = object


def shape(node: Node | None) -> Shape:
    """A node as plain Python: scalars as text, mappings as tuples of pairs, sequences as lists."""
    if node is None:
        return None
    if node.kind == ALIAS:
        return f"*{node.value}"
    if node.kind == SCALAR:
        return node.value
    if node.kind == MAPPING:
        return tuple((shape(key), shape(value)) for key, value in node.pairs())
    return [shape(entry) for entry in node.entries]


READ: dict[str, Shape] = {
    "": None,
    "# c\n": None,
    "---\n": "",
    "a": "a",
    "a: b": (("a", "b"),),
    "a:\n- b\n- c\n": (("a", ["b", "c"]),),
    "- - a\n  - b\n-\n": [["a", "b"], ""],
    "? a\n: b\n? c\n": (("a", "b"), ("c", "")),
    "{a: b, c, ? d, e: }": (("a", "b"), ("c", ""), ("d", ""), ("e", "")),
    "[a, b: c, ? d : e, ? , ]": ["a", (("b", "c"),), (("d", "e"),), (("", ""),)],
    "[{a: [b]}]": [(("a", ["b"]),)],
    "a: &x b\nc: *x\n": (("a", "b"), ("c", "*x")),
    "a: |\n  b\n   c\n\nd: >-\n  e\n  f\n\n  g\n": (("a", "b\n c\n"), ("d", "e f\ng")),
    "a: |+2\n    b\n\nc: d": (("a", "  b\n\n"), ("c", "d")),
    'a: "b\\x41\\u00e9\\n\\\n   c"\n': (("a", "bAé\nc"),),
    "a: 'b''c\n\n  d'\n": (("a", "b'c\nd"),),
    "a: b\n  c\n\n  d\ne: f": (("a", "b c\nd"), ("e", "f")),
    "%YAML 1.1\n%TAG !e! tag:e,2000:\n---\na: !e!x b\n": (("a", "b"),),
    "a: b\n...\n]": (("a", "b"),),
    "a:\tb\t# c\n": (("a", "b"),),
    "a: b\n# c\n\t# d\ne: f\n": (("a", "b"), ("e", "f")),
    "\ufeff\ufeffa: b": (("a", "b"),),
}


@pytest.mark.parametrize("text", READ)
def test_documents(text: str) -> None:
    assert shape(Parser(text.encode()).root()) == READ[text]


REFUSED = {
    "a: b: c": "mapping values are not allowed in this context",
    "a: - b": "block sequence entries are not allowed in this context",
    "a\nb: c": "line 2: mapping values are not allowed in this context",
    "a: b\nc\nd: e": "line 2: could not find expected ':'",
    "\n'a": "line 2: found unexpected end of stream",
    "\n'a\n---\n": "line 2: found unexpected document indicator",
    '\n"\\q"': "line 2: found unknown escape character",
    '\n"\\/"': "line 2: found unknown escape character",
    '\n"\\ud800"': "line 2: found invalid Unicode character escape code",
    '\n"\\xg0"': "line 2: did not find expected hexdecimal number",
    "a:\n\tb": "line 2: found character that cannot start any token",
    "\n\ta": "line 2: found character that cannot start any token",
    "@": "found character that cannot start any token",
    "a: |0\n": "found an indentation indicator equal to 0",
    "\na: | b\n": "line 2: did not find expected comment or line break",
    "\n[a": "line 1: did not find expected ',' or ']'",
    "\n{a": "line 1: did not find expected ',' or '}'",
    "[,": "did not find expected node content",
    "\n- a\nb: c": "line 1: did not find expected '-' indicator",
    "%YAML 1.2\n---\n": "found incompatible YAML document",
    "%YAML 1.1\n%YAML 1.1\n---\n": "line 1: found duplicate %YAML directive",
    "%TAG !a! b\n%TAG !a! b\n---\n": "line 1: found duplicate %TAG directive",
    "%YAML 111.1\n": "found extremely long version number",
    "%FOO\n": "found unknown directive name",
    "%\n": "could not find expected directive name",
    "%YAML x\n": "did not find expected version number",
    "%TAG x\n": "did not find expected '!'",
    "%YAML 1.1\na": "line 1: did not find expected <document start>",
    "!a!b c": "found undefined tag handle",
    "!<a b": "did not find the expected '>'",
    "!a%zz b": "did not find URI escaped octet",
    "!a%ff b": "found an incorrect leading UTF-8 octet",
    "!a%c3%41 b": "found an incorrect trailing UTF-8 octet",
    "& a": "did not find expected alphabetic or numeric character",
    "*a": "unknown anchor 'a' referenced",
    "a: b\n--- @": "line 2: found character that cannot start any token",
    "? " * 10_001: "exceeded max depth of 10000",
    "a: b\n" + "x" * 600 + "\x01": "control characters are not allowed",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:20]))
def test_refusals_in_the_words_of_yaml_v3(text: str) -> None:
    with pytest.raises(GoYamlError) as caught:
        Parser(text.encode()).root()
    assert caught.value.text == REFUSED[text]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a", None), ("a\n...\n", None), ("a\n---\nb", 2), ("a\n...\n\n# c\nb", 5), ("a\n---\n- b\n- @", 2)],
)
def test_where_the_file_goes_on(text: str, line: int | None) -> None:
    parser = Parser(text.encode())
    parser.root()
    assert parser.line_after() == line
