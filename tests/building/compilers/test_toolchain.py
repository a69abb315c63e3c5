from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui.building.compilers import by_name, locate, toolchain, versions
from tui.building.compilers.doctor import examine
from tui.building.compilers.go import go_version
from tui.building.compilers.locate import find_go, find_program
from tui.building.compilers.tinygo import accepted_go, tinygo_versions
from tui.building.compilers.toolchain import Toolchain, find_toolchain
from tui.building.compilers.versions import VersionError, installed_at, numbers, version_line

Install = Callable[[str, str], Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a program that runs a line of sh on an otherwise empty PATH; no Go package beside the interpreter."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("WASMOPT", raising=False)
    monkeypatch.setattr(locate, "packaged_go", lambda: None)

    def make(name: str, script: str) -> Path:
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return program

    return make


def says_tinygo(tinygo: str, go: str) -> str:
    return f"echo 'tinygo version {tinygo} linux/amd64 (using go version {go} and LLVM version 18.1.8)'"


def reactors(found: Toolchain) -> bool:
    """Whether TinyGo can build reactors."""
    tinygo = found.of("tinygo")
    return tinygo is not None and tinygo.reactors


WASM_OPT = "echo 'wasm-opt version 122 (version_122)'"


def test_nothing_installed(install: Install) -> None:
    found = find_toolchain()
    assert (found.best, found.other("tinygo"), reactors(found)) == (None, None, False)
    assert found.tool("tinygo").message == by_name("tinygo").words.missing
    assert found.tool("go").advice is not None
    assert (found.tool("wasm-opt").ok, found.tool("wasm-opt").optional) == (False, True)  # nobody would need it


def test_all_fit(install: Install) -> None:
    program = install("tinygo", says_tinygo("0.35.0", "go1.23.9"))
    install("wasm-opt", WASM_OPT)
    install("go", "echo go version go1.23.9 linux/amd64")
    found = find_toolchain()
    assert (found.tool("tinygo").path, found.tool("tinygo").version, found.tool("tinygo").ok) == (
        str(program),
        "0.35.0",
        True,
    )
    assert (found.tool("wasm-opt").version, reactors(found), found.best) == ("122", True, "tinygo")
    assert found.words("tinygo") == "TinyGo 0.35.0 · Go 1.23.9"
    assert not found.tool("go").ok  # 1.23 is fit for TinyGo, and too old to stand in
    assert by_name("tinygo").lacks() is None


@pytest.mark.parametrize(
    ("tinygo", "go", "ok", "words"),
    [
        ("0.35.0", "go1.23.9", True, "it takes Go 1.19 to 1.23"),
        ("0.35.0", "go1.27.3", False, "TinyGo 0.35.0 requires go version 1.19 through 1.23, got go1.27"),
        ("0.35.0", "go1.18", False, "requires go version 1.19 through 1.23, got go1.18"),
        ("0.35.0", "<unknown>", False, "finds no go command"),
        ("0.37.0", "go1.24.1", True, "it takes Go 1.19 to 1.24"),
        ("0.39.0", "go1.25.0", True, "it takes Go 1.19 to 1.25"),
        ("0.40.1", "go1.25.3", True, "it takes Go 1.19 to 1.25"),
        ("0.40.1", "go1.26.0", False, "TinyGo 0.40.1 requires go version 1.19 through 1.25, got go1.26"),
        ("0.41.1", "go1.26.6", True, "it takes Go 1.19 to 1.26"),
        ("0.41.1", "go1.27.3", False, "TinyGo 0.41.1 requires go version 1.19 through 1.26, got go1.27"),
        ("0.42.0", "go1.27.3", True, "it takes Go 1.25 to 1.27"),
        ("0.42.0", "go1.24.0", False, "TinyGo 0.42.0 requires go version 1.25 through 1.27, got go1.24"),
        ("0.99.0", "go1.40", True, "not known"),
        ("0.34.0", "go1.23.9", True, "cannot build reactors"),
        ("0.36.0-dev-abc", "go1.24", True, "it takes Go 1.19 to 1.24"),
    ],
)
def test_fitness_for_each_other(install: Install, tinygo: str, go: str, ok: bool, words: str) -> None:
    install("tinygo", says_tinygo(tinygo, go))
    tool = find_toolchain().tool("tinygo")
    assert tool.ok == ok
    assert words in tool.message
    assert ok or tool.advice is not None


def test_tinygo_is_held_against_the_go_on_path_whatever_it_was_built_with(install: Install) -> None:
    install("tinygo", says_tinygo("0.35.0", "go1.23.9"))
    install("wasm-opt", WASM_OPT)
    install("go", "echo go version go1.27.3 linux/amd64")
    found = find_toolchain()
    assert not found.can_build("tinygo")
    assert found.obstacle("tinygo") == "TinyGo 0.35.0 requires go version 1.19 through 1.23, got go1.27"
    assert found.obstacle("go") is None


def test_old_tinygo_builds_no_reactors(install: Install) -> None:
    install("tinygo", says_tinygo("0.34.0", "go1.23.9"))
    install("wasm-opt", WASM_OPT)
    found = find_toolchain()
    assert (reactors(found), found.best) == (False, "tinygo")
    assert any(check.check == "build" and "only functions in command mode" in check.message for check in examine(found))


def test_wasm_opt_is_needed_by_tinygo(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("tinygo", says_tinygo("0.35.0", "go1.23.9"))
    found = find_toolchain()
    assert not found.can_build("tinygo")
    assert found.obstacle("tinygo") == "wasm-opt not found"
    assert by_name("tinygo").lacks() == (
        "wasm-opt not found, and TinyGo needs it for its last step: "
        "install binaryen, or set WASMOPT to the path of wasm-opt"
    )
    monkeypatch.setenv("WASMOPT", "/nonexistent")
    assert "WASMOPT names a program that cannot be run" in find_toolchain().tool("wasm-opt").message
    monkeypatch.setenv("WASMOPT", str(install("my-opt", WASM_OPT)))
    assert find_toolchain().can_build("tinygo")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 3", "did not say its version (exit status 3)"),
        ("echo hello", "is not TinyGo: hello"),
        ("exec sleep 60", "did not say its version within"),
    ],
)
def test_a_tinygo_that_is_none(install: Install, monkeypatch: pytest.MonkeyPatch, script: str, words: str) -> None:
    monkeypatch.setattr(versions, "TIMEOUT", 0.2)
    monkeypatch.setenv("PATH", f"{install('tinygo', script).parent}:/usr/bin:/bin")
    tool = toolchain.find_toolchain().tool("tinygo")
    assert not tool.ok
    assert words in tool.message


