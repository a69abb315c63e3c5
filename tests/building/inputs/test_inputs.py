"""What a function is built from, held against what `go list` says of the same sources."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.gobuild import go_environment, go_executable
from tui.building.inputs.inputs import read_inputs
from tui.building.inputs.sources import SourceCache

FILES = {
    "go.mod": "module example.com/ws\n\ngo 1.24\n\nrequire example.com/other v0.0.0\n\n"
    "replace example.com/other => ./elsewhere/other\n",
    "functions/chat/function.go": 'package main\n\nimport (\n\t"embed"\n\t"fmt"\n\n\t"example.com/ws/shared"\n)\n\n'
    "//go:embed static *.txt\nvar files embed.FS\n\nfunc main() { fmt.Println(shared.X, files) }\n",
    "functions/chat/more.go": 'package main\n\nimport _ "example.com/other/pkg"\n',
    "functions/chat/function_test.go": 'package main\n\nimport _ "example.com/ws/onlytest"\n',
    "functions/chat/tool.go": '//go:build ignore\n\npackage main\n\nimport _ "example.com/ws/onlytool"\n',
    "functions/chat/x_windows.go": 'package main\n\nimport _ "example.com/ws/onlywindows"\n',
    "functions/chat/x_wasip1.go": 'package main\n\nimport _ "example.com/ws/onlywasi"\n',
    "functions/chat/note.txt": "note",
    "functions/chat/function.yaml": "name: chat\n",
    "functions/chat/static/index.html": "<p>",
    "functions/chat/static/.secret": "no",
    "functions/chat/static/css/a.css": "p{}",
    "functions/echo/function.go": "package main\n\nfunc main() {}\n",
    "shared/shared.go": 'package shared\n\nimport "example.com/ws/shared/deep"\n\nvar X = deep.Y\n',
    "shared/deep/deep.go": "package deep\n\nvar Y = 1\n",
    "elsewhere/other/go.mod": "module example.com/other\n\ngo 1.24\n",
    "elsewhere/other/pkg/pkg.go": "package pkg\n",
    "onlytest/a.go": "package onlytest\n",
    "onlytool/a.go": "package onlytool\n",
    "onlywindows/a.go": "package onlywindows\n",
    "onlywasi/a.go": "package onlywasi\n",
}


def lay_out(root: Path) -> Path:
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root / "functions/chat"


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    return lay_out(tmp_path)


def test_the_files_are_those_that_go_list_names(chat: Path) -> None:
    argv = [go_executable(), "list", "-deps", "-json=Dir,GoFiles,EmbedFiles,Standard,Module", "."]
    done = subprocess.run(argv, cwd=chat, env=go_environment(), capture_output=True, text=True, check=True)
    expected: set[Path] = set()
    decoder, text = json.JSONDecoder(), done.stdout.strip()
    while text:
        package, end = decoder.raw_decode(text)
        text = text[end:].lstrip()
        if not package.get("Standard"):
            names = package.get("GoFiles", []) + package.get("EmbedFiles", [])
            expected |= {Path(package["Dir"]) / name for name in names}
            expected.add(Path(package["Module"]["GoMod"]))
    assert set(read_inputs(chat).files) == expected


def test_names_are_relative_and_sorted(chat: Path) -> None:
    names = list(read_inputs(chat).manifest)
    assert names == sorted(names)
    assert "function.go" in names
    assert "../../shared/deep/deep.go" in names
    assert "function.yaml" not in names


def test_the_fingerprint_follows_contents_not_time_stamps(chat: Path) -> None:
    before = read_inputs(chat)
    os.utime(chat / "function.go", (2e9, 2e9))
    touched = read_inputs(chat)
    assert touched.fingerprint == before.fingerprint
    assert touched.newest == "function.go"
    (chat / "static/index.html").write_text("<h1>")
    assert read_inputs(chat).fingerprint != before.fingerprint


@pytest.mark.parametrize(
    "name",
    [
        "go.mod",
        "functions/chat/more.go",
        "shared/deep/deep.go",
        "functions/chat/static/css/a.css",
        "elsewhere/other/pkg/pkg.go",
    ],
)
def test_each_input_changes_the_fingerprint(chat: Path, tmp_path: Path, name: str) -> None:
    before = read_inputs(chat).fingerprint
    (tmp_path / name).write_text(FILES[name] + "\n// more\n")
    assert read_inputs(chat).fingerprint != before


@pytest.mark.parametrize("name", ["functions/echo/function.go", "functions/chat/function_test.go", "onlytest/a.go"])
def test_what_is_not_compiled_does_not(chat: Path, tmp_path: Path, name: str) -> None:
    before = read_inputs(chat).fingerprint
    (tmp_path / name).write_text(FILES[name] + "\n// more\n")
    assert read_inputs(chat).fingerprint == before


def test_a_moved_workspace_has_the_same_fingerprint(chat: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = lay_out(tmp_path_factory.mktemp("moved"))
    assert read_inputs(other).fingerprint == read_inputs(chat).fingerprint


def test_concerns(chat: Path, tmp_path: Path) -> None:
    inputs = read_inputs(chat)
    touched = ("function.go", "new.go", "new.c", "static/new.html", "note.txt", "../../go.mod", "../../go.sum")
    for name in (*touched, "../../shared/new.go", "../../elsewhere/other/pkg/pkg.go", "../../go.work"):
        assert inputs.concerns(Path(os.path.normpath(chat / name))), name
    for name in ("function_test.go", "x_windows.go", "../echo/function.go", "../../README.md", "../../onlytest/a.go"):
        assert not inputs.concerns(Path(os.path.normpath(chat / name))), name


def test_a_ring_of_imports_ends(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module m\n")
    (tmp_path / "function.go").write_text('package main\nimport "m/a"\n')
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.go").write_text(f'package {name}\nimport "m/{other}"\n')
    assert list(read_inputs(tmp_path).manifest) == ["a/x.go", "b/x.go", "function.go", "go.mod"]


def test_pipes_broken_links_and_folders_named_like_sources(tmp_path: Path) -> None:
    (tmp_path / "function.go").write_text("package main\n")
    (tmp_path / "dir.go").mkdir()
    (tmp_path / "gone.go").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.c")
    assert list(read_inputs(tmp_path).manifest) == ["function.go"]


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    inputs = read_inputs(tmp_path / "gone")
    assert (dict(inputs.manifest), inputs.newest, inputs.modified) == ({}, None, 0.0)


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "function.go").write_text("package main\n")
    (tmp_path / os.fsdecode(b"\xff.go")).write_text("package main\n")
    inputs = read_inputs(tmp_path)
    assert len(inputs.manifest) == 2
    assert len(inputs.fingerprint) == 32


def test_a_cache_reads_a_settled_file_once(chat: Path) -> None:
    os.utime(chat / "function.go", (1e9, 1e9))
    cache = SourceCache()
    first = cache.read(chat / "function.go")
    assert cache.read(chat / "function.go") is first
