"""Trees, manifests, templates and documents."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import trueup


def test_a_tree_is_a_value(tree: trueup.Tree) -> None:
    assert len(tree) == 2
    assert "app/service.yaml" in tree
    assert "app" not in tree
    assert tree.list() == ["app"]
    assert tree.files("app") == ["app/kustomization.yaml", "app/service.yaml"]
    assert tree.read_text("app/kustomization.yaml").startswith("namePrefix")
    changed = tree.with_changes({"app/service.yaml": None, "new": b"x"})
    assert changed.files() == ["app/kustomization.yaml", "new"]
    assert len(tree) == 2
    assert tree == trueup.Tree({path: tree.read(path) for path in tree.files()})
    assert hash(tree) == hash(trueup.Tree({path: tree.read(path) for path in tree.files()}))
    assert tree != changed and tree != 1
    assert repr(tree) == "<Tree [app]>"
    assert len(trueup.Tree()) == 0


def test_no_path_leaves_a_tree(tree: trueup.Tree, tmp_path: Path) -> None:
    for path in ["../x", "/etc/passwd", "a/../../x", "C:\\x", "a\x00b"]:
        with pytest.raises(trueup.ParseError):
            trueup.Tree({path: ""})
        with pytest.raises(trueup.TrueupError):
            tree.read(path)
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "secret").mkdir()
    for lazy in [False, True]:
        with pytest.raises(trueup.TrueupError):
            trueup.Tree.from_dir(tmp_path, lazy=lazy).read("link")


@pytest.mark.parametrize("lazy", [False, True])
def test_directories(lazy: bool, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "f").write_bytes(b"\xff\x00")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    assert trueup.Tree.from_dir(tmp_path).files() == ["a/f"]
    assert trueup.Tree.from_dir(str(tmp_path), lazy=lazy).read("a/f") == b"\xff\x00"
    with pytest.raises(OSError, match="nowhere"):
        trueup.Tree.from_dir(tmp_path / "nowhere", lazy=lazy)


def test_a_lazy_tree_asks_for_what_is_needed_and_once(tree: trueup.Tree) -> None:
    asked: list[str] = []

    def read(path: str) -> bytes | None:
        asked.append(path)
        return tree.read(path) if path in tree else None

    lazy = trueup.Tree.lazy(read, lambda directory: tree.list(directory) if directory in ("", "app") else [])
    first = trueup.kustomize.build(lazy, "app").to_yaml()
    assert first == trueup.kustomize.build(tree, "app").to_yaml()
    count = len(asked)
    assert trueup.kustomize.build(lazy, "app").to_yaml() == first
    assert len(asked) == count == len(set(asked))


def test_what_a_loader_raises_is_told() -> None:
    def read(path: str) -> bytes | None:
        raise RuntimeError("the bucket is gone")

    tree = trueup.Tree.lazy(read, lambda directory: [])
    with pytest.raises(trueup.TrueupError, match="the bucket is gone"):
        tree.read("x")
    wrong = trueup.Tree.lazy(lambda path: 7, lambda directory: [])  # type: ignore[arg-type,return-value]
    with pytest.raises(trueup.TrueupError, match="bytes, str or None"):
        wrong.read("x")


def test_manifests(tree: trueup.Tree) -> None:
    manifests = trueup.kustomize.build(tree, "app")
    assert len(manifests) == 1
    (manifest,) = manifests
    assert (manifest.api_version, manifest.kind, manifest.name, manifest.namespace) == ("v1", "Service", "demo-web", "")
    assert manifest.origin == "app/service.yaml:1"
    assert manifest["metadata"] == {"name": "demo-web"}
    assert manifest.get("spec", "ports", 0, "port") == 80
    assert manifest.get("spec", "nothing", default=7) == 7
    assert manifest.get("spec", "nothing") is None
    assert "spec" in manifest and "x" not in manifest and 1 not in manifest
    assert list(manifest) == ["apiVersion", "kind", "metadata", "spec"] == manifest.keys()
    assert dict(manifest) == manifest.to_dict() == manifest
    assert manifest.labels == {} and manifest.annotations == {}
    with pytest.raises(KeyError):
        manifest["x"]
    with pytest.raises(IndexError):
        manifests[1]
    assert manifests[-1] == manifest
    assert manifests.to_list() == [manifest.to_dict()]
    assert manifests.to_yaml() == manifest.to_yaml()
    assert repr(manifest) == "<Manifest Service demo-web from app/service.yaml:1>"
    assert repr(manifests) == "<Manifests 1: Service demo-web>"


def test_slices(example: trueup.Tree) -> None:
    manifests = trueup.kustomize.build(example, "services/payment/overlays/production")
    assert [m.name for m in manifests[1:3]] == [manifests[1].name, manifests[2].name]
    assert manifests[0] in manifests
    assert list(reversed(manifests))[0] == manifests[-1]


def test_the_whole_example(example: trueup.Tree, live: dict[str, trueup.Manifests]) -> None:
    seen: list[tuple[str, int, int, str]] = []
    report = trueup.preview(example, live=live, name="platform-configs", on_progress=lambda *told: seen.append(told))
    assert report.repository == "platform-configs"
    assert len(report.applications) == 90
    states = [application["sync"] for application in report.applications]
    assert (states.count("Synced"), states.count("OutOfSync"), states.count("Unknown")) == (84, 6, 0)
    assert seen[-1][:3] == ("preview", 90, 90) or max(done for _, done, _, _ in seen) == 90
    assert "payment-legacy" in report.to_markdown()
    assert "payment-legacy" in report._repr_html_()
    assert "out of sync" in report.to_text() == str(report)
    assert report["objects"] == report.objects == 526
    assert repr(report) == "<Report 90 applications>"
    assert report == trueup.preview(example, live=live, name="platform-configs")


def test_comparisons_and_plans() -> None:
    def config_map(value: str) -> dict[str, Any]:
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "<b>", "namespace": "n"}, "data": {"k": value}}

    comparison = trueup.diff.compare([config_map("new")], [config_map("old")])
    assert comparison.status == "OutOfSync"
    assert comparison.resources[0]["report"] is not None
    assert "&lt;b&gt;" in comparison._repr_html_() and "<b>&lt;" not in comparison.to_html()
    assert comparison.to_markdown().startswith("```diff")
    plan = trueup.sync.plan([config_map("new")], [], operation={"prune": True})
    assert [step["action"] for step in plan.steps] == ["create"]
    assert plan.live == 0 and plan.deletions == [] and plan.conflicts == []
    assert "ConfigMap" in plan.to_text()
    for document in [comparison, plan]:
        assert set(document) == set(document.to_dict()) == set(document.keys())
        assert pickle.loads(pickle.dumps(document)) == document
        assert pickle.loads(pickle.dumps(document)).to_html() == document.to_html()


def test_everything_pickles(example: trueup.Tree, live: dict[str, trueup.Manifests]) -> None:
    copy = pickle.loads(pickle.dumps(example))
    assert copy == example
    mounted = example.with_mounts({"https://git.example.com/x": trueup.Tree({"a": "b"})})
    assert pickle.loads(pickle.dumps(mounted)) == mounted
    built = trueup.kustomize.build_all(example)
    assert len(built["manifests"]) > 90 and not built["errors"]
    for manifests in built["manifests"].values():
        again = pickle.loads(pickle.dumps(manifests))
        assert again.to_yaml() == manifests.to_yaml()
        assert [m.origin for m in again] == [m.origin for m in manifests]
        assert again.warnings == manifests.warnings
    report = trueup.preview(example, live=live)
    again = pickle.loads(pickle.dumps(report))
    assert again == report and again.to_markdown() == report.to_markdown() and type(again) is trueup.Report
    template = pickle.loads(pickle.dumps(trueup.Template("{{ . | quote }}", functions="sprig", name="t")))
    assert template.render("x") == '"x"' and template.name == "t"


def test_origins_lead_to_lines(example: trueup.Tree) -> None:
    for manifest in trueup.kustomize.build(example, "services/payment/overlays/production"):
        file, line = manifest.origin.rsplit(":", 1)
        text = (ROOT / "examples" / "platform-configs" / file).read_text().splitlines()
        assert text[int(line) - 1].strip()
