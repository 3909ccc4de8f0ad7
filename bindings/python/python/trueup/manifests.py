# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `manifests`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["parse", "read"]


def parse(
    text: _types.Text,
    *,
    file: str = "",
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Manifests:
    """Reads manifests from a YAML text: empty documents are nothing, each manifest knows its line.

    Args:
        text: The text.
        file: A name for the text, for errors and origins.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "manifests.parse",
        {
            "text": text,
            "file": file,
        },
        cancel,
        on_progress,
    )


def read(
    tree: Tree,
    directory: str = "",
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Manifests:
    """Reads manifests from all YAML and JSON files of a directory of a tree, sorted by path.

    Args:
        tree: The tree.
        directory: The directory; the root if it is empty.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "manifests.read",
        {
            "tree": tree,
            "directory": directory,
        },
        cancel,
        on_progress,
    )
