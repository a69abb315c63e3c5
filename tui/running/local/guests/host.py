"""The host of a guest behind the local gateway: its own parts, and those that it asks the gateway for."""

from __future__ import annotations

from tui.running.engine.machine import Machine
from tui.running.host.cache import Cache
from tui.running.host.http.fetch import Fetch
from tui.running.host.identity import Identity
from tui.running.host.logs import Logs
from tui.running.host.response import Responses
from tui.running.host.seam import Host
from tui.running.host.secrets import Secrets, read_secrets
from tui.running.host.settings import HostSettings
from tui.running.host.sql.batches import Batches
from tui.running.host.sql.database import Database
from tui.running.host.state import State
from tui.running.host.topics.pubsub import PubSub
from tui.running.host.topics.sockets import Sockets
from tui.running.host.unconfigured import Unconfigured
from tui.running.host.veil import Veil
from tui.running.lives.bench import Bench
from tui.running.local.guests.asking import Asked, Gateway
from tui.running.plan.table import HostTable


def guest_bench(settings: HostSettings, machine: Machine, table: HostTable, gateway: Gateway) -> Bench:
    """A bench whose host shares its store with other guests by file, and all else by way of the gateway.

    Raises StateError and SecretsError for what the settings name and cannot be used.
    """
    state = State(settings)
    sockets = Sockets()  # nobody is connected to this process
    pubsub, plain = PubSub(sockets), PubSub(sockets)
    pubsub.listeners.append(gateway.publish)
    plain.listeners.append(gateway.publish_plainly)
    secrets = read_secrets(settings.secrets) if settings.secrets else {}
    veil = Veil(secrets)
    host = Host(
        Identity(),
        Logs(veil.cut),
        Responses(),
        pubsub,
        Database(state.database),
        Batches(state.database, plain),
        Cache(state.cache),
        Fetch(None),
        Secrets(secrets),
        Unconfigured(),
        Asked(gateway, fetches=bool(settings.http)),
    )
    return Bench(machine, table, host, sockets, shown=veil.answer, cut=veil.cut)
