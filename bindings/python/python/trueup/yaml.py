# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `yaml`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["parse", "parse_all", "dump", "dump_all"]


def parse(
    text: _types.Text,
    dialect: Literal["kubernetes", "kyaml"] = "kubernetes",
    *,
    file: str = "",
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Any:
    """Reads the first document of a YAML text.

    What comes behind it is not looked at; an empty text is null. Integers beyond 64 bits keep their value in the dialect
    `kyaml`; in `kubernetes` they become floats, as in Go.

    Args:
        text: The text.
        dialect: Which of Go's libraries reads it.
        file: A name for the text, for errors.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(
        "yaml.parse",
        {
            "text": text,
            "dialect": dialect,
            "file": file,
        },
        cancel,
        on_progress,
    )


def parse_all(
    text: _types.Text,
    dialect: Literal["kubernetes", "kyaml"] = "kubernetes",
    *,
    file: str = "",
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[Any]:
    """Reads all documents of a YAML text; an empty document is null.

    Args:
        text: The text.
        dialect: Which of Go's libraries reads it.
        file: A name for the text, for errors.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "yaml.parse_all",
        {
            "text": text,
            "dialect": dialect,
            "file": file,
        },
        cancel,
        on_progress,
    )


def dump(
    value: Any,
    dialect: Literal["kubernetes", "kyaml"] = "kubernetes",
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> str:
    """Writes a value as YAML.

    In the dialect `kubernetes` keys are sorted, as kustomize and Argo CD write manifests; in `kyaml` their order is kept.

    Args:
        value: The value.
        dialect: Which of Go's libraries writes it.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "yaml.dump",
        {
            "value": value,
            "dialect": dialect,
        },
        cancel,
        on_progress,
    )


def dump_all(
    values: Sequence[Any],
    dialect: Literal["kubernetes", "kyaml"] = "kubernetes",
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> str:
    """Writes values as one YAML text, with `---` between them.

    Args:
        values: The values.
        dialect: Which of Go's libraries writes them.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "yaml.dump_all",
        {
            "values": values,
            "dialect": dialect,
        },
        cancel,
        on_progress,
    )
