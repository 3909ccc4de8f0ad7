# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `template`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["parse", "render", "fasttemplate"]


def parse(
    text: str,
    *,
    name: str = "template",
    functions: Literal["go", "sprig", "argocd", "helm"] = "argocd",
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Template:
    """Parses a template once, to be rendered often.

    Args:
        text: The text.
        name: The name, for errors.
        functions: Which functions it may call.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "template.parse",
        {
            "text": text,
            "name": name,
            "functions": functions,
        },
        cancel,
        on_progress,
    )


def render(
    template: Template,
    data: Any,
    *,
    missing_key: Literal["default", "zero", "error"] = "default",
    now: int | None = None,
    seed: int | None = None,
    max_steps: int | None = None,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> str:
    """Renders a template with data.

    Without a time, a template that asks for it fails; without a seed, one that asks for randomness does.

    Args:
        template: The template.
        data: The data, the `.` of the template.
        missing_key: What becomes of a key that is not there.
        now: The time that `now` gives, in seconds since 1970.
        seed: The seed of everything random.
        max_steps: How many steps it may take, if fewer than usual.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "template.render",
        {
            "template": template,
            "data": data,
            "missingKey": missing_key,
            "now": now,
            "seed": seed,
            "maxSteps": max_steps,
        },
        cancel,
        on_progress,
    )


def fasttemplate(
    text: str,
    parameters: Mapping[str, str],
    *,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> str:
    """Replaces `{{name}}` by parameters, as ApplicationSets without `goTemplate` do; unknown names stay as they are.

    Args:
        text: The text.
        parameters: What names are replaced with.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "template.fasttemplate",
        {
            "text": text,
            "parameters": parameters,
        },
        cancel,
        on_progress,
    )
