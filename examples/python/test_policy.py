"""A policy check with pytest: every overlay of the repository is rendered, and each manifest is a test of its own.

    pytest examples/python/test_policy.py
"""

from __future__ import annotations

from pathlib import Path

import pytest

import trueup

REPOSITORY = Path(__file__).resolve().parents[1] / "platform-configs"

built = trueup.kustomize.build_all(trueup.Tree.from_dir(REPOSITORY))["manifests"]
MANIFESTS = [
    pytest.param(manifest, id=f"{directory}: {manifest.kind}/{manifest.name}")
    for directory, manifests in built.items()
    if "/production" in directory
    for manifest in manifests
]


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_no_plain_secrets(manifest: trueup.Manifest) -> None:
    assert manifest.kind != "Secret", manifest.origin


@pytest.mark.parametrize("manifest", [param for param in MANIFESTS if param.values[0].kind == "Deployment"])
def test_images_are_pinned(manifest: trueup.Manifest) -> None:
    for container in manifest.get("spec", "template", "spec", "containers", default=[]):
        tag = container["image"].rpartition(":")[2]
        assert tag and tag != "latest" and "/" not in tag, f"{container['image']} ({manifest.origin})"
