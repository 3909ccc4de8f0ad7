# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""The whole job."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["discover", "preview", "explain", "impact"]


def discover(
    tree: Tree,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Discovery:
    """Finds the ApplicationSets, Applications and AppProjects that are written down in a tree.

    Args:
        tree: The tree.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "discover",
        {
            "tree": tree,
        },
        cancel,
        on_progress,
    )


def preview(
    tree: Tree,
    *,
    repositories: Mapping[str, Tree] = {},
    urls: Sequence[str] = (),
    clusters: Sequence[_types.ClusterFact] = (),
    live: Manifests | Sequence[_types.Object] | Mapping[str, Manifests | Sequence[_types.Object]] | None = None,
    use_facts_file: bool = True,
    name: str = "repository",
    application: str | None = None,
    max_prune_percent: int | None = None,
    max_prune: int | None = None,
    now: int | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Report:
    """Previews a repository: expands its ApplicationSets, renders every Application, compares it with what runs, and plans the sync.

    What goes wrong with one Application is a diagnostic of that Application; the others are previewed all the same. What runs in a
    cluster is unknown until it is said, and nothing is planned because of something unknown.

    Args:
        tree: The repository.
        repositories: Other repositories by URL. The repository itself need not be named if `url` is said.
        urls: The URLs under which the repository itself is known.
        clusters: The clusters that Argo CD knows.
        live: What runs: objects by cluster name, or the objects of the only cluster.
        use_facts_file: Whether `.trueup/facts.yaml` of the repository counts for what is not said here.
        name: A name for the repository, for headings.
        application: Only Applications whose name matches this glob.
        max_prune_percent: Refuses a plan that deletes more than this share of an Application's live resources, in percent.
        max_prune: Refuses a plan that deletes more than this many live resources of an Application.
        now: The time in seconds since 1970, for sync windows.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "preview",
        {
            "tree": tree,
            "repositories": repositories,
            "urls": urls,
            "clusters": clusters,
            "live": live,
            "useFactsFile": use_facts_file,
            "name": name,
            "application": application,
            "maxPrunePercent": max_prune_percent,
            "maxPrune": max_prune,
            "now": now,
        },
        cancel,
        on_progress,
    )


def explain(
    tree: Tree,
    application: str,
    object: str,
    *,
    field: str = "",
    repositories: Mapping[str, Tree] = {},
    urls: Sequence[str] = (),
    clusters: Sequence[_types.ClusterFact] = (),
    use_facts_file: bool = True,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Explanation:
    """Returns why a field of a manifest has its value, of an Application of a repository: each file and line that set it, and what the
    Application itself changes in its kustomization. What a Secret holds is masked.

    Args:
        tree: The repository.
        application: The Application, by its name.
        object: The manifest: `KIND/NAME` or `NAMESPACE/KIND/NAME`, by the name that it has or the one in its file.
        field: The field, `spec.template.spec.containers[app].image` or a JSON pointer; the whole manifest if it is empty.
        repositories: Other repositories by URL. The repository itself need not be named if `url` is said.
        urls: The URLs under which the repository itself is known.
        clusters: The clusters that Argo CD knows.
        use_facts_file: Whether `.trueup/facts.yaml` of the repository counts for what is not said here.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "explain",
        {
            "tree": tree,
            "application": application,
            "object": object,
            "field": field,
            "repositories": repositories,
            "urls": urls,
            "clusters": clusters,
            "useFactsFile": use_facts_file,
        },
        cancel,
        on_progress,
    )


def impact(
    tree: Tree,
    *,
    base: Tree | None = None,
    changed: Sequence[str] | None = None,
    repositories: Mapping[str, Tree] = {},
    urls: Sequence[str] = (),
    clusters: Sequence[_types.ClusterFact] = (),
    use_facts_file: bool = True,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Impact:
    """Tells what a change of a repository can reach: kustomizations, Applications and Terraform projects, each with the way there.

    It errs on the side of too much: what is not named is not reached. Without `changed`, files are compared by what they hold.

    Args:
        tree: The repository after the change.
        base: The repository before the change; the same one if it is not said.
        changed: The changed files, from the root, deleted ones among them; those that differ if they are not said.
        repositories: Other repositories by URL.
        urls: The URLs under which the repository itself is known.
        clusters: The clusters that Argo CD knows.
        use_facts_file: Whether `.trueup/facts.yaml` of the repository counts for what is not said here.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "impact",
        {
            "tree": tree,
            "base": base,
            "changed": changed,
            "repositories": repositories,
            "urls": urls,
            "clusters": clusters,
            "useFactsFile": use_facts_file,
        },
        cancel,
        on_progress,
    )
