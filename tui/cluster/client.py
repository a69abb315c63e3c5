"""A client's end of a cluster: the connection, its workers, and the events of all its builds."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import ssl
import warnings
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from tui.building.process.executor import Job
from tui.cluster.orders import (
    KEY,
    KINDS,
    MEMORY,
    SLOT,
    Event,
    EventKind,
    Facts,
    Order,
    Outcome,
    capability,
    is_sound,
    memory_of,
    versions_in,
)
from tui.cluster.terms import (
    EXTRA,
    ClusterError,
    no_scheduler,
    no_trust,
    no_workers,
    none_fits,
    scheduler_gone,
    wrong_settings,
)
from tui.cluster.versions import versions_of

if TYPE_CHECKING:
    from tui.building.plan.build_plan import CompilerName

CONNECTS: Final = 5.0  # seconds in which a scheduler answers
_LOOKS: Final = 1.0  # seconds between two looks at the workers, while something is built
_MANY: Final = 100  # workers; of so many more a look is one second later: the scheduler tells of each
_ALONE: Final = 10.0  # seconds without a fitting worker after which nothing is waited for
_ANSWERS: Final = 5.0  # seconds in which a worker answers
_KEPT: Final = 1_000  # events of a topic that a scheduler keeps, as Dask has it
_NAMES: Final = 100  # resources of one worker
_MOST: Final = ((SLOT, 10_000.0), (MEMORY, 1e15))  # of each, whatever a worker says
_PERSONS: Final = 8e9  # what a person asked for comes before what watch did, whatever the time


@dataclass(frozen=True, slots=True)
class WorkerView:
    """A worker as the scheduler has it."""

    address: str
    slots: int
    memory: float
    capabilities: frozenset[str]


class Call:
    """A build that is run where it is unpickled: so a scheduler, which need not have fn-tui, hands on mere bytes."""

    def __init__(self, order: Order) -> None:
        self._order = order

    def __reduce__(self) -> tuple[Callable[[Order], Outcome], tuple[Order]]:
        from tui.cluster.worker import build

        return build, (self._order,)


class Cluster:
    """Runs compilers on the workers of one scheduler. Belongs to the loop in which it is connected."""

    def __init__(self, address: str, security: Any = None) -> None:
        self.address = address
        self.workers: tuple[WorkerView, ...] = ()
        self._gone: set[str] = set()  # addresses of workers that were there
        self.lost: str | None = None  # why nothing can be built there any more
        self.patience = _ALONE  # seconds
        self.submitted = 0  # builds
        self.sent_bytes = 0  # of files that builds read
        self.changed: Callable[[], None] = lambda: None  # called when workers or `lost` have changed
        self._idle = asyncio.Event()  # nobody waits for a build there
        self._idle.set()
        self._security = security
        self._client: Any = None
        self.topic = f"fn-tui-{os.urandom(8).hex()}"
        self._followers: dict[str, Callable[[Event], None]] = {}
        self._left: dict[str, Callable[[], None]] = {}  # called when workers come or go, or there is no hope any more
        self._watching: asyncio.Task[None] | None = None
        self._wanted: dict[CompilerName, str] = {}
        self.packing = asyncio.Lock()
        self.enclosed: set[str] = set()  # digests of files that went with an order

    # -- the connection -----------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        """Reach the scheduler. Raises ClusterError."""
        distributed = await asyncio.to_thread(_load)
        _quieten()
        try:
            if self.address.startswith("tls:") and self._security is None:
                known = distributed.Security()
                for name, value in (("ca-file", known.tls_ca_file), ("client.cert", known.tls_client_cert)):
                    if not value:
                        raise ClusterError(wrong_settings(self.address, f"there is no {name} among them"))
            client = distributed.Client(
                self.address, asynchronous=True, timeout=CONNECTS, set_as_default=False, security=self._security
            )
        except (OSError, TypeError, RuntimeError) as error:
            raise ClusterError(wrong_settings(self.address, str(error))) from error
        except ValueError as error:
            raise ClusterError(f"{self.address} is no address of a scheduler: {error}") from error
        try:
            self._client = await client
        except (OSError, TimeoutError) as error:
            distrust = _distrust(error)
            words = no_trust(self.address, distrust) if distrust else no_scheduler(self.address, CONNECTS)
            raise ClusterError(words) from error
        except (TypeError, RuntimeError) as error:
            raise ClusterError(wrong_settings(self.address, str(error))) from error
        self._client.subscribe_topic(self.topic, self._receive)
        await self.refresh()
        self._watching = asyncio.create_task(self._watch())
        self._watching.add_done_callback(self._watched)

    async def close(self) -> None:
        """Let go of it. What is still built there ends."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        client, self._client = self._client, None
        if client is not None:
            await self._forget_events(client)
            await client.close(timeout=1)

    async def _forget_events(self, client: Any) -> None:
        """Have the scheduler let go of the last events, which it would keep for as long as it lives: empty ones push
        them out.
        """
        if self.lost is not None or not self.submitted:
            return
        client.unsubscribe_topic(self.topic)
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await client.log_event([self.topic] * _KEPT, None)

    async def _watch(self) -> None:
        """Follow the workers, and notice when the scheduler has gone."""
        alone = 0.0
        while self.lost is None:
            await asyncio.sleep(_LOOKS * (1 + len(self.workers) // _MANY))
            await self.refresh()
            waiting = bool(self._left) and not any(map(self.fitting, self._wanted))
            alone = alone + _LOOKS if waiting else 0.0
            if alone >= self.patience and self.lost is None:
                self._give_up(f"no worker at {self.address} fits any more")

    def _watched(self, task: asyncio.Task[None]) -> None:
        """A fault in that must not leave everybody waiting."""
        if not task.cancelled() and (error := task.exception()) is not None and self.lost is None:
            self._give_up(f"the workers at {self.address} cannot be followed: {error}")

    async def refresh(self) -> None:
        """Ask the scheduler for its workers now."""
        if self._client.status != "running":
            self._give_up(scheduler_gone(self.address))
            return
        try:
            async with asyncio.timeout(_ANSWERS):
                known = await self._client.scheduler.identity(n_workers=-1)
        except TimeoutError:
            return  # it is busy, or the network is: connections tell when there is no hope
        except OSError:
            self._give_up(scheduler_gone(self.address))
            return
        workers = tuple(_view(address, each) for address, each in sorted(known["workers"].items()))
        if workers != self.workers:
            here = {view.address for view in workers}
            self._gone = (self._gone | {view.address for view in self.workers}) - here
            self.workers = workers
            self._tell_all()
            self.changed()

    def _give_up(self, why: str) -> None:
        self.lost = why
        self._tell_all()
        self.changed()

    def _tell_all(self) -> None:
        for tell in list(self._left.values()):
            tell()

    # -- who builds ---------------------------------------------------------------------------------------------------

    async def plan_for(self, compiler: CompilerName) -> None:
        """See that somebody there builds just as this machine would. Raises ClusterError."""
        await self.wanted(compiler)
        if not any(view.slots and view.capabilities for view in self.workers):
            raise ClusterError(no_workers(self.address))
        if not self.fitting(compiler):
            offered = {versions_in(name) for view in self.workers for name in view.capabilities}
            raise ClusterError(none_fits(self.address, versions_in(self._wanted[compiler]), sorted(offered)))

    async def wanted(self, compiler: CompilerName) -> str:
        """What a worker has to offer that is to build as this machine would. Raises ClusterError."""
        from tui.building.compilers import by_name

        if compiler not in self._wanted:
            found = await asyncio.to_thread(by_name(compiler).examine)
            name = capability(found)
            if name is None:
                raise ClusterError(found.obstacle or by_name(compiler).words.missing)
            self._wanted[compiler] = name
        return self._wanted[compiler]

    def planned(self, compiler: CompilerName) -> str | None:
        """What `wanted` found, once it was asked."""
        return self._wanted.get(compiler)

    def fitting(self, compiler: CompilerName) -> list[WorkerView]:
        """The workers that build just as this machine would."""
        name, memory = self._wanted.get(compiler), memory_of(compiler)
        return [view for view in self.workers if name in view.capabilities and view.slots and view.memory >= memory]

    def slots(self, compiler: CompilerName) -> int:
        """How many builds they carry at once."""
        memory = memory_of(compiler)
        return sum(min(view.slots, int(view.memory // memory)) for view in self.fitting(compiler))

    def ahead(self, compiler: CompilerName) -> int:
        """How many more than that are to be there, to wait for their turn, so that no worker waits for us; no more, so
        that others' come in between.
        """
        return max(len(self.fitting(compiler)), self.slots(compiler) // 4, 1)

    def has_gone(self, address: str) -> bool:
        """Whether this worker was there and is no more. One that came a moment ago was not looked at yet."""
        return address in self._gone

    async def facts(self) -> dict[str, Facts | str]:
        """What each worker says of itself: address -> facts, or why it says nothing."""
        from tui.cluster.worker import facts

        told: dict[str, Facts | str] = {}
        answers = await self._client.run(facts, on_error="return")
        for view in self.workers:
            answer = answers.get(view.address)
            told[view.address] = answer if isinstance(answer, Facts) else _silence(answer)
        return told

    async def versions(self) -> dict[str, dict[str, str]]:
        """Versions of Python and Dask: "client", "scheduler" and each worker's address -> package -> version."""
        found = await self._client.get_versions(check=False)
        everyone = {"client": found["client"], "scheduler": found["scheduler"], **found["workers"]}
        return {name: versions_of(each) for name, each in everyone.items() if each}

    # -- builds -------------------------------------------------------------------------------------------------------

    def submit(
        self,
        order: Order,
        follow: Callable[[Event], None],
        lost: Callable[[], None],
        job: Job,
        besides: Collection[str],
    ) -> Any:
        """Have it built; the future of its outcome. `besides`: workers that are not to."""
        self._followers[order.ident], self._left[order.ident] = follow, lost
        self._idle.clear()
        self.submitted += 1
        compiler = order.compiler
        key = f"{KEY}{order.ident}-{len(besides)}"  # each try is another task: the outcome of the last one is known
        wanted = {SLOT: 1, MEMORY: memory_of(compiler), self._wanted[compiler]: 1}
        others = [view.address for view in self.fitting(compiler) if view.address not in besides] if besides else None
        return self._client.submit(
            pickle.loads,
            pickle.dumps(Call(order)),
            key=key,
            pure=False,
            workers=others,
            resources=wanted,
            priority=_priority(job),
        )

    async def outcome(self, future: Any) -> Outcome:
        """How it came out. Raises OSError where that cannot be known any more."""
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker

        try:
            result = await future
        except KilledWorker as error:
            raise OSError(0, f"each worker that began it died ({error.last_worker.address} was the last)") from None
        except FutureCancelledError:
            if self.lost is None and self._client is not None and self._client.status != "running":
                self._give_up(scheduler_gone(self.address))  # before its builds end: who is told counts them
            raise OSError(0, self.lost or scheduler_gone(self.address)) from None
        if not is_sound(result):
            raise OSError(0, "a worker gave an answer that is none")
        return result

    async def take_back(self, future: Any) -> None:
        """Nobody waits for it any more: who builds it ends."""
        if self.lost is None and self._client is not None:
            await future.cancel(reason="nobody waits for it any more")

    def forget(self, ident: str) -> None:
        """Nothing of this build is to be told any more."""
        self._followers.pop(ident, None)
        self._left.pop(ident, None)
        if not self._left:
            self._idle.set()

    async def settled(self) -> None:
        """Wait until nobody waits for a build there."""
        await self._idle.wait()

    async def call(self, what: Callable[..., Any], address: str, *arguments: object) -> bool:
        """Call a function of worker.py on a worker; whether it answered."""
        if self._client is None:
            return False
        try:
            async with asyncio.timeout(_ANSWERS):
                await self._client.run(what, *arguments, workers=[address])
        except (OSError, TimeoutError, KeyError, ValueError, RuntimeError):
            return False  # it has ended, or is about to: the scheduler tells
        return True

    def _receive(self, event: tuple[float, list[Any]]) -> None:
        """An event of some build of ours; what is none is passed over."""
        match event[1]:
            case [str(ident), str(attempt), int(number), str(kind), [*content]] if kind in KINDS:
                follow = self._followers.get(ident)
                if follow is not None:
                    follow(Event(ident, attempt, number, cast("EventKind", kind), tuple(content)))


def _load() -> Any:
    """Dask's library: half a second of work, in a thread. Raises ClusterError."""
    try:
        import distributed
        from distributed.comm import utils
    except ImportError as error:
        raise ClusterError(EXTRA) from error
    utils.OFFLOAD_THRESHOLD = False  # else it adds up the sizes of all parts of every message, a tenth of its time
    return distributed


def _distrust(error: BaseException) -> str:
    """What is wrong with a certificate, where that is why nobody could be reached; "" where it is not."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    for each in chain:
        if isinstance(each, ssl.SSLError):
            return getattr(each, "verify_message", "") or each.reason or str(each)
    return next((str(each) for each in chain if "SSLError" in str(each)), "")


def _quieten() -> None:
    """What Dask logs of lost connections and warns of versions is told by us, in a sentence. Its loggers have levels of
    their own, each.
    """
    from distributed.versions import VersionMismatchWarning

    warnings.filterwarnings("ignore", category=VersionMismatchWarning)
    for name in list(logging.Logger.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _priority(job: Job) -> float:
    """Of what is equal otherwise, what was asked for first comes first: Dask leaves that open within a minute."""
    return (_PERSONS if job.origin == "person" else 0.0) - job.turn.asked


def _view(address: str, known: dict[str, Any]) -> WorkerView:
    resources: dict[str, float] = known.get("resources") or {}
    names = frozenset(name for name in islice(resources, _NAMES) if name.startswith("fn-tui/"))
    slots, memory = (max(0.0, min(float(resources.get(name, 0)), most)) for name, most in _MOST)
    return WorkerView(address, int(slots), memory, names)


def _silence(answer: object) -> str:
    if answer is None:
        return "does not build: it was started without --preload tui.cluster.worker"
    return f"says nothing: {answer}"
