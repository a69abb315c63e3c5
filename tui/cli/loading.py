"""How the program loads its own modules: as Python does, in fewer steps.

Python lists each folder, asks every finder for each module, and reads a file in nine calls of the system. For
the thirty modules of a short command that is a millisecond, a quarter of all that `fn-tui inspect` takes beside
Python's start (`tests.bench.bench_inspect` holds it). Here a module that was compiled before is read in four. Whatever
is out of the ordinary (never compiled, or of another source; in an archive) is left to Python.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec, SourceFileLoader
    from types import CodeType, ModuleType
    from typing import Final

    MAGIC_NUMBER: Final = b""
else:
    try:  # what importlib offers; loading that takes longer than what is saved here
        from _frozen_importlib import ModuleSpec
        from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
    except ImportError:  # another Python
        from importlib.machinery import ModuleSpec, SourceFileLoader
        from importlib.util import MAGIC_NUMBER

OURS: Final = __name__.partition(".")[0] + "."
SUFFIX: Final = (__spec__.cached or "").rpartition("/loading")[2]  # `.cpython-311.pyc`, or of an optimisation
MOST: Final = 1 << 16  # bytes of a compiled file that is read so
_HEADER: Final = 16  # bytes: magic number, flags, time and size of the source (PEP 552)
_TIMED: Final = MAGIC_NUMBER + bytes(4)  # compiled by this Python, of a source that its time and size tell


def compiled(source: str) -> str:
    """The path at which Python keeps what it compiled of a source file, given by its absolute path."""
    folder, _, name = source.rpartition("/")
    kept = f"{sys.pycache_prefix}{folder}" if sys.pycache_prefix else f"{folder}/__pycache__"
    return f"{kept}/{name.removesuffix('.py')}{SUFFIX}"


class Loader(SourceFileLoader):
    """Python's loader of source files, which reads a compiled one at once where it is of that source."""

    def __init__(self, fullname: str, path: str, source: os.stat_result) -> None:
        super().__init__(fullname, path)
        self.cached = compiled(path)
        stamp = int(source.st_mtime) & 0xFFFF_FFFF | (source.st_size & 0xFFFF_FFFF) << 32
        self._source = stamp.to_bytes(8, "little")

    def get_code(self, fullname: str) -> CodeType | None:
        """What is run to make the module."""
        try:
            descriptor = os.open(self.cached, os.O_RDONLY)
        except OSError:
            return super().get_code(fullname)
        try:
            content = os.read(descriptor, MOST)
        finally:
            os.close(descriptor)
        if content.startswith(_TIMED) and content[8:_HEADER] == self._source and len(content) < MOST:
            code: CodeType = marshal.loads(memoryview(content)[_HEADER:])  # noqa: S302 -- as Python itself loads it
            if code.co_filename == self.path:  # else it was compiled elsewhere: tracebacks would name that place
                return code
        return super().get_code(fullname)


class Finder:
    """Finds modules of this package where they lie."""

    @staticmethod
    def find_spec(
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,  # noqa: ARG004 -- as Python calls it
    ) -> ModuleSpec | None:
        """Where that module is; None for what is not ours, or not there."""
        if path is None or not fullname.startswith(OURS):
            return None
        place = f"{path[0]}/{fullname.rpartition('.')[2]}"
        for source, is_package in ((f"{place}.py", False), (f"{place}/__init__.py", True)):
            try:
                status = os.stat(source)  # noqa: PTH116 -- pathlib is what takes long
            except OSError:
                continue
            loader = Loader(fullname, source, status)
            spec = ModuleSpec(fullname, loader, origin=source, is_package=is_package)
            spec.has_location = True
            spec.cached = loader.cached
            if is_package:
                spec.submodule_search_locations = [place]
            return spec
        return None


def install() -> None:
    """Load our modules so from now on, in this process; where Python keeps compiled files as it is known to do."""
    if SUFFIX and __spec__.cached == compiled(__file__):
        sys.meta_path.insert(0, Finder)
