"""Who is given a process, and what becomes of one whose call is not there any more."""

from __future__ import annotations

import asyncio
import socket
from typing import cast

import pytest

from tui.running.answer import Target
from tui.running.local.pool.link import Guest, connect
from tui.running.local.pool.nursery import Nursery
from tui.running.local.pool.pool import MOST_SEATS, Pool
from tui.running.process.wire import Message, pack


class Seats:
    """A nursery and its template: each seat is a socket whose other end nobody answers at."""

    is_open = True

    def __init__(self) -> None:
        self.ends: list[socket.socket] = []

    async def template(self, _: Target) -> Seats:
        return self

    async def seat(self) -> Guest:
        guest, theirs = await connect(lambda *_: None)
        self.ends.append(theirs)
        return guest

    def close(self) -> None:
        for end in self.ends:
            end.close()


async def closed(seats: Seats, *guests: Guest) -> None:
    seats.close()
    for guest in guests:
        guest.end()
    await asyncio.sleep(0)


@pytest.mark.parametrize("is_lost", [False, True])
async def test_what_a_call_was_given_as_it_went_is_the_next_ones(is_lost: bool) -> None:
    seats = Seats()
    pool = Pool(cast("Nursery", seats), Target("f", b""))
    guests = [await pool.take(60) for _ in range(MOST_SEATS)]
    waiting = asyncio.create_task(pool.take(60))
    await asyncio.sleep(0)
    if is_lost:
        guests[0].end()
    pool.give_back(guests[0])
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    given = await pool.take(5)
    assert (given is guests[0]) is not is_lost
    await closed(seats, given, *guests)


async def test_a_process_that_still_owes_a_reply_is_not_asked_again() -> None:
    seats = Seats()
    guest = await seats.seat()
    asking = asyncio.create_task(guest.ask(Message({"do": "run"}), 60))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not guest.is_open
    await closed(seats, guest)


async def test_a_reply_reaches_who_asked() -> None:
    seats = Seats()
    guest = await seats.seat()
    asking = asyncio.create_task(guest.ask(Message({"do": "run"}), 60))
    await asyncio.sleep(0)
    seats.ends[0].sendall(pack(Message({"error": None}, b"well")))
    assert (await asking).payload == b"well"
    assert guest.is_open
    await closed(seats, guest)
