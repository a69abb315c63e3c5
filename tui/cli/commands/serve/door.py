"""Who may come in: whoever has the token of the address, from a page of ours, under a name of ours."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tui.addresses import is_own_origin, is_same_secret, names_server

if TYPE_CHECKING:
    from aiohttp import web

TOKEN: Final = "token"  # noqa: S105 - the name of the parameter in the address
TOKEN_BYTES: Final = 32


def new_secret() -> str:
    """Letters, digits, `-` and `_`, not to be guessed."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class Door:
    """The names under which the server may be called, and the two secrets that open it.

    The cookie is another secret than the token: who sees one cannot tell the other.
    """

    names: frozenset[str]  # lower case
    any_address: bool = False  # exposed: any IP address will do as a name
    token: str = field(default_factory=new_secret)
    cookie: str = field(default_factory=new_secret)

    def names_us(self, header: str) -> bool:
        """Whether a Host header names this server."""
        return names_server(header, self.names, any_address=self.any_address)

    def opens(self, request: web.Request, cookie_name: str) -> bool:
        """Whether a request brings the token of the address, or the cookie that a first visit was given.

        Both are compared in any case, and in a time that does not tell how much of them was right.
        """
        by_token = is_same_secret(request.query.get(TOKEN, ""), self.token)
        by_cookie = is_same_secret(request.cookies.get(cookie_name, ""), self.cookie)
        return by_token | by_cookie


def own_origin(request: web.Request) -> bool:
    """Whether a request comes from our own page, or from a program, which sends no Origin."""
    origin = request.headers.get("Origin")
    if origin is not None and not is_own_origin(origin, request.headers.get("Host", "")):
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
