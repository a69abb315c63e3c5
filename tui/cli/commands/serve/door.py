"""Who may come in: whoever has the token of the address, from a page of ours, under a name of ours."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

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
        """Whether a Host header names this server.

        A page of another site that makes its own name point here (DNS rebinding) still sends that name.
        """
        try:
            name = (urlsplit(f"//{header}").hostname or "").lower()
        except ValueError:
            return False
        if name == "localhost" or name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or self.any_address

    def opens(self, request: web.Request, cookie_name: str) -> bool:
        """Whether a request brings the token of the address, or the cookie that a first visit was given.

        Both are compared in any case, and in a time that does not tell how much of them was right.
        """
        by_token = _same(request.query.get(TOKEN, ""), self.token)
        by_cookie = _same(request.cookies.get(cookie_name, ""), self.cookie)
        return by_token | by_cookie


def own_origin(request: web.Request) -> bool:
    """Whether a request comes from our own page, or from a program, which sends no Origin."""
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() != f"http://{request.headers.get('Host', '')}".lower():
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode("ascii"))
