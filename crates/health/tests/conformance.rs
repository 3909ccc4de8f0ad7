//! The shared conformance cases, when they are there.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests read their fixtures, and fail by panicking"
)]

mod runner;

use runner::{Outcome, run_dir};
use std::path::Path;
use trueup_health::{Checks, Status};
use trueup_manifest::{Map, Value};

#[test]
fn health() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance");
    let results = run_dir(&Path::new(corpus).join("health"));
    if results.is_empty() {
        return;
    }
    let failed: Vec<String> = results
        .iter()
        .filter_map(|(name, outcome)| match outcome {
            Outcome::Fail(message) => Some(format!("{name}: {message}")),
            _ => None,
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), results.len(), failed.join("\n"));
    let passed = results.iter().filter(|(_, outcome)| *outcome == Outcome::Pass).count();
    let scripts = results.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Skip(_))).count();
    assert!(passed + scripts >= 169 && scripts <= 7, "only {passed} cases ran");
}

/// Whatever a field holds, a check answers, and a malformed object is not healthy by accident of a default.
#[test]
fn odd_objects_are_answered() {
    let kinds = [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "Pod"),
        ("batch/v1", "Job"),
        ("v1", "Service"),
        ("networking.k8s.io/v1", "Ingress"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("argoproj.io/v1alpha1", "Rollout"),
        ("batch/v1", "CronJob"),
        ("cert-manager.io/v1", "Certificate"),
        ("gateway.networking.k8s.io/v1", "Gateway"),
        ("serving.knative.dev/v1", "Service"),
    ];
    let odd = [
        Value::NULL,
        true.into(),
        (-1).into(),
        1.5.into(),
        "x".into(),
        vec![Value::from(1)].into(),
        Map::from_iter([("a", 1)]).into(),
    ];
    for (api_version, kind) in kinds {
        for spec in &odd {
            for status in &odd {
                let conditions =
                    Map::from_iter([("conditions", status.clone()), ("loadBalancer", status.clone())]);
                for status in [status.clone(), conditions.into()] {
                    let object = Map::from_iter([
                        ("apiVersion", Value::from(api_version)),
                        ("kind", kind.into()),
                        ("spec", spec.clone()),
                        ("status", status),
                    ]);
                    let (health, error) = Checks::default().judge(&object.into());
                    assert!(error.is_none() || health.unwrap().status == Some(Status::Unknown));
                }
            }
        }
    }
}
