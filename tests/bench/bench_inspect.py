"""CPU and memory of `fn-tui inspect` against `wasm-objdump -x`, text for text, on a ladder of sizes, in one run.

Run: `python -m tests.bench.bench_inspect [--small] [MODULE.wasm ...]`. Real modules are built by stock Go, others are
synthesised in the shape of TinyGo's; more can be given; `--small` stops at 1 MB. Limits (exit code 1 where one is
missed): at most wasm-objdump's CPU once Python's own start is subtracted (below 1 MB, where that is 3 ms, a fifth more,
since machines differ: without the loader of our own it is a third more); from 10 MB less than it as a whole process;
memory at most the file plus 30 MB; retained sizes at most 50 ms for each megabyte of code. Below 10 MB most of ours is
what Python takes to load our modules: `inside` is what reading and telling of the file takes once they are.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.gobuild import build_go
from tests.wasm.binary import body, custom, function_names, leb, module, name, producers, section, vec
from tui.wasm.decode.decode import decode
from tui.wasm.decode.read import read_module
from tui.wasm.module_text import module_lines
from tui.wasm.sizes.retained import retained_sizes

RUNS = 7
BELOW_A_MEGABYTE = 1.2  # times wasm-objdump's CPU
STEP = b"\x20\0\x41\x2a\x6a\x28\x02\x08\x1a"  # local.get, i32.const, i32.add, i32.load, drop
MEMORY_ABOVE_FILE = 30_000_000
RETAINED_SECONDS_PER_MB = 0.05
GO_PROGRAMS = {
    "go, small": 'package main\n\nimport "os"\n\nfunc main() { os.Stdout.WriteString("hello") }\n',
    "go, net/http and friends": """package main

import (
	"archive/zip"
	"crypto/tls"
	"database/sql"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"go/parser"
	"go/token"
	"html/template"
	"image/png"
	"net/http"
	"os"
	"regexp"
)

func main() {
	t := template.Must(template.New("x").Parse("{{.}}"))
	_ = t.Execute(os.Stdout, regexp.MustCompile("a+").String())
	_, _ = parser.ParseFile(token.NewFileSet(), "x.go", nil, 0)
	_, _ = zip.OpenReader("x")
	_, _ = sql.Open("a", "b")
	_, _ = png.Decode(os.Stdin)
	_ = xml.NewDecoder(os.Stdin).Decode(t)
	_ = json.NewEncoder(os.Stdout).Encode(t)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{}}}
	fmt.Println(client.Get("http://example.com"))
	fmt.Println(http.ListenAndServe(":80", nil))
}
""",
}
# Compiled modules are kept, as in any installation, but beside the tree.
CACHED = {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / f"fn-tui-bench-{os.getuid()}")}
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Cost:
    """CPU in milliseconds, and the largest resident set in bytes."""

    cpu: float
    memory: int


def own_argv() -> list[str]:
    """The command as pip and uv install it since 2025; the scripts of older ones import `re` first, for 5 ms. Of this
    tree, whatever is installed.
    """
    code = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tui.cli import program\nsys.exit(program())"
    return [sys.executable, "-c", code]


def inside(path: Path, runs: int = RUNS) -> float:
    """The least CPU of reading a module and writing its report, in milliseconds, with all that it takes loaded."""
    cheapest = float("inf")
    for _ in range(runs):
        before = time.process_time()
        "\n".join(module_lines(str(path), read_module(path)))
        cheapest = min(cheapest, (time.process_time() - before) * 1000)
    return cheapest


def peak_memory(path: Path) -> int:
    """The largest resident set of one inspection in bytes, as the process itself sees it.

    `ru_maxrss` will not do: a child starts with that of its parent.
    """
    code = (
        "import sys; from tui.cli import main; main(['inspect', sys.argv[1]]);"
        "sys.stderr.write(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')).split()[1])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=False, cwd=ROOT)
    return int(done.stderr) * 1024


def cpu(argv: list[str]) -> float:
    """The CPU of a process, start to end, in milliseconds. Its output is thrown away."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    child = subprocess.Popen(
        argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment | CACHED
    )
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return (usage.ru_utime + usage.ru_stime) * 1000


def least(*rivals: list[str], runs: int) -> list[float]:
    """The least CPU of each rival. They take turns, so that a busy spell of the machine meets all alike."""
    return [min(times) for times in zip(*([cpu(argv) for argv in rivals] for _ in range(runs)), strict=True)]


