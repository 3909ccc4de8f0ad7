//! Measures renders of typical ApplicationSet templates: nanoseconds per render, parsed once.
//!
//! `cargo run --release -p trueup-template --example bench`
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement reads the clock and prints"
)]

use std::time::Instant;
use trueup_template::{Functions, Options, Template, Value};

/// The templates, with a name for each.
const TEMPLATES: [(&str, &str); 7] = [
    ("plain", "no template here"),
    ("name", "{{.path.basename}}-{{.name}}"),
    ("helpers", r#"{{ .name | lower | replace "_" "-" | trunc 63 | trimSuffix "-" }}"#),
    ("default", r#"{{ default "main" .values.revision }}/{{ index .path.segments 1 }}"#),
    (
        "branch",
        r#"{{ if eq .metadata.labels.env "prod" }}v1{{ else if hasKey .values "tag" }}{{ .values.tag }}{{ else }}latest{{ end }}"#,
    ),
    ("range", r#"{{ range $i, $s := .path.segments }}{{ if $i }}-{{ end }}{{ $s | normalize }}{{ end }}"#),
    (
        "patch",
        "spec:\n{{- if .autoSync }}\n  syncPolicy:\n    automated:\n      prune: {{ .prune }}\n{{- end }}\n  source:\n    helm:\n      values: |\n        {{- .values | toJson | nindent 8 }}\n",
    ),
];

fn data() -> Value {
    let labels = Value::string_map([("env", "staging"), ("team", "payments"), ("region", "eu-west-1")]);
    let path = Value::from_iter([
        ("basename", Value::from("guestbook")),
        ("path", "apps/payments/guestbook".into()),
        ("segments", Value::string_list(["apps", "payments", "guestbook"])),
    ]);
    let values = Value::from_iter([("tag", Value::from("1.2.3")), ("replicas", 3.0.into())]);
    Value::from_iter([
        ("name", Value::from("My_Cluster_01")),
        ("server", "https://kubernetes.default.svc".into()),
        ("metadata", Value::from_iter([("labels", labels)])),
        ("path", path),
        ("values", values),
        ("autoSync", true.into()),
        ("prune", false.into()),
    ])
}

fn main() -> Result<(), trueup_template::Error> {
    let functions = Functions::builtin().with_argocd();
    let (data, options) = (data(), Options::default());
    for (name, text) in TEMPLATES {
        let template = Template::parse("t", text, &functions)?;
        let rounds = 200_000_u32;
        let start = Instant::now();
        let mut bytes = 0;
        for _ in 0..rounds {
            bytes += template.render(&data, &options)?.len();
        }
        let render = start.elapsed() / rounds;
        let start = Instant::now();
        for _ in 0..rounds / 10 {
            bytes += Template::parse("t", text, &functions)?.name().len();
        }
        let parse = start.elapsed() / (rounds / 10);
        println!("{name:10} render {render:>10.0?}  parse {parse:>10.0?}  ({bytes} bytes)");
    }
    Ok(())
}
