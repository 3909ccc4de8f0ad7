# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `patch`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["json_apply", "json_create", "merge_apply", "merge_create", "strategic_apply", "strategic_create"]


def json_apply(
    document: Any,
    patch: Sequence[_types.Object],
    dialect: Literal["v4", "v5"] = "v4",
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Any:
    """Applies a JSON Patch (RFC 6902).

    Args:
        document: The document.
        patch: The operations.
        dialect: Which version of the library decides where they differ.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(
        "patch.json_apply",
        {
            "document": document,
            "patch": patch,
            "dialect": dialect,
        },
        cancel,
        on_progress,
    )


def json_create(
    original: Any,
    modified: Any,
    *,
    current: Any | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[Any]:
    """Returns the JSON Patch that leads from one document to another.

    Args:
        original: The document as it was.
        modified: The document as it should be.
        current: The document as it is now, if somebody else may have changed it.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "patch.json_create",
        {
            "original": original,
            "modified": modified,
            "current": current,
        },
        cancel,
        on_progress,
    )


def merge_apply(
    document: Any,
    patch: Any,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Any:
    """Applies a JSON merge patch (RFC 7386).

    Args:
        document: The document.
        patch: The patch.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(
        "patch.merge_apply",
        {
            "document": document,
            "patch": patch,
        },
        cancel,
        on_progress,
    )


def merge_create(
    original: Any,
    modified: Any,
    *,
    current: Any | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Any:
    """Returns the JSON merge patch that leads from the original to the modified document, given `current` the three-way one that keeps what others changed.

    Args:
        original: The document as it was.
        modified: The document as it should be.
        current: The document as it is now, if somebody else may have changed it.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(
        "patch.merge_create",
        {
            "original": original,
            "modified": modified,
            "current": current,
        },
        cancel,
        on_progress,
    )


def strategic_apply(
    document: _types.Object,
    patch: _types.Object,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Any:
    """Applies a strategic merge patch; how lists merge is known from the object's kind.

    Args:
        document: The object.
        patch: The patch.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(
        "patch.strategic_apply",
        {
            "document": document,
            "patch": patch,
        },
        cancel,
        on_progress,
    )


def strategic_create(
    original: _types.Object,
    modified: _types.Object,
    *,
    current: _types.Object | None = None,
    overwrite: bool = True,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Any:
    """Returns the strategic merge patch that leads from the original to the modified object, given `current` the three-way one that `kubectl apply` makes.

    Args:
        original: The object as it was: as it was applied last, if there is a current one.
        modified: The object as it should be.
        current: The object as it is now, if somebody else may have changed it.
        overwrite: Whether a change of somebody else in the same place is overwritten; else it is an error.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(
        "patch.strategic_create",
        {
            "original": original,
            "modified": modified,
            "current": current,
            "overwrite": overwrite,
        },
        cancel,
        on_progress,
    )
