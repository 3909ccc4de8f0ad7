# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `rollouts`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["plan", "validate", "lint"]


def plan(
    object: _types.Object,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.RolloutPlan:
    """Tells what a Rollout will do, step by step: traffic, pods, pauses, and where it is.

    Args:
        object: The Rollout, with its status if it has one.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "rollouts.plan",
        {
            "object": object,
        },
        cancel,
        on_progress,
    )


def validate(
    object: _types.Object,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[_types.RolloutProblem]:
    """Tells what the controller refuses about a Rollout, with its paths and words.

    Args:
        object: The Rollout, with its status if it has one.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "rollouts.validate",
        {
            "object": object,
        },
        cancel,
        on_progress,
    )


def lint(
    objects: Manifests | Sequence[_types.Object],
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[_types.Diagnostic]:
    """Tells what is wrong and what is odd about the Rollouts among objects that belong together.

    Args:
        objects: The objects, such as those of a tree.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "rollouts.lint",
        {
            "objects": objects,
        },
        cancel,
        on_progress,
    )
