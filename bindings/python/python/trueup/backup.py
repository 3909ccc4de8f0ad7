# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `backup`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["create", "lint", "verify"]


def create(
    objects: Manifests | Sequence[_types.Object],
    *,
    namespace: str = "argocd",
    keep_status: bool = False,
    with_secrets: bool = False,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.ExportedBackup:
    """Takes Argo CD's own objects out of what a cluster holds, in the order of their restore, without secrets unless they are asked for.

    Args:
        objects: The objects; Lists are looked into.
        namespace: The namespace of Argo CD, which is not written.
        keep_status: Whether the status is kept.
        with_secrets: Whether secrets are exported, in clear.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "backup.create",
        {
            "objects": objects,
            "namespace": namespace,
            "keepStatus": keep_status,
            "withSecrets": with_secrets,
        },
        cancel,
        on_progress,
    )


def lint(
    objects: Manifests | Sequence[_types.Object],
    *,
    clusters: Sequence[str] | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[_types.Diagnostic]:
    """Tells what is dangerous about restoring objects, and which jobs write secrets in clear.

    Args:
        objects: The objects.
        clusters: The clusters that the new Argo CD knows, by address or by name; null to say nothing about clusters.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "backup.lint",
        {
            "objects": objects,
            "clusters": clusters,
        },
        cancel,
        on_progress,
    )


def verify(
    backup: Manifests | Sequence[_types.Object],
    live: Manifests | Sequence[_types.Object],
    *,
    namespace: str = "argocd",
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.RestoreVerification:
    """Compares a backup with what a cluster holds. No value is told.

    Args:
        backup: The objects of the backup.
        live: The objects that there are; Lists are looked into.
        namespace: The namespace of Argo CD.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "backup.verify",
        {
            "backup": backup,
            "live": live,
            "namespace": namespace,
        },
        cancel,
        on_progress,
    )
