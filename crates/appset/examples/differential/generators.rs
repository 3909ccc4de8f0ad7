//! Generators at random.

use super::generate::Maker;
use super::template;
use super::world::{REPOSITORY, VALUES};
use serde_json::{Map, Value as Json, json};

/// Makes an entry of `generators`; `depth` is how many levels of matrix and merge it may have.
pub(crate) fn entry(maker: &mut Maker, depth: usize) -> Json {
    let kind = maker.choices.below(if depth == 0 { 19 } else { 28 });
    let (name, mut section) = match kind {
        0..5 => ("list", list(maker)),
        5..8 => ("clusters", clusters(maker)),
        8..13 => ("git", git(maker)),
        13 => ("scmProvider", scm(maker)),
        14 => ("pullRequest", pull_request(maker)),
        15 => ("plugin", plugin(maker)),
        16 => ("list", json!({ "elements": [{ "env": "one" }, { "env": "two", "n": "2" }] })),
        17 | 18 => ("clusterDecisionResource", decisions(maker)),
        19..24 => ("matrix", matrix(maker, depth)),
        _ => ("merge", merge(maker, depth)),
    };
    if matches!(
        name,
        "clusters" | "git" | "scmProvider" | "pullRequest" | "plugin" | "clusterDecisionResource"
    ) && maker.choices.chance(35)
    {
        section["values"] = values(maker);
    }
    if maker.choices.chance(8) {
        section["template"] = template::partial(maker);
    }
    let mut entry = json!({ name: section });
    if maker.choices.chance(12) {
        entry["selector"] = selector(maker);
    }
    if maker.choices.chance(2) {
        let other = maker.choices.text(&["list", "clusters", "nope", "git"]);
        entry[other] = json!({});
    }
    entry
}

fn values(maker: &mut Maker) -> Json {
    (0..=maker.choices.below(2))
        .map(|_| (maker.choices.text(&["x", "y", "z", "a.b"]).to_owned(), maker.text().into()))
        .collect::<Map<_, _>>()
        .into()
}

fn scalar(maker: &mut Maker) -> Json {
    match maker.choices.below(12) {
        0..8 => maker.choices.text(VALUES).into(),
        8 => json!(maker.choices.below(3_000_000)),
        9 => json!(maker.choices.below(100) as f64 / 8.0),
        10 => maker.choices.chance(50).into(),
        _ => Json::Null,
    }
}

fn element(maker: &mut Maker) -> Json {
    let go = maker.go || maker.choices.chance(5);
    let member = |maker: &mut Maker| {
        let key = maker.choices.text(&["env", "env", "name", "n", "key", "project", "url", "path"]);
        let value = if go { scalar(maker) } else { maker.choices.text(VALUES).into() };
        (key.to_owned(), value)
    };
    let mut element: Map<String, Json> = (0..=maker.choices.below(3)).map(|_| member(maker)).collect();
    if maker.choices.chance(10) {
        element.insert("values".into(), json!({ "x": maker.choices.text(VALUES), "w": "v" }));
    }
    if go && maker.choices.chance(10) {
        element
            .insert("cluster".into(), json!({ "name": maker.choices.text(VALUES), "size": scalar(maker) }));
    }
    if go && maker.choices.chance(6) {
        element.insert("list".into(), json!([scalar(maker), scalar(maker)]));
    }
    if maker.choices.chance(3) { json!({}) } else { element.into() }
}

fn list(maker: &mut Maker) -> Json {
    let mut section =
        json!({ "elements": (0..maker.choices.below(4)).map(|_| element(maker)).collect::<Vec<_>>() });
    if maker.choices.chance(12) {
        let text = maker.choices.text(&[
            "- env: y\n  n: 010\n",
            "[{\"env\": \"z\"}]",
            "- key: {a: 1}\n",
            "env: x\n",
            "- 1\n",
            "",
            "null",
            "{{ .config | toJson }}",
            "{{ . | toJson }}",
            "{{config}}",
            "[]",
            "- {env: yes, n: 1e3}\n",
            "[",
        ]);
        section["elementsYaml"] = text.into();
    }
    section
}

