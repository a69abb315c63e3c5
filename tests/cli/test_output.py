"""What programs read is one JSON object a line, whatever the text holds; what people read is harmless."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.cli.exact import bytes_of, is_exact
from tui.cli.output import emit, say
from tui.text import printable, visible

SAME_CAPTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@SAME_CAPTURE
@given(st.text(st.characters(codec=None)))
def test_a_record_is_one_line_for_every_reader_and_comes_back_as_it_was(
    capfdbinary: pytest.CaptureFixture[bytes], text: str
) -> None:
    emit({"text": text})
    written = capfdbinary.readouterr().out
    lines = written.decode("utf-8").splitlines()  # str.splitlines knows more line ends than "\n"
    assert len(lines) == 1
    record = json.loads(lines[0])
    if is_exact(text):
        assert record == {"text": text}
    else:  # what is no text has its bytes beside it
        assert b64decode(record.pop("text_b64")) == bytes_of(text)
        assert record == {"text": visible(text)}


@pytest.mark.parametrize(
    "character", ["\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u202e", "\u200b", "\ufeff", "\U000e0001"]
)
def test_nothing_in_a_record_moves_the_cursor_or_reorders_text(
    capfdbinary: pytest.CaptureFixture[bytes], character: str
) -> None:
    emit({"text": character})
    written = capfdbinary.readouterr().out.decode("utf-8")
    assert character not in written
    assert json.loads(written) == {"text": character}


@SAME_CAPTURE
@given(st.text(st.characters(codec=None)))
def test_what_people_read_is_one_harmless_line(capfdbinary: pytest.CaptureFixture[bytes], text: str) -> None:
    say(text)
    lines = capfdbinary.readouterr().out.decode("utf-8").split("\n")
    assert len(lines) == 2
    assert printable(lines[0]) == lines[0]
