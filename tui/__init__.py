"""fn-tui: a terminal workbench for serverless functions built to WebAssembly.

For Python programs: `find`, `read_config`, `plan`, `assess`, `build`, `inspect`, and the types of what they give. Each
is loaded when it is first asked for; `tui.library` says what they take and give.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what typing says; loading that costs more than the answer to --version
if TYPE_CHECKING:
    from tui.assessment.assessment import Assessment
    from tui.building.events import BuildResult
    from tui.building.plan.build_plan import BuildPlan
    from tui.library import assess, build, find, inspect, plan, read_config
    from tui.wasm.module import Module
    from tui.workspace.function import ConfigError, ConfigReading, FindProblem, Function, FunctionConfig

__version__ = "0.1.0"
__all__ = [
    "Assessment",
    "BuildPlan",
    "BuildResult",
    "ConfigError",
    "ConfigReading",
    "FindProblem",
    "Function",
    "FunctionConfig",
    "Module",
    "__version__",
    "assess",
    "build",
    "find",
    "inspect",
    "plan",
    "read_config",
]

# name -> the module that has it.
_HOMES = {
    **dict.fromkeys(("assess", "build", "find", "inspect", "plan", "read_config"), "tui.library"),
    **dict.fromkeys(
        ("ConfigError", "ConfigReading", "FindProblem", "Function", "FunctionConfig"), "tui.workspace.function"
    ),
    "Assessment": "tui.assessment.assessment",
    "BuildPlan": "tui.building.plan.build_plan",
    "BuildResult": "tui.building.events",
    "Module": "tui.wasm.module",
}


if not TYPE_CHECKING:  # who checks types knows the names above, and no others

    def __getattr__(name: str) -> object:
        """A name of the library, loaded now (PEP 562)."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return vars(import_module(_HOMES[name]))[name]


def __dir__() -> list[str]:
    """What the library offers, for people who explore it."""
    return sorted(__all__)