fn label_selector(maker: &mut Maker, value: &str) -> Json {
    match maker.choices.below(6) {
        0 | 1 => json!({ "matchLabels": { "env": value } }),
        2 => json!({ "matchExpressions": [{ "key": "env", "operator": "In", "values": [value, "prod"] }] }),
        3 => {
            json!({ "matchExpressions": [{ "key": "env", "operator": maker.choices.text(&["Exists", "DoesNotExist"]) }] })
        }
        4 => json!({ "matchExpressions": [{ "key": "tier", "operator": "NotIn", "values": [value] }] }),
        _ => json!({}),
    }
}

fn clusters(maker: &mut Maker) -> Json {
    let mut section = json!({});
    if maker.choices.chance(50) {
        let value = if maker.choices.chance(25) {
            maker.text()
        } else {
            maker.choices.text(&["prod", "dev", "staging"]).to_owned()
        };
        section["selector"] = label_selector(maker, &value);
    }
    if maker.choices.chance(10) {
        section["flatList"] = true.into();
    }
    section
}

fn git(maker: &mut Maker) -> Json {
    let repository = if maker.choices.chance(6) { maker.text() } else { REPOSITORY.to_owned() };
    let mut section = json!({ "repoURL": repository });
    let directories = &[
        "services/*",
        "*",
        "services/*/overlays/*",
        "**",
        "services/a*",
        "services/[ab]*",
        "services/cart",
        "clusters/*",
        "*/*",
        "services/",
        "/services/*",
        "services/\\a*",
        "[",
        "services/?art",
        "infra-*/x",
    ];
    let files = &[
        "**/config.json",
        "config.json",
        "clusters/*.yaml",
        "clusters/*",
        "services/**/config.json",
        "*.yaml",
        "services",
        "clusters/",
        "values.yaml",
        "**/*.json",
        "clusters/[ab].yaml",
        ":(icase)CLUSTERS/A.YAML",
        "lists.yaml",
        "bad.yaml",
        "empty.yaml",
        "*",
        ".hidden/x.yaml",
        "numbers.yaml",
    ];
    let (field, patterns): (_, &[&'static str]) =
        if maker.choices.chance(50) { ("directories", directories) } else { ("files", files) };
    // Of HEAD only the directories are known.
    let last = if field == "directories" { "HEAD" } else { "dev" };
    section["revision"] = maker.choices.text(&["main", "main", "main", "dev", "broken", last]).into();
    let pattern = |maker: &mut Maker| {
        let mut path = maker.choices.text(patterns).to_owned();
        if maker.choices.chance(8) {
            path = maker.text();
        }
        let mut item = json!({ "path": path });
        if maker.choices.chance(20) {
            item["exclude"] = true.into();
        }
        item
    };
    section[field] = (0..=maker.choices.below(2)).map(|_| pattern(maker)).collect();
    if maker.choices.chance(12) {
        section["pathParamPrefix"] = "app".into();
    }
    section
}

fn expression(maker: &mut Maker) -> Json {
    maker.choices.text(&["^a", "a", ".*", "main|dev", "feature/.*", "^$", "[", "(?i)API", "x{1,2}"]).into()
}

fn filters(maker: &mut Maker, fields: &[&'static str]) -> Json {
    (0..maker.choices.below(3))
        .map(|_| {
            (0..=maker.choices.below(2))
                .map(|_| {
                    let field = maker.choices.text(fields);
                    let value = if field.starts_with("paths") {
                        json!([maker.choices.text(&["k8s", "k8s/", "README.md", "nope"])])
                    } else {
                        expression(maker)
                    };
                    (field.to_owned(), value)
                })
                .collect::<Map<_, _>>()
                .into()
        })
        .collect::<Vec<Json>>()
        .into()
}

fn scm(maker: &mut Maker) -> Json {
    let all = maker.choices.chance(50);
    json!({
        "github": { "organization": maker.choices.text(&["org", "{{.env}}", "{{env}}"]), "allBranches": all },
        "filters": filters(maker, &["repositoryMatch", "labelMatch", "branchMatch", "pathsExist", "pathsDoNotExist"]),
        "cloneProtocol": "https",
    })
}

fn pull_request(maker: &mut Maker) -> Json {
    let mut section =
        json!({ "filters": filters(maker, &["branchMatch", "targetBranchMatch", "titleMatch"]) });
    if !maker.choices.chance(6) {
        section["github"] =
            json!({ "owner": "o", "repo": maker.choices.text(&["r", "{{.env}}", "{{env}}"]) });
    }
    if maker.choices.chance(30) {
        section["continueOnRepoNotFoundError"] = true.into();
    }
    section
}

fn decisions(maker: &mut Maker) -> Json {
    let configurations = &[
        "placements",
        "placements",
        "placements",
        "by-server",
        "odd",
        "no-key",
        "no-group",
        "missing",
        "{{.env}}",
    ];
    let mut section = json!({ "configMapRef": maker.choices.text(configurations) });
    match maker.choices.below(8) {
        0..3 => {
            section["name"] = maker.choices.text(&["all", "some", "none", "empty", "nope", "{{.env}}"]).into()
        }
        3 => {
            section["name"] =
                maker.choices.text(&["wrong-list", "wrong-item", "wrong-status", "numbers"]).into()
        }
        4..7 => {
            let value = maker.choices.text(&["prod", "dev", "staging"]);
            section["labelSelector"] = label_selector(maker, value);
        }
        _ => {}
    }
    if maker.choices.chance(3) {
        section["name"] = "all".into();
        section["labelSelector"] = json!({ "matchLabels": { "env": "prod" } });
    }
    section
}

fn plugin(maker: &mut Maker) -> Json {
    let name = maker.choices.text(&["plugin", "plugin", "plugin", "missing", "no-token"]);
    let mut section = json!({ "configMapRef": { "name": name } });
    if maker.choices.chance(60) {
        section["input"] = json!({ "parameters": { "p": scalar(maker), "q": maker.text() } });
    }
    section
}

fn children(maker: &mut Maker, depth: usize, least: usize) -> Json {
    let count = match maker.choices.below(20) {
        0 => 1,
        1 => 3,
        _ => least,
    };
    (0..count).map(|_| entry(maker, depth - 1)).collect::<Vec<_>>().into()
}

fn matrix(maker: &mut Maker, depth: usize) -> Json {
    json!({ "generators": children(maker, depth, 2) })
}

fn merge(maker: &mut Maker, depth: usize) -> Json {
    let keys = [
        json!(["env"]),
        json!(["env"]),
        json!(["name"]),
        json!(["env", "n"]),
        json!([]),
        json!(["server"]),
        json!(["path.basename"]),
        json!(["values.x"]),
        json!(["key", "key"]),
    ];
    let keys = maker.choices.pick(&keys);
    json!({ "mergeKeys": keys, "generators": children(maker, depth, 2) })
}

fn selector(maker: &mut Maker) -> Json {
    let value = maker.choices.text(VALUES);
    let key = maker.choices.text(&[
        "env",
        "name",
        "path.basename",
        "values.x",
        "metadata.labels.env",
        "n",
        "cluster.size",
        "list.0",
        "bad key",
        "server",
    ]);
    match maker.choices.below(6) {
        0 | 1 => json!({ "matchLabels": { key: value } }),
        2 => {
            json!({ "matchExpressions": [{ "key": key, "operator": "In", "values": [value, "prod", "cart"] }] })
        }
        3 => {
            json!({ "matchExpressions": [{ "key": key, "operator": maker.choices.text(&["Exists", "DoesNotExist"]) }] })
        }
        4 => json!({ "matchExpressions": [{ "key": key, "operator": "NotIn", "values": [value] }] }),
        _ => {
            json!({ "matchExpressions": [{ "key": key, "operator": maker.choices.text(&["Gt", "In", "nope", ""]), "values": [] }] })
        }
    }
}
