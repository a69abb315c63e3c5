"""What a function is assessed against: the host's contract, and the compiler that a build would use now."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from tui.building.compilers import DEFAULT
from tui.building.compilers.chosen import ChosenCompiler
from tui.building.inputs.sources import SourceCache, default_cache
from tui.building.record.validations import Validations, default_validations

if TYPE_CHECKING:
    from pathlib import Path

    from tui.assessment.kept.kept import Kept
    from tui.building.compilers.chosen import InUse
    from tui.building.plan.build_plan import CompilerName
    from tui.gateway.contract.contract import Contract
    from tui.wasm.validate import Validation


class Terms:
    """The same for all functions of one look. The contract is loaded when the first verdict asks for it."""

    def __init__(
        self,
        contract: Callable[[], Contract],
        compiler: InUse,
        cache: SourceCache,
        validations: Validations,
        *,
        validates: bool = False,
        kept: Kept | None = None,
        contract_id: str = "",
    ) -> None:
        """`contract` may raise ContractError; `cache` spares reading sources again that are the same; `validates`:
        modules are validated that were not yet. `kept` is what was learned before, by this contract, which
        `contract_id` tells from every other.
        """
        self.compiler = compiler
        self.cache = cache
        self.validates = validates
        self._validations = validations
        self.validated_at = validations.place
        self.kept = kept
        self.contract_id = contract_id
        self._load = contract

    def validated(self, source: bytes) -> tuple[Validation | None, Path | None]:
        """What a validator says of these bytes, or said; where nothing is known, the file in which it would lie."""
        if not self.validates:
            return self._validations.known_or_place(source)
        found = self._validations.of(source)
        return found, self.validated_at(source) if found is None else None

    @cached_property
    def contract(self) -> Contract:
        """The host's contract. Raises ContractError where it cannot be had."""
        return self._load()


def terms_here(
    contract: Callable[[], Contract] | None = None,
    compiler: CompilerName = DEFAULT,
    *,
    validate: bool = False,
    kept: Kept | None = None,
    contract_id: str = "",
) -> Terms:
    """The terms on this machine: the Orama gateway where no contract is given, and the compiler as it is found here.

    `validate`: modules that nothing has validated yet are, where the extra is installed; that takes seconds for large
    ones. `kept` is what was learned before, by the contract that `contract_id` stands for.
    """
    return Terms(
        contract or _shipped,
        ChosenCompiler(compiler),
        default_cache(),
        default_validations(),
        validates=validate,
        kept=kept,
        contract_id=contract_id,
    )


def _shipped() -> Contract:
    from tui.gateway.contract.reading import load_contract

    return load_contract()
