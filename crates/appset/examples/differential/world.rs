//! What the world looks like.

use super::generate::Maker;
use serde_json::{Value as Json, json};

/// The repository that generators read.
pub(crate) const REPOSITORY: &str = "https://git.example.com/config.git";

/// Values of parameters.
pub(crate) const VALUES: &[&str] = &[
    "prod",
    "dev",
    "staging",
    "cart",
    "user",
    "",
    "1",
    "a b",
    "A_b",
    "x.y",
    "é",
    "true",
    "https://a",
    "in-cluster",
    "one",
];

/// Makes the inputs of a case.
pub(crate) fn inputs(maker: &mut Maker) -> Json {
    let choices = &mut maker.choices;
    let mut pool = vec![
        json!({ "name": "alpha", "server": "https://alpha", "labels": { "argocd.argoproj.io/secret-type": "cluster", "env": "prod", "tier": "1" }, "annotations": { "note": "n" } }),
        json!({ "name": "Beta_01", "server": "https://beta", "labels": { "argocd.argoproj.io/secret-type": "cluster", "env": "dev" }, "project": "p" }),
        json!({ "name": "gamma", "server": "https://gamma", "labels": { "argocd.argoproj.io/secret-type": "cluster" }, "annotations": {} }),
        json!({ "name": "local", "server": "https://kubernetes.default.svc", "labels": { "argocd.argoproj.io/secret-type": "cluster", "env": "staging" }, "annotations": { "note": "{{x}}", "a/b": "c" } }),
    ];
    pool.retain(|_| choices.chance(55));
    let mut inputs = json!({ "clusters": pool, "git": git(), "scm": scm(), "pullRequests": pulls(), "plugins": { "plugin": plugin(), "no-token": {} } });
    inputs["configMaps"] = json!([
        { "name": "plugin", "data": { "baseUrl": "http://plugin", "token": "$plugin.token" } },
        { "name": "no-token", "data": { "baseUrl": "http://plugin" } },
        { "name": "placements", "data": { "apiVersion": "cluster.example.com/v1", "kind": "placementdecisions", "matchKey": "clusterName", "statusListKey": "decisions" } },
        { "name": "by-server", "data": { "apiVersion": "cluster.example.com/v1", "kind": "placementdecisions", "matchKey": "name" } },
        { "name": "odd", "data": { "apiVersion": "cluster.example.com/v1", "kind": "placementdecisions", "matchKey": "size", "statusListKey": "decisions" } },
        { "name": "no-key", "data": { "apiVersion": "cluster.example.com/v1", "kind": "placementdecisions", "statusListKey": "decisions" } },
        { "name": "no-group", "data": { "apiVersion": "v1", "kind": "placementdecisions", "matchKey": "clusterName" } },
    ]);
    inputs["secrets"] = json!([{ "name": "argocd-secret", "data": { "plugin.token": "t" } }]);
    inputs["decisionResources"] = decisions();
    if choices.chance(10) {
        inputs["pullRequests"] = json!({ "error": "boom", "repositoryNotFound": choices.chance(50) });
    }
    if choices.chance(10) {
        inputs["projects"] = json!(["default"]);
    }
    if choices.chance(25) {
        inputs["gitFileGlobbing"] = "new".into();
    }
    inputs
}

