"""The second process of this room: `python -m tui.assessment.kept.learner WORKSPACE COMPILER [CONTRACT]`.

Reads functions, and keeps what they tell, so that who asked finds them known. A line of JSON on stdin names a function;
a line on stdout answers when it is kept, or cannot be. Ends where stdin does: its parent is done, or gone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.assessment.assess import assess
from tui.assessment.kept.kept import kept_of
from tui.assessment.terms import terms_here
from tui.gateway.contract.reading import contract_id, load_contract
from tui.workspace.function import Function

if TYPE_CHECKING:
    from tui.assessment.terms import Terms
    from tui.building.plan.build_plan import CompilerName

POLITENESS: Final = 5  # added to the nice value: the screen goes first


def learn(lines: Iterable[bytes], terms: Terms) -> Iterator[None]:
    """Read the functions of these lines; comes back after each one, which is kept then as far as it can be."""
    for line in lines:
        path, directory, has_yaml, has_go = json.loads(line)
        assess(Function(path, Path(directory), has_yaml=has_yaml, has_go=has_go), terms)
        if terms.kept is not None:
            terms.kept.save()
        yield


def terms_of(workspace: str, compiler: CompilerName, contract: str | None = None) -> Terms:
    """What the parent holds functions against, made here from the same files."""
    file = Path(contract) if contract is not None else None
    kept = kept_of(workspace)
    return terms_here(lambda: load_contract(file), compiler, kept=kept, contract_id=contract_id(file))


def main(argv: list[str]) -> int:
    """Learn what stdin names; gives the exit code."""
    if len(argv) not in (2, 3):
        sys.stderr.write("usage: python -m tui.assessment.kept.learner WORKSPACE COMPILER [CONTRACT] <NAMES\n")
        return 2
    os.nice(POLITENESS)
    for _ in learn(sys.stdin.buffer, terms_of(argv[0], *argv[1:])):
        sys.stdout.write("\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
