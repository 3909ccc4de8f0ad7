# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `kustomize`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["build", "build_all", "explain", "directories"]


def build(
    tree: Tree,
    directory: str = "",
    *,
    reorder: Literal["legacy", "none"] = "legacy",
    load_restrictions: Literal["rootOnly", "none"] = "rootOnly",
    managed_by_label: bool = False,
    enable_plugins: bool = False,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Manifests:
    """Builds a directory, as `kustomize build` does: the same manifests, byte for byte.

    Builds of one tree share what they have in common. Remote bases are trees that were mounted under their URL; one that
    was not is a `MissingError` that names them all.

    Args:
        tree: The tree.
        directory: The directory; the root if it is empty.
        reorder: The order of the output.
        load_restrictions: Which files may be loaded.
        managed_by_label: Whether resources get the label `app.kubernetes.io/managed-by`.
        enable_plugins: Whether plugins that are not built in are told apart from those that do not exist.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "kustomize.build",
        {
            "tree": tree,
            "directory": directory,
            "reorder": reorder,
            "loadRestrictions": load_restrictions,
            "managedByLabel": managed_by_label,
            "enablePlugins": enable_plugins,
        },
        cancel,
        on_progress,
    )


def build_all(
    tree: Tree,
    *,
    directories: Sequence[str] | None = None,
    strict: bool = True,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.BuiltAll:
    """Builds several directories of a tree on all cores.

    With `strict`, the first directory (in the order that was given) that fails fails the call; without, the others are answered and the failures listed.

    Args:
        tree: The tree.
        directories: The directories; every one that `kustomize.directories` finds if it is absent.
        strict: Whether one failure fails the call.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "kustomize.build_all",
        {
            "tree": tree,
            "directories": directories,
            "strict": strict,
        },
        cancel,
        on_progress,
    )


def explain(
    tree: Tree,
    directory: str,
    object: str,
    *,
    field: str = "",
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Explanation:
    """Tells why a field of a manifest of a build has its value: every file and line that set it, the first first.

    Patches are looked into, and the manifest whose name a reference follows is named. What a Secret holds is masked.

    Args:
        tree: The tree.
        directory: The directory that is built; the root if it is empty.
        object: The manifest: `KIND/NAME` or `NAMESPACE/KIND/NAME`, by the name that it has or the one in its file.
        field: The field, `spec.template.spec.containers[app].image` or a JSON pointer; the whole manifest if it is empty.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "kustomize.explain",
        {
            "tree": tree,
            "directory": directory,
            "object": object,
            "field": field,
        },
        cancel,
        on_progress,
    )


def directories(
    tree: Tree,
    below: str = "",
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[str]:
    """Returns the directories of a tree that have a kustomization file, sorted.

    Args:
        tree: The tree.
        below: The directory below which is looked; the root if it is empty.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "kustomize.directories",
        {
            "tree": tree,
            "below": below,
        },
        cancel,
        on_progress,
    )
