"""Values go in and come out as they are."""

from __future__ import annotations

import collections
import types
from typing import Any

import pytest

import trueup
from trueup._trueup import call


def through(value: Any) -> Any:
    return call("data.plain", {"value": value})


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -1,
        2**53 + 1,
        2**63 - 1,
        -(2**63),
        2**64 - 1,
        2**64,
        -(2**64),
        10**4000,
        0.1,
        -0.0,
        1e300,
        float("inf"),
        "",
        "text",
        "ü\U0001f680\x00",
        [],
        {},
        [[], {}],
        {"": 1, "a b": None},
        {"__proto__": {"x": 1}, "constructor": 2, "__class__": 3},
    ],
    ids=repr,
)
def test_values_are_the_same_afterwards(value: Any) -> None:
    assert through(value) == value
    assert type(through(value)) is type(value)


def test_tuples_and_mappings_are_taken() -> None:
    assert through((1, (2,))) == [1, [2]]
    assert through(collections.OrderedDict(b=1, a=2)) == {"b": 1, "a": 2}
    assert list(through(types.MappingProxyType({"b": 1, "a": 2}))) == ["b", "a"]
    assert through(collections.ChainMap({"a": 1})) == {"a": 1}


def test_what_is_no_data_is_refused() -> None:
    for value in [object(), {1: 2}, {None: 1}, {1, 2}, lambda: 0]:
        with pytest.raises(TypeError):
            through(value)
    with pytest.raises(trueup.TrueupError):
        trueup.yaml.dump({"x": b"bytes"})


def test_deep_nesting_is_an_error_and_not_a_crash() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(trueup.RequestError, match="nested deeper"):
        through(deep)
    while deep:
        deep = deep.pop()
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(trueup.RequestError):
        through(circle)


def test_lone_surrogates_are_an_error() -> None:
    with pytest.raises(UnicodeError):
        through("\ud800")


def test_bytes_like_files(tree: trueup.Tree) -> None:
    files: dict[str, trueup.types.Text] = {"a": "1", "b": b"2", "c": bytearray(b"3"), "d": memoryview(b"x4x")[1:2]}
    made = trueup.Tree(files)
    assert [made.read(path) for path in "abcd"] == [b"1", b"2", b"3", b"4"]
    with pytest.raises(trueup.RequestError):
        trueup.Tree({"a": 1})  # type: ignore[dict-item]


def test_results_are_nobodys_but_the_callers(tree: trueup.Tree) -> None:
    manifest = trueup.kustomize.build(tree, "app")[0]
    first = manifest.to_dict()
    first["metadata"]["name"] = "changed"
    assert manifest.name == "demo-web"
    assert manifest.to_dict()["metadata"]["name"] == "demo-web"


def test_numbers_of_yaml_and_json() -> None:
    digits = "123456789012345678901234567890"
    assert trueup.yaml.parse(f"a: {digits}", "kyaml") == {"a": int(digits)}
    assert trueup.json.parse(f"[{digits}]") == [int(digits)]
    assert trueup.yaml.parse("a: 9007199254740993") == {"a": 9007199254740993}
