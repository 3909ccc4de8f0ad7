# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `diff`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["compare", "mask", "respect"]


def compare(
    desired: Manifests | Sequence[_types.Object],
    live: Manifests | Sequence[_types.Object],
    *,
    application: _types.Object | None = None,
    settings: _types.Object | None = None,
    ignore_differences: Sequence[_types.Object] = (),
    strategy: Literal["apply", "structured", "server-side"] | None = None,
    schemas: Sequence[_types.Object] = (),
    dry_runs: Sequence[_types.Object] = (),
    cluster: str = "",
    hidden_annotations: Sequence[str] = (),
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Comparison:
    """Compares everything that is desired with everything there is, as Argo CD does, object by object and field by field.

    With an Application, its ignore rules, its tracking and its sync options count. Secrets are masked in whatever is shown.

    Args:
        desired: Everything that is desired.
        live: Everything there is.
        application: The Application, whose rules count.
        settings: The `data` of the ConfigMap `argocd-cm`, which has the rules of the system.
        ignore_differences: Entries as in `spec.ignoreDifferences`, besides those of the Application.
        strategy: Which diff is used; as the Application asks for if it is absent.
        schemas: CustomResourceDefinitions and OpenAPI documents, which tell the types and scopes of custom kinds.
        dry_runs: What server-side apply dry runs of the desired objects returned, for the server-side diff.
        cluster: The API server of the cluster, by which kinds are excluded.
        hidden_annotations: Annotations of Secrets that are masked, too.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "diff.compare",
        {
            "desired": desired,
            "live": live,
            "application": application,
            "settings": settings,
            "ignoreDifferences": ignore_differences,
            "strategy": strategy,
            "schemas": schemas,
            "dryRuns": dry_runs,
            "cluster": cluster,
            "hiddenAnnotations": hidden_annotations,
        },
        cancel,
        on_progress,
    )


def mask(
    *,
    target: _types.Object | None = None,
    live: _types.Object | None = None,
    hidden_annotations: Sequence[str] = (),
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Masked:
    """Masks the secrets of an object; given both sides, equal values get equal masks and different ones different masks.

    Args:
        target: The object as desired.
        live: The object as it is.
        hidden_annotations: Annotations that are masked, too.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "diff.mask",
        {
            "target": target,
            "live": live,
            "hiddenAnnotations": hidden_annotations,
        },
        cancel,
        on_progress,
    )


def respect(
    target: _types.Object,
    live: _types.Object,
    *,
    ignore_differences: Sequence[_types.Object] = (),
    settings: _types.Object | None = None,
    schemas: Sequence[_types.Object] = (),
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> dict[str, Any]:
    """Returns the object to apply under the sync option `RespectIgnoreDifferences=true`: what rules ignore stays as it is live.

    Args:
        target: The object as desired.
        live: The object as it is.
        ignore_differences: Entries as in `spec.ignoreDifferences`.
        settings: The `data` of the ConfigMap `argocd-cm`, which has the rules of the system.
        schemas: CustomResourceDefinitions and OpenAPI documents, which tell how lists of custom kinds merge.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "diff.respect",
        {
            "target": target,
            "live": live,
            "ignoreDifferences": ignore_differences,
            "settings": settings,
            "schemas": schemas,
        },
        cancel,
        on_progress,
    )
