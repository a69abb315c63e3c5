from __future__ import annotations

import pytest

from tui.wasm.decode.component.names import extern_name, is_label


@pytest.mark.parametrize("text", ["a", "a0", "a-0", "a-B", "ABC-d", "a0-000-3d4a-54FF"])
def test_a_label(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize("text", ["", "-", "a-", "aB", "0", "0-a", "a-b--c", "¶", "a_b", "a0-3d4A", "a\n"])
def test_no_label(text: str) -> None:
    assert not is_label(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("run", "label"),
        ("[constructor]file", "constructor"),
        ("[method]file.read-all", "method"),
        ("[static]file.open", "static"),
        ("wasi:http/types", "interface"),
        ("wasi:http/types@0.2.1", "interface"),
        ("a:b/c@0.0.0-alpha.1+build-7", "interface"),
        ("unlocked-dep=<a:b>", "dependency"),
        ("unlocked-dep=<a:b@*>", "dependency"),
        ("unlocked-dep=<a:b@{>=1.0.0 <2.0.0}>", "dependency"),
        ("locked-dep=<a:b@1.2.3>,integrity=<sha256-AAAA>", "dependency"),
        ("url=<https://example.com/x.wasm>", "url"),
        ("integrity=<sha256-AAAA sha512-BBBB==?x>", "hash"),
    ],
)
def test_a_name(text: str, kind: str) -> None:
    assert extern_name(text).kind == kind


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("a_b", "not in kebab case"),
        ("[method]a", "behind its"),
        ("[constructor]a.b", "behind its"),
        ("[new]a", "behind its"),
        ("[static]a.b.c", "behind its"),
        ("a:b", "not the name of an interface"),
        ("A:b/c", "not the name of an interface"),
        ("a:b:c/d", "not the name of an interface"),
        ("a:b/c/d", "not the name of an interface"),
        ("a:b/c@", "is not a version"),
        ("a:b/c@1", "is not a version"),
        ("a:b/c@01.0.0", "is not a version"),
        ("a:b/c@1.0.0-", "is not a version"),
        ("url=<a<b>", "starts with url="),
        ("unlocked-dep=<a:b@{1.0.0}>", "starts with unlocked-dep="),
        ("integrity=<md5-AAAA>", "starts with integrity="),
        ("integrity=<>", "starts with integrity="),
    ],
)
def test_no_name(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        extern_name(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("foo-bar", "FOO-bar"),
        ("[method]a.b", "[static]a.B"),
        ("[method]a.a", "a"),
        ("[constructor]foo", "[constructor]FOO"),
        ("foo:bar/baz", "foo:bar/BAZ"),
    ],
)
def test_names_that_cannot_stand_beside_each_other(one: str, other: str) -> None:
    assert extern_name(one).key == extern_name(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [("a", "[constructor]a"), ("a", "[method]a.b"), ("a:b/c@1.0.0", "a:b/c@2.0.0"), ("[method]a.b", "[method]a.c")],
)
def test_names_that_may(one: str, other: str) -> None:
    assert extern_name(one).key != extern_name(other).key


def test_the_suffix_of_a_version_completes_it() -> None:
    assert extern_name("a:b/c@1", ".2.3").kind == "interface"
    with pytest.raises(ValueError, match="is not a version"):
        extern_name("a:b/c@1.2.3", ".4")
    with pytest.raises(ValueError, match="not there"):
        extern_name("a:b/c", ".4")
