"""Whatever is done to a function's files, nothing is told as confirmed that a fresh reading would not tell."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.assessment.kept.test_kept import make, timeless
from tests.monorepo import module
from tui.assessment.assess import assess, stated
from tui.assessment.kept.kept import Kept
from tui.assessment.kept.witness import SETTLED_NS
from tui.assessment.terms import terms_here
from tui.settings.store.database import Database
from tui.workspace.function import Function

GO: Final = (
    "package main\n\nfunc main() {}\n",
    'package main\n\nimport "example.com/acme/lib"\n\nfunc main() { lib.Do() }\n',
    'package main\n\nimport _ "embed"\n\n//go:embed data\nvar data string\n\nfunc main() {}\n',
)
# file of the function -> contents that it may have
CONTENTS: Final[dict[str, tuple[bytes, ...]]] = {
    "function.yaml": (b"name: fn\n", b"name: fm\n", b"name: [\n", b"name: fn\nreactor: true\n"),
    "function.go": tuple(text.encode() for text in GO),
    "lib/lib.go": (b"package lib\n\nfunc Do() {}\n", b"package lib\n\nfunc Do( ) {}\n"),
    "data/inner/text": (b"one", b"two"),
    "go.mod": (b"module example.com/acme\n\ngo 1.22\n", b"module example.com/acmf\n\ngo 1.22\n"),
    "../go.work": (b"go 1.22\n\nuse ./fn\n", b"go 1.22\n"),
    "../go.mod": (b"module above\n",),
    "../../chosen/go.work": (b"go 1.22\n\nuse ../ws/fn\n", b"go 1.22\n"),
    "../../chosen/vendor/modules.txt": (b"# a\n", b"# b\n"),
    "function.wasm": (
        module(3000, reactor=False, sockets=False),
        module(3000, reactor=True, sockets=False),
        b"\0asm\x01\0\0\0",
        b"no module",
    ),
}
files = st.sampled_from(sorted(CONTENTS))
turns = st.integers(0, 3)


class Files(RuleBasedStateMachine):
    """A function's files under an editor, git, tar and a person who means no good."""

    def __init__(self) -> None:
        super().__init__()
        self.temporary = tempfile.TemporaryDirectory()
        self.root = Path(self.temporary.name)
        os.environ["XDG_STATE_HOME"] = str(self.root / "state")
        self.work = os.environ.pop("GOWORK", None)
        self.function: Function | None = None
        self.looks = 0

    @initialize()
    def begin(self) -> None:
        self.function = make(self.root / "ws" / "fn")
        self.folder = self.function.directory
        self.kept = Kept(Database(self.root / "kept.sqlite3"))

    def at(self, file: str) -> Path:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def content(self, file: str, turn: int) -> bytes:
        """Another content than it has: the next one of the same size, where the turn is 0."""
        path = self.at(file)
        now = path.read_bytes() if path.exists() else b""
        others = [content for content in CONTENTS[file] if content != now] or [now]
        same = [content for content in others if len(content) == len(now)]
        return same[0] if same and not turn else others[turn % len(others)]

    @rule(file=files, turn=turns)
    def edit(self, file: str, turn: int) -> None:
        self.at(file).write_bytes(self.content(file, turn))

    @rule(file=files, turn=turns)
    def edit_and_restore_the_time(self, file: str, turn: int) -> None:
        path = self.at(file)
        before = path.stat() if path.exists() else None
        path.write_bytes(self.content(file, turn))
        if before is not None:
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(file=files, turn=turns)
    def swap(self, file: str, turn: int) -> None:
        path = self.at(file)
        other = self.root / "other"
        other.write_bytes(self.content(file, turn))
        if path.exists():
            before = path.stat()
            os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
        other.rename(path)

    @rule(file=files, turn=turns)
    def link(self, file: str, turn: int) -> None:
        path = self.at(file)
        target = self.root / f"target{turn}"
        if not target.exists():
            target.write_bytes(self.content(file, turn))
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    @rule(turn=turns, file=files)
    def edit_behind_a_link(self, turn: int, file: str) -> None:
        target = self.root / f"target{turn}"
        if target.exists():
            target.write_bytes(self.content(file, turn + 1))

    @rule()
    def choose_a_workspace(self) -> None:
        os.environ["GOWORK"] = str(self.root / "chosen" / "go.work")

    @rule(file=files)
    def remove(self, file: str) -> None:
        self.at(file).unlink(missing_ok=True)

    @rule(file=files)
    def touch(self, file: str) -> None:
        if self.at(file).exists():
            os.utime(self.at(file))

    def learn(self) -> None:
        """An fn-tui looks, and keeps what it learns; mostly some time after the last change."""
        self.looks += 1
        if self.looks % 4:
            until = time.time_ns() + 2 * SETTLED_NS
            while time.time_ns() < until:
                time.sleep(0.005)
        assert self.function is not None
        terms = terms_here(kept=self.kept)
        (assess if self.looks % 3 else stated)(self.function, terms)
        self.kept.save()

    @invariant()
    def what_is_confirmed_is_so(self) -> None:
        if self.function is None:
            return
        terms = terms_here(kept=Kept(self.kept._database))
        assert terms.kept is not None
        whole, state = terms.kept.whole(self.function, terms), terms.kept.stated(self.function, terms)
        if whole is not None:
            assert timeless(whole) == timeless(assess(self.function, terms_here()))
        if state is not None:
            fresh = stated(self.function, terms_here())
            assert (state.state, state.reading, state.staleness, state.plan, state.verdict) == (
                (fresh.state, fresh.reading, fresh.staleness, fresh.plan, fresh.verdict)
            )
        self.learn()

    def teardown(self) -> None:
        self.kept.close()
        os.environ.pop("GOWORK", None)
        if self.work is not None:
            os.environ["GOWORK"] = self.work
        self.temporary.cleanup()


TestNeverStale = Files.TestCase
TestNeverStale.settings = settings(
    max_examples=8,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each step waits: a failing one is told as it is found
)
