"""The floor plan: which room may import which, what is imported late, and how large a file or a function may grow."""

from __future__ import annotations

import ast
import gc
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tui"
FILES = sorted(PACKAGE.rglob("*.py"))
FILE_LINES = 400
FUNCTION_LINES = 40
CLASS_METHODS = 25  # its own; a class that needs more owns objects that do it
FOLDER_FILES = 15  # beside __init__.py; beyond that a stranger wants rooms to choose from

# room -> rooms that it may import besides itself and tui.text. Imports run one way along a function's trip.
ALLOWED = {
    "wasm": set[str](),
    "workspace": set[str](),
    "settings": set[str](),
    "demo": set[str](),
    "lines": set[str](),
    "gateway": {"workspace", "wasm", "lines"},
    "building": {"workspace", "wasm", "gateway", "settings"},
    "running": {"workspace", "wasm", "gateway", "building", "settings"},
    "cluster": {"building", "settings"},
    "assessment": {"workspace", "wasm", "gateway", "building", "settings", "lines"},
    "app": {
        "workspace",
        "wasm",
        "gateway",
        "building",
        "running",
        "cluster",
        "assessment",
        "settings",
        "demo",
        "lines",
    },
    "cli": {
        "workspace",
        "wasm",
        "gateway",
        "building",
        "running",
        "cluster",
        "assessment",
        "settings",
        "demo",
        "app",
        "lines",
    },
}
# A file beside the rooms that may import several: what Python programs are offered.
BESIDE = {"tui/library.py": {"workspace", "wasm", "gateway", "building", "assessment"}}
BESIDE["tui/__init__.py"] = BESIDE["tui/library.py"]
# distribution -> the files, relative to tui/, that may import it.
OUTSIDE = {
    "textual": ("app/",),
    "rich": ("app/",),
    "yaml": ("workspace/", "running/calls/", "building/compilers/doctor"),  # doctor says whether PyYAML has libyaml
    "watchfiles": (),
    "wasmtime": ("wasm/validate", "running/"),
    "textual_serve": ("cli/commands/serve/",),
    "aiohttp": ("cli/commands/serve/", "running/local/http/"),
    "distributed": ("cluster/",),
    "dask": (),
    "multidict": ("running/local/http/",),
}


@cache
def trees() -> dict[Path, list[ast.AST]]:
    """All files, read. They live to the end of the process: the collector walks them neither now, which would take as
    long again, nor at any later pass."""
    gc.disable()
    try:
        return {path: list(ast.walk(ast.parse(path.read_text(encoding="utf-8")))) for path in FILES}
    finally:
        gc.freeze()
        gc.enable()


def nodes(path: Path) -> list[ast.AST]:
    return trees()[path]


@cache
def imported(path: Path) -> list[str]:
    """The dotted names that a file imports, at its top or anywhere below."""
    return list(import_names(path))


