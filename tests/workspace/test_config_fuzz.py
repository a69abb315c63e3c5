from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.workspace.configcases import cases
from tui.text import printable
from tui.workspace.config import load_config
from tui.workspace.deploy_form import deploy_form
from tui.workspace.excerpt import excerpt_for
from tui.workspace.function import ConfigProblem, ConfigReading, ConfigWarning
from tui.workspace.goyaml.load import is_unusual
from tui.workspace.rows import rows

TOKENS = [
    b"name: fn\n", b"memory: ", b"env:\n", b"  A: b\n", b"- ", b"? ", b": ", b"{", b"}", b"[", b"]", b",", b"#", b"\n",
    b" ", b"\t", b'"', b"'", b"|\n", b">-\n", b"&a ", b"*a", b"!!int ", b"!x ", b"%YAML 1.1\n", b"---\n", b"...\n",
    b"<<: ", b"~", b"0x1F", b"1e400", b"yes", b"\\", b"\xc3\xa9", b"\xe2\x80\xa8", b"\xc2\x85", b"\r", b"\xef\xbb\xbf",
    b"\xff\xfe", b"\x00", b"\xff", b"!!binary /w==",
    b"retry:\n  count: 1\n", b"x" * 1030, b"2001-01-01", b"\xed\xa0\x80",
]  # fmt: skip
SOUND = [case.source for case in cases() if case.ok and len(case.source) < 600]


def judge(source: bytes) -> ConfigReading:
    """What holds for every document: a verdict, never an exception, that can be shown and sent."""
    reading = load_config(source)
    assert (reading.config is None) != (reading.error is None)
    for row in rows(reading):
        assert row.text() is not None
    if reading.config is not None:
        assert deploy_form(reading.config).fields
        assert reading.secrets <= set(reading.config.env or {})
    problems = reading.error.problems if reading.error else ()
    places: list[ConfigProblem | ConfigWarning] = [*reading.warnings, *problems]
    for about in places:
        assert about.line is None or about.line >= 1
        assert all(printable(line.text) == line.text for line in excerpt_for(source, about))
    return reading


@settings(max_examples=examples(3))
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
def test_any_bytes(source: bytes) -> None:
    judge(source)


@settings(max_examples=examples(5))
@given(st.lists(st.sampled_from(TOKENS), max_size=14).map(b"".join))
def test_any_tokens(source: bytes) -> None:
    judge(source)


@settings(max_examples=examples(5))
@given(st.sampled_from(SOUND), st.data())
def test_mutated_sound_documents(source: bytes, choose: st.DataObject) -> None:
    for _ in range(choose.draw(st.integers(1, 3))):
        start = choose.draw(st.integers(0, len(source)))
        end = choose.draw(st.integers(start, min(start + 4, len(source))))
        source = source[:start] + choose.draw(st.sampled_from([b"", *TOKENS])) + source[end:]
    judge(source)


words = st.sampled_from(
    [
        "fn",
        "a",
        "true",
        "yes",
        "64",
        "064",
        "0",
        "1.5",
        "-3",
        "1e2",
        "~",
        "null",
        "x y",
        "'q'",
        '"64"',
        "é",
        "http://a/b?c=d",
    ]
)
keys = st.sampled_from(
    ["name", "public", "memory", "timeout", "ws_auth", "reactor", "ws_max_frame_bytes", "Memory", "x"]
)
entries = st.lists(st.tuples(st.sampled_from(["A", "B_C", "on", "1", "~"]), words), max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    lines = [f"{key}: {value}" for key, value in draw(st.lists(st.tuples(keys, words), max_size=6))]
    if draw(st.booleans()):
        lines += ["env:", *(f"  {key}: {value}" for key, value in draw(entries))]
    if draw(st.booleans()):
        lines += ["retry:", *(f"  {key}: {draw(words)}" for key in ("count", "delay")), "# end"]
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines).encode()


@settings(max_examples=examples(4))
@given(documents())
def test_libyaml_agrees_with_our_own_scanner(source: bytes) -> None:
    assert not is_unusual(source)
    by_libyaml = judge(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui.workspace.goyaml.load.has_libyaml", lambda: False)
        own = judge(source)
    assert (by_libyaml.config, by_libyaml.error, by_libyaml.warnings) == (own.config, own.error, own.warnings)
