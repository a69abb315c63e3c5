from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.wasm.decode.guess import looks_like


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "empty"),
        (b"\0" * 20, "zero bytes"),
        (b"\0as", "cut off"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b"\n  <html>", "HTML"),
        (gzip.compress(b"\0asm", mtime=0), "gzip"),
        (b"(module (func))", "WAT"),
        (b";; comment\n(module)", "WAT"),
        (b'{"error": "not found"}', "JSON"),
        (b"package main\n", "Go source"),
        (b"PK\x03\x04abc", "zip"),
        (b"hello\nworld\n", "text"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08\x09", "start with 01 02 03"),
    ],
)
def test_words(source: bytes, words: str) -> None:
    assert words in looks_like(source)


@pytest.mark.skipif(sys.platform != "linux", reason="ELF is Linux's")
def test_this_interpreter_is_an_elf_program() -> None:
    assert "ELF" in looks_like(Path(sys.executable).resolve().read_bytes()[:512])


@given(st.binary(max_size=600))
def test_something_is_always_said(source: bytes) -> None:
    assert looks_like(source)
