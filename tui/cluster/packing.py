"""What a build reads, packed for another machine: names below one root, and digests of contents."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.building.inputs.gomod import directives
from tui.building.inputs.inputs import MODULE_FILES, Inputs, read_inputs
from tui.building.inputs.sources import HASHED, SourceCache, digest_of
from tui.cluster.blobs import SMALL
from tui.cluster.modules import cached_files, module_cache
from tui.cluster.orders import PROTOCOL, Order, SentFile
from tui.reading import open_regular, read_whole
from tui.text import human_bytes

if TYPE_CHECKING:
    from tui.building.plan.build_plan import BuildPlan

# What a person may have set that a build obeys. A worker's own settings of these do not hold.
TRAVELLING: Final = ("GOFLAGS", "GOEXPERIMENT", "GOWASM", "CGO_ENABLED", "GO111MODULE", "GODEBUG")
ENCLOSED: Final = 128 << 10  # bytes of files that go with one order
_REMEMBERED: Final = 200_000  # digests
MOD_FILE: Final = 16 << 20  # bytes of a go.mod that is rewritten


class PackingError(Exception):
    """A build that cannot be packed: the text says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes of a file that travels come from."""

    path: Path
    content: bytes | None = None  # where they are not the file's own


@dataclass(frozen=True, slots=True)
class Packed:
    """An order, and where its contents lie here."""

    order: Order
    root: Path  # what the names of files are relative to
    sources: Mapping[str, Source]  # digest -> where it lies

    def read(self, digest: str, offset: int, most: int) -> bytes:
        """A piece of a file. Raises OSError."""
        return _read(self.sources[digest], offset, most)


def _read(source: Source, offset: int, most: int) -> bytes:
    """A piece of what lies there. Raises OSError."""
    if source.content is not None:
        return source.content[offset : offset + most]
    descriptor = open_regular(source.path)
    try:
        return os.pread(descriptor, most, offset)
    finally:
        os.close(descriptor)


def pack(
    plan: BuildPlan,
    inputs: object,
    ident: str,
    topic: str,
    *,
    cache: SourceCache | None = None,
    enclosed: set[str] | None = None,
) -> Packed:
    """All that a build of the plan reads. Raises PackingError, OSError. Reads the disk: call it in a thread.

    `inputs` are those that were looked at just before; read anew where there are none. `enclosed`: digests of small
    files that went with an order before; those of this one are put there.
    """
    known = inputs if isinstance(inputs, Inputs) else read_inputs(plan.cwd)
    cache = cache if cache is not None else SourceCache()
    digests = {Path(os.path.normpath(plan.cwd / name)): digest for name, digest in known.manifest.items()}
    digests |= _sums_beside(digests, cache)
    root = Path(os.path.commonpath([plan.cwd, *(path.parent for path in digests)]))
    sources: dict[str, Source] = {}
    files = [_sent(path, digest, root, sources) for path, digest in digests.items()]
    modules = [] if _vendored(digests) else list(_module_files(digests, cache, sources))
    environment = _environment(plan) | {"GOWORK": "" if any(path.name == "go.work" for path in digests) else "off"}
    paths = {"GOWORK": os.path.relpath(work, root)} if (work := _work_file()) is not None else {}
    directory = os.path.relpath(plan.cwd, root)
    order = Order(
        ident=ident,
        topic=topic,
        place=_place(files, plan, environment, directory),
        directory=directory,
        files=tuple(sorted(files, key=lambda file: file.name)),
        modules=tuple(modules),
        compiler=plan.compiler,
        argv=plan.argv,
        output=str(plan.output),
        environment=environment,
        paths=paths,
        enclosed=_enclosed(files, sources, enclosed) if enclosed is not None else {},
    )
    return Packed(order, root, sources)


def _enclosed(files: Iterable[SentFile], sources: Mapping[str, Source], before: set[str]) -> dict[str, bytes]:
    """The contents of small files that surely nobody has yet: they go with the order, and need not be asked for."""
    found: dict[str, bytes] = {}
    room = ENCLOSED
    if len(before) > _REMEMBERED:
        before.clear()
    for file in files:
        if file.size > min(room, SMALL) or file.digest in before:
            continue
        before.add(file.digest)
        content = _read(sources[file.digest], 0, SMALL)
        if digest_of(content) == file.digest:  # else it has changed since, which whoever asks for it is told
            found[file.digest] = content
            room -= len(content)
    return found


def _sums_beside(digests: Mapping[Path, str], cache: SourceCache) -> dict[Path, str]:
    """The go.sum of each module around: Go reads those of all members of a workspace."""
    found = {}
    for path in digests:
        beside = path.with_name("go.sum")
        if path.name == "go.mod" and beside not in digests and (read := cache.read(beside)) is not None:
            found[beside] = read.digest
    return found


def _sent(path: Path, digest: str, root: Path, sources: dict[str, Source]) -> SentFile:
    """One file of the build. A go.mod or go.work that names folders by absolute paths is sent with relative ones."""
    source, size = Source(path), os.stat(path).st_size  # noqa: PTH116
    if path.name in ("go.mod", "go.work") and (content := _relative_paths(path)) is not None:
        source, size, digest = Source(path, content), len(content), digest_of(content)
    if size > HASHED:
        raise PackingError(f"{path} is larger than what is sent to other machines ({human_bytes(HASHED)})")
    sources[digest] = source
    return SentFile(_below(path, root), digest, size)


def _below(path: Path, root: Path) -> str:
    """The name of one that lies there. Not by relpath, which asks for the current folder each time."""
    return os.fspath(path).removeprefix(os.fspath(root)).lstrip("/")


def _relative_paths(path: Path) -> bytes | None:
    """The content with its absolute folders written as relative ones; None where there are none."""
    content = read_whole(path, MOD_FILE)
    text = content.decode("utf-8", "surrogateescape")
    named = {
        word for verb, words in directives(text) if verb in ("replace", "use") for word in words if word[:1] == "/"
    }
    for word in sorted(named, key=len, reverse=True):
        relative = os.path.relpath(word, path.parent)
        text = text.replace(word, relative if relative.startswith(".") else f"./{relative}")
    return text.encode("utf-8", "surrogateescape") if named else None


def _vendored(paths: Iterable[Path]) -> bool:
    return any(path.name == "modules.txt" and path.parent.name == "vendor" for path in paths)


def _module_files(digests: Mapping[Path, str], cache: SourceCache, sources: dict[str, Source]) -> Iterable[SentFile]:
    """The modules of other people that the build may take, as far as they were downloaded here."""
    sums = [path for path in digests if path.name in MODULE_FILES and path.name.endswith(".sum")]
    for name, path in cached_files(sums, module_cache(os.environ)) if sums else ():
        read = cache.read(path)
        if read is not None:
            sources[read.digest] = Source(path)
            yield SentFile(name, read.digest, os.stat(path).st_size)  # noqa: PTH116


def _environment(plan: BuildPlan) -> dict[str, str]:
    """What the build's environment is to hold, whatever the worker's own has. It fetches nothing from a network."""
    own = {name: os.environ.get(name, "") for name in TRAVELLING}
    chosen = {name: value for name, value in plan.env_defaults.items() if not os.environ.get(name)}
    return {**own, **chosen, **plan.env, "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOSUMDB": "off", "GOVCS": "*:off"}


def _work_file() -> str | None:
    """The go.work that the person names; None where Go looks for one by itself."""
    named = os.environ.get("GOWORK", "")
    return named if named and named != "off" else None


def _place(files: Iterable[SentFile], plan: BuildPlan, environment: Mapping[str, str], directory: str) -> str:
    """The name of the private path: of all that the module's bytes hang on."""
    parts = [str(PROTOCOL), directory, plan.compiler, *(word for word in plan.argv if word != str(plan.output))]
    parts += [f"{name}={value}" for name, value in sorted(environment.items())]
    parts += sorted(f"{file.name}\0{file.digest}" for file in files)
    return digest_of("\n".join(parts).encode("utf-8", "surrogateescape"))
