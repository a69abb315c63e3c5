from __future__ import annotations

import pytest

from tui.gateway.checks.remedy import for_both, for_shell, without_build
from tui.gateway.life.words import BUILD, REBUILD, rebuild_as


@pytest.mark.parametrize("remedy", [BUILD, REBUILD, rebuild_as("reactor"), rebuild_as("command")])
def test_no_key_is_named_in_a_shell(remedy: str) -> None:
    assert for_shell(remedy, "shop/chat") == "fn-tui build shop/chat"
    assert for_shell(f"add `x: true`; or {remedy}", "it's") == "add `x: true`; or fn-tui build 'it'\"'\"'s'"
    both = for_both(remedy, "chat")
    assert both.startswith("b ")
    assert both.endswith(" (or: fn-tui build chat)")


def test_other_remedies_stay() -> None:
    assert for_shell("set b: 1", r"a\\1") == for_both("set b: 1", "a") == "set b: 1"
    assert for_shell(REBUILD, r"a\1") == r"fn-tui build 'a\1'"


@pytest.mark.parametrize("remedy", [BUILD, REBUILD, rebuild_as("reactor"), rebuild_as("command")])
def test_a_build_that_is_under_way_is_not_asked_for(remedy: str) -> None:
    assert without_build(remedy) == ""
    assert without_build(f"add `x: true` to function.yaml; or {remedy}") == "add `x: true` to function.yaml"
    assert without_build(f"mend what its errors name; {remedy}") == "mend what its errors name"
    assert without_build("set x: true in function.yaml") == "set x: true in function.yaml"