def synthesised(code: int, debug: int, seed: int = 1) -> bytes:
    """A module in TinyGo's shape: bodies of 40 to 600 bytes with names, a third of the code as data, DWARF."""
    chance = random.Random(seed)
    bodies: list[bytes] = []
    symbols: dict[int, str] = {}
    size = 0
    while size < code:
        runs = vec(*(bytes((chance.randrange(1, 9), 0x7F)) for _ in range(chance.randrange(3))))
        made = body((STEP * 4 + b"\x10" + leb(chance.randrange(2, code // 320))) * chance.randrange(1, 16), runs)
        symbols[len(bodies) + 2] = f"(*example.com/functions/p{len(bodies) % 40}.type{len(bodies)}).method"
        bodies.append(made)
        size += len(made)
    types = section(1, vec(b"\x60\0\0", b"\x60\2\x7f\x7f\1\x7f", b"\x60\1\x7f\0"))
    imports = section(2, vec(*(name("wasi_snapshot_preview1") + name(f) + b"\0\1" for f in ("fd_write", "fd_read"))))
    functions = section(3, leb(len(bodies)) + bytes(chance.choice((0, 1, 2)) for _ in bodies))
    memory = section(5, vec(b"\0\2"))
    exports = section(7, vec(name("memory") + b"\2\0", name("_start") + b"\0\2"))
    segments = [b"\0\x41\x80\x80\4\x0b" + leb(500) + chance.randbytes(500) for _ in range(code // 3 // 506)]
    parts = (types, imports, functions, memory, exports)
    tail = (function_names(symbols), producers(processed_by=(("TinyGo", "0.35.0"),)))
    dwarf = [custom(f".debug_{part}", chance.randbytes(debug // 4)) for part in ("info", "line", "str", "loc")]
    return module(*parts, section(10, vec(*bodies)), section(11, vec(*segments)), *tail, *(dwarf if debug else ()))


def ladder(*, small: bool) -> Iterator[tuple[str, bytes]]:
    """Names and modules, small to large."""
    yield "like TinyGo, 100 KB", synthesised(70_000, 0)
    yield "like TinyGo, 1 MB, no DWARF", synthesised(730_000, 0)
    yield "like TinyGo, 1 MB, two thirds DWARF", synthesised(230_000, 680_000)
    if small:
        return
    for title, source in GO_PROGRAMS.items():
        yield title, build_go(source, "command")
    yield "like TinyGo, 10 MB, no DWARF", synthesised(7_300_000, 0)
    yield "like TinyGo, 30 MB, two thirds DWARF", synthesised(8_000_000, 20_000_000)
    yield "like TinyGo, 28 MB, no DWARF", synthesised(20_000_000, 0)


def judge(title: str, path: Path) -> list[str]:
    """Print the row of one module; gives the limits that it missed."""
    size = path.stat().st_size
    whole, theirs, start = least(
        [*own_argv(), "inspect", str(path)],
        ["wasm-objdump", "-x", str(path)],
        [sys.executable, "-c", "pass"],
        runs=RUNS if size > 2_000_000 else 8 * RUNS,
    )
    ours = Cost(whole, peak_memory(path))
    net, within = ours.cpu - start, inside(path)
    counted = ours.cpu if size >= 10_000_000 else net
    source = path.read_bytes()
    found = decode(source)
    code = max(found.functions.code_bytes / 1e6, 0.1)
    per_mb = min(retained_sizes(source, found).seconds for _ in range(5)) / code
    print(
        f"{title:<38} {size / 1e6:7.2f} {ours.cpu:8.1f} {net:8.1f} {theirs:8.1f} {counted / theirs:6.2f} "
        f"{within:8.1f} {within / theirs:6.2f} {(ours.memory - size) / 1e6:8.1f} {per_mb * 1000:9.0f}"
    )
    missed = {
        "CPU": counted > theirs * (1 if size >= 900_000 else BELOW_A_MEGABYTE),
        "memory": ours.memory > size + MEMORY_ABOVE_FILE,
        "retained": per_mb > RETAINED_SECONDS_PER_MB and code >= 0.5,
    }
    return [f"{title}: {what}" for what, is_missed in missed.items() if is_missed]


def main() -> int:
    """Print the ladder."""
    if shutil.which("wasm-objdump") is None:
        print("wasm-objdump (Debian package wabt) is not on PATH: nothing to compare with")
        return 2
    cpu([*own_argv(), "inspect", sys.executable])  # compiles our modules once
    titles = ("MB", "ours ms", "net ms", "objdump", "ratio", "inside", "ratio", "MB above", "retained")
    widths = (7, 8, 8, 8, 6, 8, 6, 8, 9)
    print(f"{'module':<38}", *(f"{title:>{width}}" for title, width in zip(titles, widths, strict=True)))
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.wasm"
        for title, source in ladder(small="--small" in sys.argv):
            path.write_bytes(source)
            missed += judge(title, path)
    for given in (word for word in sys.argv[1:] if word != "--small"):
        missed += judge(Path(given).name, Path(given))
    print(
        "\nratio: of ours to wasm-objdump's; below 10 MB without Python's start. retained: ms of CPU for a MB of code"
    )
    for limit in missed:
        print(f"missed: {limit}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
