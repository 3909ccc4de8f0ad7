# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `helm`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["template"]


def template(
    tree: Tree,
    directory: str = "",
    *,
    release_name: str = "release-name",
    namespace: str = "default",
    values: Sequence[str] = (),
    set: Sequence[str] = (),
    set_string: Sequence[str] = (),
    kube_version: str = "",
    api_versions: Sequence[str] = (),
    include_crds: bool = False,
    no_hooks: bool = False,
    skip_tests: bool = False,
    skip_schema_validation: bool = False,
    is_upgrade: bool = False,
    now: int | None = None,
    seed: int | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.RenderedChart:
    """Renders the chart in a directory, as `helm template` does: the same text, byte for byte.

    The charts it depends on are below its `charts/`, as `helm dependency build` puts them there. Without a time, a template that asks
    for it fails; without a seed, one that asks for random texts does.

    Args:
        tree: The tree.
        directory: The directory of the chart; the root if it is empty.
        release_name: The name of the release.
        namespace: The namespace of the release.
        values: Texts of values files; later ones win.
        set: Values by `--set`.
        set_string: Values by `--set-string`.
        kube_version: The version of Kubernetes; Helm's own default if it is empty.
        api_versions: Versions of APIs that the cluster has besides those that Helm knows.
        include_crds: Whether the files below `crds/` are part of the output.
        no_hooks: Whether hooks are left out.
        skip_tests: Whether hooks that are tests are left out.
        skip_schema_validation: Whether values are not checked against schemas.
        is_upgrade: Whether it is an upgrade rather than an installation.
        now: The time that templates see, in seconds since 1970.
        seed: The seed of everything random.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "helm.template",
        {
            "tree": tree,
            "directory": directory,
            "releaseName": release_name,
            "namespace": namespace,
            "values": values,
            "set": set,
            "setString": set_string,
            "kubeVersion": kube_version,
            "apiVersions": api_versions,
            "includeCrds": include_crds,
            "noHooks": no_hooks,
            "skipTests": skip_tests,
            "skipSchemaValidation": skip_schema_validation,
            "isUpgrade": is_upgrade,
            "now": now,
            "seed": seed,
        },
        cancel,
        on_progress,
    )
