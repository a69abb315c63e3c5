"""The lines that compilers and linkers print, by kind: one regular expression each."""

from __future__ import annotations

import re
from typing import Final

_SUFFIXES: Final = "go|s|S|sx|c|h|cc|cpp|cxx|hpp|hh|hxx|m|mod|work|sum|json"
# A diagnostic with a place. A message that begins with a tab continues another.
PLACED: Final = re.compile(
    rf"(?P<path>(?:[A-Za-z]:)?[^\s:][^:]*\.(?:{_SUFFIXES})):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.+)"
)
BARE_PLACE: Final = re.compile(rf"(?:[A-Za-z]:)?[^\s:][^:]*\.(?:{_SUFFIXES}):\d+(?::\d+)?:?\s*")
OTHER_DECLARATION: Final = re.compile(r"(?:.*: )?other declaration of (.+)")
PACKAGE: Final = re.compile(r"# (\S+)(?: \[.*\])?")
SEVERITY: Final = re.compile(r"(?:(fatal )?(error|warning|note|remark)): ")
# Progress, and sums of what was told before: no diagnostics of their own.
NOISE: Final = re.compile(
    r"go: (?:downloading|finding|extracting|found|added|upgraded|downgraded|removed|toolchain upgrade needed) "
    r"|too many errors$|(?:.*: )?too many errors$|\d+ (?:errors?|warnings?)(?: and \d+ \w+)? generated\.$"
)
# What sums up other lines: told only where there are none.
SUMMARY: Final = re.compile(
    r"go: errors parsing \S+:$|failed to build .*: exit status \d+$|(?:error: )?wasm-opt failed: "
    r"|Fatal: error (?:in )?(?:parsing|validating) |failed to run tool: |(?:error: )?failed to link |exit status \d+$"
)
CONTINUED: Final = re.compile(r"\t|  |>>> ?")
# What a tool adds below its own words, or those of a tool that it ran.
TAIL: Final = re.compile(
    r"(?:error: )?wasm-opt failed: |Fatal: error |failed to run tool: |(?:error: )?failed to link |exit status \d+$"
    r"|signal: killed$"
)
# Files of a folder that is gone by the time that anybody reads it.
TEMPORARY: Final = re.compile(r"(?:\S*/tinygo\d+/\S+|lto\.tmp): ")
# Failures of the function as a whole: no file, no line.
UNPLACED: Final = re.compile(
    r"(?:tinygo:)?(?:wasm-ld|ld\.lld|clang|wasm-opt|lld|ld): |(?:fatal )?error: |go: |warning: "
    r"|requires go version |no Go files in |found packages .* and |cannot compile with Go toolchain version "
    r"|cannot use \".*\" as |LLVM ERROR|panic: |fatal: |Fatal: |could not |no usable |failed to |interp: "
    r"|\[(?:parse|wasm) exception: |SIG[A-Z]+: |runtime\.main_main|relocation target |link: |package \S+$"
    r"|package \S+ (?:is not in|provided by)|package \S+: |build constraints exclude |no required module "
    r"|(?:open|stat|mkdir|rename|fork/exec|chdir|remove|lstat|read|write) .*: |expected .*main package"
    r"|flag provided but not defined|unknown |invalid |unsupported |missing |import cycle |signal: |cannot find |can't "
    r"|fatal error: |runtime: |go tool |collect2: |malformed |pattern \S+: "
)
# From here on everything is the trace of a crash.
TRACE: Final = re.compile(r"panic: |fatal error: |SIG[A-Z]+: |unexpected fault address |runtime: ")
IMPORT_CHAIN: Final = re.compile(r"package (\S+)")
FIX: Final = re.compile(r"go (?:get|mod (?:download|tidy|init|vendor)|work (?:use|sync|init|vendor)|env -w) ?.*")
_FOLLOWS: Final = re.compile(r"declared and not used: |.* declared and not used$")


def follows(message: str) -> bool:
    """Whether it is of the kind that another error often causes: a variable whose only use did not compile."""
    return _FOLLOWS.match(message) is not None
