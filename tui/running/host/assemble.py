"""The host put together: which parts there are, set up as one run of fn-tui asks for."""

from __future__ import annotations

from dataclasses import replace

from tui.running.engine.machine import Machine
from tui.running.host.cache import Cache
from tui.running.host.functions import Functions
from tui.running.host.http.fetch import Fetch
from tui.running.host.http.recording import Recording
from tui.running.host.identity import Identity
from tui.running.host.logs import Logs
from tui.running.host.response import Responses
from tui.running.host.seam import Host
from tui.running.host.secrets import Secrets, read_secrets
from tui.running.host.settings import HostSettings
from tui.running.host.sql.batches import Batches
from tui.running.host.sql.database import Database
from tui.running.host.state import State
from tui.running.host.topics.ephemeral import Ephemeral
from tui.running.host.topics.pubsub import PubSub
from tui.running.host.topics.sockets import Sockets
from tui.running.host.unconfigured import Unconfigured
from tui.running.host.veil import Veil
from tui.running.lives.bench import Bench
from tui.running.plan.table import HostTable
from tui.running.run import run


def assemble(settings: HostSettings, machine: Machine, table: HostTable) -> Bench:
    """A bench with a host of all its parts.

    Raises StateError, SecretsError and RecordingError for what the settings name and cannot be used.
    """
    state = State(settings)
    sockets = Sockets()
    pubsub = PubSub(sockets)
    ephemeral = Ephemeral(sockets, pubsub)
    functions = Functions(settings.workspace)
    secrets = read_secrets(settings.secrets) if settings.secrets else {}
    veil = Veil(secrets)
    recording = _recording(settings, veil)
    host = Host(
        Identity(),
        Logs(),
        Responses(),
        sockets,
        pubsub,
        Database(state.database),
        Batches(state.database, pubsub),
        Cache(state.cache),
        ephemeral,
        Fetch(recording),
        functions,
        Secrets(secrets),
        Unconfigured(),
    )
    sockets.on_close += [pubsub.forget, ephemeral.disconnect]
    bench = Bench(machine, table, host, sockets)
    functions.run = lambda target, call: run(bench, replace(target, persistent=False), call)
    after = (functions.drain, *((recording.write,) if settings.record and recording else ()))
    return replace(bench, after=after, shown=veil.answer)


def _recording(settings: HostSettings, veil: Veil) -> Recording | None:
    if settings.http:
        return Recording(settings.http, answers=True, veil=veil.text)
    return Recording(settings.record, answers=False, veil=veil.text) if settings.record else None
