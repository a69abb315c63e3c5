"""What the workspace room hands on: functions, their configs, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from tui.facts import Fact
from tui.text import first_line

Stage = Literal["read", "parse", "validate", "panic"]


class Function(Fact):
    """A function directory found in a workspace."""

    path: str  # relative to the workspace, with "/"; "." for the workspace itself
    directory: Path  # absolute
    has_yaml: bool
    has_go: bool


class FindProblem(Fact):
    """A folder that could not be searched, and why."""

    path: str
    message: str


class RetryConfig(Fact):
    """`retry:` of function.yaml."""

    count: int = 0  # type: ignore[assignment]  # not the method of tuples
    delay: int = 5  # seconds


class FunctionConfig(Fact):
    """function.yaml as the deploy tool decodes it, defaults applied."""

    name: str
    public: bool = False
    internal: bool = False
    memory: int = 64  # MB
    timeout: int = 30  # seconds
    retry: RetryConfig = RetryConfig()
    env: Mapping[str, str] | None = None
    ws_persistent: bool = False
    ws_idle_timeout_sec: int = 0
    ws_max_frame_bytes: int = 0
    ws_max_inflight_per_conn: int = 0
    reactor: bool = False
    raw_http_response: bool = False
    ws_auth: str = ""

    @property
    def needs_reactor(self) -> bool:
        """Whether the module must be a WASI reactor (`_initialize`), built with -buildmode=c-shared."""
        return self.ws_persistent or self.reactor


class KeyOrigin(Fact):
    """Where function.yaml gives a key its value. Lines and columns are 1-based."""

    key: str  # dotted: "memory", "retry.count", "env.A"
    line: int
    column: int
    raw: str  # the scalar's text as written in the file, "" for a mapping


class ConfigWarning(Fact):
    """Something the deploy tool accepts without a word, and a person should know. Never changes the outcome."""

    code: str  # stable id, e.g. "unknown-key"
    message: str
    hint: str  # what to do about it
    key: str | None = None
    line: int | None = None
    column: int | None = None


class ConfigProblem(Fact):
    """One of the reasons for which function.yaml is refused, in the deploy tool's own words."""

    message: str
    line: int | None = None
    column: int | None = None


class ConfigError(Fact):
    """A refused function.yaml. `text` equals the deploy tool's message, character for character."""

    stage: Stage
    text: str
    problems: tuple[ConfigProblem, ...] = ()

    @property
    def line(self) -> int | None:
        """The 1-based line of the first problem that has one."""
        return next((p.line for p in self.problems if p.line is not None), None)

    @property
    def column(self) -> int | None:
        """The 1-based column of the first problem that has a line."""
        return next((p.column for p in self.problems if p.line is not None), None)

    @property
    def summary(self) -> str:
        """The refusal on one line: its first problem, where it is, and how many more there are. Not escaped."""
        first, *more = self.problems or (ConfigProblem(first_line(self.text)),)
        place = f"line {first.line}: " if first.line is not None and not first.message.startswith("line ") else ""
        rest = f" (and {len(more)} more)" if more else ""
        return f"function.yaml refused: {place}{first.message.removeprefix('function.yaml: ')}{rest}"


_NO_ORIGINS: Final[Mapping[str, KeyOrigin]] = {}


class ConfigReading(Fact):
    """The verdict on one function.yaml: exactly one of `config` and `error` is set."""

    config: FunctionConfig | None
    error: ConfigError | None
    warnings: tuple[ConfigWarning, ...] = ()
    origins: Mapping[str, KeyOrigin] = _NO_ORIGINS
    secrets: frozenset[str] = frozenset()  # env keys whose value looks like a secret: mask it


class DeployForm(Fact):
    """What the deploy tool would send: form fields in order, and the metadata JSON ("" where none is sent)."""

    fields: tuple[tuple[str, str], ...]
    metadata: str
