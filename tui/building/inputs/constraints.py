"""Build constraints, read for a WASI build: may this file be compiled?

Three values: yes, no, and "depends" (a custom tag, the compiler's own tags), which counts as yes.
Rules: `go help buildconstraint`. TinyGo before 0.34 called its WASI target linux/arm, so these two stay open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tui.building.compilers import by_name

_TRUE: Final = frozenset({"wasip1", "wasm"})
_OTHER_SYSTEMS: Final = frozenset(
    {"aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "nacl", "netbsd", "openbsd"}
    | {"plan9", "solaris", "wasip2", "windows", "zos"}
)
_OTHER_MACHINES: Final = frozenset(
    {"386", "amd64", "amd64p32", "arm64", "arm64be", "armbe", "loong64", "mips", "mips64", "mips64le", "mips64p32"}
    | {"mips64p32le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64"}
)
# Tags that a WASI build never sets. "ignore" is the customary name for "never".
_FALSE: Final = _OTHER_SYSTEMS | _OTHER_MACHINES | {"ignore", "race", "msan", "asan"}
_UNSET: Final = re.compile(r"(?!go1\b|wasip1$|wasm$)\w+")  # neither a release nor one of TinyGo's dotted tags
_GO_BUILD: Final = re.compile(rb"^//go:build[ \t]+([^\n]+)", re.MULTILINE)
_LINE: Final = 65_536  # bytes; what a longer line says is left open
_TOKEN: Final = re.compile(r"&&|\|\||[!()]|[\w.]+")


def name_may_build(file_name: str) -> bool:
    """Whether a file of this name can belong to a WASI build: `x_windows.go` and `x_test.go` cannot."""
    stem, _, _ = file_name.partition(".")
    if file_name.startswith(("_", ".")) or stem.endswith("_test"):
        return False
    parts = stem.split("_")[1:]
    if len(parts) >= 2 and parts[-1] in _OTHER_MACHINES | {"wasm", "arm"}:
        return parts[-1] not in _OTHER_MACHINES and parts[-2] not in _OTHER_SYSTEMS
    return not parts or parts[-1] not in _OTHER_SYSTEMS | _OTHER_MACHINES


def may_build(header: bytes, compiler: str | None = None) -> bool:
    """Whether the //go:build line above the package clause lets a WASI build take the file.

    `compiler`, by name, decides the tags that tell compilers apart; without one they stay open.
    """
    line = _GO_BUILD.search(header)
    if line is None or len(line[1]) > _LINE:
        return True
    tokens = _TOKEN.findall(line[1].decode("utf-8", "replace"))
    return _Expression(tokens, by_name(compiler).tags if compiler is not None else {}).value() is not False


def constraint_line(header: bytes) -> tuple[int, str] | None:
    """The 1-based line and the text of the //go:build line in what stands above a package clause."""
    line = _GO_BUILD.search(header)
    if line is None:
        return None
    return header.count(b"\n", 0, line.start()) + 1, line[0].decode("utf-8", "replace").strip()


class _Expression:
    """Evaluates one constraint; None stands for "depends". What does not parse is left to the compiler."""

    def __init__(self, tokens: list[str], tags: Mapping[str, bool]) -> None:
        self._tokens = tokens
        self._tags = tags
        self._next = 0

    def value(self) -> bool | None:
        """True, False, or None where it depends on tags unknown here."""
        if len(self._tokens) > 500:
            return None
        return self._any()

    def _take(self, token: str) -> bool:
        if self._next < len(self._tokens) and self._tokens[self._next] == token:
            self._next += 1
            return True
        return False

    def _any(self) -> bool | None:
        terms = [self._all()]
        while self._take("||"):
            terms.append(self._all())
        return True if True in terms else None if None in terms else False

    def _all(self) -> bool | None:
        terms = [self._one()]
        while self._take("&&"):
            terms.append(self._one())
        return False if False in terms else None if None in terms else True

    def _one(self) -> bool | None:
        if self._take("!"):
            inner = self._one()
            return None if inner is None else not inner
        if self._take("("):
            inner = self._any()
            self._take(")")
            return inner
        if self._next >= len(self._tokens):
            return None
        tag = self._tokens[self._next]
        self._next += 1
        own = self._tags.get(tag)
        if own is None and self._tags and _UNSET.fullmatch(tag) is not None:
            own = False  # the plan sets no tags
        return own if own is not None else True if tag in _TRUE else False if tag in _FALSE else None
