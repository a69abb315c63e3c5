"""Forks schedulers and workers: loading Dask's library costs a second of CPU, and tests start dozens of them.

Run as a program. A line of stdin is a JSON object with `argv` (of Dask's own command), `env`, `cwd` and `log`; the
answer is the process id. When stdin closes, it and all that it started end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import dask


def main() -> None:
    import distributed.cli.dask_scheduler
    import distributed.cli.dask_worker

    import tui.cluster.worker  # noqa: F401 - loaded for the workers
    from tui.building.guard.processes import Kernel

    commands = {"scheduler": distributed.cli.dask_scheduler.main, "worker": distributed.cli.dask_worker.main}
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if process == 0:
            Kernel().die_with_parent()
            _become(order, commands)
        print(process, flush=True)


def _become(order: dict[str, Any], commands: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    dask.config.refresh()  # its settings may be in the environment
    name, *words = order["argv"]
    commands[name](words)


if __name__ == "__main__":
    main()
