//! Ten thousand objects compared with what is live, beside gitops-engine's diff, in one run, on the same objects.
//!
//!     cargo run --release --manifest-path benches/Cargo.toml --bin diff [GO-PROGRAM]
//!
//! The Go side is `benches/go/diff`; Argo CD is no library, so it is built beside a checkout (see there) and handed in. Both
//! sides run on one core; times are processor times, so that a busy machine does not count.

use serde_json::Value as Json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use trueup_diff::rules::{IgnoreRule, Overrides, Rules};
use trueup_diff::{Options, compare};
use trueup_manifest::{Value, json};

const PAIRS: usize = 10_000;

type Objects = (Vec<Value>, Vec<Value>);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let go = std::env::args().nth(1);
    println!("{:34} {:>12} {:>14} {:>8}", "10,000 pairs, one core", "trueup", "gitops-engine", "ratio");
    let cases: [(&str, fn(usize) -> (String, String)); 4] = [
        ("in sync, applied by kubectl", |at| pair(at, At { applied: true, drift: usize::MAX, filled: true })),
        ("1 in 50 differs", |at| pair(at, At { applied: true, drift: 50, filled: true })),
        ("1 in 50 differs, never applied", |at| pair(at, At { applied: false, drift: 50, filled: true })),
        ("all differ", |at| pair(at, At { applied: true, drift: 1, filled: true })),
    ];
    for (name, make) in cases {
        let lines: Vec<(String, String)> = (0..PAIRS).map(make).collect();
        let (desired, live) = read(&lines)?;
        let rules = Rules::new(&[status()], &Overrides::default())?;
        let (ours, differing) = best(|| {
            let comparison = compare(&desired, &live, &rules, &Options::default());
            comparison.summary.modified
        });
        report(name, ours, differing, go.as_deref().and_then(|go| reference(go, &lines)));
    }
    let lines: Vec<(String, String)> =
        (0..PAIRS).map(|at| pair(at, At { applied: false, drift: usize::MAX, filled: false })).collect();
    let (desired, live) = read(&lines)?;
    let (ours, differing) = best(|| compare(&desired, &live, &Rules::default(), &Options::default()).summary.modified);
    report("equal documents", ours, differing, go.as_deref().and_then(|go| reference(go, &lines)));
    Ok(())
}

fn report(name: &str, ours: f64, differing: usize, reference: Option<(f64, usize)>) {
    match reference {
        Some((seconds, theirs)) => {
            assert_eq!(differing, theirs, "{name}: the verdicts differ");
            println!("{name:34} {:>9.1} ms {:>11.0} ms {:>7.0}x", ours * 1e3, seconds * 1e3, seconds / ours);
        }
        None => println!("{name:34} {:>9.1} ms {:>14} {:>8}   ({differing} differ)", ours * 1e3, "-", "-"),
    }
}

/// Returns the shortest processor time of five rounds, in seconds.
fn best(mut run: impl FnMut() -> usize) -> (f64, usize) {
    let mut best = f64::MAX;
    let mut last = 0;
    for _ in 0..5 {
        let start = processor_time();
        last = run();
        best = best.min(processor_time() - start);
    }
    (best, last)
}

/// Seconds that this thread has run.
fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux says how long a thread has run");
    let nanoseconds: f64 = text.split(' ').next().and_then(|first| first.parse().ok()).expect("a number");
    nanoseconds / 1e9
}

fn status() -> IgnoreRule {
    IgnoreRule { group: "*".into(), kind: "*".into(), json_pointers: vec!["/status".into()], ..IgnoreRule::default() }
}

fn read(lines: &[(String, String)]) -> Result<Objects, Box<dyn std::error::Error>> {
    let parse = |text: &str| json::parse(text.as_bytes(), &json::JsonOptions::default()).map_err(|e| e.message().to_owned());
    let mut out = (Vec::new(), Vec::new());
    for (config, live) in lines {
        out.0.push(parse(config)?);
        out.1.push(parse(live)?);
    }
    Ok(out)
}

fn reference(program: &str, lines: &[(String, String)]) -> Option<(f64, usize)> {
    let mut child = Command::new(Path::new(program))
        .env("GOMAXPROCS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    for (config, live) in lines {
        writeln!(input, "{config}\n{live}").ok()?;
    }
    drop(input);
    let output = child.wait_with_output().ok()?;
    let answer: Json = serde_json::from_slice(&output.stdout).ok()?;
    Some((answer["seconds"].as_f64()?, usize::try_from(answer["modified"].as_u64()?).ok()?))
}

/// How a pair stands.
#[derive(Clone, Copy)]
struct At {
    /// Whether the live object says what was applied last.
    applied: bool,
    /// One in how many differs.
    drift: usize,
    /// Whether the server filled in what it does.
    filled: bool,
}

