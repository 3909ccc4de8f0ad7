# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `health`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["check", "aggregate"]


def check(
    object: _types.Object,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Health | None:
    """Judges an object as Argo CD does; null if no check knows its kind.

    Args:
        object: The object as it is in the cluster.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "health.check",
        {
            "object": object,
        },
        cancel,
        on_progress,
    )


def aggregate(
    *,
    resources: Sequence[_types.ManagedObject] = (),
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.AppHealth:
    """Judges an Application by its objects.

    Args:
        resources: Its objects.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "health.aggregate",
        {
            "resources": resources,
        },
        cancel,
        on_progress,
    )
