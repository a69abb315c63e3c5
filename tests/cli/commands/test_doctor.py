from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.disks import fill
from tui.building.compilers import doctor, locate
from tui.cli import main
from tui.wasm import validator

TINYGO_SAYS = "tinygo version 0.37.0 linux/amd64 (using go version go1.24.1 and LLVM version 19.1.2)"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without compilers."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(locate, "packaged_go", lambda: None)
    return tmp_path


def test_nothing_can_build(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    out = capfd.readouterr().out
    assert "NO  tinygo         tinygo not found in PATH. Install it: https://tinygo.org/getting-started/install/" in out
    assert "no compiler here can build a function" in out


def test_stock_go_can(bare: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (bare / "go").write_text("#!/bin/sh\necho go version go1.27.3 linux/amd64\n")
    (bare / "go").chmod(0o755)
    assert main(["doctor", "--json"]) == 0
    records = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert all(
        set(record) == {"check", "ok", "optional", "found", "version", "message", "advice"} for record in records
    )
    by_name = {record["check"]: record for record in records}
    assert (by_name["go"]["found"], by_name["go"]["version"]) == (str(bare / "go"), "1.27.3")
    assert not by_name["tinygo"]["ok"]
    assert by_name["build"]["ok"]


def test_what_a_tool_says_does_not_reach_the_terminal_raw(bare: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (bare / "tinygo").write_text("#!/bin/sh\nprintf '\\033]0;title\\007evil\\n'\n")
    (bare / "tinygo").chmod(0o755)
    assert main(["doctor"]) == 1
    out = capfd.readouterr().out
    assert "\x1b" not in out
    assert "what calls itself tinygo is not TinyGo" in out


def test_advice_names_what_is_missing(bare: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name, says in (("go", "go version go1.24.1 linux/amd64"), ("tinygo", TINYGO_SAYS)):
        (bare / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (bare / name).chmod(0o755)
    assert main(["doctor", "--json"]) == 0
    by_name = {record["check"]: record for record in map(json.loads, capfd.readouterr().out.splitlines())}
    assert by_name["tinygo"]["ok"]
    assert not by_name["wasm-opt"]["ok"]
    assert by_name["build"]["advice"] == (
        "for the real modules: install binaryen, or set WASMOPT to the path of wasm-opt"
    )


def test_a_page_is_named_once(capfd: pytest.CaptureFixture[str]) -> None:
    main(["doctor"])
    out = capfd.readouterr().out
    assert out.count("https://tinygo.org/getting-started/install/") == 1
    assert "-> until then: --compiler go" in out


def test_packages_that_are_missing_are_said_in_english(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    main(["doctor"])
    out = capfd.readouterr().out
    assert "textual-serve is not installed: no screen in a browser" in out
    assert "no the" not in out


@pytest.mark.parametrize("version", ["50.0.1", ""])
def test_doctor_says_whether_bodies_are_validated(
    version: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validator, "validator_version", lambda: version)
    main(["doctor", "--json"])
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    said = next(line for line in lines if line.get("check") == "bodies")
    if version:
        assert said["message"] == "function bodies are validated, by wasmtime 50.0.1"
    else:
        assert said["message"].startswith("function bodies are not validated, but those of modules with up to 200 KB")
        assert said["advice"] == "pip install 'fn-tui[validate]'"


def test_a_full_disk_is_no_place_to_write(
    small_disk: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its permissions are as good as any."""
    monkeypatch.setenv("XDG_STATE_HOME", str(small_disk / "state"))
    fill(small_disk)
    main(["doctor"])
    out = capfd.readouterr().out
    assert f"{small_disk / 'state/fn-tui'} has 0 bytes left" in out
    assert f"make room on the disk of {small_disk}" in out


WITHOUT = "the screen does not begin with what it showed last"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("kept", "the screen begins with what it showed last, kept in {}"),
        ("full", f"{{}} has 0 bytes left: {WITHOUT}"),
        ("file", f"{{}} cannot be written: {WITHOUT}"),
        ("link", f"{{}} is a link, and fn-tui writes through none: {WITHOUT}"),
    ],
)
def test_first_frames_that_cannot_be_kept_are_told_of(
    bare: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    how: str,
    words: str,
) -> None:
    """Nothing hangs on it, and a start that leaves none says nothing."""
    home = request.getfixturevalue("small_disk") if how == "full" else bare
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    folder = home / "fn-tui" / "frames"
    folder.parent.mkdir()
    if how == "full":
        fill(home)
    elif how == "file":
        folder.touch()
    elif how == "link":
        folder.symlink_to(bare)
    main(["doctor", "--json"])
    records = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    (said,) = [record for record in records if record["check"] == "frames"]
    assert said["message"] == words.format(folder)
    kept = how == "kept"
    assert (said["ok"], said["optional"], said["advice"] is None) == (kept, not kept, kept)


@pytest.mark.parametrize("check", ["cache", "frames"])
def test_a_link_to_a_disk_that_is_not_there_is_no_place_to_write(
    bare: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    """What stands above the link can be written, and was taken for the place."""
    link = bare / "cache"
    link.symlink_to(bare / "unmounted/cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(link))
    main(["doctor", "--json"])
    records = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    (said,) = [record for record in records if record["check"] == check]
    assert not said["ok"]
    assert said["advice"] == f"{link} is a link that leads nowhere"
