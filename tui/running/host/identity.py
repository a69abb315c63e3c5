"""Who called, under which request, and the function's own variables."""

from __future__ import annotations

from collections.abc import Mapping

from tui.running.host.seam import HostFunction, Invocation


class Identity:
    """The calls that only tell what the invocation knows."""

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "get_caller_wallet": lambda invocation: invocation.caller.wallet.encode(),
            "get_caller_jwt_subject": lambda invocation: invocation.caller.subject.encode(),
            "get_caller_device_id": lambda invocation: invocation.caller.device.encode(),
            "get_caller_capability": lambda _: b"",  # no socket here is opened on a capability
            "get_caller_claim": _claim,
            "get_request_id": lambda invocation: invocation.request_id.encode(),
            "get_ws_client_id": lambda invocation: invocation.client_id.encode(),
            "get_env": _env,
        }


def _claim(invocation: Invocation, name: bytes) -> bytes:
    return invocation.caller.claims.get(name.decode("utf-8", "replace"), "").encode()


def _env(invocation: Invocation, name: bytes) -> bytes:
    return invocation.env.get(name.decode("utf-8", "replace"), "").encode()
