//! What the same calls cost without JavaScript: one line of JSON, which `bench.mjs` sets against its own.
//!
//! Times are CPU time of this thread in nanoseconds, the least of several rounds.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench fails by panicking and prints what it found"
)]

use std::fs;
use trueup::api::{Context, Data, Tree, call};
use trueup::manifest::{Map, Value};
use trueup_host::{ReadOptions, read_directory};

const ROUNDS: usize = 7;

fn main() {
    // cargo passes `--bench`.
    let directory = std::env::args().nth(1).filter(|word| !word.starts_with('-')).unwrap();
    let tree = Tree::new(read_directory(directory, &ReadOptions::default()).unwrap());
    let directories = run("kustomize.directories", vec![("tree", Data::Tree(tree.clone()))]);
    let directories: Vec<Value> = directories.into_value().unwrap().as_seq().unwrap().to_vec();
    let render = measure(1, || {
        // A tree of its own: what was built stays with a tree.
        let tree = Tree::new(tree.files().clone());
        let built = directories.iter().map(|directory| {
            let request =
                vec![("tree", Data::Tree(tree.clone())), ("directory", Data::Value(directory.clone()))];
            match run("kustomize.build", request) {
                Data::Manifests(manifests) => manifests.to_yaml().unwrap().len(),
                _ => 0,
            }
        });
        built.sum()
    });
    let parse =
        measure(2000, || usize::from(run("yaml.parse", vec![("text", text("a: 1\nb: [x]\n"))]).is_null()));
    let object = Value::from(Map::from_iter([("name", "you")]));
    let dump = measure(2000, || {
        usize::from(run("json.dump", vec![("value", Data::Value(object.clone()))]).is_null())
    });
    let template = run("template.parse", vec![("text", text("Hello, {{ .name }}!"))]);
    let fill = measure(2000, || {
        let request = vec![("template", template.clone()), ("data", Data::Value(object.clone()))];
        usize::from(run("template.render", request).is_null())
    });
    println!(
        r#"{{"render": {render}, "parse": {parse}, "dump": {dump}, "template": {fill}, "directories": {}}}"#,
        directories.len()
    );
}

fn text(text: &str) -> Data {
    Data::Value(text.into())
}

fn run(name: &str, fields: Vec<(&str, Data)>) -> Data {
    let request = Data::map(fields.into_iter().map(|(key, item)| (key.into(), item)).collect());
    call(name, request, &Context::default()).unwrap()
}

/// The CPU time of one call, in nanoseconds.
fn measure(calls: u64, work: impl Fn() -> usize) -> u64 {
    let round = |_| {
        let before = cpu();
        let total: usize = (0..calls).map(|_| std::hint::black_box(work())).sum();
        std::hint::black_box(total);
        (cpu() - before) / calls
    };
    (0..ROUNDS).map(round).min().unwrap()
}

/// The CPU time of this thread, as Linux counts it.
fn cpu() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}
