"""Where builds run: on this machine, or on a cluster once a person has asked for one. No widget is touched here."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from tui.app.notices import Notice
from tui.text import plural

if TYPE_CHECKING:
    from pathlib import Path

    from tui.app.desk.builds.builds import Builds
    from tui.building.events import CompilerName
    from tui.cluster.client import Cluster


class ElsewhereListener(Protocol):
    """Who is told of it."""

    def builds_changed(self) -> None:
        """What the header tells is another."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""

    def run(self, work: Coroutine[Any, Any, None]) -> object:
        """Run a coroutine as long as the screen is open; a fault in it reaches the boundary."""


class Elsewhere:
    """The cluster of a screen. Nothing is connected, and nothing of Dask loaded, before `go`."""

    def __init__(self, builds: Builds, address: str, listener: ElsewhereListener) -> None:
        """`address`: of the cluster that the settings name; may be empty."""
        self.address = address
        self._named = address
        self.gone: Callable[[str, list[str]], None] = lambda _why, _paths: None  # it went away; what was not built
        self._builds = builds
        self._listener = listener
        self._cluster: Cluster | None = None
        self._ready = False
        self._jobs = 0  # at once on this machine
        self._left: set[Cluster] = set()  # gone from; builds that began there end there

    @property
    def is_on(self) -> bool:
        """Whether builds run there, or will as soon as it answers."""
        return self._cluster is not None

    @property
    def words(self) -> str:
        """How many build there: `3 workers · 6 slots`; nothing where builds run here."""
        if self._cluster is None:
            return ""
        if not self._ready:
            return "connecting"
        compiler = self._builds.compiler
        workers = plural(len(self._cluster.fitting(compiler)), "worker")
        return f"{workers} · {plural(self._cluster.slots(compiler), 'slot')}"

    async def go(self, address: str) -> bool:
        """Have builds run there from now on; False where a person went back meanwhile. Raises ClusterError."""
        from tui.cluster.client import Cluster
        from tui.cluster.terms import ClusterError

        cluster = self._cluster = Cluster(address)
        self.address, self._ready = address, False
        self._listener.builds_changed()
        try:
            await cluster.connect()
            await cluster.plan_for(self._builds.compiler)
        except ClusterError:
            await cluster.close()
            if self._cluster is cluster:
                self._cluster, self.address = None, self._named  # it may have been typed wrongly
                self._listener.builds_changed()
                raise
            return False
        if self._cluster is not cluster:
            await cluster.close()
            return False
        self._take(cluster)
        return True

    def _take(self, cluster: Cluster) -> None:
        from tui.cluster.remote import attach

        queue = self._builds.queue
        self._jobs, self._ready = queue.jobs, True
        attach(cluster, queue, 0, lambda directories: self._lost(cluster, directories), self._listener.builds_changed)

    def come_back(self) -> None:
        """Builds that begin from now on run here; those that run there end there."""
        cluster, self._cluster = self._cluster, None
        if cluster is not None and self._ready:
            self._build_here()
            cluster.changed = lambda: None
            self._left.add(cluster)
            self._listener.run(self._close(cluster))
        self._listener.builds_changed()

    def _build_here(self) -> None:
        from tui.building.process.executor import Here

        queue = self._builds.queue
        queue.options = replace(queue.options, executor=Here())
        queue.set_jobs(self._jobs)

    async def _close(self, cluster: Cluster) -> None:
        """Once nothing of ours runs there."""
        await cluster.settled()
        self._left.discard(cluster)
        await cluster.close()

    def _lost(self, cluster: Cluster, directories: tuple[Path, ...]) -> None:
        self._cluster = None
        self._build_here()
        self._left.add(cluster)
        self._listener.run(self._close(cluster))
        paths = [path for directory in directories if (path := self._builds.path_of(directory)) is not None]
        self._listener.builds_changed()
        self.gone(cluster.lost or "the cluster has gone", paths)

    async def use(self, compiler: CompilerName) -> None:
        """Another compiler is chosen; where nobody there has it, builds run here from now on, which is said."""
        cluster = self._cluster
        if cluster is None or not self._ready:
            return
        from tui.cluster.terms import ClusterError

        try:
            await cluster.plan_for(compiler)
        except ClusterError as error:
            if self._cluster is cluster:
                self.come_back()
                self._listener.say(Notice(f"{error}: builds run on this machine", "warning"))
        else:
            cluster.changed()

    async def shutdown(self) -> None:
        """Let go of all. What still builds there ends."""
        clusters = [*self._left, *((self._cluster,) if self._cluster is not None else ())]
        self._cluster = None
        for cluster in clusters:
            cluster.changed = lambda: None
            await cluster.close()
