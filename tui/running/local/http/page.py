"""What is served, for people and for programs: one page without a script, and the same as JSON."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from aiohttp import web

from tui.running.local.http.door import ANONYMOUS, CALLER, DEVELOPER, TOKEN, Door
from tui.running.local.http.replies import SERVER
from tui.text import human_bytes, plural, printable

if TYPE_CHECKING:
    from tui.running.local.events import Serving
    from tui.running.local.gateway import Gateway

_STYLE: Final = """
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 18%, Canvas);
  --soft: color-mix(in srgb, CanvasText 62%, Canvas); --good: #18794e; --busy: #0b68cb; --bad: #cd2b31; }
@media (prefers-color-scheme: dark) { :root { --good: #4cc38a; --busy: #6cb6ff; --bad: #ff9592; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0; } p { margin: .4rem 0; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; margin: 1rem 0; }
header { display: flex; gap: .8rem; align-items: baseline; flex-wrap: wrap; } .soft { color: var(--soft); }
.state { font-size: .85rem; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; }
.ready { color: var(--good); } .building { color: var(--busy); } .failed, .refused, .twice { color: var(--bad); }
pre { margin: .4rem 0; padding: .5rem .7rem; border: 1px solid var(--line); white-space: pre-wrap; }
pre, code { font: .9rem/1.5 ui-monospace, monospace; } dt { font-weight: 600; } dd { margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
"""
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
SECURITY: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def listing(gateway: Gateway, address: str, door: Door) -> dict[str, Any]:
    """Everything that is served, as plain values."""
    return {
        "workspace": str(gateway.settings.workspace),
        "address": f"http://{address}",
        "caller": {"header": CALLER, "without": f"wallet={DEVELOPER.wallet}", "nobody": ANONYMOUS},
        "token": f"Authorization: Bearer, or {TOKEN}" if door.token else None,
        "functions": [_function(one, address, door) for one in gateway.shelf.serving()],
    }


def _function(one: Serving, address: str, door: Door) -> dict[str, Any]:
    path = f"{address}/v1/functions/{quote(one.name, safe='')}"
    token = ' -H "Authorization: Bearer $TOKEN"' if door.token else ""
    curl = f"curl -d '{{}}' http://{path}/invoke{token}"
    return {
        "name": one.name,
        "dir": one.directory,
        "kind": one.kind,
        "state": one.state,
        "public": one.public,
        "internal": one.internal,
        "build": one.build or None,
        "bytes": one.size or None,
        "error": one.error or None,
        "invoke": f"http://{path}/invoke",
        "ws": f"ws://{path}/ws",
        "curl": curl,
        "wscat": f"wscat -c ws://{path}/ws{token}",
    }


def page(found: Mapping[str, Any], extra: Mapping[str, str]) -> web.Response:
    """The listing for a browser."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Server": SERVER, **SECURITY, **extra}
    return web.Response(headers=headers, body=_html(found).encode("utf-8", "replace"))


def _html(found: Mapping[str, Any]) -> str:
    functions = found["functions"]
    title = f"fn-tui dev: {_text(found['workspace'])}"
    cards = "".join(map(_card, functions)) or "<p>There is no function in this workspace yet.</p>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{_text(found['workspace'])}</h1>"
        f'<p class="soft">{plural(len(functions), "function")} at {_text(found["address"])}. Load this page again to '
        f"see what has changed; the same as JSON: <code>curl {_text(found['address'])}</code></p>"
        f"<main>{cards}</main>{_who(found)}</body></html>\n"
    )


def _card(one: Mapping[str, Any]) -> str:
    state = str(one["state"])
    where = [] if one["dir"] == one["name"] else [str(one["dir"])]
    facts = [
        *where,
        str(one["kind"]),
        *(["public"] if one["public"] else []),
        *(["internal"] if one["internal"] else []),
    ]
    if one["build"]:
        facts.append(f"{human_bytes(one['bytes'])}, {one['build']}")
    error = f'<p class="failed">{_text(one["error"])}</p>' if one["error"] else ""
    old = "<p>What was built before is served.</p>" if one["error"] and one["build"] and state != "twice" else ""
    lines = "" if state == "twice" else _lines(one)
    return (
        f'<article><header><h2>{_text(one["name"] or one["dir"])}</h2><span class="state {state}">{state}'
        f'</span><span class="soft">{_text(", ".join(facts))}</span></header>{error}{old}{lines}'
        "</article>"
    )


def _lines(one: Mapping[str, Any]) -> str:
    if one["internal"]:
        return '<p class="soft">Other functions and triggers call it; over HTTP it is refused.</p>'
    return f"<pre>{_text(one['curl'])}</pre><pre>{_text(one['wscat'])}</pre>"


def _who(found: Mapping[str, Any]) -> str:
    without, nobody = _text(found["caller"]["without"]), _text(found["caller"]["nobody"])
    token = (
        f"The token is asked for: <code>{_text(found['token'])}</code>."
        if found["token"]
        else "None is asked for: any program of any user of this machine can call these functions."
    )
    return (
        "<footer><h2>Who calls</h2><dl>"
        f"<dt>nothing said</dt><dd>the developer of this machine (<code>{without}</code>)</dd>"
        f"<dt>somebody else</dt><dd><code>{CALLER}: wallet=0xabc,claim.tier=pro</code></dd>"
        f"<dt>nobody</dt><dd><code>{CALLER}: {nobody}</code>, which functions that are not public answer with 401</dd>"
        f"<dt>token</dt><dd>{token}</dd></dl></footer>"
    )


def _text(value: object) -> str:
    return escape(printable(str(value)))
