from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ECHO_SOURCE, PERSISTENT_SOURCE
from tests.small import COMMAND, PERSISTENT_COMMAND, assembled

GO_MOD = "module example.com/fn\n\ngo 1.24\n"
BROKEN_SOURCE = ECHO_SOURCE.replace("os.Stdout.Write(body)", "os.Stdout.Write(bodyy)")


def add_function(root: Path, name: str, yaml: str, go: str, wasm: bytes | None = None) -> Path:
    """A function directory in a workspace."""
    directory = root / name
    directory.mkdir(parents=True)
    (directory / "function.yaml").write_text(yaml)
    (directory / "function.go").write_text(go)
    (directory / "go.mod").write_text(GO_MOD)
    if wasm is not None:
        (directory / "function.wasm").write_bytes(wasm)
    return directory


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch, make_folder: Callable[[str], Path]) -> None:
    """No animation, no cache of the person's, and no editor or clipboard of the machine's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(make_folder("cache")))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    for name in ("VISUAL", "EDITOR", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """chat is built in the wrong mode, digest's config is refused, echo was never built, invite does not compile."""
    root = tmp_path / "work space"
    add_function(root, "chat", "name: chat\nws_persistent: true\n", PERSISTENT_SOURCE, assembled(PERSISTENT_COMMAND))
    add_function(root, "digest", "name: digest\nmemory: lots\n", ECHO_SOURCE)
    add_function(root, "echo", "name: echo\n", ECHO_SOURCE)
    add_function(root, "invite", "name: invite\n", BROKEN_SOURCE, assembled(COMMAND))
    return root
