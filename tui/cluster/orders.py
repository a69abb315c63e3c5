"""What travels between a client and a worker: orders, what happens meanwhile, and how it came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Literal, TypeGuard, get_args

if TYPE_CHECKING:
    from tui.building.compilers.compiler import Found

PROTOCOL: Final = 3  # of all in this file; a worker that speaks another one is passed over
SLOT: Final = "build"  # the resource of which a build takes one
MEMORY: Final = "fn-tui memory"  # the resource that counts bytes
KEY: Final = "fn-tui-build-"  # before the id of a build: the name of its task
LONGEST: Final = 64 * 1024  # characters of one line of output
MODULE: Final = "function.wasm"
_LONGEST: Final = 100_000  # characters of a word or sentence of a worker
_PHASES: Final = 20
_SECONDS: Final = 1e6

EventKind = Literal["begun", "missing", "equal", "started", "output", "phase"]
KINDS: Final[tuple[str, ...]] = get_args(EventKind)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that a build reads: where it lies below the root, and what is in it."""

    name: str  # relative, with "/"
    digest: str  # BLAKE2b of its content, 16 bytes, in hex
    size: int


@dataclass(frozen=True, slots=True)
class Order:
    """One build, all of it but the contents of files."""

    ident: str
    topic: str  # where events are sent
    place: str  # the name of the private path: equal for equal inputs
    directory: str  # the function's, relative to the root
    files: tuple[SentFile, ...]
    modules: tuple[SentFile, ...]  # of Go's download cache: names relative to it
    compiler: str
    argv: tuple[str, ...]
    output: str  # what stands in argv for the module's path
    environment: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)  # variables that name a file below the root, relative
    enclosed: Mapping[str, bytes] = field(default_factory=dict)  # digest -> content of small files: nobody need ask


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a build on a worker."""

    ident: str
    attempt: str  # a build that was begun anew elsewhere is told anew
    number: int  # 1, 2, 3...
    kind: EventKind
    content: tuple[object, ...]

    def message(self) -> list[object]:
        """What Dask's event log takes."""
        return [self.ident, self.attempt, self.number, self.kind, list(self.content)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build on a worker came out."""

    worker: str  # its address
    attempt: str
    events: int  # how many were sent
    unable: str | None = None  # why it could not be run there: no fault of the function's
    returncode: int = -9
    left: int = 0  # processes that could not be ended
    argv: tuple[str, ...] = ()
    phases: tuple[tuple[str, float], ...] = ()
    module: bytes | memoryview | None = None  # None: there was none
    sha256: str = ""  # of the module
    mode: int = 0o644  # of its file
    refused: str | None = None  # why the module that there was is not sent
    elsewhere: bool = False  # it was not built under the path that equal inputs have everywhere


def sha256_of(module: bytes | memoryview) -> str:
    """What tells a module from every other, in hex: processors of today have instructions for it, so that it takes half
    as long as the digest that inputs have.
    """
    return sha256(module).hexdigest()


def is_sound(answer: object) -> TypeGuard[Outcome]:
    """Whether what a worker answered is an outcome, each part of it what it is to be: it is shown and kept."""
    try:
        return isinstance(answer, Outcome) and _parts_are_sound(answer)
    except (TypeError, ValueError):  # a part of it is not even a sequence
        return False


def _parts_are_sound(answer: Outcome) -> bool:
    texts = (answer.worker, answer.attempt, answer.sha256, *answer.argv, answer.unable or "", answer.refused or "")
    numbers = (answer.events, answer.returncode, answer.left, answer.mode)
    return (
        all(isinstance(text, str) and len(text) <= _LONGEST for text in texts)
        and all(isinstance(number, int) and abs(number) < 1 << 31 for number in numbers)
        and isinstance(answer.module, bytes | memoryview | None)
        and len(answer.phases) <= _PHASES
        and all(isinstance(name, str) and 0 <= seconds < _SECONDS for name, seconds in answer.phases)
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a worker says of itself."""

    protocol: int
    fn_tui: str
    python: str
    dask: str
    host: str
    slots: int
    memory: int | None  # bytes that it may use
    capabilities: tuple[str, ...]
    compilers: tuple[Found, ...] = ()
    same_paths: bool = True  # it builds under the path that equal inputs have everywhere


def capability(found: Found) -> str | None:
    """The resource of workers that build just as this compiler does; None where nothing is to be built with it.

    The compiler's version, and that of all that goes into its modules.
    """
    if found.obstacle is not None or found.tool.version is None:
        return None
    parts = [f"{found.tool.name} {found.tool.version}"]
    if found.go_version is not None and found.tool.name != "go":
        parts.append(f"go {found.go_version}")
    parts += [f"{tool.name} {tool.version}" for tool in found.needs if tool.version is not None]
    return f"fn-tui/{PROTOCOL}: {', '.join(parts)}"


def versions_in(name: str) -> str:
    """The versions in a capability: `tinygo 0.35.0, go 1.23.9`."""
    return name.partition(": ")[2]


def memory_of(compiler: str) -> int:
    """Bytes that a build takes at most, to be counted on a worker: TinyGo's last step, wasm-opt, takes a gigabyte."""
    return 1_000_000_000 if compiler == "tinygo" else 400_000_000
