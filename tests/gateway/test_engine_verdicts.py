"""What the gateway's engine made of 431 modules, against the verdict: wazero 1.11, driven as the gateway drives it.

Each case has the module, its function.yaml, whether it works, and the engine's own words where it does not.
"""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tui.gateway.check import judge
from tui.gateway.contract.contract import Contract
from tui.gateway.subject import SourceFacts, Subject
from tui.gateway.verdict import Verdict
from tui.wasm.decode.decode import decode
from tui.wasm.validate import validate
from tui.workspace.config import read_config

CASES = Path(__file__).parent / "cases" / "engine-verdicts.jsonl.gz"
# Said by whoever drove the engine, where the engine itself said nothing.
NO_WORDS = ("empty", "swallowed")


def cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(CASES.read_bytes()).splitlines()]


def judged(case: dict[str, Any], folder: Path, contract: Contract, validated: bool) -> Verdict:
    source = base64.b64decode(case["wasm_b64"])
    (folder / "function.yaml").write_text(case["yaml"])
    subject = Subject(
        folder,
        read_config(folder),
        decode(source),
        sources=SourceFacts(),
        wasm=source,
        validation=validate(source) if validated else None,
    )
    verdict, life = judge(subject, contract)
    assert life.has_module
    return verdict


def foretold(verdict: Verdict, engine: str) -> bool:
    """Whether the verdict has the engine's words: the first line of them, behind the stage that it came to."""
    words = " ".join(engine.partition(": ")[2].partition("\n")[0].split())
    return any(words in finding.at_run_time for finding in verdict.findings)


@pytest.mark.parametrize("validated", [True, False], ids=["validated", "unvalidated"])
def test_the_verdict_agrees_with_the_engine(
    validated: bool, tmp_path: Path, contract: Contract, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, unsaid, known = [], [], cases()
    for case in known:
        verdict = judged(case, tmp_path, contract, validated)
        if (verdict.status != "blocked") != case["works"]:
            wrong.append((case["id"], verdict.status))
        elif not case["works"] and not case["engine"].startswith(NO_WORDS) and not foretold(verdict, case["engine"]):
            unsaid.append((case["id"], case["engine"]))
    with capsys.disabled():
        how = "with" if validated else "without"
        print(f"\n{len(known) - len(wrong)} of {len(known)} verdicts agree with the engine, {how} a validator")
    assert (wrong, unsaid) == ([], [])


def test_what_works_by_accident_is_a_warning_that_says_so(tmp_path: Path, contract: Contract) -> None:
    """A mistyped `ws_close`, a memory under another name, no `malloc` in a reactor."""
    by_id = {case["id"]: case for case in cases()}
    for name in ("ps-close-one", "ps-memname", "re-nomalloc", "ps-frame-void", "ps-noinit", "re-h-f64"):
        verdict = judged(by_id[name], tmp_path, contract, validated=True)
        accidents = [one for one in verdict.findings if one.check == "export-by-accident"]
        assert verdict.status == "warnings"
        assert all(one.message.startswith("works by accident: ") for one in accidents)
        assert accidents, name
