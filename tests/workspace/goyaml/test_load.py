from __future__ import annotations

import pytest

from tui.workspace.goyaml.libyaml import compose, has_libyaml
from tui.workspace.goyaml.load import EXACT_LIMIT, EXACT_LIMIT_ALONE, is_unusual, load_root
from tui.workspace.goyaml.nodes import GoYamlError, TooLargeError


@pytest.mark.parametrize(
    "source",
    [b"name: fn\n", b"# caf\xc3\xa9!\nA: hello! what? a&b 50% user@host\n", b"a: |\n  x\nb: >-\n  y\n",
     b"a: [b, c]\nd: {e: f}\n", b"a: b\r\nc: d\r\n", b"---\na: b\n", b'a: "\\n\\x41"\n', b"- a\n- b\n", b"a: {b: c}\nd: http://e?f\n"],
)  # fmt: skip
def test_ordinary_documents_go_to_libyaml(source: bytes) -> None:
    assert not is_unusual(source)


@pytest.mark.parametrize(
    "source",
    [b"a:\tb", b"\xef\xbb\xbfa: b", b"%YAML 1.1\n---\n", b"\r%YAML 1.2\r---\r", b"a: !!int 1",
     b"a: &x b", b"a: *x", b'"\\/"', b'"\\ud800"',
     b"a\xc2\x85b", b"a\xe2\x80\xa8b", b"{a:b}", b"{\na:b\n}", b"[a?]", b"!a b", b"a: [*b]"],
)  # fmt: skip
def test_what_libyaml_reads_otherwise_does_not(source: bytes) -> None:
    assert is_unusual(source)


def test_libyaml_is_here() -> None:
    assert has_libyaml()
    root, whole = compose(b"a: b\n")
    assert whole
    assert root is not None
    assert [(key.value, value.value, value.line, value.column) for key, value in root.pairs()] == [("a", "b", 1, 4)]


def test_without_libyaml_there_is_a_nearer_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.workspace.goyaml.load.has_libyaml", lambda: False)
    assert load_root(b"a: b\n# " + b"c" * EXACT_LIMIT).root is not None
    with pytest.raises(TooLargeError, match="the limit without libyaml"):
        load_root(b"#" * (EXACT_LIMIT_ALONE + 1))


def test_where_the_next_document_begins() -> None:
    assert load_root(b"a: b\n").next_document is None
    assert load_root(b"a: b\n---\nc\n").next_document == 2


def test_a_long_document_is_read_as_exactly_as_a_short_one() -> None:
    """A certificate or two in `env` make one of a hundred thousand bytes."""
    env = b"env:\n" + b"".join(b"  K%d: %s\n" % (number, b"v" * 60) for number in range(2000))
    with pytest.raises(GoYamlError, match="found unknown escape character"):
        load_root(env + b'a: "\\/"\n')
