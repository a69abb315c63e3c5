from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.building.inputs.gofiles import GoFile, read_go_file


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        ('package main\nimport "fmt"\n', ("fmt",)),
        ('package main; import "fmt"; import "os"', ("fmt", "os")),
        ('package main\nimport (\n\t"a/b" // why\n\t_ "c"\n\t. "d"\n\tname "e" /* x */\n)\n', ("a/b", "c", "d", "e")),
        ("package main\nimport `raw`\n", ("raw",)),
        ('// import "no"\n/* import "no" */ package /* x */ main // y\nimport ("yes")', ("yes",)),
        ('package main\nimport ()\nimport "x"\n', ("x",)),
        ('package main\nimport ("a";"b")\n', ("a", "b")),
        ('package main\nvar x = `\nimport "no"\n`\n', ()),
        ('package main\nimport "fmt"\nfunc main() {}\nimport "late"\n', ("fmt",)),
        ('\ufeffpackage main\nimport "fmt"\n', ("fmt",)),
        ('package main\r\nimport (\r\n"fmt"\r\n)\r\n', ("fmt",)),
        ('package main\nimport é "fmt"\n', ("fmt",)),
        ('package main\nimport "fmt"\nimport "fmt"\n', ("fmt",)),
    ],
)
def test_imports(source: str, imports: tuple[str, ...]) -> None:
    assert read_go_file(source.encode()).imports == imports


def test_cgo_is_told_and_is_no_import() -> None:
    found = read_go_file(b'package main\n/*\n#include "x.h"\n*/\nimport "C"\n')
    assert found.uses_cgo
    assert found.imports == ()


def test_embed_patterns() -> None:
    source = b'package main\nimport _ "embed"\n//go:embed a.txt "b c.txt" `d`\n//go:embed all:e\nvar x string\n'
    assert read_go_file(source).embeds == ("a.txt", "b c.txt", "d", "all:e")


def test_constraint_above_the_package_clause_only() -> None:
    assert not read_go_file(b"//go:build windows\n\npackage main\n").built
    assert read_go_file(b"package main\n//go:build windows\n").built


@pytest.mark.parametrize(
    "source", [b"", b"import", b"package", b"package \xff\nimport (\n\xff", b"package a\nimport (", b"\0"]
)
def test_what_is_no_go_is_left_to_the_compiler(source: bytes) -> None:
    assert read_go_file(source).imports == ()


@given(st.binary(max_size=400))
def test_any_bytes(source: bytes) -> None:
    assert isinstance(read_go_file(source), GoFile)


PIECES = st.sampled_from(
    ['import "a"\n', "import (", ")", '"b"', "// x\n", "/*", "*/", "\n", ";", "x ", ". ", "`", "func"]
)


@given(st.lists(PIECES, max_size=30))
def test_any_pieces_of_go(pieces: list[str]) -> None:
    assert isinstance(read_go_file(("package p\n" + "".join(pieces)).encode()), GoFile)