def test_stock_go_stands_in_from_1_24(install: Install) -> None:
    install("go", "echo go version go1.24 linux/amd64")
    found = find_toolchain()
    assert (found.tool("go").version, found.best) == ("1.24", "go")


def test_versions_are_asked_once_for_each_state_of_the_file(install: Install, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    program = install("tool", f"echo x >> {calls}; echo one")
    assert [version_line(str(program), "version") for _ in range(3)] == ["one"] * 3
    assert calls.read_text() == "x\n"
    install("tool", f"echo x >> {calls}; echo one, and two")
    assert version_line(str(program), "version") == "one, and two"
    other = install("go", "echo")
    version_line(str(program), "version", uses=str(other))
    install("go", "echo another")
    version_line(str(program), "version", uses=str(other))
    assert calls.read_text() == "x\n" * 4


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 1}', b"\xff", b"{"])
def test_a_broken_cache_is_survived(install: Install, tmp_path: Path, content: bytes) -> None:
    cache = tmp_path / "cache" / "fn-tui"
    cache.mkdir(parents=True)
    (cache / "versions.json").write_bytes(content)
    assert version_line(str(install("tool", "echo one")), "version") == "one"


def test_a_tool_that_is_gone() -> None:
    with pytest.raises(VersionError, match="cannot be run"):
        version_line("/nonexistent/tool", "version")


