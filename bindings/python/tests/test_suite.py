"""The suite in `tests/api`, which Rust and Node run too: the same requests must give the same answers.

The notation is told in `crates/trueup/tests/api.rs`.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT

import trueup
from trueup._trueup import call

CASES = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted((ROOT / "tests" / "api").glob("*.json"))
    for case in json.loads(file.read_text())
]


def decode(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [decode(item, known) for item in value]
    if not isinstance(value, dict):
        return value
    if "$tree" in value:
        return trueup.Tree(value["$tree"])
    if "$ref" in value:
        found = known[value["$ref"]]
        for key in value.get("path", []):
            found = found[key]
        return found
    if "$bytes" in value:
        return value["$bytes"].encode()
    if "$int" in value:
        return int(value["$int"])
    if "$repeat" in value:
        text, times = value["$repeat"]
        return text * times
    return {key: decode(item, known) for key, item in value.items()}


def encode(value: Any) -> Any:
    """Integers beyond 64 bits are told by their digits."""
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, int) and len(str(value)) > 20:
        return {"$int": str(value)}
    return value


def run(case: dict[str, Any]) -> Any:
    known: dict[str, Any] = {}
    for name, step in case.get("let", {}).items():
        known[name] = call(step["operation"], decode(step["request"], known))
    answer = call(case["operation"], decode(case["request"], known))
    return call("data.plain", {"value": answer})


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(trueup.TrueupError) as caught:
            run(case)
        assert caught.value.to_dict() == case["error"]
        return
    answer = encode(run(case))
    # JSON tells 1 from 1.0, as the suite does.
    assert json.dumps(answer, sort_keys=True) == json.dumps(case["answer"], sort_keys=True)
