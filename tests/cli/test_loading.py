"""How the program loads its own modules: what it finds and runs is what Python would, in every state of the files."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path

import pytest

import tui
from tui.cli.loading import MOST, Finder, Loader, compiled

ROOT = Path(tui.__file__).parents[1]
PACKAGE = ROOT / "tui"
PATHS = sorted({*PACKAGE.rglob("*.py")} - {PACKAGE / "__init__.py"})
MODULES = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in PATHS]
# Which modules our finder brought, and what the command printed.
LOOK = """
import json, sys
from tui.cli import main
from tui.cli.loading import Finder, Loader, install
install()
code = main(sys.argv[1:])
ours = [module for module in sys.modules.values() if isinstance(getattr(module, "__loader__", None), Loader)]
same = all(module.__spec__.cached == module.__cached__ for module in ours)
print(json.dumps([code, len(ours), same]), file=sys.stderr)
"""


def told(spec: ModuleSpec | None) -> object:
    assert spec is not None
    return spec.name, spec.origin, spec.cached, spec.has_location, spec.submodule_search_locations


def test_every_module_is_where_python_finds_it() -> None:
    for name in MODULES:
        parent = [str(ROOT.joinpath(*name.split(".")[:-1]))]
        assert told(Finder.find_spec(name, parent)) == told(PathFinder.find_spec(name, parent))


def test_what_is_not_ours_or_not_there_is_left_to_python() -> None:
    assert Finder.find_spec("json.decoder", [str(Path(json.__file__).parent)]) is None
    assert Finder.find_spec("tui", None) is None
    assert Finder.find_spec("tui.nothing", [str(PACKAGE)]) is None
    assert Finder.find_spec("tui.cli.nothing", ["/nowhere/archive.zip/tui/cli"]) is None


def code_of(source: Path) -> dict[str, object]:
    """What a module defines, loaded by our loader as it would be now."""
    code = Loader("tui.example", str(source), source.stat()).get_code("tui.example")
    assert code is not None
    assert code.co_filename == str(source)
    space: dict[str, object] = {}
    exec(code, space)
    return space


def compiled_by_python(source: Path) -> Path:
    SourceFileLoader("tui.example", str(source)).get_code("tui.example")
    return Path(importlib.util.cache_from_source(str(source)))


def test_a_source_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "example.py"
    source.write_text("value = 1\n")
    assert code_of(source)["value"] == 1
    kept = Path(compiled(str(source)))
    assert kept == Path(importlib.util.cache_from_source(str(source)))
    assert kept.is_file()
    monkeypatch.setattr(SourceFileLoader, "get_code", None)  # the second time Python's loader is not asked
    assert code_of(source)["value"] == 1


def test_a_changed_source_is_compiled_anew(tmp_path: Path) -> None:
    source = tmp_path / "example.py"
    source.write_text("value = 1\n")
    compiled_by_python(source)
    moment = source.stat().st_mtime_ns
    source.write_text("value = 22\n")
    os.utime(source, ns=(moment, moment))  # only the size tells
    assert code_of(source)["value"] == 22
    source.write_text("value = 33\n")
    os.utime(source, ns=(moment + 10**9, moment + 10**9))  # only the time tells
    assert code_of(source)["value"] == 33


@pytest.mark.parametrize(
    ("start", "middle", "rest"),
    [
        (0, b"", 9999),  # empty
        (9, b"", 9999),  # cut
        (0, bytes(4), 4),  # of another Python
        (8, bytes(8), 16),  # of another source
    ],
)
def test_a_file_that_is_not_of_this_source_is_compiled_anew(
    tmp_path: Path, start: int, middle: bytes, rest: int
) -> None:
    source = tmp_path / "example.py"
    source.write_text("value = 1\n")
    kept = compiled_by_python(source)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:start] + middle + whole[rest:])
    assert code_of(source)["value"] == 1
    assert kept.read_bytes() == whole


def test_a_form_that_no_python_knows_is_compiled_anew(tmp_path: Path) -> None:
    source = tmp_path / "example.py"
    source.write_text("value = 1\n")
    kept = compiled_by_python(source)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:4] + b"\x80" + whole[5:])
    assert code_of(source)["value"] == 1


def test_a_checked_hash_is_python_s_to_check(tmp_path: Path) -> None:
    import py_compile

    source = tmp_path / "example.py"
    source.write_text("value = 1\n")
    py_compile.compile(str(source), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    moment = source.stat().st_mtime_ns
    source.write_text("value = 2\n")
    os.utime(source, ns=(moment, moment))
    assert code_of(source)["value"] == 2


def test_a_folder_that_was_moved_is_named_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old/example.py").write_text("value = 1\n")
    compiled_by_python(tmp_path / "old/example.py")
    (tmp_path / "old").rename(tmp_path / "new")
    assert code_of(tmp_path / "new/example.py")["value"] == 1


def test_a_large_module_is_read_whole(tmp_path: Path) -> None:
    source = tmp_path / "example.py"
    source.write_text(f"value = {'x' * (2 * MOST)!r}\n")
    compiled_by_python(source)
    assert code_of(source)["value"] == "x" * (2 * MOST)


def test_a_folder_that_takes_no_files_is_read_all_the_same(tmp_path: Path) -> None:
    source = tmp_path / "example.py"
    source.write_text("value = 1\n")
    (tmp_path / "__pycache__").write_text("no folder")
    assert code_of(source)["value"] == 1


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        ((), {}),
        (("-O",), {}),
        (("-OO",), {}),
        ((), {"PYTHONPYCACHEPREFIX": "prefix"}),
        ((), {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "empty"}),
    ],
    ids=["plain", "-O", "-OO", "prefix", "nothing kept"],
)
def test_a_command_does_the_same(tmp_path: Path, words: tuple[str, ...], variables: dict[str, str]) -> None:
    module = tmp_path / "function.wasm"
    module.write_bytes(b"\0asm\1\0\0\0")
    if "PYTHONPYCACHEPREFIX" in variables:
        variables = variables | {"PYTHONPYCACHEPREFIX": str(tmp_path / variables["PYTHONPYCACHEPREFIX"])}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHONPYC")} | variables
    for _ in range(2):
        argv = [sys.executable, *words, "-c", LOOK, "inspect", str(module)]
        done = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
        code, ours, are_kept = json.loads(done.stderr)
        assert code == 0
        assert ours > 15
        assert are_kept
        assert "core module" in done.stdout


def test_who_imports_the_library_keeps_python_s_finders() -> None:
    code = "import sys; before = [*sys.meta_path]; import tui; tui.find('.'); assert sys.meta_path == before"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
