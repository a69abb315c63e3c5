"""What bytes look like that are no WebAssembly module, in words for a person."""

from __future__ import annotations

from tui.wasm.decode.leb import MAGIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


_STARTS: Final = (
    (b"\x7fELF", "an ELF program (built for this machine, not for WebAssembly)"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O program (built for this machine, not for WebAssembly)"),
    (b"\xca\xfe\xba\xbe", "a Mach-O program or a Java class"),
    (b"MZ", "a Windows program"),
    (b"\x1f\x8b", "gzip: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstd: unpack it first"),
    (b"BZh", "bzip2: unpack it first"),
    (b"\xfd7zXZ", "xz: unpack it first"),
    (b"PK\x03\x04", "a zip archive"),
    (b"!<arch>\n", "an object archive (.a): link it first"),
    (b"BC\xc0\xde", "LLVM bitcode: link it first"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"version https://git-lfs", "a Git LFS pointer: fetch the file itself"),
    (b"\xef\xbb\xbf", "text with a byte order mark"),
    (b"#!", "a script"),
)
_WORDS: Final = (
    (b"(module", "WebAssembly text (WAT): assemble it first"),
    (b"(component", "WebAssembly component text (WAT): assemble it first"),
    (b";;", "WebAssembly text (WAT): assemble it first"),
    (b"(;", "WebAssembly text (WAT): assemble it first"),
    (b"<!doctype html", "HTML: an error page instead of a download?"),
    (b"<html", "HTML: an error page instead of a download?"),
    (b"<?xml", "XML"),
    (b"{", "JSON or other text"),
    (b"package ", "Go source: build it first"),
)


def looks_like(source: bytes) -> str:
    """What these bytes seem to be: "empty", "HTML: ...", "gzip: ...", "text", or their first bytes in hexadecimal."""
    if not source:
        return "empty"
    if not source.strip(b"\0"):
        return "nothing but zero bytes"
    if MAGIC.startswith(source[:4]):
        return "the first bytes of a module, cut off"
    text = source[:256].lstrip().lower()
    known = [words for start, words in _STARTS if source.startswith(start)]
    known += [words for start, words in _WORDS if text.startswith(start)]
    if known:
        return known[0]
    if source[:256].isascii() and text.decode().replace("\n", " ").replace("\t", " ").rstrip().isprintable():
        return "text"
    return f"bytes that start with {source[:8].hex(' ')}"
