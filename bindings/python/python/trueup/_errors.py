"""What goes wrong, as exceptions."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import types as _types
    from ._trueup import Template

__all__ = [
    "TrueupError",
    "RequestError",
    "ParseError",
    "RenderError",
    "LimitError",
    "UnsupportedError",
    "MissingError",
    "Cancelled",
    "InternalError",
]


class TrueupError(Exception):
    """Every error of trueup. It says what, where, why, and what would help, as attributes and as `to_dict()`."""

    code: _types.ErrorCode
    """A stable code, `area/what-is-wrong`."""
    message: str
    """The message, as the reference words it."""
    help: str | None
    """What would help, if it is known."""
    file: str | None
    """The file, as a path in its tree."""
    line: int | None
    """Line, from 1."""
    column: int | None
    """Column in characters, from 1."""
    spans: list[_types.Location]
    """Every place that has to do with it, the most telling first."""
    notes: list[str]
    """How we came here, and whatever else belongs to it."""
    diagnostics: list[_types.Diagnostic]
    """Everything that went wrong, this first."""
    missing: list[dict[str, Any]]
    """What the host must supply before it asks again."""

    def __init__(self, text: str = "", data: dict[str, Any] | None = None) -> None:
        super().__init__(text)
        data = data or {}
        self.code = data.get("code", "api/internal")
        self.message = data.get("message", text)
        self.help = data.get("help")
        self.file = data.get("file")
        self.line = data.get("line")
        self.column = data.get("column")
        self.spans = data.get("spans", [])
        self.notes = data.get("notes", [])
        self.diagnostics = data.get("diagnostics", [])
        self.missing = data.get("missing", [])

    def to_dict(self) -> _types.ErrorData:
        """Returns everything about the error as plain data."""
        return {
            "class": type(self).__name__,
            "code": self.code,
            "message": self.message,
            "help": self.help,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "spans": self.spans,
            "notes": self.notes,
            "diagnostics": self.diagnostics,
            "missing": self.missing,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return (_make, (self.to_dict(), str(self)))


class RequestError(TrueupError, TypeError, ValueError):
    """The call itself is wrong: an unknown key, a value of the wrong type."""


class ParseError(TrueupError):
    """A text or an object cannot be read."""


class RenderError(TrueupError):
    """Everything can be read, and yet there is no result."""


class LimitError(TrueupError):
    """A limit was reached."""


class UnsupportedError(TrueupError):
    """Something that trueup does not do."""


class MissingError(TrueupError):
    """Something that only the host can supply, such as a repository or a fact; `missing` lists everything."""


class Cancelled(TrueupError):
    """The work was stopped."""


class InternalError(TrueupError):
    """A mistake of trueup's own. The engine stays usable."""


def _make(data: dict[str, Any], text: str) -> TrueupError:
    return _CLASSES.get(data.get("class", ""), TrueupError)(text, data)


def _template(text: str, name: str, functions: Any) -> Template:
    from ._trueup import Template

    return Template(text, name=name, functions=functions)


_CLASSES: dict[str, type[TrueupError]] = {
    cls.__name__: cls
    for cls in (
        RequestError,
        ParseError,
        RenderError,
        LimitError,
        UnsupportedError,
        MissingError,
        Cancelled,
        InternalError,
    )
}