/// What people have: deployments, services, config maps, accounts and custom resources.
fn pair(at: usize, how: At) -> (String, String) {
    let drifted = how.drift != usize::MAX && at % how.drift == 0;
    let mut config = object(at);
    let applied = config.to_string();
    let mut live = config.clone();
    if how.filled {
        fill(&mut live);
        let metadata = &mut live["metadata"];
        metadata["uid"] = format!("00000000-0000-0000-0000-{at:012}").into();
        metadata["resourceVersion"] = (at + 1000).to_string().into();
        metadata["creationTimestamp"] = "2026-01-01T00:00:00Z".into();
        if how.applied {
            metadata["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = applied.into();
        }
    }
    if drifted {
        config["metadata"]["labels"]["version"] = "next".into();
    }
    (config.to_string(), live.to_string())
}

fn object(at: usize) -> Json {
    let name = format!("app-{at}");
    let labels = serde_json::json!({"app": name, "team": "payments", "version": "v1"});
    let metadata = serde_json::json!({"name": name, "namespace": "shop", "labels": labels, "annotations": {"owner": "payments"}});
    match at % 5 {
        0 => serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {
            "replicas": 3, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name, "team": "payments"}}, "spec": {
                "serviceAccountName": name,
                "containers": [
                    {"name": "app", "image": format!("registry.example.com/{name}:1.2.3"), "ports": [{"name": "http", "containerPort": 8080}],
                     "env": [{"name": "MODE", "value": "production"}, {"name": "LOG", "value": "info"}],
                     "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
                     "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}}},
                    {"name": "proxy", "image": "envoyproxy/envoy:v1.30.0", "args": ["-c", "/etc/envoy.yaml"],
                     "volumeMounts": [{"name": "config", "mountPath": "/etc"}]}],
                "volumes": [{"name": "config", "configMap": {"name": name}}]}}}}),
        1 => serde_json::json!({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {
            "selector": {"app": name}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "admin", "port": 9901}]}}),
        2 => serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {
            "envoy.yaml": "static_resources:\n  listeners: []\n".repeat(10), "mode": "production"}}),
        3 => serde_json::json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}),
        _ => serde_json::json!({"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": metadata, "spec": {
            "selector": {"matchLabels": {"app": name}}, "endpoints": [{"port": "admin", "interval": "30s", "path": "/metrics"}]}}),
    }
}

/// What a server fills in.
fn fill(object: &mut Json) {
    match object["kind"].as_str() {
        Some("Deployment") => {
            object["metadata"]["generation"] = 1.into();
            let spec = &mut object["spec"];
            spec["strategy"] = serde_json::json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}});
            spec["revisionHistoryLimit"] = 10.into();
            spec["progressDeadlineSeconds"] = 600.into();
            let pod = &mut spec["template"]["spec"];
            pod["serviceAccount"] = pod["serviceAccountName"].clone();
            for (key, value) in [("restartPolicy", "Always"), ("dnsPolicy", "ClusterFirst"), ("schedulerName", "default-scheduler")] {
                pod[key] = value.into();
            }
            pod["terminationGracePeriodSeconds"] = 30.into();
            pod["securityContext"] = serde_json::json!({});
            pod["volumes"][0]["configMap"]["defaultMode"] = 420.into();
            pod["containers"][0]["ports"][0]["protocol"] = "TCP".into();
            pod["containers"][0]["readinessProbe"] = serde_json::json!({"httpGet": {"path": "/ready", "port": 8080, "scheme": "HTTP"},
                "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3});
            for container in pod["containers"].as_array_mut().into_iter().flatten() {
                container["imagePullPolicy"] = "IfNotPresent".into();
                container["terminationMessagePath"] = "/dev/termination-log".into();
                container["terminationMessagePolicy"] = "File".into();
            }
            object["status"] = serde_json::json!({"replicas": 3, "readyReplicas": 3, "observedGeneration": 1});
        }
        Some("Service") => {
            let spec = &mut object["spec"];
            spec["clusterIP"] = "10.0.0.1".into();
            spec["clusterIPs"] = serde_json::json!(["10.0.0.1"]);
            for (key, value) in [("type", "ClusterIP"), ("sessionAffinity", "None"), ("internalTrafficPolicy", "Cluster"), ("ipFamilyPolicy", "SingleStack")] {
                spec[key] = value.into();
            }
            spec["ports"][0]["protocol"] = "TCP".into();
            spec["ports"][1]["protocol"] = "TCP".into();
            spec["ports"][1]["targetPort"] = 9901.into();
            object["status"] = serde_json::json!({"loadBalancer": {}});
        }
        _ => {}
    }
}
