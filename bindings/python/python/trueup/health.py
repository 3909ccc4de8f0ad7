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

__all__ = ["check", "aggregate", "lint"]


def check(
    object: _types.Object,
    *,
    settings: _types.Object | None = None,
    now: int | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Health | None:
    """Judges an object as Argo CD does; null if no check knows its kind.

    Args:
        object: The object as it is in the cluster.
        settings: The `data` of the ConfigMap `argocd-cm`, which may have checks of its own, in Lua.
        now: The current time in seconds since 1970, for checks in Lua that ask for it.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "health.check",
        {
            "object": object,
            "settings": settings,
            "now": now,
        },
        cancel,
        on_progress,
    )


def aggregate(
    *,
    resources: Sequence[_types.ManagedObject] = (),
    settings: _types.Object | None = None,
    now: int | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.AppHealth:
    """Judges an Application by its objects.

    Args:
        resources: Its objects.
        settings: The `data` of the ConfigMap `argocd-cm`, which may have checks of its own, in Lua.
        now: The current time in seconds since 1970, for checks in Lua that ask for it.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "health.aggregate",
        {
            "resources": resources,
            "settings": settings,
            "now": now,
        },
        cancel,
        on_progress,
    )


def lint(
    settings: _types.Object,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[_types.Diagnostic]:
    """Tells which checks of a ConfigMap `argocd-cm` call no Rollout healthy, and how they read mended.

    Args:
        settings: The `data` of the ConfigMap `argocd-cm`.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "health.lint",
        {
            "settings": settings,
        },
        cancel,
        on_progress,
    )
