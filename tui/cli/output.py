"""How subcommands print: one JSON object a line for programs, escaped text for people."""

from __future__ import annotations

import io
import os
import sys

from tui.text import printable, visible

TYPE_CHECKING = False  # what typing says, which `--version` need not load
if TYPE_CHECKING:
    from collections.abc import Mapping

START_OF_LINE, ERASE = "\r", "\x1b[K"  # for `write_stderr`: to its first column; what is right of the cursor away
# Line ends of other standards, C1 controls, and characters that reorder or hide text.
UNSAFE_IN_JSON = r"[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\U000e0001"


class OutputError(Exception):
    """stdout takes no more (a full disk, say). The text says why."""


def emit(*records: Mapping[str, object]) -> None:
    """Print JSON objects, each on one line of stdout, as UTF-8 whatever the locale says.

    Text that is not valid Unicode (a file name in another encoding) is told as `tui.cli.exact` says.
    """
    _write(b"".join(map(_line_of, records)))


def _line_of(record: Mapping[str, object]) -> bytes:
    import json
    import re

    from tui.cli.exact import exact, is_exact

    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if not line.isascii() and not is_exact(line):
        line = json.dumps(exact(record), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if not line.isascii() or "\x7f" in line:
        # JSON leaves these as they are, but some readers end a line at them and terminals obey them.
        line = re.sub(UNSAFE_IN_JSON, lambda found: json.dumps(found[0])[1:-1], line)
    return line.encode() + b"\n"


def say(*lines: str) -> None:
    """Print lines for people on stdout; control characters of outside text are escaped."""
    write_text("".join(printable(line) + "\n" for line in lines))


def write_text(text: str) -> None:
    """Print text that is harmless already on stdout, as it is; what the locale cannot encode is escaped."""
    _write(visible(text).encode(sys.stdout.encoding or "utf-8", "backslashreplace"))


def complain(message: str) -> None:
    """Print a message for people on stderr: one line, and those of an error that lists several things."""
    remark(*error_lines(f"fn-tui: {message}"))


def remark(*lines: str) -> None:
    """Print lines for people on stderr, for what is no part of the output; escaped as by `say`."""
    write_stderr("".join(printable(line) + "\n" for line in lines))


def write_stderr(text: str) -> None:
    """Print text that is harmless already on stderr, and what moves the cursor in its line, at once."""
    encoding = sys.stderr.encoding or "utf-8"
    try:
        sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()
    except OSError:
        return  # nobody listens there, and there is no other place to say so


def error_lines(error: str) -> list[str]:
    """An error as the lines that it is made of.

    An error of the YAML decoder has a line for each problem, two spaces in; any other line break in an error comes
    from a name or a value in it, and stays in its line.
    """
    first, *others = error.split("\n  ")
    return [first, *(f"  {other}" for other in others)]


def prepare_streams() -> None:
    """See that all three standard streams are there, and that no character outside the locale raises."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller (`fn-tui list >&-`): the next file opened would take its place
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            stream = open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
        elif number and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Send what is still buffered for stdout nowhere, so that Python's own flush at exit finds nothing to say."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return  # stdout is no file: nothing of it is flushed at exit
    finally:
        os.close(nowhere)


def _write(encoded: bytes) -> None:
    """Write bytes to stdout now, behind whatever was printed before."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(encoded)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"the output cannot be written: {error.strerror or error}") from error
