"""The host put together: which parts there are, set up as one run of fn-tui asks for."""

from __future__ import annotations

from tui.running.engine.machine import Machine
from tui.running.host.identity import Identity
from tui.running.host.logs import Logs
from tui.running.host.response import Responses
from tui.running.host.seam import Host
from tui.running.host.settings import HostSettings
from tui.running.host.sockets import Sockets
from tui.running.lives.bench import Bench
from tui.running.plan.table import HostTable


def assemble(_settings: HostSettings, machine: Machine, table: HostTable) -> Bench:
    """A bench with a host of all its parts."""
    sockets = Sockets()
    return Bench(machine, table, Host(Identity(), Logs(), Responses(), sockets), sockets)
