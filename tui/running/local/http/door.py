"""Who may call: programs of this machine, our own page, pages of named origins; other machines with the token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from tui.addresses import is_own_origin, is_same_secret, names_server
from tui.running.answer import Caller
from tui.running.input.caller import CallerError, caller_of

CALLER: Final = "X-Fn-Tui-Caller"  # wallet=..,claim.NAME=.., or anonymous
TOKEN: Final = "X-Fn-Tui-Token"  # noqa: S105 -- a header's name
CALLER_PARAMETER, TOKEN_PARAMETER = "fn-tui-caller", "fn-tui-token"  # for WebSockets of browsers, which set no headers
ANONYMOUS: Final = "anonymous"
DEVELOPER: Final = Caller(wallet="local-developer", subject="local-developer")
LOCAL_NETWORK: Final = "Access-Control-Request-Private-Network"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let in."""

    status: int
    code: str
    words: str


WRONG_HOST: Final = Refusal(421, "WRONG_HOST", "this gateway is called by another name (Host)")
WRONG_ORIGIN: Final = Refusal(
    403, "FORBIDDEN", "pages of this origin may not call here: fn-tui dev --allow-origin names it"
)
NO_TOKEN: Final = Refusal(401, "UNAUTHORIZED", f"the token is missing or wrong: Authorization: Bearer, or {TOKEN}")


@dataclass(frozen=True, slots=True)
class Door:
    """What is let in."""

    names: frozenset[str]  # by which the gateway is called, in lower case
    origins: frozenset[str] = frozenset()  # of pages that may call, beside its own
    token: str = ""  # "": none is needed, as on loopback
    any_address: bool = False  # other machines are let in, by any address

    def refusal(self, request: web.BaseRequest) -> Refusal | None:
        """Why a request is not let in; None where it is."""
        if not names_server(request.headers.get("Host", ""), self.names, any_address=self.any_address):
            return WRONG_HOST
        if "Origin" in request.headers and not (self._is_own(request) or self.allowed_origin(request)):
            return WRONG_ORIGIN
        if self.token and request.method != "OPTIONS" and not self._has_token(request):
            return NO_TOKEN
        return None

    @staticmethod
    def _is_own(request: web.BaseRequest) -> bool:
        return is_own_origin(request.headers["Origin"], request.headers.get("Host", ""))

    def allowed_origin(self, request: web.BaseRequest) -> str:
        """The origin of a page that may call from elsewhere; "" for none."""
        origin = request.headers.get("Origin", "")
        return origin if origin.lower() in self.origins else ""

    def _has_token(self, request: web.BaseRequest) -> bool:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        given = (
            bearer.strip() if scheme.lower() == "bearer" else "",
            request.headers.get(TOKEN, ""),
            request.query.get(TOKEN_PARAMETER, ""),
        )
        return True in {is_same_secret(one, self.token) for one in given}

    def cors_headers(self, request: web.BaseRequest) -> Mapping[str, str]:
        """What lets a page of a named origin read the answer; nothing for others."""
        origin = self.allowed_origin(request)
        if not origin:
            return {"Vary": "Origin"} if self.origins else {}
        headers = {"Access-Control-Allow-Origin": origin, "Vary": "Origin", "Access-Control-Expose-Headers": "*"}
        if request.method == "OPTIONS":
            asked = request.headers.get("Access-Control-Request-Headers", "")
            headers |= {"Access-Control-Allow-Methods": "GET, POST, OPTIONS", "Access-Control-Max-Age": "600"}
            headers |= {"Access-Control-Allow-Headers": asked} if asked else {}
            # A page on the internet that calls this machine: the browser asks once more.
            headers |= {"Access-Control-Allow-Private-Network": "true"} if LOCAL_NETWORK in request.headers else {}
        return headers


def caller_in(request: web.BaseRequest) -> Caller | None:
    """Who a request comes from: the developer, who its header names, or nobody (None). Raises CallerError."""
    said = request.headers.get(CALLER) or request.query.get(CALLER_PARAMETER, "")
    if not said:
        return DEVELOPER
    if said.strip().lower() == ANONYMOUS:
        return None
    caller = caller_of(said)
    if caller == Caller():
        raise CallerError("it names nobody")
    return caller
