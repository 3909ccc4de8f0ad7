"""What goes wrong, and how it is told."""

from __future__ import annotations

import copy
import pickle

import pytest

import trueup


def test_the_classes_form_one_tree() -> None:
    for name in ["Parse", "Render", "Limit", "Unsupported", "Missing", "Internal", "Request"]:
        assert issubclass(getattr(trueup, f"{name}Error"), trueup.TrueupError)
    assert issubclass(trueup.Cancelled, trueup.TrueupError)
    assert issubclass(trueup.RequestError, TypeError) and issubclass(trueup.RequestError, ValueError)
    assert not issubclass(trueup.ParseError, ValueError)


def test_an_error_says_where() -> None:
    with pytest.raises(trueup.ParseError) as caught:
        trueup.yaml.parse("a: [1\n", file="x.yaml")
    error = caught.value
    assert (error.code, error.file, error.line) == ("yaml/syntax", "x.yaml", 2)
    assert str(error).startswith("x.yaml:2:")
    assert error.spans[0]["file"] == "x.yaml" and error.spans[0]["span"] is not None
    assert error.diagnostics[0]["code"] == error.code
    for again in [pickle.loads(pickle.dumps(error)), copy.deepcopy(error)]:
        assert type(again) is type(error) and again.to_dict() == error.to_dict() and str(again) == str(error)


def test_what_is_missing_can_be_supplied() -> None:
    tree = trueup.Tree({"kustomization.yaml": "resources:\n- https://github.com/org/repo//base?ref=v1\n"})
    with pytest.raises(trueup.MissingError) as caught:
        trueup.kustomize.build(tree)
    (missing,) = caught.value.missing
    assert missing["kind"] == "remote"
    base = trueup.Tree({"base/kustomization.yaml": "resources: [s.yaml]\n", "base/s.yaml": "{apiVersion: v1, kind: Service, metadata: {name: s}}"})
    mounted = tree.with_mounts({missing["url"].replace("//base", ""): base})
    assert trueup.kustomize.build(mounted)[0].name == "s"


def test_facts_are_asked_for_until_they_are_there() -> None:
    application_set = {
        "metadata": {"name": "s", "namespace": "argocd"},
        "spec": {
            "generators": [{"git": {"repoURL": "r", "revision": "main", "directories": [{"path": "*"}]}}],
            "template": {"metadata": {"name": "{{path.basename}}"}, "spec": {"project": "p", "source": {"repoURL": "r"}, "destination": {"name": "c"}}},
        },
    }
    with pytest.raises(trueup.MissingError) as caught:
        trueup.appset.evaluate(application_set)
    assert caught.value.missing[0]["kind"] == "git"
    facts: trueup.types.Facts = {"git": [{"repository": "r", "revision": "main", "directories": ["cart"]}]}
    generated = trueup.appset.evaluate(application_set, facts)
    assert [application["name"] for application in generated["applications"]] == ["cart"]


def test_partial_results_come_with_what_went_wrong() -> None:
    tree = trueup.Tree({"good/kustomization.yaml": "{}", "bad/kustomization.yaml": "resources: [gone.yaml]"})
    built = trueup.kustomize.build_all(tree, strict=False, directories=["good", "bad"])
    assert set(built["manifests"]) | set(built["errors"]) == {"good", "bad"}
    assert built["errors"]["bad"]["code"] == "kustomize/missing-resource"
    with pytest.raises(trueup.RenderError):
        trueup.kustomize.build_all(tree, directories=["bad"])


def test_hostile_texts_are_errors() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [" + ",".join([f"*{chr(97 + i)}"] * 9) + "]\n" for i in range(9)
    )
    with pytest.raises(trueup.LimitError):
        trueup.yaml.parse(bomb)
    for text in ["[" * 100_000, "{" * 100_000, "- " * 100_000]:
        with pytest.raises(trueup.TrueupError):
            trueup.yaml.parse(text)
    with pytest.raises(trueup.LimitError):
        trueup.Template("{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}").render({})
    for data in [b"\xff\xfe\x00", b"\x00" * 1000, b"a: \x80"]:
        with pytest.raises(trueup.TrueupError):
            trueup.yaml.parse(data)


def test_secrets_do_not_show() -> None:
    def secret(value: str) -> dict[str, object]:
        return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "n"}, "stringData": {"p": value}}

    comparison = trueup.diff.compare([secret("canary-one")], [secret("canary-two")])
    for shown in [comparison.to_text(), comparison.to_html(), comparison.to_markdown(), repr(comparison), str(comparison.to_dict())]:
        assert "canary" not in shown
