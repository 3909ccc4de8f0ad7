"""GitOps without a cluster: render, preview and explain what Argo CD and kustomize would do.

>>> import trueup
>>> tree = trueup.Tree({
...     "app/kustomization.yaml": "namePrefix: demo-\\nresources: [service.yaml]\\n",
...     "app/service.yaml": "apiVersion: v1\\nkind: Service\\nmetadata: {name: web}\\n",
... })
>>> for manifest in trueup.kustomize.build(tree, "app"):
...     print(manifest.kind, manifest.name, manifest.origin)
Service demo-web app/service.yaml:1
"""

from __future__ import annotations

from ._errors import (
    Cancelled,
    InternalError,
    LimitError,
    MissingError,
    ParseError,
    RenderError,
    RequestError,
    TrueupError,
    UnsupportedError,
)
from ._top import discover, explain, impact, preview
from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree, __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import (
        appset,
        atlantis,
        backup,
        diff,
        health,
        helm,
        json,
        kustomize,
        manifests,
        patch,
        promotion,
        rollouts,
        secrets,
        source,
        sync,
        template,
        terraform,
        types,
        yaml,
    )

__all__ = [
    "Cancel",
    "Cancelled",
    "Comparison",
    "InternalError",
    "LimitError",
    "Manifest",
    "Manifests",
    "MissingError",
    "ParseError",
    "Plan",
    "RenderError",
    "Report",
    "RequestError",
    "Template",
    "Tree",
    "TrueupError",
    "UnsupportedError",
    "__version__",
    "appset",
    "atlantis",
    "backup",
    "diff",
    "discover",
    "explain",
    "health",
    "helm",
    "impact",
    "json",
    "kustomize",
    "manifests",
    "patch",
    "preview",
    "promotion",
    "rollouts",
    "secrets",
    "source",
    "sync",
    "template",
    "terraform",
    "types",
    "yaml",
]

_AREAS = frozenset(
    [
        "appset",
        "atlantis",
        "backup",
        "diff",
        "health",
        "helm",
        "json",
        "kustomize",
        "manifests",
        "patch",
        "promotion",
        "rollouts",
        "secrets",
        "source",
        "sync",
        "template",
        "terraform",
        "types",
        "yaml",
    ]
)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        # Areas are loaded when they are used: a short import is a promise.
        if name in _AREAS:
            import importlib

            return importlib.import_module(f".{name}", __name__)
        raise AttributeError(f"module 'trueup' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
