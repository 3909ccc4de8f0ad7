# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `atlantis`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["autoplan"]


def autoplan(
    tree: Tree,
    changed: Sequence[str],
    *,
    server: _types.Text | None = None,
    repository: str = "",
    branch: str | None = None,
    modules: str = "",
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Autoplan:
    """Names the Terraform projects that a change plans with Atlantis, each with the files and patterns that made it so.

    The repository's configuration is read from the tree, strictly: what Atlantis refuses is an error, in Atlantis' words.

    Args:
        tree: The repository after the change.
        changed: The changed files, from the root, deleted ones among them.
        server: The text of the server's configuration; without it, one that allows everything.
        repository: The repository as the server's configuration names it: `host/owner/name`.
        branch: The branch that the change goes to; without it, projects for all branches count.
        modules: The patterns of files that make a directory a project whose modules count, with commas between: a flag of the server.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "atlantis.autoplan",
        {
            "tree": tree,
            "changed": changed,
            "server": server,
            "repository": repository,
            "branch": branch,
            "modules": modules,
        },
        cancel,
        on_progress,
    )
