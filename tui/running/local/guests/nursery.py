"""The process that all guests come from: `python -m tui.running.local.guests.nursery`. It runs none itself.

Its standard input is a socket. For each byte with a socket that comes there it makes a template of itself. When the
other end is closed, which is also how the gateway's death shows, it ends all of its process group.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys

from tui.running.local.guests.copies import call_it, end_with, make_copies


def main(gateway: int) -> None:
    """Make templates until the gateway, the process of that id, is gone."""
    os.setsid()  # ctrl+c is for the gateway, which ends its guests itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(gateway)
    call_it("fn-tui guests")
    control = socket.socket(fileno=os.dup(0))
    gc.disable()  # loading makes no garbage, and a collection writes into memory that copies share
    from tui.running.local.guests.template import template

    gc.collect()
    gc.freeze()
    gc.enable()
    try:
        make_copies(control, template)
    finally:
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]))