def test_version_lines() -> None:
    line = "tinygo version 0.35.0 linux/amd64 (using go version go1.23.9 and LLVM version 18.1.8)"
    assert tinygo_versions(line) == ("0.35.0", "1.23.9")
    assert tinygo_versions("tinygo 0.35") is None
    assert go_version("go version go1.27.3 linux/amd64") == "1.27.3"
    assert numbers("1.27.3") == (1, 27)
    assert numbers("devel") == (0, 0)
    assert accepted_go("0.35.0") == ((1, 19), (1, 23))
    assert accepted_go("0.1.0") is None


def test_find_program_takes_what_can_be_run(install: Install, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = install("tinygo", "")
    assert find_program("tinygo") == str(program)
    program.chmod(0o644)
    assert find_program("tinygo") is None
    program.unlink()
    program.mkdir()
    assert find_program("tinygo") is None
    program.rmdir()
    install("tinygo", "")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "bin")
    assert find_program("tinygo") is None  # as Go does: a relative entry is whatever folder one is in


def test_the_packaged_go_itself_rather_than_its_script() -> None:
    found = find_go()
    assert found is not None
    with Path(found).open("rb") as file:
        assert file.read(2) != b"#!"
    assert numbers(by_name("go").known_version(found) or "") >= (1, 24)


def test_versions_known_without_a_start(install: Install) -> None:
    program = str(install("tinygo", says_tinygo("0.35.0", "go1.23.9")))
    assert by_name("tinygo").known_version(program) is None
    find_toolchain()
    assert by_name("tinygo").known_version(program) == "0.35.0"
    install("tinygo", says_tinygo("0.36.0", "go1.23.9"))
    assert by_name("tinygo").known_version(program) is None
    assert installed_at(program) > installed_at("/nonexistent") == 0.0


def test_doctor_looks_at_the_machine(install: Install, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def checks() -> dict[str, bool]:
        return {check.check: check.ok for check in examine(find_toolchain())}

    assert checks()["home"]
    assert {"tinygo", "go", "wasm-opt", "build", "pyyaml", "textual", "state", "cache", "tmpdir"} <= checks().keys()
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert not checks()["home"]
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert not checks()["state"]


def test_best_prefers_tinygo(install: Install) -> None:
    install("tinygo", says_tinygo("0.37.0", "go1.24.1"))
    install("wasm-opt", WASM_OPT)
    install("go", "echo go version go1.24.1 linux/amd64")
    found: Toolchain = find_toolchain()
    assert (found.can_build("tinygo"), found.can_build("go"), found.best) == (True, True, "tinygo")


def test_beside_an_old_go_for_tinygo_the_stand_in_takes_that_of_the_extra(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = install("go", "echo go version go1.23.9 linux/amd64")
    install("tinygo", says_tinygo("0.35.0", "go1.23.9"))
    install("wasm-opt", WASM_OPT)
    extra = tmp_path / "extra/bin/go"
    extra.parent.mkdir(parents=True)
    extra.write_text("#!/bin/sh\necho go version go1.27.3 linux/amd64\n")
    extra.chmod(0o755)
    monkeypatch.setattr(locate, "packaged_go", lambda: str(extra))
    version_line(str(old), "version")  # it has told its version before
    found = find_toolchain()
    assert (found.tool("go").path, found.tool("go").ok) == (str(extra), True)
    assert (found.tool("tinygo").ok, found.words("tinygo")) == (True, "TinyGo 0.35.0 · Go 1.23.9")


def test_the_stand_in_that_is_named_is_taken(install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install("go", "echo go version go1.23.9 linux/amd64")
    named = tmp_path / "named"
    named.write_text("#!/bin/sh\necho go version go1.27.3 linux/amd64\n")
    named.chmod(0o755)
    monkeypatch.setenv(locate.STAND_IN, str(named))
    assert find_toolchain().tool("go").path == str(named)
    monkeypatch.setenv(locate.STAND_IN, "named")  # a relative path would be another program in each folder
    assert find_toolchain().tool("go").path != str(named)
