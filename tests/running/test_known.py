"""What function.yaml said is kept by its bytes: a run of the same file loads no YAML."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.running import known
from tui.running.answer import Target
from tui.running.gather import Unusable, gather
from tui.running.known import TARGETS, digest_of, known_target
from tui.settings.store.files import default_store
from tui.workspace.config import read_config
from tui.workspace.function import ConfigReading

YAML = "name: fn\nmemory: 32\ntimeout: 7\nws_persistent: true\nreactor: true\nraw_http_response: true\nenv:\n  A: '1'\n"
WHOLE = Target("fn", b"\0asm", 32, 7, persistent=True, reactor=True, raw_response=True, env={"A": "1"})


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "fn"
    folder.mkdir()
    (folder / "function.yaml").write_text(YAML)
    (folder / "function.wasm").write_bytes(b"\0asm")
    return folder


def kept(folder: Path) -> Target | None:
    return known_target(folder, digest_of(folder / "function.yaml"))


def test_the_second_run_reads_what_the_first_kept(function: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept(function) is None
    assert gather(str(function)) == WHOLE
    assert kept(function) is not None
    monkeypatch.setattr("tui.workspace.config.read_config", None)
    assert gather(str(function)) == WHOLE


def test_a_change_of_the_file_is_seen_whatever_its_times_say(function: Path) -> None:
    before = (function / "function.yaml").stat()
    gather(str(function))
    (function / "function.yaml").write_text(YAML.replace("32", "64"))
    os.utime(function / "function.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))
    found = gather(str(function))
    assert isinstance(found, Target)
    assert found.memory == 64


def test_a_change_while_it_is_read_is_seen(function: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_and_write(folder: Path) -> ConfigReading:
        reading = read_config(folder)
        (folder / "function.yaml").write_text(YAML.replace("32", "64"))
        return reading

    with monkeypatch.context() as patched:
        patched.setattr("tui.workspace.config.read_config", read_and_write)
        gather(str(function))
    found = gather(str(function))
    assert isinstance(found, Target)
    assert found.memory == 64


def test_a_change_of_the_reader_is_seen(function: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gather(str(function))
    (tmp_path / "reader" / "goyaml").mkdir(parents=True)
    monkeypatch.setattr(known, "READER", tmp_path / "reader")
    assert kept(function) is None


@pytest.mark.parametrize("yaml", ["name: fn\nenv:\n  API_KEY: sk_live_51Habcdefghijklmnop\n", "name: [\n"])
def test_secrets_and_refusals_are_not_kept(function: Path, yaml: str) -> None:
    (function / "function.yaml").write_text(yaml)
    assert isinstance(gather(str(function)), Target | Unusable)
    assert kept(function) is None
    assert not list((function.parent / "cache").rglob("targets/*"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda fields: fields.update(memory="64"),
        lambda fields: fields.update(memory=True),
        lambda fields: fields.update(env={"A": 1}),
        lambda fields: fields.update(more=1),
        lambda fields: fields.pop("name"),
        lambda fields: fields.update(timeout=None),
    ],
)
def test_what_is_no_reading_is_read_again(function: Path, damage: object) -> None:
    gather(str(function))
    record = default_store().read(TARGETS, str(function)).value
    assert record is not None
    document = dict(TARGETS.encode(record))
    fields = document["target"]
    assert callable(damage)
    damage(fields)
    assert TARGETS.decode(document) is None


def test_a_store_that_cannot_be_written_changes_nothing(function: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    assert gather(str(function)) == WHOLE
    assert gather(str(function)) == WHOLE
