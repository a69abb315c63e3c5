"""CPU from exec to the first frame before the toolkit, against a minimal Textual app's first paint in the same run.

Run: `python -m tests.bench.bench_early [RUNS]`. All are whole processes, Python's own start with them, and take turns:
of a workspace that was open before, and of one that nobody knows. Limit (exit code 1 where it is missed): a fifth.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.bench_inspect import CACHED, own_argv
from tests.bench.bench_screen import MINIMAL, many_functions
from tests.flows.pseudo_terminal import Terminal

RUNS = 7
LIMIT = 0.2
COUNT = 60
SIZE = (40, 120)
# Ends where the frame stands; ends with another code where none is drawn.
UNTIL_IT_STANDS = """
import os, sys
from tui.app.terminal.early.stage import Stage
take = Stage.take
def take_and_end(stage, frame):
    take(stage, frame)
    os._exit(0 if stage.stands else 3)
Stage.take = take_and_end
from tui.cli import early
begin = early.begin
def begin_and_end(words):
    begin(words)
    os._exit(3)
early.begin = begin_and_end
from tui.cli import main
main()
"""


def cpu(argv: Sequence[str], environment: dict[str, Any]) -> float:
    """CPU of a process on a terminal, in milliseconds; it ends by itself, well."""
    terminal = Terminal(argv, os.environ["PATH"], size=SIZE, **environment)
    while terminal._read():
        pass
    _, status, usage = os.wait4(terminal.pid, 0)
    terminal.status = status
    terminal.close()
    assert status == 0, terminal.seen[-2000:]
    return (usage.ru_utime + usage.ru_stime) * 1000


def main() -> int:
    """Print the row."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as root:
        workspace = Path(root) / "workspace"
        many_functions(workspace, COUNT)
        kept: dict[str, Any] = {"PYTHONDONTWRITEBYTECODE": ""} | CACHED
        kept |= {f"XDG_{kind}_HOME": str(Path(root) / kind) for kind in ("CONFIG", "STATE", "CACHE")}
        session = Terminal([*own_argv(), str(workspace)], os.environ["PATH"], size=SIZE, **kept)
        session.until(b"unbuilt")
        session.press(b"q")
        assert session.exit_code() == 0
        session.close()
        unknown = kept | {"XDG_CACHE_HOME": str(Path(root) / "NONE")}
        ours = [sys.executable, "-c", UNTIL_IT_STANDS, str(workspace)]
        rivals = {
            "minimal": ([sys.executable, "-c", MINIMAL], kept),
            "a workspace that was open before": (ours, kept),
            "one that nobody knows": (ours, unknown),
        }
        taken: dict[str, list[float]] = {name: [] for name in rivals}
        for _ in range(runs + 1):  # the first compiles what is loaded, and does not count
            for name, (argv, environment) in rivals.items():
                taken[name].append(cpu(argv, environment))
    costs = {name: statistics.median(times[1:]) for name, times in taken.items()}
    minimal = costs.pop("minimal")
    print(f"a minimal Textual app's first paint: {minimal:.0f} ms of CPU (median of {runs})")
    for name, cost in costs.items():
        print(f"first frame of {name}: {cost:.0f} ms, {cost / minimal:.2f} times (limit {LIMIT})")
    return 1 if max(costs.values()) > LIMIT * minimal else 0


if __name__ == "__main__":
    sys.exit(main())
