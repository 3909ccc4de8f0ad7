//! How fast manifests are read and written, beside other libraries and the reference.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml --bin yaml [text.yaml …]`; without texts, on made-up ones.

use trueup_benches::corpus;

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::yaml::{self, ParseOptions};

/// How long one measurement runs.
const TIME: Duration = Duration::from_millis(700);

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let texts = match files.is_empty() {
        true => corpus::made_up(),
        false => files
            .into_iter()
            .map(|file| (file.clone(), std::fs::read_to_string(file).expect("a readable text")))
            .collect(),
    };
    for (name, text) in texts {
        println!("\n{name}: {} KiB", text.len() / 1024);
        read(&text);
        write(&text);
        reference(&text);
    }
}

fn read(text: &str) {
    let options = ParseOptions::kyaml();
    let kubernetes = ParseOptions::kubernetes();
    row("read, kyaml", text.len(), || yaml::parse_stream(text.as_bytes(), &options).expect("yaml"));
    row("read, kubernetes", text.len(), || yaml::parse_stream(text.as_bytes(), &kubernetes).expect("yaml"));
    row("read, serde_yaml", text.len(), || {
        use serde::Deserialize;
        let documents = serde_yaml::Deserializer::from_str(text);
        documents.map(|document| serde_yaml::Value::deserialize(document).expect("yaml")).collect::<Vec<_>>()
    });
    row("read, serde_yaml_ng", text.len(), || {
        use serde::Deserialize;
        let documents = serde_yaml_ng::Deserializer::from_str(text);
        documents
            .map(|document| serde_yaml_ng::Value::deserialize(document).expect("yaml"))
            .collect::<Vec<_>>()
    });
    row("read, serde-saphyr", text.len(), || {
        serde_saphyr::from_multiple::<serde_json::Value>(text).map(|documents| documents.len())
    });
}

fn write(text: &str) {
    let values = yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml()).expect("yaml");
    let written = |values: &[trueup_manifest::Value]| {
        let mut out = String::new();
        values.iter().for_each(|value| yaml::write(value, &mut out).expect("writable"));
        out
    };
    let size = written(&values).len();
    row("write", size, || written(&values));
    row("write, v3", size, || {
        let style = yaml::V3Style::default();
        values.iter().map(|value| yaml::to_string_v3(value, &style).expect("writable").len()).sum::<usize>()
    });
    let foreign: Vec<serde_yaml::Value> =
        values.iter().map(|value| serde_yaml::to_value(value).expect("a value")).collect();
    row("write, serde_yaml", size, || {
        foreign.iter().map(|value| serde_yaml::to_string(value).expect("writable").len()).sum::<usize>()
    });
    let foreign: Vec<serde_yaml_ng::Value> =
        values.iter().map(|value| serde_yaml_ng::to_value(value).expect("a value")).collect();
    row("write, serde_yaml_ng", size, || {
        foreign.iter().map(|value| serde_yaml_ng::to_string(value).expect("writable").len()).sum::<usize>()
    });
    let foreign: Vec<serde_json::Value> =
        values.iter().map(|value| serde_json::to_value(value).expect("a value")).collect();
    row("write, serde-saphyr", size, || {
        foreign.iter().map(|value| serde_saphyr::to_string(value).expect("writable").len()).sum::<usize>()
    });
    let texts: Vec<String> = values.iter().map(|value| json::to_string(value).expect("writable")).collect();
    let size = texts.iter().map(String::len).sum();
    row("write json", size, || {
        values.iter().map(|value| json::to_string(value).expect("writable").len()).sum::<usize>()
    });
    let options = JsonOptions::default();
    row("read json", size, || {
        texts.iter().map(|text| json::parse(text.as_bytes(), &options).expect("json")).collect::<Vec<_>>()
    });
    row("read json, serde_json", size, || {
        texts
            .iter()
            .map(|text| serde_json::from_str::<serde_json::Value>(text).expect("json"))
            .collect::<Vec<_>>()
    });
}

/// Runs the Go program beside this one, if Go is installed.
fn reference(text: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/go/yaml");
    let input = std::env::temp_dir().join(format!("trueup-bench-{}.yaml", std::process::id()));
    if std::fs::write(&input, text).is_err() {
        return;
    }
    match Command::new("go").args(["run", "."]).arg(&input).current_dir(folder).output() {
        Ok(output) if output.status.success() => print!("{}", String::from_utf8_lossy(&output.stdout)),
        _ => println!("  (go is not installed: no figures for the reference)"),
    }
    let _ = std::fs::remove_file(input);
}

fn row<T>(name: &str, bytes: usize, mut work: impl FnMut() -> T) {
    black_box(work());
    let mut best = Duration::MAX;
    let begin = Instant::now();
    while begin.elapsed() < TIME {
        let start = Instant::now();
        black_box(work());
        best = best.min(start.elapsed());
    }
    println!("  {name:24} {:8.1} MB/s", bytes as f64 / best.as_secs_f64() / 1e6);
}
