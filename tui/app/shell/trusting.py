"""What the screen is opened with after a person was asked about the settings that the workspace brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.options import ScreenOptions
from tui.gateway.contract.contract import Contract, ContractError
from tui.gateway.contract.reading import load_contract
from tui.settings.trust import agree, decline

if TYPE_CHECKING:
    from tui.app.dialogs.trust import Trust


def options_after(
    options: ScreenOptions, contract: Contract | None, answer: Trust | None
) -> tuple[ScreenOptions, Contract | None]:
    """The options and the contract in force, and what is to be said; the answer is remembered where it should be."""
    question = options.question
    opened = options._replace(question=None)
    if question is None or answer in (None, "without"):
        return opened, contract
    if answer == "never":
        return _saying(opened, decline(question.found.file)), contract
    problems = (*options.problems, *question.problems)
    opened = opened._replace(settings=question.agreed, problems=tuple(dict.fromkeys(problems)))
    opened = _saying(opened, agree(question.found.file))
    try:
        return opened, load_contract(question.agreed.contract)
    except ContractError as error:
        return _saying(opened, f"{error}: the contract that was in force stays"), contract


def _saying(options: ScreenOptions, sentence: str | None) -> ScreenOptions:
    return options if sentence is None else options._replace(problems=(*options.problems, sentence))
