from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.wasm.binary import custom, function_names, leb, module, name
from tests.wasm.tinygo import tinygo_module
from tui.wasm.decode.core.names import FunctionNames, read_names
from tui.wasm.decode.decode import decode


def names_of(source: bytes) -> FunctionNames:
    return read_names(source, decode(source))


@given(st.dictionaries(st.integers(0, 0xFFFF_FFFF), st.text(st.characters(exclude_categories=["Cs"])), max_size=30))
def test_names_come_back(symbols: dict[int, str]) -> None:
    found = names_of(module(function_names(symbols)))
    assert found.symbols == symbols
    assert found.warnings == ()


def test_the_last_of_two_names_wins_with_a_warning() -> None:
    entries = leb(5) + name("five") + leb(1) + name("one") + leb(5) + name("cinq")
    found = names_of(module(custom("name", b"\1" + leb(len(entries) + 1) + b"\3" + entries)))
    assert found.symbols == {5: "cinq", 1: "one"}
    assert found.warnings[0].message == "name section: 1 functions are named twice"


def test_broken_names_keep_what_came_before() -> None:
    entries = b"\3" + leb(0) + name("a") + leb(1) + b"\x50b"
    found = names_of(module(custom("name", b"\1" + leb(len(entries)) + entries)))
    assert found.symbols == {0: "a"}
    assert "a name of 80 bytes" in found.warnings[0].message
    short = names_of(module(custom("name", b"\1\3\5\0\0")))
    assert "too early" in short.warnings[0].message


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    entries = b"\1\0" + name(b"a\xff")
    assert names_of(module(custom("name", b"\1" + leb(len(entries)) + entries))).symbols == {0: "a\ufffd"}


def test_imports_and_exports_name_what_has_no_symbol() -> None:
    source = tinygo_module()
    whole = decode(source)
    bare = source[:8] + b"".join(source[s.offset : s.end] for s in whole.sections if s.name != "name")
    found = names_of(bare)
    assert found.symbols == {}
    assert found[0] == "wasi_snapshot_preview1.fd_write"
    assert found[1] == "_start"
    assert found[2] == "func[2]"
    assert names_of(source)[2] == "main.main"


def test_names_of_a_real_module(echo_command: bytes) -> None:
    found = names_of(echo_command)
    whole = decode(echo_command)
    assert len(found.symbols) == whole.functions.defined
    assert "main.main" in found.symbols.values()
