"""Work beside the loop's messages: one of a kind at a time, the newest."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import ParamSpec

from textual.dom import DOMNode
from textual.worker import Worker

P = ParamSpec("P")


def run_beside(
    node: DOMNode, group: str, work: Callable[P, Coroutine[None, None, None]], *args: P.args, **kwargs: P.kwargs
) -> Worker[None]:
    """Run `work(*args)` in place of what ran in that group before, as long as the node is there.

    It is called when it begins. A coroutine that was made before, and dropped before it began (a key twice in one
    write), would have Python warn on stderr, in the middle of a person's screen.
    """
    call: Callable[[], Coroutine[None, None, None]] = partial(work, *args, **kwargs)
    return node.run_worker(call, group=group, exclusive=True)
