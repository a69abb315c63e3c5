"""The names of imports and exports: their grammar, and by what two of them are the same.

Source: the component model's Explainer.md, Import and Export Definitions, and Name Uniqueness.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["label", "constructor", "method", "static", "interface", "dependency", "url", "hash"]

_WORD = r"(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)"
_PART = r"(?:[a-z0-9]+|[A-Z0-9]+)"
_LABEL = rf"{_WORD}(?:-{_PART})*"
_LOW_LABEL = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_NUMBER = r"(?:0|[1-9][0-9]*)"
_SEMVER = (
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
    rf"(?:-(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_HASH = r"sha(?:256|384|512)-[0-9A-Za-z+/]+={0,2}(?:\?[^>\s]*)?"
_INTEGRITY = rf"integrity=<\s*{_HASH}(?:\s+{_HASH})*\s*>"
_RANGE = rf"@(?:\*|\{{(?:>={_SEMVER}(?: <{_SEMVER})?|<{_SEMVER}|\*)\}})"
_PACKAGE = rf"{_LOW_LABEL}:{_LOW_LABEL}"
LABEL: Final = re.compile(_LABEL)
SEMVER: Final = re.compile(_SEMVER)
_INTERFACE: Final = re.compile(rf"{_PACKAGE}/{_LABEL}(?:@(?P<version>.*))?", re.DOTALL)
_PREFIXED: Final[tuple[tuple[str, Kind, re.Pattern[str]], ...]] = (
    ("unlocked-dep=", "dependency", re.compile(rf"unlocked-dep=<{_PACKAGE}(?:/{_LABEL})?(?:{_RANGE})?>")),
    (
        "locked-dep=",
        "dependency",
        re.compile(rf"locked-dep=<{_PACKAGE}(?:/{_LABEL})?(?:@{_SEMVER})?>(?:,{_INTEGRITY})?"),
    ),
    ("url=", "url", re.compile(rf"url=<[^<>]*>(?:,{_INTEGRITY})?")),
    ("integrity=", "hash", re.compile(_INTEGRITY)),
)
_ANNOTATED: Final = re.compile(
    rf"\[(?P<kind>constructor|method|static)\](?P<first>{_LABEL})(?:\.(?P<second>{_LABEL}))?"
)
LONGEST: Final = 100_000  # characters; engines take no longer names


@dataclass(frozen=True, slots=True)
class ExternName:
    """A name that follows the grammar. Two with the same `key` cannot stand beside each other."""

    text: str
    kind: Kind
    key: str
    resource: str = ""  # of a constructor, a method or a static function


def is_label(text: str) -> bool:
    """Whether a text is in kebab case, as labels are."""
    return LABEL.fullmatch(text) is not None


def extern_name(text: str, suffix: str | None = None) -> ExternName:
    """The name that a text is. `suffix` is that of its version. Raises ValueError with what is wrong."""
    if text.startswith("["):
        return _annotated(text)
    for prefix, kind, grammar in _PREFIXED:
        if text.startswith(prefix):
            if not grammar.fullmatch(text):
                raise ValueError(f"not a name that starts with {prefix}")
            return ExternName(text, kind, text)
    if ":" in text:
        return _interface(text, suffix)
    if not is_label(text):
        raise ValueError("not in kebab case" if text else "empty")
    return ExternName(text, "label", text.lower())


def _annotated(text: str) -> ExternName:
    found = _ANNOTATED.fullmatch(text)
    if not found or (found["kind"] == "constructor") != (found["second"] is None):
        raise ValueError("not in kebab case behind its [...]")
    first, second = found["first"], found["second"]
    if second is None:
        return ExternName(text, "constructor", text.lower(), first)
    kind: Kind = "method" if found["kind"] == "method" else "static"
    same = first.lower() == second.lower()
    return ExternName(text, kind, first.lower() if same else f"{first}.{second}".lower(), first)


def _interface(text: str, suffix: str | None) -> ExternName:
    found = _INTERFACE.fullmatch(text)
    if not found:
        raise ValueError("not the name of an interface (namespace:package/interface@1.2.3)")
    version = found["version"]
    if version is not None and not SEMVER.fullmatch(version + (suffix or "")):
        raise ValueError(f"{version + (suffix or '')!r} is not a version (1.2.3)")
    if version is None and suffix is not None:
        raise ValueError("the suffix of a version that is not there")
    path, at, rest = text.partition("@")
    return ExternName(text, "interface", path.lower() + at + rest)