def import_names(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            # `from tui.cli import screen_command` names a module in its list.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    """The folder below tui/ that a file lies in; "" for those directly in it."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_room_is_in_the_table() -> None:
    assert {room(path) for path in FILES} - {""} == set(ALLOWED)


def test_imports_run_one_way() -> None:
    wrong = [f"{names(path)} imports {name}" for path in FILES for name in imported(path) if not may_import(path, name)]
    assert not wrong


def may_import(path: Path, name: str) -> bool:
    parts = name.split(".")
    if parts[0] != "tui" or len(parts) < 2 or parts[1] not in ALLOWED:
        return True
    # __main__ is the command line's other door.
    allowed = ALLOWED.get(room(path)) or BESIDE.get(names(path), {"cli"})
    return parts[1] == room(path) or parts[1] in allowed


# The rooms of the screen, from those that know nothing of others to the one that holds them together. Files beside them
# (messages, notice, options) are what every room may say.
SCREEN = ("colours", "keys", "terminal", "rows", "desk", "functions", "log", "panes", "frame", "dialogs", "shell")


def test_imports_of_the_screen_run_one_way() -> None:
    wrong = []
    for path in (path for path in FILES if room(path) == "app"):
        inside = path.relative_to(PACKAGE / "app").parts
        place = SCREEN.index(inside[0]) if len(inside) > 1 else -1
        for name in imported(path):
            above = name.split(".")[2:3]
            if name.startswith("tui.app.") and above[0] in SCREEN and SCREEN.index(above[0]) > place:
                wrong.append(f"{names(path)} imports {name}")
    assert not wrong


def test_each_library_is_imported_in_its_room_only() -> None:
    wrong = []
    for path in FILES:
        inside = path.relative_to(PACKAGE).as_posix()
        for name in imported(path):
            places = OUTSIDE.get(name.split(".")[0])
            if places is not None and not inside.startswith(places):
                wrong.append(f"{inside} imports {name}")
    assert not wrong


def test_files_and_functions_stay_small() -> None:
    large = [names(path) for path in FILES if path.read_text(encoding="utf-8").count("\n") > FILE_LINES]
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno >= FUNCTION_LINES:
                    large.append(f"{names(path)}:{node.lineno} {node.name}")
    assert not large


def test_folders_stay_small() -> None:
    files = Counter(names(path.parent) for path in FILES if path.name != "__init__.py")
    assert not {folder: count for folder, count in files.items() if count > FOLDER_FILES}


# Where everything may be caught, and why.
CATCH_ALL = {
    "tui/running/engine/binding.py": "carries a fault over the frames of C to who called the guest",
    "tui/running/engine/stack.py": "carries a thread's fault to who waits for it",
    "tui/cli/__init__.py": "the boundary",
    "tui/app/desk/reading/reader.py": "carries a thread's fault to the event loop, which ends at the boundary",
    "tui/gateway/check.py": "a check that fails inside becomes a finding",
}


def test_only_the_boundary_catches_everything() -> None:
    wrong = []
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type is not None else "BaseException"
                if caught in ("Exception", "BaseException") and names(path) not in CATCH_ALL:
                    wrong.append(f"{names(path)}:{node.lineno}")
    assert not wrong


def loaded_by(*argv: str) -> set[str]:
    """The top-level modules in memory after `fn-tui ARGV` in a fresh interpreter."""
    program = (
        "import json, sys\nfrom tui.cli import main\nmain(sys.argv[1:])\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, *argv], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["list", "--help"], ["build", "--help"], ["config-path"]])
def test_help_loads_nothing_heavy(argv: list[str]) -> None:
    assert loaded_by(*argv).isdisjoint({"textual", "rich", "yaml", "watchfiles", "wasmtime", "tomllib"})


@pytest.mark.parametrize("name", ["list", "plan"])
def test_the_headless_face_does_without_the_screen(name: str, tmp_path: Path) -> None:
    (tmp_path / "function.yaml").write_text("name: fn\n")
    (tmp_path / "function.go").write_text("package main\n\nfunc main() {}\n")
    assert loaded_by(name, str(tmp_path)).isdisjoint({"textual", "rich", "watchfiles", "wasmtime", "asyncio"})


def test_the_first_frame_waits_for_nothing_that_runs_functions() -> None:
    """Panes are furnished after it: what the run pane stands on costs a fifth of opening."""
    program = "import sys, tui.app.shell.app\nprint(*(name for name in sys.modules if name.startswith('tui.')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    late = ("tui.app.panes.run", "tui.app.desk.running", "tui.running", "tui.app.panes.size", "tui.app.panes.sections")
    assert [name for name in done.stdout.split() if name.startswith(late)] == []


APP = [path for path in FILES if room(path) == "app"]
# Where the screen may ask for attributes by name, and why.
BY_NAME = {
    "tui/app/desk/store.py": "replaces fields of records by name, thousands of times in a fifth of the usual time",
    "tui/app/desk/reading/reader.py": "hands fields of an assessment to the store by name",
}


def classes_of(path: Path) -> Iterator[ast.ClassDef]:
    return (node for node in nodes(path) if isinstance(node, ast.ClassDef))


def test_at_most_one_class_of_ours_stands_under_textuals() -> None:
    bases: dict[str, list[str]] = {}
    for path in APP:
        for node in classes_of(path):
            named = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
            bases[node.name] = [ast.unparse(base) for base in named]
    for name, above in bases.items():
        ours = [base for base in above if base in bases]
        assert len(ours) <= 1, f"{name} stands on {ours}"
        for base in ours:
            further = [other for other in bases[base] if other in bases and bases[other] != ["Protocol"]]
            assert not further, f"{name} stands on {base}, which stands on {further}"


def test_classes_stay_small() -> None:
    for path in FILES:
        for node in classes_of(path):
            methods = sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body)
            assert methods <= CLASS_METHODS, f"{names(path)}: {node.name} has {methods} methods"


def test_actions_reach_methods_that_mypy_sees() -> None:
    for path in APP:
        for node in nodes(path):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if called in {"getattr", "hasattr", "setattr", "import_module", "__import__"}:
                assert names(path) in BY_NAME, f"{names(path)}:{node.lineno} calls by name"  # type: ignore[attr-defined]


def test_no_files_import_each_other_in_a_circle() -> None:
    # The command line's table loads a command late, and commands take their exit codes from beside the table.
    rooms = [path for path in FILES if path != PACKAGE / "cli/__init__.py"]
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in rooms}
    above = {}
    for name, path in modules.items():  # `from tui.app.x import Name` names x
        named = {found if found in modules else found.rpartition(".")[0] for found in imported(path)}
        above[name] = named & set(modules) - {name}
    while free := [name for name, others in above.items() if not others & set(above)]:
        for name in free:
            del above[name]
    assert not above, f"these import each other, or what does: {sorted(above)}"


# What only the program's entry may change, for it holds for the whole process.
PROCESS_WIDE = ("sys.setswitchinterval", "gc.freeze", "gc.disable", "mallopt", "os.environ[")
TUNED_IN = {
    "tui/app/terminal/interpreter.py": "the screen's interpreter",
    "tui/cli/__init__.py": "the entry: --no-color holds for what we start too",
    "tui/cli/layers.py": "the entry: TinyGo finds its Go and wasm-opt by the environment alone",
    "tui/building/guard/guard_process.py": "a process of its own",
    "tui/running/process/start.py": "a process of its own",
    "tui/running/local/guests/nursery.py": "a process of its own",
    "tui/running/local/guests/template.py": "a process of its own",
    "tui/wasm/decode/budget.py": "for the length of work that makes no cycles",
    "tui/cli/commands/inspect.py": "a command that ends after it",
}


def test_the_process_is_tuned_in_one_place() -> None:
    others = [path for path in FILES if names(path) not in TUNED_IN]
    assert not [
        names(path) for path in others if any(word in path.read_text(encoding="utf-8") for word in PROCESS_WIDE)
    ]
