# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `source`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["render"]


def render(
    application: _types.Object,
    *,
    tree: Tree | None = None,
    repositories: Mapping[str, Tree] = {},
    charts: Mapping[str, Tree] = {},
    revision: str = "",
    kube_version: str = "",
    api_versions: Sequence[str] = (),
    now: int | None = None,
    seed: int | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Manifests:
    """Renders the sources of an Application, as Argo CD's repository server does.

    Args:
        application: The Application.
        tree: One tree that answers for every repository that is not named below.
        repositories: Trees by repository URL, however it is spelled.
        charts: Charts of Helm repositories, unpacked, by `helm+REPOSITORY/NAME?version=VERSION`.
        revision: The commit that stands for `ARGOCD_APP_REVISION`.
        kube_version: The version of Kubernetes that charts see; Helm's own default if it is empty.
        api_versions: Versions of APIs that charts see besides those that Helm knows.
        now: The time that charts see, in seconds since 1970.
        seed: The seed of everything random in charts.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "source.render",
        {
            "application": application,
            "tree": tree,
            "repositories": repositories,
            "charts": charts,
            "revision": revision,
            "kubeVersion": kube_version,
            "apiVersions": api_versions,
            "now": now,
            "seed": seed,
        },
        cancel,
        on_progress,
    )
