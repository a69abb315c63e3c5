"""What a silent compiler does, seen from outside. The fakes are scripts: no TinyGo is to be had here, and the phases of
the real stock Go are over in a moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building.faking import FakeCompiler
from tui.building.compilers import by_name
from tui.building.events import BuildEnded, BuildPhase
from tui.building.inputs.need import NeedByHistory
from tui.building.process.options import BuildOptions
from tui.building.process.phases import PROCESSES_SEEN, PhaseWatch, descendants
from tui.building.process.runner import Build
from tui.building.record.history import load_history

SCRIPTS = {
    "tinygo": """#!/bin/sh
[ "$1" = build ] || exit 1
go list
mkdir "$TMPDIR/tinygo1"
sleep 0.7
: > "$TMPDIR/tinygo1/main.o"
sleep 0.7
wasm-opt
printf '\\000asm\\001\\000\\000\\000' > "$3"
""",
    "go": "#!/bin/sh\nsleep 0.9\n",
    "wasm-opt": "#!/bin/sh\nsleep 0.7\n",
}


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCompiler:
    """Programs that take their time, as TinyGo and what it runs do."""
    fake = FakeCompiler(monkeypatch, tmp_path / "fake-bin")
    fake.install()
    for name, text in SCRIPTS.items():
        (fake.folder / name).unlink(missing_ok=True)
        (fake.folder / name).write_text(text)
        (fake.folder / name).chmod(0o755)
    return fake


@pytest.mark.slow
async def test_the_phases_of_a_silent_build(function_directory: Callable[..., Path], scripts: FakeCompiler) -> None:
    directory = function_directory()
    events = [event async for event in Build(directory, BuildOptions(need_check=NeedByHistory())).events()]
    told = [event.phase for event in events if isinstance(event, BuildPhase)]
    assert told == ["listing packages", "compiling", "linking", "wasm-opt"]
    (ended,) = [event for event in events if isinstance(event, BuildEnded)]
    assert ended.result.status == "built", ended.result
    phases = dict(ended.result.phases)
    assert list(phases) == told
    assert 0.9 * ended.result.seconds < sum(phases.values()) <= ended.result.seconds
    kept = load_history(directory).builds[-1]
    assert [name for name, _ in kept.phases] == told
    scripts.nothing_left(directory)


def test_a_phase_is_not_left_for_an_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = PhaseWatch(by_name("tinygo").phases, 0, tmp_path)
    assert watch.current() is None
    (tmp_path / "tinygo1").mkdir()
    (tmp_path / "tinygo1/main.o").touch()
    assert watch.current() == "linking"
    (tmp_path / "tinygo1/main.o").unlink()
    assert watch.current() == "linking"


def test_what_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert list(descendants(2**22 + 1)) == []
    assert PhaseWatch((), 1, tmp_path).current() is None
    assert PhaseWatch(by_name("go").phases, 2**22 + 1, tmp_path / "gone").current() is None
    assert PROCESSES_SEEN > 0
