"""What a person asks for about where builds run: on this machine, or on a cluster."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from tui.app.keys.handlers import Handlers
from tui.app.notices import Notice
from tui.app.shell.dialogs import Dialogs


class Clusters:
    """Goes there and back, and asks what has to be asked."""

    def __init__(self, dialogs: Dialogs, build: Callable[[list[str]], None]) -> None:
        """`build` has these functions built."""
        self.dialogs = dialogs
        self.bench = dialogs.bench
        self.program = dialogs.program
        self._build = build
        self.bench.elsewhere.gone = self.offer_here

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {"cluster": self.toggle}

    def _say(self, words: str) -> None:
        self.program.say(Notice(words))

    def toggle(self) -> None:
        """Build on a cluster, or on this machine again."""
        elsewhere = self.bench.elsewhere
        if elsewhere.is_on:
            elsewhere.come_back()
            self._say("builds run on this machine")
        elif elsewhere.address:
            self._go_to(elsewhere.address)
        else:
            self.dialogs.ask_for_cluster(self._go_to)

    def _go_to(self, address: str) -> None:
        self.bench.run(self._ask_and_go(address))

    async def _ask_and_go(self, address: str) -> None:
        """Go there, where nobody has to agree to it first."""
        from tui.cluster.consent import address_fault, is_to_be_asked

        fault = address_fault(address)
        if fault is not None:
            self.program.say(Notice(fault, "warning"))
        elif await asyncio.to_thread(is_to_be_asked, address):
            self.dialogs.ask_about_open_network(address, lambda: self.bench.run(self._agree_and_go(address)))
        else:
            await self._go(address)

    async def _agree_and_go(self, address: str) -> None:
        from tui.cluster.consent import agree

        unsaved = await asyncio.to_thread(agree, address)
        if unsaved is not None:
            self.program.say(Notice(f"{unsaved}: it holds for this once", "warning"))
        await self._go(address)

    async def _go(self, address: str) -> None:
        from tui.cluster.terms import ClusterError

        try:
            there = await self.bench.elsewhere.go(address)
        except ClusterError as error:
            self.program.say(Notice(f"{error}: builds run on this machine", "error"))
        else:
            if there:
                self._say(f"builds run on the cluster at {address}: {self.bench.elsewhere.words}")

    def offer_here(self, why: str, paths: list[str]) -> None:
        """The cluster has gone; these functions were not built there."""
        self.program.say(Notice(f"{why}: builds run on this machine again", "error"))
        if paths:
            self.dialogs.offer_here(why, len(paths), partial(self._build, paths))
