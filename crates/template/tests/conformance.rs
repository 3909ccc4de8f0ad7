//! Every case of the shared corpus, where it is present, and of our own fixtures.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "tests read their fixtures and say what fails")]

mod runner;

use std::collections::BTreeMap;
use std::path::Path;

/// Runs a directory and prints what fails, a few cases of each file.
fn check(dir: &Path, may_be_absent: bool) {
    let results = runner::run_dir(dir);
    assert!(may_be_absent || !results.is_empty(), "{} holds no case", dir.display());
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut failures = 0;
    for (name, result) in &results {
        let group = name.rsplit_once('/').map_or(name.as_str(), |(group, _)| group);
        let counts = groups.entry(group).or_default();
        counts.0 += 1;
        if let Err(message) = result {
            counts.1 += 1;
            failures += 1;
            if counts.1 <= 8 {
                println!("{name}:\n{message}");
            }
        }
    }
    for (group, (all, failed)) in groups.iter().filter(|(_, counts)| counts.1 > 0) {
        println!("{group}: {failed} of {all} fail");
    }
    println!("{} cases, {failures} failures", results.len());
    assert_eq!(failures, 0);
}

fn shared(area: &str) -> std::path::PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance")).join(area)
}

#[test]
fn gotemplate() {
    check(&shared("gotemplate"), true);
}

#[test]
fn sprig() {
    check(&shared("sprig"), true);
}
