//! The templates of an ApplicationSet with 90 Applications beside Go's text/template with sprig, in one run.
//!
//!     cargo run --release --manifest-path benches/Cargo.toml --bin templates
//!
//! The Go side is `benches/go/templates` (built with `go build`); without Go only our own times are printed. Argo CD parses
//! every string again for every Application ("parsed each time"); an evaluation of ours parses a string once.

use serde_json::{Value as Json, json};
use std::io::Write;
use std::process::{Command, Stdio};
use trueup_benches::{best, go_program};
use trueup_template::{Functions, MissingKey, Options, Template, Value};

/// Name, labels, annotations, source and destination of an Application, Helm values and a patch.
const TEMPLATES: [&str; 12] = [
    "{{ .path.basename }}-{{ .environment }}",
    "{{ .environment }}",
    "{{ .path.path }}/overlays/{{ .environment }}",
    "{{ .cluster.server }}",
    "{{ .path.basename | replace \"_\" \"-\" | trunc 63 | trimSuffix \"-\" }}",
    "{{ index .path.segments 0 }}/{{ .path.basenameNormalized }}",
    "{{ default \"main\" (dig \"revision\" \"\" .values) }}",
    "{{ if eq .environment \"production\" }}v{{ .values.version }}{{ else if hasKey .values \"tag\" }}{{ .values.tag }}{{ else }}latest{{ end }}",
    "{{ range $i, $segment := .path.segments }}{{ if $i }}-{{ end }}{{ $segment | normalize }}{{ end }}",
    "{{ printf \"%s/%s:%v\" (.cluster.name | lower) (.path.basename | title) .values.replicas }}",
    "replicas: {{ .values.replicas }}\nimage:\n  tag: {{ .values.version | quote }}\nresources: {{ .values.resources | toJson }}\n",
    "spec:\n{{- if .autoSync }}\n  syncPolicy:\n    automated:\n      prune: {{ .prune }}\n{{- end }}\n  source:\n    helm:\n      values: |\n        {{- toYaml .values | nindent 8 }}\n",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data: Vec<Json> = data().collect();
    let functions = Functions::builtin().with_argocd();
    let mut options = Options::default();
    options.missing_key = MissingKey::Error;
    let values: Vec<Value> = data.iter().map(value).collect();
    let parse = || TEMPLATES.map(|text| Template::parse("base", text, &functions));
    let parsed: Vec<Template> = parse().into_iter().collect::<Result<_, _>>()?;
    let render =
        |template: &Template, value: &Value| template.render(value, &options).map_or(0, |text| text.len());
    let (each, bytes) = best(20, || -> usize {
        let one = |value| TEMPLATES.iter().map(move |text| (*text, value));
        let texts = values.iter().flat_map(one);
        texts
            .map(|(text, value)| {
                Template::parse("base", text, &functions).map_or(0, |template| render(&template, value))
            })
            .sum()
    });
    let (once, _) = best(20, || -> usize {
        let parsed = parse();
        let templates = || parsed.iter().flatten();
        values.iter().map(|value| templates().map(|template| render(template, value)).sum::<usize>()).sum()
    });
    let (only, _) = best(20, || -> usize {
        values.iter().map(|value| parsed.iter().map(|template| render(template, value)).sum::<usize>()).sum()
    });
    println!("{} templates × {} Applications, {bytes} bytes", TEMPLATES.len(), values.len());
    println!("{:24} {:>12} {:>12} {:>8}", "", "trueup", "Go", "ratio");
    let go = reference(&json!({ "templates": TEMPLATES, "data": data }));
    if let Some(go) = &go {
        assert_eq!(go["bytes"].as_u64(), Some(bytes as u64), "the outputs differ in length");
    }
    let line = |name: &str, ours: std::time::Duration, field: &str| {
        let ours = ours.as_secs_f64() * 1e6;
        match go.as_ref().and_then(|go| go[field].as_f64()).map(|seconds| seconds * 1e6) {
            Some(theirs) => println!("{name:24} {ours:>9.0} µs {theirs:>9.0} µs {:>7.1}x", theirs / ours),
            None => println!("{name:24} {ours:>9.0} µs {:>12} {:>8}", "-", "-"),
        }
    };
    line("parsed each time", each.cpu, "each");
    line("parsed once", once.cpu, "once");
    line("as each engine does it", once.cpu, "each");
    println!("{:24} {:>9.0} µs", "renders only", only.cpu.as_secs_f64() * 1e6);
    Ok(())
}

/// The parameters of 30 services in 3 environments, as a matrix of directories, a list and clusters gives them.
fn data() -> impl Iterator<Item = Json> {
    (0..30).flat_map(|service| {
        ["development", "staging", "production"].into_iter().map(move |environment| {
            let name = format!("service_{service}");
            json!({
                "path": { "path": format!("services/{name}"), "basename": name, "basenameNormalized": name.replace('_', "-"), "segments": ["services", name] },
                "environment": environment,
                "cluster": { "name": format!("{environment}-EU"), "server": format!("https://{environment}.example.com") },
                "values": { "version": format!("1.{service}.3"), "replicas": service % 5, "tag": "latest", "resources": { "limits": { "cpu": "500m", "memory": "256Mi" } } },
                "autoSync": service % 2 == 0, "prune": true,
            })
        })
    })
}

/// Numbers are floats, as those of parameters are.
fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => (*b).into(),
        Json::Number(number) => number.as_f64().unwrap_or_default().into(),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => items.iter().map(value).collect::<Vec<_>>().into(),
        Json::Object(map) => map.iter().map(|(key, item)| (key.as_str(), value(item))).collect(),
    }
}

fn reference(input: &Json) -> Option<Json> {
    let program = go_program("templates")?;
    let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    child.stdin.take()?.write_all(input.to_string().as_bytes()).ok()?;
    serde_json::from_slice(&child.wait_with_output().ok()?.stdout).ok()
}
