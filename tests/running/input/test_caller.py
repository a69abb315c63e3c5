"""Who calls, in words, and the ids of requests."""

from __future__ import annotations

from uuid import UUID

import pytest

from tui.running.ids import new_id
from tui.running.input.caller import CallerError, caller_of


def test_the_caller() -> None:
    caller = caller_of("wallet=0xabc,claim.tier=pro,claim.a.b=c=d,device=did:1")
    assert (caller.wallet, caller.subject, caller.device) == ("0xabc", "0xabc", "did:1")
    assert caller.claims == {"tier": "pro", "a.b": "c=d"}
    assert caller_of("").wallet == ""


@pytest.mark.parametrize("words", ["wallet", "claim.=1", "name=ada", "wallet=a,,x"])
def test_words_that_name_nobody(words: str) -> None:
    with pytest.raises(CallerError, match="is none of wallet, sub, device"):
        caller_of(words)


def test_ids_are_uuids() -> None:
    made = {new_id() for _ in range(50)}
    assert len(made) == 50
    assert {UUID(one).version for one in made} == {4}
