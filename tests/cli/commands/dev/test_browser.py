"""The page of `fn-tui dev` in a real browser."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.browser import CHROMIUM
from tests.cli.commands.dev.desk import Dev

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")]
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
           "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]  # fmt: skip


def test_a_browser_shows_the_page_in_its_colours(served: Dev, tmp_path: Path) -> None:
    """A page whose own policy refused its styles would have no border and no colours."""
    assert CHROMIUM is not None
    picture = tmp_path / "page.png"
    argv = [CHROMIUM, *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", "--window-size=800,1200"]
    log = ["--enable-logging=stderr", "--v=0"]
    wanted = ["--dump-dom", f"--screenshot={picture}"]
    seen = subprocess.run([*argv, *log, *wanted, served.url], capture_output=True, text=True, timeout=120, check=True)
    assert f"http://{served.host}/v1/functions/echo/invoke" in seen.stdout
    assert 'class="state ready"' in seen.stdout
    assert "Content Security Policy" not in seen.stderr
    assert picture.stat().st_size > 10_000
    shutil.rmtree(tmp_path / "profile", ignore_errors=True)
