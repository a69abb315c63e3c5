from __future__ import annotations

import pytest

from tui.workspace.ordinary import read_ordinary


def test_values_and_places_of_an_ordinary_document() -> None:
    found = read_ordinary(b"name: 'fn'\nmemory: 128\nretry:\n  count: 2\nenv:\n  A: b\n  C:\npublic: true\n")
    assert found is not None
    assert found.values == {"name": "fn", "memory": 128, "public": True}
    assert (found.retry, found.env) == ({"count": 2}, {"A": "b", "C": ""})
    assert list(found.origins) == ["name", "memory", "retry", "retry.count", "env", "env.A", "env.C", "public"]
    assert (found.origins["env.A"].line, found.origins["env.A"].column, found.origins["env.A"].raw) == (6, 3, "b")


@pytest.mark.parametrize(
    "source",
    [
        b"", b"a", b"- a", b"name: [a]", b"name: {a: b}", b"name: ~", b"unknown: a", b"name: a\nname: b",
        b"memory: 010", b"memory: '64'", b"memory: -1", b"memory: 1.5", b"memory: 0", b"public: yes", b"public: 'true'",
        b"retry: 5", b"retry: {x: 1}", b"env: x", b"env: [a]", b"env: {A: [b]}", b"env: {A: ~}", b"env: {~: a}",
        b"env: {A: b, A: c}", b"env: {<<: {A: b}}", b"<<: {name: fn}", b"name: fn\n--- a", b'name: "fn', b"? [a]\n: b",
        b"memory: 99999999999", "memory: ٣".encode(),
    ],
)  # fmt: skip
def test_anything_else_is_left_to_the_full_decoder(source: bytes) -> None:
    assert read_ordinary(source) is None
