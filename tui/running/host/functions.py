"""function_invoke: the workspace's other functions, run in the same process with the caller's identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Final

from tui.running.answer import Answer, Call, Target
from tui.running.host.seam import HostFunction, Invocation

DEEPEST: Final = 5  # functions that lie above one another
MOST_AT_ONCE: Final = 256  # asynchronous ones
ASYNC_SECONDS: Final = 30.0

Run = Callable[[Target, Call], Answer]


class Functions:
    """The calls. `run` is set once there is a bench to run on."""

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self._paths: dict[str, Path] | None = None
        self._waiting: list[tuple[Invocation, str, bytes]] = []
        self._running = False
        self.run: Run | None = None

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {"function_invoke": self._invoke, "function_invoke_async": self._later}

    def _invoke(self, invocation: Invocation, name: bytes, payload: bytes) -> bytes:
        """The output of the function; nothing for any failure, and for an empty output."""
        left = max(invocation.deadline - monotonic(), 0.0)
        answer = self._answer(invocation, name.decode("utf-8", "replace"), payload, left)
        return answer.output if answer is not None and answer.ok else b""

    def _later(self, invocation: Invocation, name: bytes, payload: bytes) -> int:
        """1: accepted. It runs when the run that asked is over, and what comes of it is thrown away."""
        if len(self._waiting) >= MOST_AT_ONCE or not invocation.namespace:
            return 0
        self._waiting.append((invocation, name.decode("utf-8", "replace"), payload))
        return 1

    def drain(self) -> str | None:
        """Run what was accepted for later. What that asks for in turn runs too, as long as it is not too deep."""
        if self._running:
            return None
        self._running = True
        try:
            while self._waiting:
                invocation, name, payload = self._waiting.pop(0)
                self._answer(invocation, name, payload, ASYNC_SECONDS)
        finally:
            self._running = False
        return None

    def _answer(self, invocation: Invocation, name: str, payload: bytes, seconds: float) -> Answer | None:
        from tui.running.gather import gather

        if self.run is None or not invocation.namespace or invocation.depth >= DEEPEST:
            return None
        path = self._find(name.partition("@")[0])
        target = gather(str(path)) if path is not None else None
        if not isinstance(target, Target):
            return None
        call = Call(
            payload,
            caller=invocation.caller,
            namespace=invocation.namespace,
            client_id=invocation.client_id,
            request_id=invocation.request_id,
            ceiling=seconds,
            depth=invocation.depth + 1,
        )
        return self.run(target, call)

    def _find(self, name: str) -> Path | None:
        """The directory of the function of that name; two of one name are none."""
        if self._paths is None:
            self._paths = _by_name(self._workspace) if self._workspace else {}
        return self._paths.get(name)


def _by_name(workspace: str) -> dict[str, Path]:
    from tui.workspace.config import read_config
    from tui.workspace.find import find_functions

    found: dict[str, Path] = {}
    twice: set[str] = set()
    for function in find_functions(Path(workspace))[0]:
        config = read_config(function.directory).config
        if config is not None:
            twice |= {config.name} & found.keys()
            found[config.name] = function.directory
    return {name: path for name, path in found.items() if name not in twice}
