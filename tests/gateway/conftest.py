"""Fixtures of the gateway's tests: the shipped contract, modules from text, and subjects laid out on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
import wasmtime

from tests.gateway.subjects import read_subject
from tui.gateway.check import check
from tui.gateway.contract.contract import Contract
from tui.gateway.contract.reading import load_contract
from tui.gateway.subject import Subject
from tui.gateway.verdict import Finding, Verdict
from tui.wasm.validate import validate

Check = Callable[..., "Verdict"]
validated = lru_cache(16)(validate)  # of the same few modules, over and over


def wat(text: str) -> bytes:
    """A module assembled from the text format. Nothing is validated beyond the syntax."""
    return bytes(wasmtime.wat2wasm(text))


def found(verdict: Verdict, check_id: str) -> list[Finding]:
    """The findings of one check."""
    return [finding for finding in verdict.findings if finding.check == check_id]


def only(verdict: Verdict, check_id: str) -> Finding:
    """The one finding of a check; fails where there are none or several."""
    findings = found(verdict, check_id)
    assert len(findings) == 1, verdict.findings
    return findings[0]


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract of the Orama gateway, as shipped."""
    return load_contract()


@pytest.fixture
def subject(function_directory: Callable[..., Path]) -> Callable[..., Subject]:
    """Lays a function out on disk and reads it: `subject(yaml=..., go=..., wasm=..., stale=..., go_version=...)`."""

    def make(stale: str | None = None, go_version: str | None = None, **files: object) -> Subject:
        return read_subject(function_directory(**files), stale=stale, go_version=go_version)

    return make


@pytest.fixture
def verdict(subject: Callable[..., Subject], contract: Contract) -> Callable[..., Verdict]:
    """The verdict on a function laid out on disk."""

    def make(**parts: object) -> Verdict:
        laid_out = subject(**parts)
        validation = validated(laid_out.wasm) if laid_out.wasm is not None else None
        return check(replace(laid_out, validation=validation), contract)

    return make
