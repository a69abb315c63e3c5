"""The cluster as the queue and the runner ask it: an executor like the one of this machine."""

from __future__ import annotations

from tui.building.inputs.sources import SourceCache
from tui.building.process.executor import Execution, Job
from tui.cluster.client import Cluster
from tui.cluster.remote import RemoteExecution


class There:
    """Runs compilers on the workers of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._cache = SourceCache()

    def execution(self, job: Job) -> Execution:
        """One more."""
        return RemoteExecution(self._cluster, job, self._cache)
