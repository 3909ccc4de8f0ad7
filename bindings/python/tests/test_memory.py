"""Nothing is left behind."""

from __future__ import annotations

import gc
import sys

import pytest

import trueup


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_hundred_thousand_calls_leave_nothing_behind(tree: trueup.Tree) -> None:
    template = trueup.Template("{{ .a }}")

    def calls(times: int) -> None:
        for _ in range(times):
            trueup.yaml.parse("a: {b: [1, 2, x]}")
            template.render({"a": "text"})
            trueup.kustomize.build(tree, "app")[0].to_dict()
            trueup.patch.merge_apply({"a": 1}, {"b": [1, 2]})
            try:
                trueup.yaml.parse("a: [")
            except trueup.ParseError:
                pass

    calls(2_000)
    gc.collect()
    before = resident()
    calls(20_000)
    gc.collect()
    grown = resident() - before
    assert grown < 8 << 20, f"{grown / 1e6:.1f} MB more after 100,000 calls"
