//! Argo CD's own examples: each ApplicationSet of its directory `applicationset/examples`, with a world in which it has something to do.
//!
//! The files of the directory are the repository that the examples read, and its ConfigMaps and decision resources are in the
//! world. What the examples only tell about in words (other repositories, clusters, pull requests) is made up.

use serde_json::{Value as Json, json};
use std::path::Path;
use trueup_manifest::yaml::{self, ParseOptions};

/// Where the directory is in the repository that the examples read.
const PREFIX: &str = "applicationset/examples";

/// Returns two cases for every ApplicationSet in the directory: with each way of globbing.
pub(crate) fn cases(directory: &str) -> Vec<Json> {
    let mut files = serde_json::Map::new();
    collect(Path::new(directory), PREFIX, &mut files);
    let documents: Vec<(String, Json)> =
        files.iter().flat_map(|(path, text)| documents(path, text)).collect();
    let of_kind = |kind: &'static str| {
        documents
            .iter()
            .filter(move |(_, document)| document["kind"] == kind)
            .map(|(path, json)| (path.as_str(), json))
    };
    let world = world(
        &files,
        of_kind("ConfigMap")
            .map(|(_, map)| json!({ "name": map["metadata"]["name"], "data": map["data"] }))
            .collect(),
        of_kind("PlacementDecision").map(|(_, object)| object.clone()).collect(),
    );
    let case = |name: &str, set: &Json| {
        ["old", "new"].map(|globbing| {
            let (mut set, mut inputs) = (set.clone(), world.clone());
            set["metadata"]["namespace"] = "argocd".into();
            inputs["gitFileGlobbing"] = globbing.into();
            json!({ "name": format!("{name} ({globbing} globbing)"), "kind": "applications", "appset": set, "inputs": inputs })
        })
    };
    let mut cases: Vec<Json> = of_kind("ApplicationSet").flat_map(|(path, set)| case(path, set)).collect();
    // One file is what a set of the documentation reads.
    let components = format!("{PREFIX}/list-generator/list-elementsYaml-example.yaml");
    if files.contains_key(&components) {
        cases.extend(case(&components, &components_set(&components)));
    }
    cases
}

fn collect(directory: &Path, prefix: &str, files: &mut serde_json::Map<String, Json>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &name, files);
        } else {
            files.insert(name, std::fs::read_to_string(&path).unwrap().into());
        }
    }
}

/// Returns the documents of a file that are objects with a kind.
fn documents(path: &str, text: &Json) -> Vec<(String, Json)> {
    if !path.ends_with(".yaml") || path.contains("/templates/") {
        return Vec::new();
    }
    let documents =
        yaml::parse_stream(text.as_str().unwrap().as_bytes(), &ParseOptions::kubernetes()).unwrap();
    let json = documents.iter().map(|document| serde_json::to_value(document).unwrap());
    json.filter(|document| document["kind"].is_string()).map(|document| (path.to_owned(), document)).collect()
}

fn world(files: &serde_json::Map<String, Json>, config_maps: Vec<Json>, decisions: Vec<Json>) -> Json {
    let cluster = |name: &str, server: &str, labels: Json| {
        let mut labels = labels;
        labels["argocd.argoproj.io/secret-type"] = "cluster".into();
        json!({ "name": name, "server": server, "labels": labels, "annotations": { "foo": "bar" } })
    };
    let file = |name: &str, address: &str| {
        json!({ "aws_account": "1", "cluster": { "name": name, "address": address } }).to_string()
    };
    let literal = json!([
        { "cluster": { "name": "one", "address": "http://1.1.1.1" }, "appVersions": { "guestbook": "v2.0" } },
        { "cluster": { "name": "two", "address": "http://2.2.2.2" }, "appVersions": { "guestbook": "v1.0" } },
    ]);
    let deployments = json!({
        "add-ons/rollouts/kustomization.yaml": "", "add-ons/workflows/install.yaml": "", "add-ons/grafana/Chart.yaml": "",
        "add-ons/prometheus/values.yaml": "", "apps/guestbook/v1.0/install.yaml": "",
        "cluster-config/engineering/dev/config.json": file("eng-dev", "http://3.3.3.3"),
        "cluster-config/finance/prod/config.json": file("fin-prod", "http://4.4.4.4"),
        "config/clusters.json": literal.to_string(),
    });
    json!({
        "clusters": [
            cluster("engineering-dev", "https://1.2.3.4", json!({ "environment": "staging", "use-kafka": "false" })),
            cluster("engineering-prod", "https://2.4.6.8", json!({ "environment": "prod" })),
            cluster("cluster-01", "https://some-specific-cluster", json!({ "environment": "prod" })),
            cluster("cluster-02", "https://other", json!({ "environment": "dev", "use-kafka": "true" })),
        ],
        "git": [
            { "repoURL": "https://github.com/argoproj/argo-cd.git", "revision": "HEAD", "files": files },
            { "repoURL": "https://github.com/infra-team/cluster-deployments.git", "revision": "", "files": deployments },
        ],
        "scm": [
            { "organization": "o", "repository": "example-apps", "repositoryId": 1, "url": "https://scm/example-apps.git", "branch": "main", "sha": "0123456789", "labels": [], "paths": [] },
            { "organization": "o", "repository": "test-app", "repositoryId": 2, "url": "https://scm/test-app.git", "branch": "trunk", "sha": "1123456789", "labels": [], "paths": [] },
            { "organization": "o", "repository": "other", "repositoryId": 3, "url": "https://scm/other.git", "branch": "main", "sha": "2123456789", "labels": [], "paths": [] },
        ],
        "pullRequests": [
            { "number": 7, "title": "a", "branch": "add-a", "targetBranch": "main", "headSHA": "0123456789abcdef", "labels": ["preview"], "author": "ann" },
            { "number": 12, "title": "b", "branch": "fix-b", "targetBranch": "main", "headSHA": "1123456789abcdef", "labels": ["preview", "b"], "author": "bob" },
        ],
        "configMaps": config_maps,
        "decisionResources": decisions,
    })
}

/// Returns the set that reads a list of components from a file.
fn components_set(path: &str) -> Json {
    let repository = "https://github.com/argoproj/argo-cd.git";
    json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": { "name": "components" },
        "spec": {
            "goTemplate": true, "goTemplateOptions": ["missingkey=error"],
            "generators": [{ "matrix": { "generators": [
                { "git": { "repoURL": repository, "revision": "HEAD", "files": [{ "path": path }] } },
                { "list": { "elements": [], "elementsYaml": "{{ .key.components | toJson }}" } },
            ] } }],
            "template": {
                "metadata": { "name": "{{ .name }}" },
                "spec": {
                    "project": "default",
                    "source": { "repoURL": "{{ .repoUrl }}", "chart": "{{ .chart }}", "targetRevision": "{{ .version }}", "helm": { "releaseName": "{{ .releaseName }}" } },
                    "destination": { "server": "https://kubernetes.default.svc", "namespace": "{{ .namespace }}" },
                },
            },
        },
    })
}
