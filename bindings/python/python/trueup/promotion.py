# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `promotion`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["edit", "promote", "chain"]


def edit(
    text: _types.Text,
    what: Literal["image", "replicas", "namespace", "nameprefix", "namesuffix", "label", "annotation"],
    to: Sequence[str],
    *,
    file: str = "",
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Edited:
    """Sets something in a kustomization's text, as `kustomize edit set` does, and changes not a byte besides.

    Comments, order, quotes and line breaks stay as they are. Labels become part of selectors, which is a warning.

    Args:
        text: The text of the kustomization.
        what: What is set.
        to: To what, as `kustomize edit set` takes it; images, replicas, labels and annotations may be several.
        file: A name for the text, for errors.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "promotion.edit",
        {
            "text": text,
            "what": what,
            "to": to,
            "file": file,
        },
        cancel,
        on_progress,
    )


def promote(
    source: _types.Text,
    target: _types.Text,
    *,
    only: Sequence[str] | None = None,
    include_new: bool = False,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Promotion:
    """Brings the images of one kustomization to those of another, as text.

    The target keeps its own registry unless the source sets one. By default only images that the target names are brought.

    Args:
        source: The text whose images are brought.
        target: The text to which they are brought.
        only: The only images to bring, whether or not the target names them.
        include_new: Whether images that the target does not name are brought, too.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "promotion.promote",
        {
            "source": source,
            "target": target,
            "only": only,
            "includeNew": include_new,
        },
        cancel,
        on_progress,
    )


def chain(
    environments: Sequence[_types.ChainEnvironment],
    *,
    image: str | None = None,
    to: str | None = None,
    source: str | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.ChainReport:
    """Tells what the environments of a chain run, and what is odd about it.

    With `image` and `to`, it also tells why what the environment before holds, or `reference`, should not come there.

    Args:
        environments: The environments, in the order in which a version passes through them.
        image: The image of a promotion to check.
        to: The environment of a promotion to check.
        source: The environment that the promotion takes the image from; the one before by default.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "promotion.chain",
        {
            "environments": environments,
            "image": image,
            "to": to,
            "source": source,
        },
        cancel,
        on_progress,
    )
