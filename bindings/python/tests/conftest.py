"""What the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

import trueup

ROOT = Path(__file__).resolve().parents[3]

APP = {
    "app/kustomization.yaml": "namePrefix: demo-\nresources: [service.yaml]\n",
    "app/service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n",
}


@pytest.fixture
def tree() -> trueup.Tree:
    return trueup.Tree(APP)


@pytest.fixture(scope="session")
def example() -> trueup.Tree:
    """The example repository: 90 Applications."""
    return trueup.Tree.from_dir(ROOT / "examples" / "platform-configs")


@pytest.fixture(scope="session")
def live() -> dict[str, trueup.Manifests]:
    """What runs in its three clusters."""
    directory = ROOT / "examples" / "live"
    names = ["development", "staging", "production"]
    return {name: trueup.manifests.read(trueup.Tree.from_dir(directory / name)) for name in names}
