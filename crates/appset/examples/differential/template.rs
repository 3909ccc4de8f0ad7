//! Templates and patches at random.

use super::generate::Maker;
use serde_json::{Map, Value as Json, json};

fn labels(maker: &mut Maker) -> Json {
    (0..=maker.choices.below(2))
        .map(|_| {
            let key = if maker.choices.chance(10) {
                maker.text()
            } else {
                maker.choices.text(&["team", "env", "app.kubernetes.io/name"]).to_owned()
            };
            (key, maker.text().into())
        })
        .collect::<Map<_, _>>()
        .into()
}

fn document(maker: &mut Maker, depth: usize) -> Json {
    match maker.choices.below(if depth == 0 { 6 } else { 9 }) {
        0..3 => maker.text().into(),
        3 => json!(maker.choices.below(5_000_000)),
        4 => json!(maker.choices.below(100) as f64 / 8.0),
        5 => maker.choices.pick(&[true.into(), false.into(), Json::Null]).clone(),
        6 => (0..maker.choices.below(3)).map(|_| document(maker, depth - 1)).collect::<Vec<_>>().into(),
        _ => (0..=maker.choices.below(2))
            .map(|_| (maker.choices.text(&["a", "b", "image", "tag"]).to_owned(), document(maker, depth - 1)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

fn source(maker: &mut Maker) -> Json {
    let mut source = json!({ "repoURL": maker.text(), "targetRevision": maker.choices.text(&["HEAD", "main", ""]), "path": maker.text() });
    match maker.choices.below(9) {
        0 => {
            source["helm"] = json!({ "values": maker.text(), "releaseName": maker.text(), "parameters": [{ "name": "n", "value": maker.text(), "forceString": maker.choices.chance(50) }] })
        }
        1 => {
            let object = json!({ "a": document(maker, 2), "b": document(maker, 2), "n": null });
            source["helm"] = json!({ "valuesObject": object, "valueFiles": [maker.text()], "ignoreMissingValueFiles": true });
        }
        2 => {
            source["kustomize"] = json!({ "images": [maker.text()], "namePrefix": maker.text(), "commonLabels": labels(maker), "replicas": [{ "name": "x", "count": maker.choices.pick(&[json!(3), json!("5"), json!("{{n}}")]).clone() }] })
        }
        3 => {
            source["directory"] = json!({ "recurse": maker.choices.chance(50), "exclude": maker.text(), "jsonnet": { "extVars": [{ "name": "a", "value": maker.text() }] } })
        }
        4 => {
            source["plugin"] = json!({ "name": maker.text(), "env": [{ "name": "E", "value": maker.text() }], "parameters": [{ "name": "p", "string": maker.text() }, { "name": "m", "map": { "k": maker.text() } }, { "name": "a", "array": [maker.text()] }] })
        }
        5 => source["chart"] = maker.text().into(),
        _ => {}
    }
    source
}

fn sync_policy(maker: &mut Maker) -> Json {
    let retry = json!({ "limit": maker.choices.below(4), "backoff": { "duration": "5s", "factor": 2 } });
    maker
        .choices
        .pick(&[
            json!({ "automated": {} }),
            json!({ "automated": { "prune": true, "selfHeal": false } }),
            json!({ "syncOptions": ["CreateNamespace=true", "{{env}}"] }),
            json!({ "automated": { "prune": false }, "retry": retry, "managedNamespaceMetadata": { "labels": { "a": "{{ .env }}" } } }),
        ])
        .clone()
}

/// Makes the template of an ApplicationSet.
pub(crate) fn template(maker: &mut Maker) -> Json {
    let mut metadata = json!({ "name": maker.name() });
    if maker.choices.chance(30) {
        metadata["labels"] = labels(maker);
    }
    if maker.choices.chance(20) {
        metadata["annotations"] = labels(maker);
    }
    if maker.choices.chance(15) {
        metadata["finalizers"] = maker
            .choices
            .pick(&[json!([]), json!(["a"]), json!(["resources-finalizer.argocd.argoproj.io", "x"])])
            .clone();
    }
    if maker.choices.chance(5) {
        metadata["namespace"] = maker.text().into();
    }
    let project = if maker.choices.chance(12) {
        maker.text()
    } else {
        maker.choices.text(&["default", "default", "default", "other", ""]).to_owned()
    };
    let mut spec =
        json!({ "project": project, "destination": { "server": maker.text(), "namespace": maker.text() } });
    match maker.choices.chance(85) {
        true => spec["source"] = source(maker),
        false => spec["sources"] = json!([source(maker), source(maker)]),
    }
    if maker.choices.chance(40) {
        spec["syncPolicy"] = sync_policy(maker);
    }
    if maker.choices.chance(10) {
        spec["ignoreDifferences"] =
            json!([{ "group": "apps", "kind": "Deployment", "jsonPointers": [maker.text()] }]);
    }
    if maker.choices.chance(10) {
        spec["info"] = json!([{ "name": "url", "value": maker.text() }]);
    }
    if maker.choices.chance(5) {
        spec["revisionHistoryLimit"] = json!(maker.choices.below(3));
    }
    json!({ "metadata": metadata, "spec": spec })
}

/// Makes the template of a generator.
pub(crate) fn partial(maker: &mut Maker) -> Json {
    let mut whole = template(maker);
    for section in ["metadata", "spec"] {
        if let Some(members) = whole.get_mut(section).and_then(Json::as_object_mut) {
            members.retain(|_, _| maker.choices.chance(40));
            // Fields that the type requires.
            if section == "spec" {
                members.entry("project").or_insert_with(|| "".into());
                members.entry("destination").or_insert_with(|| json!({}));
            }
        }
    }
    whole
}

/// Makes a template patch.
pub(crate) fn patch(maker: &mut Maker) -> String {
    let text = maker.text().replace('\n', " ");
    let patterns = [
        "spec:\n  source:\n    helm:\n      valueFiles:\n      - \"@\"\n",
        "metadata:\n  labels:\n    patched: '@'\n",
        "metadata:\n  name: @\n",
        "{\"spec\": {\"syncPolicy\": {\"automated\": null}, \"project\": \"x\"}}",
        "spec:\n  syncPolicy:\n    syncOptions: [\"@\"]\n",
        "metadata:\n  finalizers: [b, a]\n",
        "",
        "spec:\n",
        "spec: {source: {directory: {recurse: true}}, unknown: 1}\n",
        "spec:\n  sources:\n  - repoURL: '@'\n",
        "spec: 3\n",
        "- a\n",
        "spec:\n  $patch: replace\n  project: y\n",
        "metadata:\n  annotations:\n    note: null\n    '@': x\n",
        "spec:\n  destination:\n    $retainKeys: [server]\n    server: s\n",
        "spec:\n  ignoreDifferences:\n  - kind: X\n",
        "x: [\n",
        "spec:\n  revisionHistoryLimit: \"3\"\n",
    ];
    let text_of = maker.choices.pick(&patterns).replace('@', &text);
    if maker.go && maker.choices.chance(20) {
        return format!("{{{{- if eq .env \"prod\" }}}}\n{text_of}\n{{{{- end }}}}\n");
    }
    text_of
}
