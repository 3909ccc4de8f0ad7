from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, final, overload

from . import types as _types

__all__ = [
    "Cancel",
    "Comparison",
    "Document",
    "Manifest",
    "Manifests",
    "Plan",
    "Report",
    "Template",
    "Tree",
    "__version__",
    "call",
    "main",
    "restore_document",
    "restore_manifests",
    "restore_tree",
]

__version__: str

@final
class Cancel:
    """Stops calls that are under way, from another thread or after so many steps."""

    def __new__(cls, steps: int | None = None) -> Cancel: ...
    def cancel(self) -> None:
        """Stops every call that was given this, at its next step."""

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped."""

@final
class Tree:
    """A file tree: a value that no path can leave, cheap to copy and to change a copy of."""

    def __new__(cls, files: Mapping[str, _types.Text] | None = None) -> Tree: ...
    @staticmethod
    def from_dir(path: str | PathLike[str], *, lazy: bool = False) -> Tree:
        """Reads a directory with everything below it but `.git`, without following links out of it.

        With `lazy`, files are read when they are needed, each at most once.
        """

    @staticmethod
    def lazy(
        read: Callable[[str], _types.Text | None], list: Callable[[str], Iterable[str]]
    ) -> Tree:
        """Returns a tree that asks for its files as they are needed, each path at most once.

        `read` gives the content of a file, or None if there is none; `list` the names directly inside a directory.
        """

    def read(self, path: str) -> bytes:
        """Returns the bytes of a file."""

    def read_text(self, path: str) -> str:
        """Returns the text of a file, which must be UTF-8."""

    def files(self, directory: str = "") -> list[str]:
        """Returns the paths of all files below a directory, sorted."""

    def list(self, directory: str = "") -> list[str]:
        """Returns the names directly inside a directory, sorted."""

    def with_changes(self, changes: Mapping[str, _types.Text | None]) -> Tree:
        """Returns a new tree with changes: new content for a path, or None to take it away with everything below it."""

    def with_mounts(self, mounts: Mapping[str, Tree]) -> Tree:
        """Returns a new tree that answers for remote ones: other repositories and remote bases, by their URL."""

    def __contains__(self, key: str, /) -> bool: ...
    def __len__(self) -> int: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Manifest:
    """One manifest: a mapping of which only what is read is converted."""

    @property
    def api_version(self) -> str:
        """`apiVersion`."""

    @property
    def kind(self) -> str:
        """`kind`."""

    @property
    def name(self) -> str:
        """`metadata.name`."""

    @property
    def namespace(self) -> str:
        """`metadata.namespace`; empty if there is none."""

    @property
    def labels(self) -> dict[str, str]:
        """`metadata.labels`, those that are strings."""

    @property
    def annotations(self) -> dict[str, str]:
        """`metadata.annotations`, those that are strings."""

    @property
    def origin(self) -> str:
        """The file, with its line, that declares it; empty if nobody knows."""

    def to_dict(self) -> dict[str, Any]:
        """Returns the whole object as a dict of its own."""

    def to_yaml(self) -> str:
        """Returns it as kustomize writes manifests."""

    def get(self, *path: str | int, default: Any = None) -> Any:
        """Returns the value below some keys and positions, or the default: `manifest.get("spec", "containers", 0)`."""

    def keys(self) -> list[str]:
        """Returns the keys."""

    def __getitem__(self, key: str, /) -> Any: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[str]: ...
    def __eq__(self, value: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Manifests:
    """The manifests of a build, in order."""

    @property
    def warnings(self) -> list[_types.Diagnostic]:
        """What was worth knowing."""

    def to_yaml(self) -> str:
        """Returns exactly what `kustomize build` prints for them."""

    def to_list(self) -> list[dict[str, Any]]:
        """Returns the objects as a list of dicts."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Manifest]: ...
    def __reversed__(self) -> Iterator[Manifest]: ...
    @overload
    def __getitem__(self, key: int, /) -> Manifest: ...
    @overload
    def __getitem__(self, key: slice, /) -> list[Manifest]: ...
    def __eq__(self, value: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Template:
    """A parsed Go template."""

    def __new__(
        cls,
        text: str,
        *,
        name: str = "template",
        functions: Literal["go", "sprig", "argocd", "helm"] = "argocd",
    ) -> Template: ...
    @property
    def name(self) -> str:
        """The name, for errors."""

    @property
    def text(self) -> str:
        """The text it was parsed from."""

    def render(
        self,
        data: Any,
        *,
        missing_key: Literal["default", "zero", "error"] = "default",
        now: int | None = None,
        seed: int | None = None,
        max_steps: int | None = None,
    ) -> str:
        """Renders it with data, as `trueup.template.render` does."""

    def __reduce__(self) -> tuple[Any, ...]: ...

class Document:
    """What an engine found: a mapping of which only what is read is converted."""

    def to_dict(self) -> Any:
        """Returns everything as a dict of its own."""

    def to_text(self) -> str:
        """Returns it as text for people."""

    def to_markdown(self) -> str:
        """Returns it as Markdown, for a pull request."""

    def to_html(self) -> str:
        """Returns it as HTML. Whatever comes from outside is escaped."""

    def keys(self) -> list[str]:
        """Returns the keys."""

    def _repr_html_(self) -> str: ...
    def __getitem__(self, key: str, /) -> Any: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[str]: ...
    def __eq__(self, value: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Report(Document):
    """What a preview found."""

    def to_dict(self) -> _types.ReportData:
        """Returns everything as a dict of its own."""

    @property
    def repository(self) -> str:
        """A name for the repository."""

    @property
    def application_sets(self) -> int:
        """How many ApplicationSets were evaluated."""

    @property
    def objects(self) -> int:
        """How many objects were rendered."""

    @property
    def applications(self) -> list[_types.ApplicationReport]:
        """The Applications, sorted by name."""

    @property
    def diagnostics(self) -> list[_types.Diagnostic]:
        """What concerns no single Application."""

@final
class Comparison(Document):
    """A whole comparison."""

    def to_dict(self) -> _types.ComparisonData:
        """Returns everything as a dict of its own."""

    @property
    def status(self) -> Literal["Synced", "OutOfSync", "Unknown"]:
        """The status of the Application."""

    @property
    def resources(self) -> list[_types.ComparedResource]:
        """Every object: the desired ones in their order, then the others."""

    @property
    def summary(self) -> _types.ComparisonSummary:
        """How many stand how."""

    @property
    def diagnostics(self) -> list[_types.Diagnostic]:
        """What is wrong with the input as a whole."""

@final
class Plan(Document):
    """What a sync would do."""

    def to_dict(self) -> _types.PlanData:
        """Returns everything as a dict of its own."""

    @property
    def steps(self) -> list[_types.PlanStep]:
        """The steps in order."""

    @property
    def deletions(self) -> list[int]:
        """The live objects that would be deleted: positions in `steps`."""

    @property
    def live(self) -> int:
        """How many live resources the Application has."""

    @property
    def conflicts(self) -> list[_types.Conflict]:
        """Dependencies that the order contradicts."""

def call(
    name: str,
    request: dict[str, Any],
    cancel: Cancel | None = None,
    on_progress: _types.Progress | None = None,
) -> Any:
    """Runs an operation by its name, as the functions of the areas do."""

def main(arguments: Sequence[str]) -> int:
    """Runs a command line, whose first word is the program's name; returns the exit code."""

def restore_tree(entries: dict[str, bytes | str | None], mounts: dict[str, Tree]) -> Tree:
    """Makes a tree that was pickled."""

def restore_manifests(
    kept: Sequence[tuple[str, str]], warnings: Any, single: bool
) -> Manifests | Manifest:
    """Makes manifests that were pickled, or the one that was."""

def restore_document(kind: str, value: Any, texts: Sequence[str]) -> Document:
    """Makes a document that was pickled."""
