"""A headless Chromium driven over its debugging protocol: loads a page, presses keys, sees what the page was sent."""

from __future__ import annotations

import asyncio
import base64
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
ENDPOINT_SECONDS = 30


class Browser:
    """One page. `async with Browser(folder) as browser:`"""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.frames = ""  # what the page's sockets received, as text
        self._replies: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._last = 0

    async def __aenter__(self) -> Browser:
        assert CHROMIUM is not None
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        options += ["--window-size=1400,900"]
        self._process = subprocess.Popen(
            [CHROMIUM, *options, "--remote-debugging-port=0", f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._session = aiohttp.ClientSession()
        port = await self._port()
        async with self._session.get(f"http://127.0.0.1:{port}/json/list") as response:
            pages = [target for target in await response.json() if target["type"] == "page"]
        self._socket = await self._session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0)
        self._reader = asyncio.create_task(self._read())
        await self.call("Network.enable")
        await self.call("Page.enable")
        await self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await self._socket.close()
        await self._session.close()
        self._process.terminate()
        self._process.wait(20)

    async def _port(self) -> int:
        """The debugging port, which Chromium writes into its profile once it listens."""
        named = self.profile / "DevToolsActivePort"
        deadline = time.monotonic() + ENDPOINT_SECONDS
        while not (named.exists() and "\n" in named.read_text()):
            assert self._process.poll() is None, "Chromium ended"
            assert time.monotonic() < deadline, "Chromium does not listen"
            await asyncio.sleep(0.05)
        return int(named.read_text().split("\n", 1)[0])

    async def _read(self) -> None:
        async for message in self._socket:
            reply = message.json()
            if "id" in reply:
                self._replies.pop(reply["id"]).set_result(reply)
            elif reply["method"] == "Network.webSocketFrameReceived":
                frame = reply["params"]["response"]
                payload = frame["payloadData"]
                if frame["opcode"] == 2:
                    payload = base64.b64decode(payload).decode("utf-8", "replace")
                self.frames += payload

    async def call(self, method: str, **params: object) -> dict[str, Any]:
        """One command of the protocol, and its result."""
        self._last += 1
        reply: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._replies[self._last] = reply
        await self._socket.send_json({"id": self._last, "method": method, "params": params})
        answer = await asyncio.wait_for(reply, 30)
        assert "error" not in answer, answer
        return dict(answer["result"])

    async def open(self, url: str) -> None:
        await self.call("Page.navigate", url=url)

    async def run(self, script: str) -> Any:
        """The value of a script (promises are waited for)."""
        result = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def press(self, key: str) -> None:
        """Press one key that types itself, as a person would."""
        for kind in ("keyDown", "keyUp"):
            text = {"text": key} if kind == "keyDown" else {}
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=ord(key.upper()), **text
            )

    def text(self) -> str:
        """All that was received, without escape sequences."""
        return _SEQUENCE.sub("", self.frames)
