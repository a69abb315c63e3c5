"""The host put together: which parts there are, set up as one run of fn-tui asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.running.engine.machine import Machine
from tui.running.host.functions import Functions
from tui.running.host.identity import Identity
from tui.running.host.logs import Logs
from tui.running.host.response import Responses
from tui.running.host.seam import Host, Later, Part
from tui.running.host.secrets import Secrets, read_secrets
from tui.running.host.settings import HostSettings
from tui.running.host.topics.pubsub import PubSub
from tui.running.host.topics.sockets import Sockets
from tui.running.host.unconfigured import Unconfigured
from tui.running.host.veil import Veil
from tui.running.lives.bench import Bench
from tui.running.plan.table import HostTable
from tui.running.run import run

if TYPE_CHECKING:
    from tui.running.host.http.recording import Recording
    from tui.running.host.state import State


def assemble(settings: HostSettings, machine: Machine, table: HostTable) -> Bench:
    """A bench with a host of all its parts.

    Raises StateError, SecretsError and RecordingError for what the settings name and cannot be used.
    """
    sockets = Sockets()
    pubsub = PubSub(sockets)
    functions = Functions(settings.workspace)
    secrets = read_secrets(settings.secrets) if settings.secrets else {}
    veil = Veil(secrets)
    recording = _recording(settings, veil)
    sockets.on_close.append(pubsub.forget)
    host = Host(
        Identity(),
        Logs(veil.cut),
        Responses(),
        sockets,
        pubsub,
        functions,
        Secrets(secrets),
        Unconfigured(),
        *_Shelf(settings, sockets, pubsub, recording).parts(),
    )
    bench = Bench(machine, table, host, sockets, cut=veil.cut)
    functions.run = lambda target, call: run(bench, replace(target, persistent=False), call)
    after = (functions.drain, *((recording.write,) if settings.record and recording else ()))
    return replace(bench, after=after, shown=veil.answer)


class _Shelf:
    """The parts that are made for a function that takes a call of theirs, each with what it loads."""

    def __init__(self, settings: HostSettings, sockets: Sockets, pubsub: PubSub, recording: Recording | None) -> None:
        """Raises StateError for a seed that fails."""
        self._settings = settings
        self._sockets = sockets
        self._pubsub = pubsub
        self._recording = recording
        self._made = self._new_state() if settings.seed else None

    def parts(self) -> tuple[Later, ...]:
        """All of them."""
        return (
            Later(("db_query", "db_query_v2", "db_execute", "db_execute_v2"), self._database),
            Later(("db_transaction", "db_query_batch", "exec_and_publish"), self._batches),
            Later(("cache_get", "cache_set", "cache_delete", "cache_incr", "cache_incr_by"), self._cache),
            Later(("ephemeral_state_set", "ephemeral_state_clear", "ephemeral_state_list"), self._ephemeral),
            Later(("http_fetch", "anon_fetch", "anyone_fetch"), self._fetch),
        )

    @property
    def _state(self) -> State:
        """The store, looked at when it is first needed."""
        if self._made is None:
            self._made = self._new_state()
        return self._made

    def _new_state(self) -> State:
        from tui.running.host.state import State

        return State(self._settings)

    def _database(self) -> Part:
        from tui.running.host.sql.database import Database

        return Database(self._state.database)

    def _batches(self) -> Part:
        from tui.running.host.sql.batches import Batches

        return Batches(self._state.database, self._pubsub)

    def _cache(self) -> Part:
        from tui.running.host.cache import Cache

        return Cache(self._state.cache)

    def _ephemeral(self) -> Part:
        from tui.running.host.topics.ephemeral import Ephemeral

        made = Ephemeral(self._sockets, self._pubsub)
        self._sockets.on_close.append(made.disconnect)
        return made

    def _fetch(self) -> Part:
        from tui.running.host.http.fetch import Fetch

        return Fetch(self._recording)


def _recording(settings: HostSettings, veil: Veil) -> Recording | None:
    if not settings.http and not settings.record:
        return None
    from tui.running.host.http.recording import Recording

    if settings.http:
        return Recording(settings.http, answers=True, veil=veil)
    return Recording(settings.record, answers=False, veil=veil)