fn git() -> Json {
    let main = json!({
        "services/cart/overlays/prod/kustomization.yaml": "", "services/cart/overlays/dev/kustomization.yaml": "", "services/cart/config.json": "{\"env\": \"prod\", \"n\": 3, \"cluster\": {\"name\": \"c\", \"size\": 1000000}}",
        "services/user/overlays/prod/kustomization.yaml": "", "services/user/config.json": "{\"env\": \"dev\", \"list\": [\"a\", {\"k\": 1.5}], \"path\": \"own\", \"values\": {\"x\": \"file\", \"y\": 2}}",
        "services/A_b/x.txt": "", "infra-a/x/y.txt": "", "infra/x/z.txt": "", "config.json": "{\"env\": \"root\", \"key\": null}", "values.yaml": "env: values\nkey: [1, 2]\na: {b: {c: yes}}\n",
        "clusters/a.yaml": "env: prod\nname: alpha\nn: 010\n", "clusters/b.yaml": "env: dev\nname: beta\nn: 1e3\nconfig: [{env: q}, {env: r}]\n", "clusters/deep/c.yaml": "env: deep\n",
        "lists.yaml": "- {env: l1, n: 1}\n- {env: l2, n: 2.50}\n- {}\n", "empty.yaml": "", "numbers.yaml": "a: 12345678\nb: 0.00001\nc: 123456789012345678\nd: -0.0\ne: 0x1F\nf: 1_000\ng: .inf\n\"y\": z\nenv: off\n",
        ".hidden/x.yaml": "env: hidden\n", ".github/workflows/ci.yaml": "on: push\n",
    });
    json!([
        { "repoURL": REPOSITORY, "revision": "main", "files": main },
        { "repoURL": REPOSITORY, "revision": "dev", "files": { "services/cart/kustomization.yaml": "", "services/a/b/c/d.yaml": "", "bad.yaml": "a: [", "clusters/a.yaml": "env: dev\ncluster: {name: x}\n", "two.yaml": "env: a\n---\nenv: b\n", "config.json": "[{\"env\": \"x\"}, {\"env\": \"y\", \"name\": \"n\"}]" } },
        { "repoURL": REPOSITORY, "revision": "broken", "error": "unable to resolve git revision" },
        { "repoURL": REPOSITORY, "revision": "HEAD", "directories": ["a", "a-b", "services", "services/cart", "services/user"], },
    ])
}

fn scm() -> Json {
    json!([
        { "organization": "org", "repository": "api", "repositoryId": 7, "url": "https://scm/api.git", "branch": "main", "sha": "0123456789abcdef", "labels": ["a", "team"], "paths": ["k8s"] },
        { "organization": "org", "repository": "api", "repositoryId": 7, "url": "https://scm/api.git", "branch": "feature/Ü_x", "sha": "1123456789abcdef", "labels": ["a", "team"], "paths": ["k8s", "README.md"] },
        { "organization": "org", "repository": "Web", "repositoryId": "id", "url": "https://scm/web.git", "branch": "main", "sha": "short", "labels": [], "paths": [] },
    ])
}

fn pulls() -> Json {
    json!([
        { "number": 7, "title": "Add a", "branch": "feature/Add_ß-login_with-a-very-long-name-that-is-cut-somewhere-here", "targetBranch": "main", "headSHA": "0123456789abcdef", "labels": ["preview", "b"], "author": "ann" },
        { "number": 12, "title": "api", "branch": "dev", "targetBranch": "release/1.x", "headSHA": "abc", "labels": [], "author": "" },
    ])
}

fn decisions() -> Json {
    let object = |name: &str, env: &str, status: Json| {
        json!({
            "apiVersion": "cluster.example.com/v1", "kind": "PlacementDecision",
            "metadata": { "name": name, "namespace": "argocd", "labels": { "env": env } }, "status": status,
        })
    };
    let clusters = json!([{ "name": "gamma", "env": "c" }, { "name": "in-cluster" }]);
    let all = json!([
        { "clusterName": "alpha", "reason": "first", "size": 3, "env": "prod" },
        { "clusterName": "Beta_01", "reason": "", "values": "own", "name": "other" },
        { "clusterName": "gone" },
        { "clusterName": "in-cluster", "server": "overridden", "score": 1.5, "ok": true, "nothing": null },
        { "reason": "no cluster" },
        { "clusterName": "" },
        { "clusterName": "gamma", "list": [1, "a"], "map": { "b": 1, "a": [true] } },
    ]);
    json!([
        object("all", "prod", json!({ "decisions": all, "clusters": clusters })),
        object(
            "some",
            "dev",
            json!({ "decisions": [{ "clusterName": "alpha", "n": 12345678 }], "clusters": [] })
        ),
        object("none", "dev", json!({})),
        object("empty", "staging", json!({ "decisions": [], "clusters": clusters })),
        object(
            "numbers",
            "numbers",
            json!({ "decisions": [{ "clusterName": 7, "size": "local" }, { "size": "alpha", "n": 1e21 }] })
        ),
        object("wrong-list", "odd", json!({ "decisions": { "clusterName": "alpha" }, "clusters": "alpha" })),
        object("wrong-item", "odd2", json!({ "decisions": ["alpha", 7] })),
        object("wrong-status", "odd3", json!("alpha")),
    ])
}

fn plugin() -> Json {
    json!({ "output": { "parameters": [{ "env": "prod", "n": 5, "a": { "b": ["x", { "c": null }] } }, { "env": "dev", "name": "q", "values": { "x": "plugin" } }] } })
}
