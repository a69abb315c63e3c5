"""What the gateway refuses of SQL before any of it runs: a second statement, some verbs, its own tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tui.facts import Fact

# Comments are passed over; everything else is one token of a kind.
_TOKEN: Final = re.compile(
    r"(?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<text>'(?:[^']|'')*'?)"
    r"|(?P<quoted>\"(?:[^\"]|\"\")*\"?|`(?:[^`]|``)*`?|\[[^\]]*\]?)"
    r"|(?P<word>[^\W\d][\w$]*)"
    r"|(?P<other>.)",
    re.DOTALL,
)
FORBIDDEN_FIRST: Final = frozenset({"attach", "detach", "pragma", "vacuum"})
_TEMPORARY: Final = frozenset({"temp", "temporary"})
# The gateway's own tables, and two of SQLite's that read whatever lies in the file.
RESERVED: Final = frozenset(
    [
        "api_keys",
        "wallet_api_keys",
        "refresh_tokens",
        "nonces",
        "device_authorizations",
        "session_devices",
        "namespace_session_policy",
        "invite_tokens",
        "operators",
        "principals",
        "signing_keys",
        "node_credentials",
        "encryption_roots",
        "grants",
        "wireguard_peers",
        "namespace_push_credentials",
        "push_topics",
        "function_secrets",
        "function_env_vars",
        "revoked_tokens",
        "audit_events",
        "namespace_quotas",
        "namespace_rate_limit_config",
        "namespace_clusters",
        "namespace_cluster_nodes",
        "namespace_port_allocations",
        "global_deployment_subdomains",
        "dns_records",
        "dns_nodes",
        "dns_nameservers",
        "raft_evicted_nodes",
        "cluster_locks",
        "orama_schema_migrations",
        "namespaces",
        "ipfs_content_ownership",
        "sqlite_dbpage",
        "dbstat",
    ]
)


class Token(Fact):
    """One token: its kind ("word", "quoted", "text", "other") and what it says, quotes taken off."""

    kind: str
    says: str


def tokens(sql: str) -> Iterator[Token]:
    """The tokens of a text of SQL, comments and white space left out."""
    for found in _TOKEN.finditer(sql):
        kind = found.lastgroup or "other"
        if kind != "space":
            yield Token(kind, _unquoted(kind, found[0]))


def _unquoted(kind: str, written: str) -> str:
    if kind not in {"text", "quoted"}:
        return written
    quote = written[0]
    end = "]" if quote == "[" else quote
    inner = written[1:-1] if len(written) > 1 and written.endswith(end) else written[1:]
    return inner if quote == "[" else inner.replace(quote * 2, quote)


def refusal(sql: str) -> str | None:
    """Why the gateway refuses the whole call; None where it lets it through."""
    ended = False
    verbs: list[str] = []
    for token in tokens(sql):
        if token == ("other", ";"):
            ended = bool(verbs) or ended
            continue
        if ended:
            return "multiple statements are not allowed"
        folded = token.says.strip().casefold()
        if token.kind in {"word", "quoted", "text"} and folded in RESERVED:
            return f"access to reserved name {folded!r} is not allowed"
        if len(verbs) < 3:
            verbs.append(folded if token.kind == "word" else "")
    return _forbidden(verbs)


def _forbidden(verbs: list[str]) -> str | None:
    first, *rest = verbs or [""]
    if first in FORBIDDEN_FIRST:
        return f"{first.upper()} is not allowed"
    if first == "create" and "trigger" in rest[:2] and (rest[0] == "trigger" or rest[0] in _TEMPORARY):
        return "CREATE TRIGGER is not allowed"
    return None
