# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `secrets`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["gate", "scan"]


def gate(
    text: _types.Text,
    path: str,
    *,
    allowed_age_recipients: Sequence[str] | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[_types.Finding]:
    """Looks through one file for what must not be in Git: plain secrets, and encrypted ones that are not what they should be.

    A path that does not end in `.yaml`, `.yml` or `.json` is searched as text only. No finding holds a value.

    Args:
        text: Its text.
        path: Its path.
        allowed_age_recipients: The only age recipients that SOPS may encrypt for; null for all.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "secrets.gate",
        {
            "text": text,
            "path": path,
            "allowedAgeRecipients": allowed_age_recipients,
        },
        cancel,
        on_progress,
    )


def scan(
    tree: Tree,
    *,
    allowed_age_recipients: Sequence[str] | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[_types.FileFindings]:
    """Looks through every file of a tree; only files with findings are listed, by path.

    Args:
        tree: The tree.
        allowed_age_recipients: The only age recipients that SOPS may encrypt for; null for all.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "secrets.scan",
        {
            "tree": tree,
            "allowedAgeRecipients": allowed_age_recipients,
        },
        cancel,
        on_progress,
    )
