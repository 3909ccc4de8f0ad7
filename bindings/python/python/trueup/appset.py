# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `appset`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["evaluate", "needs", "explain"]


def evaluate(
    application_set: _types.Object,
    facts: _types.Facts | None = None,
    *,
    strict: bool = True,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> _types.Generated:
    """Generates the Applications of an ApplicationSet, each with the generator and row it comes from.

    What it must know of the world stands in `facts`; what is missing is a `MissingError` that lists it, never an empty answer.

    Args:
        application_set: The ApplicationSet.
        facts: What is known of the world.
        strict: Whether the first error fails the call, as in Argo CD; else what does work is answered beside the errors.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "appset.evaluate",
        {
            "applicationSet": application_set,
            "facts": facts,
            "strict": strict,
        },
        cancel,
        on_progress,
    )


def needs(
    application_set: _types.Object,
    facts: _types.Facts | None = None,
    *,
    strict: bool = True,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> list[dict[str, Any]]:
    """Lists the facts that an ApplicationSet asks for and that are not known yet. Ask again once they are: one fact can lead to another.

    Args:
        application_set: The ApplicationSet.
        facts: What is known of the world.
        strict: Whether the first error fails the call, as in Argo CD; else what does work is answered beside the errors.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "appset.needs",
        {
            "applicationSet": application_set,
            "facts": facts,
            "strict": strict,
        },
        cancel,
        on_progress,
    )


def explain(
    application_set: _types.Object,
    name: str,
    facts: _types.Facts | None = None,
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> dict[str, Any]:
    """Says why an Application of a name is generated, or not: the generator, the row, and what filled each templated field.

    Args:
        application_set: The ApplicationSet.
        name: The name of the Application.
        facts: What is known of the world.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "appset.explain",
        {
            "applicationSet": application_set,
            "name": name,
            "facts": facts,
        },
        cancel,
        on_progress,
    )
