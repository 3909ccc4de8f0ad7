//! What sharing saves: 90 overlays that each edit every one of 5,000 shared resources, all of them kept.
//!
//!     cargo run --release --manifest-path benches/Cargo.toml --bin values
//!
//! Each model runs in a process of its own, so that its memory can be told.

use std::hint::black_box;
use std::process::Command;
use trueup_benches::{cpu_time, inputs, peak_memory, reset_peak_memory};
use trueup_manifest::Value;
use trueup_manifest::yaml::{self, ParseOptions};

const RESOURCES: usize = 5_000;
const OVERLAYS: usize = 90;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("trueup") => report("trueup_manifest::Value", base(), edited),
        Some("serde_json") => {
            let base = base().iter().map(|value| serde_json::to_value(value).expect("a value")).collect();
            report("serde_json::Value", base, edited_json);
        }
        _ => {
            println!("{OVERLAYS} overlays, {RESOURCES} resources, {} bytes a node", size_of::<Value>());
            for model in ["trueup", "serde_json"] {
                let program = std::env::current_exe().expect("this program");
                let status = Command::new(program).arg(model).status().expect("this program again");
                assert!(status.success(), "{model} failed");
            }
        }
    }
}

fn report<T>(name: &str, base: Vec<T>, edit: fn(&[T], usize) -> Vec<T>) {
    reset_peak_memory();
    let before = peak_memory();
    let start = cpu_time();
    let kept: Vec<_> = (0..OVERLAYS).map(|overlay| edit(&base, overlay)).collect();
    let took = cpu_time() - start;
    let memory = peak_memory().saturating_sub(before);
    black_box(&kept);
    println!("  {name:24} {:6.2} s {:7.2} GB", took.as_secs_f64(), memory as f64 / 1e9);
}

fn base() -> Vec<Value> {
    let text: String =
        (0..RESOURCES).map(|at| format!("---\n{}", inputs::deployment(&format!("app-{at}")))).collect();
    yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml()).expect("yaml")
}

/// Sets a namespace, a label and an image tag in every resource.
fn edited(base: &[Value], overlay: usize) -> Vec<Value> {
    let edit = |resource: &Value| {
        let mut resource = resource.clone();
        if let Some(meta) = resource.get_mut("metadata").and_then(Value::as_map_mut) {
            meta.insert("namespace", format!("team-{overlay}"));
            if let Some(labels) = meta.get_mut("labels").and_then(Value::as_map_mut) {
                labels.insert("overlay", format!("overlay-{overlay}"));
            }
        }
        let pod = resource.at_mut(&["spec", "template", "spec", "containers"]);
        if let Some(container) = pod.and_then(|containers| containers.item_mut(0)).and_then(Value::as_map_mut)
        {
            container.insert("image", format!("app:v{overlay}"));
        }
        resource
    };
    base.iter().map(edit).collect()
}

fn edited_json(base: &[serde_json::Value], overlay: usize) -> Vec<serde_json::Value> {
    let edit = |resource: &serde_json::Value| {
        let mut resource = resource.clone();
        resource["metadata"]["namespace"] = format!("team-{overlay}").into();
        resource["metadata"]["labels"]["overlay"] = format!("overlay-{overlay}").into();
        resource["spec"]["template"]["spec"]["containers"][0]["image"] = format!("app:v{overlay}").into();
        resource
    };
    base.iter().map(edit).collect()
}
