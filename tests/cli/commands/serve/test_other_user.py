"""Another user of this machine: reaches the port, and gets nothing without the token, which no process list shows."""

from __future__ import annotations

import encodings.idna  # noqa: F401 - a name of a host needs it, and another user may not read where it lies
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commands.serve.serving import Served, first_frame, needs_proc, processes_with, until

NOBODY = 65534
needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, for another uid")
pytestmark = [needs_root, needs_proc]


def as_nobody(work: Callable[[], str]) -> str:
    """What `work` gives in a child of another uid; the fault, where one is raised."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(receiving)
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            answer = work()
        except BaseException as error:  # noqa: BLE001 - a forked child may not go on as pytest
            answer = f"{type(error).__name__}: {error}"
        os.write(sending, answer.encode("utf-8", "backslashreplace"))
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as answer_pipe:
        content = answer_pipe.read()
    os.waitpid(child, 0)
    return content.decode()


def asked(port: int, path: str, *headers: str) -> Callable[[], str]:
    """Asks for a path over a bare socket; gives the first line of the answer."""

    def ask() -> str:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", *headers, "", ""]
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall("\r\n".join(lines).encode())
            return f"{os.getuid()} " + connection.recv(200).decode("latin-1").split("\r\n")[0]

    return ask


UPGRADE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
)


@pytest.mark.parametrize("path", ["/", "/page.js", "/static/js/textual.js", "/?token=", "/nothing"])
def test_another_user_gets_no_page(path: str, shared: Served) -> None:
    assert as_nobody(asked(shared.port, path)) == f"{NOBODY} HTTP/1.1 403 Forbidden"


def test_another_user_opens_no_socket(server: Served) -> None:
    for query in ("", "?token=", f"?token={'x' * 43}"):
        assert as_nobody(asked(server.port, f"/ws{query}", *UPGRADE)) == f"{NOBODY} HTTP/1.1 403 Forbidden"
    assert not server.screens()
    # That it is the token which decides: whoever was given it is let in.
    assert as_nobody(asked(server.port, f"/?token={server.token}")) == f"{NOBODY} HTTP/1.1 200 OK"
    opened = as_nobody(asked(server.port, f"/ws?token={server.token}", *UPGRADE))
    assert opened == f"{NOBODY} HTTP/1.1 101 Switching Protocols"


async def test_another_user_finds_no_token(server: Served, tmp_path: Path) -> None:
    """Not in a command line, not in an environment that may be read, not in a file."""
    async with server.socket() as opened:
        await first_frame(opened)
        await until(lambda: len(server.screens()) == 1, "no screen")
        processes = [server.process.pid, *server.screens()]
        assert not processes_with(server.token.encode())

        def look() -> str:
            seen = []
            for process in processes:
                seen.append(Path(f"/proc/{process}/cmdline").read_bytes().decode("latin-1"))
                for name in ("environ", "mem", "maps"):
                    try:
                        seen.append(Path(f"/proc/{process}/{name}").read_bytes()[:100_000].decode("latin-1"))
                    except OSError:
                        seen.append(f"{name} refused")
            return "\n".join(seen)

        found = as_nobody(look)
    assert found.count("refused") == 3 * len(processes)
    assert server.token not in found
