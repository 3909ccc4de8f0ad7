//! A matrix of directories and clusters with Go templates: how long 10,000 Applications take.
//!
//!     cargo run --release --manifest-path benches/Cargo.toml --bin appset

use serde_json::json;
use trueup_appset::{Cluster, MemoryFacts, evaluate, validate};
use trueup_benches::best;
use trueup_manifest::Value;
use trueup_manifest::argocd::AppProject;

const REPOSITORY: &str = "https://git.example.com/org/platform-configs.git";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{:32} {:>12} {:>12}", "", "evaluate", "per one");
    for (directories, clusters) in [(30, 3), (100, 10), (1_000, 10), (5_000, 20)] {
        let set = application_set()?;
        let facts = facts(directories, clusters);
        let (time, evaluation) = best(5, || evaluate(&set, &facts));
        let count = evaluation?.applications.len();
        assert_eq!(count, directories * clusters);
        let name = format!("{directories} directories × {clusters} clusters");
        println!(
            "{name:32} {:>9.1} ms {:>9.2} µs",
            time.cpu.as_secs_f64() * 1e3,
            time.cpu.as_secs_f64() * 1e6 / count as f64
        );
    }
    let (set, facts) = (application_set()?, facts(1_000, 10));
    let evaluation = evaluate(&set, &facts)?;
    let (time, validation) = best(5, || validate("services", &evaluation, &facts));
    assert!(validation.errors.is_empty());
    println!("{:32} {:>9.1} ms", "validation of 10,000", time.cpu.as_secs_f64() * 1e3);
    Ok(())
}

fn application_set() -> Result<Value, serde_json::Error> {
    serde_json::from_value(json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": { "name": "services", "namespace": "argocd" },
        "spec": {
            "goTemplate": true, "goTemplateOptions": ["missingkey=error"],
            "generators": [{ "matrix": { "generators": [
                { "git": { "repoURL": REPOSITORY, "revision": "HEAD", "directories": [{ "path": "services/*" }] } },
                { "clusters": { "selector": { "matchLabels": { "team": "platform" } }, "values": { "tier": "{{ .metadata.labels.tier }}" } } },
            ] } }],
            "template": {
                "metadata": { "name": "{{ .path.basename }}-{{ .nameNormalized }}", "labels": { "cluster": "{{ .name }}", "tier": "{{ .values.tier }}" } },
                "spec": {
                    "project": "default",
                    "source": {
                        "repoURL": REPOSITORY, "targetRevision": "HEAD", "path": "{{ .path.path }}/overlays/{{ .metadata.labels.environment }}",
                        "helm": { "valuesObject": { "image": { "tag": "{{ .path.basename | replace \"_\" \"-\" | trunc 20 }}" }, "replicas": 3 } },
                    },
                    "destination": { "server": "{{ .server }}", "namespace": "{{ .path.basename }}" },
                    "syncPolicy": { "automated": { "prune": true, "selfHeal": true }, "syncOptions": ["CreateNamespace=true"] },
                },
            },
        },
    }))
}

fn facts(directories: usize, clusters: usize) -> MemoryFacts {
    let names = (0..directories)
        .flat_map(|i| [format!("services/service-{i}"), format!("services/service-{i}/overlays")]);
    let clusters = (0..clusters).map(|i| Cluster {
        name: format!("Cluster_{i}").into(),
        server: format!("https://cluster-{i}.example.com").into(),
        labels: [("team", "platform"), ("tier", "gold"), ("environment", "production")]
            .map(|(key, value)| (key.into(), value.into()))
            .into(),
        ..Cluster::default()
    });
    MemoryFacts::new()
        .with_directories(REPOSITORY, "HEAD", std::iter::once("services".to_owned()).chain(names))
        .with_clusters(clusters)
        .with_project("default", Some(AppProject::default()))
}
