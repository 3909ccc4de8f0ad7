# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `terraform`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["summarize", "check_push", "reads"]


def summarize(
    plan: _types.Text,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.TerraformSummary:
    """Tells what a Terraform plan changes and what has drifted, without a sensitive value.

    Args:
        plan: What `terraform show -json PLANFILE` prints.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "terraform.summarize",
        {
            "plan": plan,
        },
        cancel,
        on_progress,
    )


def check_push(
    candidate: _types.Text,
    *,
    current: _types.Text | None = None,
    force: bool = False,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.StatePush:
    """Tells whether `terraform state push` accepts a state over what is there, and what would be lost.

    Args:
        candidate: The state to push.
        current: The state that is there; nothing if there is none.
        force: Whether it is pushed with `-force`.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "terraform.check_push",
        {
            "candidate": candidate,
            "current": current,
            "force": force,
        },
        cancel,
        on_progress,
    )


def reads(
    tree: Tree,
    directory: str,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.ModuleReads:
    """Names the files that a Terraform project reads: its own, and those of the modules that it uses.

    Args:
        tree: The repository.
        directory: The directory of the project.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "terraform.reads",
        {
            "tree": tree,
            "directory": directory,
        },
        cancel,
        on_progress,
    )
