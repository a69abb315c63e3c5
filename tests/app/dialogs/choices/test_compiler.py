from __future__ import annotations

from pathlib import Path

import pytest

from tui.app.dialogs.choices.choice import choice_line
from tui.app.dialogs.choices.compiler import compiler_choices, stand_in_screen
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.building.compilers import locate
from tui.building.compilers.compiler import Found, Tool
from tui.building.compilers.toolchain import Toolchain, find_toolchain

REASON = "TinyGo 0.35.0 requires go version 1.19 through 1.23, got go1.27"


@pytest.fixture
def unfit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toolchain:
    """TinyGo 0.35 that was tried with Go 1.23, with Go 1.27 on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(locate, "packaged_go", lambda: None)
    for name, words in (
        ("tinygo", "tinygo version 0.35.0 linux/amd64 (using go version go1.23.9 and LLVM version 18.1.8)"),
        ("go", "go version go1.27.0 linux/amd64"),
        ("wasm-opt", "wasm-opt version 122"),
    ):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho '{words}'\n")
        program.chmod(0o755)
    return find_toolchain()


def test_an_unfit_pair_is_marked_and_the_reason_is_the_one(unfit: Toolchain) -> None:
    tinygo, go = compiler_choices(unfit, Glyphs())
    assert tinygo.help == REASON
    assert plain(choice_line(tinygo, 120, 24, "…")).startswith("✗ TinyGo")
    assert plain(choice_line(go, 120, 24, "…")).startswith("✓ stock Go")
    note = stand_in_screen(unfit, "tinygo", "go", Glyphs()).note
    assert plain(note) == f"✗ {REASON}"


def test_without_wasm_opt_that_is_the_reason() -> None:
    good = Tool("tinygo", "/bin/tinygo", "0.35.0", ok=True, message="TinyGo 0.35.0 with Go 1.23.9")
    go = Tool("go", None, None, ok=False, message="go not found in PATH")
    missing = Tool("wasm-opt", None, None, ok=False, message="wasm-opt not found")
    tinygo, stock = compiler_choices(Toolchain((Found(good, (missing,)), Found(go))), Glyphs(ascii=True))
    assert (tinygo.help, stock.help) == ("wasm-opt not found", "not found")
    assert tinygo.sign is not None
    assert tinygo.sign.text == "x"


def test_while_they_are_looked_for_that_is_said() -> None:
    assert {choice.help for choice in compiler_choices(None, Glyphs())} == {"still being looked for"}
