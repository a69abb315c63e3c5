"""Failing builds by the real stock Go, told with what the sources and the plan say."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.gobuild import go_environment, go_executable
from tui.building.errors.diagnostics import headline, parse_diagnostics
from tui.building.errors.situation import Situation
from tui.building.events import Diagnostic

pytestmark = pytest.mark.slow

MAIN = "package main\n\nfunc main() {}\n"
EXPORT = "//go:wasmexport {name}\nfunc {go}({params}) {{}}\n"


@dataclass
class Kind:
    """Files that do not compile, and how that is to be told."""

    files: dict[str, str]
    head: str  # of the first error: place and the beginning of the message
    words: str = ""  # in its explanation
    fix: str | None = None
    reactor: bool = False
    env: dict[str, str] = field(default_factory=dict)
    count: int = 1
    detail: str = ""


KINDS: dict[str, Kind] = {
    "undefined": Kind(
        {"function.go": "package main\n\nfunc main() { x := y }\n"},
        "function.go:3:20: undefined: y",
        count=2,
    ),
    "exported twice": Kind(
        {
            "function.go": MAIN + EXPORT.format(name="handle", go="a", params=""),
            "more.go": "package main\n\n" + EXPORT.format(name="handle", go="b", params=""),
        },
        "",
        "handle is exported twice",
        reactor=True,
    ),
    "a type that cannot cross": Kind(
        {"function.go": MAIN + EXPORT.format(name="handle", go="a", params="x []byte")},
        "function.go:5:6: go:wasmexport: unsupported parameter type []byte",
        "numbers and pointers only",
        reactor=True,
    ),
    "no main in a reactor": Kind(
        {"function.go": "package main\n"},
        "function.go:1:1: runtime.main_main",
        "add it, empty",
        reactor=True,
    ),
    "no main in a command": Kind(
        {"function.go": "package main\n"}, "function.go:1:1: runtime.main_main", "set `ws_persistent: true`"
    ),
    "no body": Kind(
        {"function.go": "package main\n\nfunc host()\n\nfunc main() { host() }\n"},
        "function.go:3:6: missing function body",
        "declared without a body",
    ),
    "left out": Kind(
        {"function.go": "//go:build linux\n\npackage main\n\nfunc main() {}\n"},
        "function.go:1:1: ",
        "function.go:1: //go:build linux",
    ),
    "declared in a file left out": Kind(
        {
            "function.go": "package main\n\nfunc main() { host() }\n",
            "imports.go": "//go:build tinygo\n\npackage main\n\nfunc host() {}\n",
        },
        "function.go:3:15: undefined: host",
        "imports.go declares host, but is not part of this build: //go:build tinygo",
    ),
    "another package": Kind(
        {"function.go": MAIN, "other.go": "package other\n"}, "other.go:1:1: found packages", "other.go says other"
    ),
    "javascript": Kind(
        {"function.go": 'package main\n\nimport _ "syscall/js"\n\nfunc main() {}\n'},
        "function.go:3:10: build constraints exclude all Go files",
        "WASI has no JavaScript",
    ),
    "c": Kind(
        {"function.go": 'package main\n\nimport "C"\n\nfunc main() {}\n'},
        "function.go:3:1: ",
        'import "C"',
    ),
    "import cycle": Kind(
        {
            "function.go": 'package main\n\nimport _ "example.com/fn/a"\n\nfunc main() {}\n',
            "a/a.go": 'package a\n\nimport _ "example.com/fn/b"\n',
            "b/b.go": 'package b\n\nimport _ "example.com/fn/a"\n',
        },
        "function.go:3:10: import cycle not allowed",
        "in a ring",
        detail="imports example.com/fn/b from a.go (a/a.go:3)",
    ),
    "no such folder": Kind(
        {"function.go": 'package main\n\nimport _ "example.com/fn/money"\n\nfunc main() {}\n'},
        "function.go:3:8: ",
        "which has no folder money with Go files",
    ),
    "no such module": Kind(
        {"function.go": 'package main\n\nimport _ "example.org/gone"\n\nfunc main() {}\n'},
        "function.go:3:8: ",
        "belongs to no module in go.mod",
        "go get example.org/gone",
    ),
    "nothing to embed": Kind(
        {"function.go": 'package main\n\nimport _ "embed"\n\n//go:embed gone.txt\nvar s string\n\nfunc main() {}\n'},
        "function.go:5:12: pattern gone.txt: no matching files found",
        "//go:embed names a file that is not there",
    ),
    "a newer go": Kind(
        {"function.go": MAIN, "go.mod": "module example.com/fn\n\ngo 1.99\n"},
        "go.mod:3:1: go: go.mod requires go >= 1.99",
        "asks for a newer Go",
    ),
    "a line of go.mod": Kind(
        {"function.go": MAIN, "go.mod": "module example.com/fn\n\ngo 1.22\n\nfoo bar\n"},
        "go.mod:5: unknown directive: foo",
    ),
    "the vendor folder": Kind(
        {
            "function.go": 'package main\n\nimport _ "example.org/dep"\n\nfunc main() {}\n',
            "go.mod": "module example.com/fn\n\ngo 1.22\n\nrequire example.org/dep v1.0.0\n",
            "vendor/modules.txt": "# example.org/dep v1.0.1\n## explicit\nexample.org/dep\n",
            "vendor/example.org/dep/d.go": "package dep\n",
        },
        "go.mod:5:1: go: inconsistent vendoring",
        "`go mod vendor` fills it anew",
        "go mod vendor",
    ),
    "a go.work that names nothing": Kind(
        {"function.go": MAIN, "go.work": "go 1.22\n\nuse .\n\nuse ./shared\n"},
        "go.work:5:1: go: cannot load module shared",
        "go.work names shared",
    ),
    "internal": Kind(
        {"function.go": 'package main\n\nimport _ "internal/abi"\n\nfunc main() {}\n'},
        "function.go:3:8: use of internal package internal/abi not allowed",
        "is internal",
    ),
    "too many": Kind(
        {"function.go": "package main\n\nfunc main() {\n" + "".join(f"\tx{n}()\n" for n in range(20)) + "}\n"},
        "function.go:4:2: undefined: x0",
        count=10,
    ),
}


def built(kind: Kind, directory: Path) -> tuple[Diagnostic, ...]:
    """What a build of these files by stock Go says."""
    for name, text in {"go.mod": "module example.com/fn\n\ngo 1.22\n", **kind.files}.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    argv = [go_executable(), "build", "-o", "function.wasm", *(["-buildmode=c-shared"] if kind.reactor else []), "."]
    environment = {**go_environment(), "GOFLAGS": "", "GOTOOLCHAIN": "local", "GOPROXY": "off", **kind.env}
    done = subprocess.run(argv, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    situation = Situation(kind.reactor, "go", f"go build failed: exit status {done.returncode}")
    return parse_diagnostics(done.stderr.split("\n"), directory, situation=situation)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_where_why_and_what_to_do(name: str, tmp_path: Path) -> None:
    kind = KINDS[name]
    found = built(kind, tmp_path / "fn")
    errors = [each for each in found if each.severity == "error"]
    first = errors[0]
    assert headline(first).startswith(kind.head), found
    assert kind.words in (first.explanation or ""), found
    assert first.fix == kind.fix, found
    assert len(errors) == kind.count, found
    assert not kind.detail or kind.detail in first.details, found
