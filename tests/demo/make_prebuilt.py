"""Makes the two modules that the sample workspace ships: run `python -m tests.demo.make_prebuilt` by hand.

Both come from stock Go. chat is today's source, built in the wrong mode, with exports that trap as those of TinyGo do
then (tests/guard.py says how and why). ledger is what its source was before refunds were counted: yesterday's program
beside today's source.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.gobuild import go_environment, go_executable
from tests.guard import trapping
from tui.demo.copy import PREBUILT_FOLDER, WORKSPACE

SOCKET = ("ws_open", "ws_frame", "ws_close", "orama_alloc")
LEDGER_BEFORE = (
    ("	total   money.Cents\n	refunds int\n", "	total money.Cents\n"),
    ("	if amount < 0 {\n		b.refunds++\n	}\n", ""),
    ('`","refunds":` + strconv.Itoa(b.refunds) + "}\\n"', '"\\"}\\n"'),
)


def ledger_before(source: str) -> str:
    """The ledger as it was when its function.wasm was built."""
    for now, before in LEDGER_BEFORE:
        assert source.count(now) == 1, now
        source = source.replace(now, before)
    return source


def build(directory: Path) -> bytes:
    """A command-mode module, without paths of this machine and without DWARF; names are kept."""
    argv = [go_executable(), "build", "-trimpath", "-ldflags=-w", "-o", "function.wasm", "."]
    subprocess.run(argv, cwd=directory, env=go_environment(), check=True)
    return (directory / "function.wasm").read_bytes()


def main() -> None:
    """Build both and write them beside the workspace, compressed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(WORKSPACE, Path(folder) / "workspace"))
        ledger = copy / "shop/functions/ledger"
        (ledger / "function.go").write_text(ledger_before((ledger / "function.go").read_text()))
        for name, directory in (("chat", copy / "chat"), ("ledger", ledger)):
            target = PREBUILT_FOLDER / f"{name}.wasm.gz"
            built = build(directory)
            module = trapping(built, *SOCKET) if name == "chat" else built
            target.write_bytes(gzip.compress(module, 9, mtime=0))
            print(target, target.stat().st_size)


if __name__ == "__main__":
    main()
