# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `sync`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["plan", "step", "windows"]


def plan(
    desired: Manifests | Sequence[_types.Object],
    live: Manifests | Sequence[_types.Object],
    *,
    application: _types.Object | None = None,
    operation: _types.Object | None = None,
    modified: Mapping[str, bool] = {},
    namespace: _types.Object | None = None,
    settings: _types.Object | None = None,
    schemas: Sequence[_types.Object] = (),
    now: int = 0,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Plan:
    """Plans a sync: what is done, in which order, why, and what is deleted.

    Args:
        desired: What is desired.
        live: The Application's own objects in the cluster. Whatever else runs there does not belong here: it would be pruned.
        application: The Application, whose sync policy counts.
        operation: The sync part of an operation: `{prune: true, syncOptions: […]}`.
        modified: Resources that a comparison found modified or not, by `group/kind/namespace/name`.
        namespace: The live namespace of the Application, if it is there.
        settings: The `data` of the ConfigMap `argocd-cm`: its ignore rules count under the sync option `RespectIgnoreDifferences=true`.
        schemas: CustomResourceDefinitions and OpenAPI documents, which tell under that option how lists of custom kinds merge.
        now: The time in seconds since 1970.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "sync.plan",
        {
            "desired": desired,
            "live": live,
            "application": application,
            "operation": operation,
            "modified": modified,
            "namespace": namespace,
            "settings": settings,
            "schemas": schemas,
            "now": now,
        },
        cancel,
        on_progress,
    )


def step(
    desired: Manifests | Sequence[_types.Object],
    live: Manifests | Sequence[_types.Object],
    *,
    state: _types.Object | None = None,
    terminate: bool = False,
    outcomes: Sequence[_types.ActionOutcome] = (),
    approved_at: int | None = None,
    application: _types.Object | None = None,
    operation: _types.Object | None = None,
    modified: Mapping[str, bool] = {},
    namespace: _types.Object | None = None,
    settings: _types.Object | None = None,
    schemas: Sequence[_types.Object] = (),
    now: int = 0,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Stepped:
    """Takes the next step of a sync. The host does the actions, and calls again with what became of them.

    `state` is the one that the step before answered, absent at the start. It is plain data: write it down, and a crash costs nothing.

    Args:
        state: The state that the step before answered; absent at the start.
        terminate: Whether the operation is to stop: running hooks are ended, resources stay.
        outcomes: What became of the actions of earlier steps.
        approved_at: When prunes were confirmed, in seconds since 1970.
        desired: What is desired.
        live: The Application's own objects in the cluster, as they are now.
        application: The Application, whose sync policy counts.
        operation: The sync part of an operation.
        modified: Resources that a comparison found modified or not, by `group/kind/namespace/name`.
        namespace: The live namespace of the Application, if it is there.
        settings: The `data` of the ConfigMap `argocd-cm`: its ignore rules count under the sync option `RespectIgnoreDifferences=true`.
        schemas: CustomResourceDefinitions and OpenAPI documents, which tell under that option how lists of custom kinds merge.
        now: The time in seconds since 1970.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "sync.step",
        {
            "state": state,
            "terminate": terminate,
            "outcomes": outcomes,
            "approvedAt": approved_at,
            "desired": desired,
            "live": live,
            "application": application,
            "operation": operation,
            "modified": modified,
            "namespace": namespace,
            "settings": settings,
            "schemas": schemas,
            "now": now,
        },
        cancel,
        on_progress,
    )


def windows(
    windows: Sequence[_types.Object],
    application: _types.Object,
    now: int,
    *,
    manual: bool = False,
    operation_started_at: int | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.WindowVerdict:
    """Tells whether sync windows let an Application be synced now.

    Args:
        windows: The windows of the project: `spec.syncWindows`.
        application: The Application.
        now: The time in seconds since 1970.
        manual: Whether somebody asked for the sync.
        operation_started_at: When the operation was started, in seconds since 1970, if it runs.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "sync.windows",
        {
            "windows": windows,
            "application": application,
            "now": now,
            "manual": manual,
            "operationStartedAt": operation_started_at,
        },
        cancel,
        on_progress,
    )
