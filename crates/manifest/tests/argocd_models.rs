//! The typed models read what Argo CD writes, and write back what they do not know.
#![expect(clippy::unwrap_used, reason = "a test may")]

use serde_json::{Value as Json, json};
use trueup_manifest::argocd::{AppProject, Application, ApplicationSet, IntOrString};
use trueup_manifest::{Value, from_value, to_value};

fn round_trip<T: serde::de::DeserializeOwned + serde::Serialize>(document: &Json) -> Json {
    let model: T = serde_json::from_value(document.clone()).unwrap();
    let written = serde_json::to_value(&model).unwrap();
    // The same by way of our own documents.
    let value: Value = serde_json::from_value(document.clone()).unwrap();
    let by_value = to_value(&from_value::<T>(&value).unwrap()).unwrap();
    assert_eq!(serde_json::to_value(&by_value).unwrap(), written);
    written
}

#[test]
fn unknown_fields_survive_at_every_level() {
    let application = json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
        "metadata": {"name": "payment", "managedFields": [{"manager": "x"}]},
        "spec": {
            "project": "production", "destination": {"server": "https://kubernetes.default.svc", "zone": 1},
            "source": {
                "repoURL": "https://example.com/r.git", "path": "p",
                "helm": {"valuesObject": {"a": null, "b": [1, 2.5]}, "newKnob": true},
                "kustomize": {"images": ["a=b:c"], "replicas": [{"name": "web", "count": "2"}]}
            },
            "syncPolicy": {"automated": {"prune": true}, "retry": {"limit": 3, "backoff": {"duration": "5s"}}},
            "future": {"deep": [1]}
        }
    });
    assert_eq!(round_trip::<Application>(&application), application);

    let set = json!({
        "metadata": {"name": "all"},
        "spec": {
            "goTemplate": true,
            "generators": [
                {"matrix": {"generators": [{"git": {"repoURL": "r", "revision": "HEAD", "directories": [{"path": "services/*"}]}},
                                           {"list": {"elements": [{"env": "staging"}]}}], "template": {"metadata": {}, "spec": {"project": "", "destination": {}}}}},
                {"brandNew": {"x": 1}}
            ],
            "template": {"metadata": {"name": "{{.path.basename}}"}, "spec": {"project": "default", "destination": {}}},
            "strategy": {"type": "RollingSync", "rollingSync": {"steps": [{"maxUpdate": "25%"}, {"maxUpdate": 1}]}}
        }
    });
    let read: ApplicationSet = serde_json::from_value(set).unwrap();
    let steps = read.spec.strategy.unwrap().rolling_sync.unwrap().steps;
    assert_eq!(steps[0].max_update, Some(IntOrString::String("25%".into())));
    assert_eq!(read.spec.generators[1].unknown.len(), 1);
}

#[test]
fn null_reads_as_absent() {
    let document = json!({"metadata": null, "spec": {"source": null, "destination": null, "project": null, "info": null}});
    assert_eq!(serde_json::from_value::<Application>(document).unwrap(), Application::default());
}

#[test]
fn projects_read() {
    let project: AppProject = serde_json::from_value(json!({
        "metadata": {"name": "production"},
        "spec": {"sourceRepos": ["*"], "syncWindows": [{"kind": "deny", "schedule": "0 22 * * *", "duration": "1h", "manualSync": true}],
                 "clusterResourceWhitelist": [{"group": "*", "kind": "Namespace"}]}
    }))
    .unwrap();
    assert_eq!(project.spec.sync_windows[0].kind, "deny");
}
