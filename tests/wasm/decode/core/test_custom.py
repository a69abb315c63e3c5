from __future__ import annotations

import pytest

from tests.wasm.binary import custom, function_names, leb, module, name, producers, section, vec
from tests.wasm.features import FEATURES, assemble
from tui.wasm.decode.decode import decode


@pytest.mark.parametrize(
    "title", ["name", "producers", "target_features", "build_id", "go:buildid", "sourceMappingURL"]
)
@pytest.mark.parametrize("payload", [b"", b"\xff", b"\xff\xff\xff\xff\x0f", b"\1\5", b"\x03\x02a", b"\2+\xff"])
def test_errors_in_custom_sections_are_warnings(title: str, payload: bytes) -> None:
    found = decode(module(custom(title, payload)))
    assert found.ok
    assert all(title in note.message for note in found.warnings)


@pytest.mark.parametrize("payload", [b"", b"\5ab", b"\1\xff", b"\xff\xff\xff\xff\x1f"])
def test_a_custom_sections_own_name_belongs_to_the_format(payload: bytes) -> None:
    found = decode(module(section(0, payload)))
    assert found.malformed


def test_producers() -> None:
    found = decode(module(producers(language=(("C11", ""), ("C99", "")), processed_by=(("TinyGo", "0.35.0"),))))
    assert found.producers == {"language": (("C11", ""), ("C99", "")), "processed-by": (("TinyGo", "0.35.0"),)}
    assert found.toolchain == "TinyGo 0.35.0"
    odd = decode(module(producers(colour=(("blue", "1"),))))
    assert odd.ok
    assert "not in the convention" in odd.warnings[0].message


def test_target_features() -> None:
    found = decode(
        module(custom("target_features", vec(b"+" + name("simd128"), b"-" + name("atomics"), b"=" + name("x"))))
    )
    assert found.target_features == ("+simd128", "-atomics", "=x")
    assert "prefix" in decode(module(custom("target_features", vec(b"*" + name("x"))))).warnings[0].message


def test_name_section_parts_are_placed() -> None:
    source = assemble(FEATURES["names"])
    found = decode(source)
    assert found.name == "m"
    assert [part.name for part in found.name_parts] == [
        "module",
        "function",
        "local",
        "label",
        "type",
        "memory",
        "global",
    ]
    functions = found.name_parts[1]
    assert source[functions.offset : functions.offset + functions.size] == b"\1\0\1f"
    assert functions.count == 1
    assert not found.stripped


def test_name_section_unknown_and_unordered_parts() -> None:
    payload = b"\x7f\2ab" + b"\1\4\1\0\1f" + b"\0\2\1m"
    found = decode(module(custom("name", payload)))
    assert found.ok
    assert found.name == "m"
    assert [note.message for note in found.warnings] == [
        "name section: subsection 1 after subsection 127",
        "name section: subsection 0 after subsection 1",
    ]


def test_stripped_means_no_function_names() -> None:
    assert decode(module()).stripped
    assert decode(module(custom("name", b"\0\2\1m"))).stripped
    assert not decode(module(function_names({0: "f"}))).stripped


def test_build_ids_and_source_maps() -> None:
    found = decode(module(custom("build_id", b"\2\xab\xcd"), custom("sourceMappingURL", name("m.map"))))
    assert (found.build_id, found.source_map) == ("abcd", "m.map")
    go = decode(module(custom("go:buildid", b'\xff Go build ID: "a/b/c"\n \xff')))
    assert go.build_id == "a/b/c"


def test_dwarf_is_one_group_with_its_headers() -> None:
    info, line = custom(".debug_info", b"x" * 300), custom(".debug_line", b"y" * 10)
    found = decode(module(info, line, custom("other")))
    assert found.dwarf_bytes == len(info) + len(line)


def test_a_custom_name_of_100_kb_is_kept_raw() -> None:
    title = "\x1b]0;x\a" + "n" * 100_000
    found = decode(module(custom(title)))
    assert found.sections[0].name == title


def test_producers_count_is_held_against_the_bytes() -> None:
    found = decode(module(custom("producers", leb(1_000_000))))
    assert found.producers == {}
    assert "1,000,000 fields declared" in found.warnings[0].message


def test_a_build_id_without_its_length() -> None:
    raw = bytes.fromhex("a0c95308aa0f4b1b9d5dc6d26b7f1d01")
    assert decode(module(custom("build_id", raw))).build_id == raw.hex()
    assert decode(module(custom("build_id", leb(16) + raw))).build_id == raw.hex()
