# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""Operations of the area `json`."""

from __future__ import annotations

from ._trueup import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from . import types as _types
    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

__all__ = ["parse", "dump"]


def parse(
    text: _types.Text,
    *,
    numbers: Literal["kept", "kubernetes", "float"] = "kept",
    file: str = "",
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Any:
    """Reads a JSON text as Go's `encoding/json` does; of duplicate keys the last one wins.

    Args:
        text: The text.
        numbers: What numbers become.
        file: A name for the text, for errors.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(
        "json.parse",
        {
            "text": text,
            "numbers": numbers,
            "file": file,
        },
        cancel,
        on_progress,
    )


def dump(
    value: Any,
    *,
    indent: int | None = None,
    escape_html: bool = True,
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> str:
    """Writes a value as JSON, with keys sorted, as Go's `encoding/json` does.

    Args:
        value: The value.
        indent: How many spaces a level is indented by; everything in one line if there are none.
        escape_html: Whether `<`, `>` and `&` are escaped, as Go does.
        cancel: Stops the call from another thread, or after so many steps.
        on_progress: Is told how far the call is.
    """
    return _call(  # type: ignore[no-any-return]
        "json.dump",
        {
            "value": value,
            "indent": indent,
            "escapeHtml": escape_html,
        },
        cancel,
        on_progress,
    )
