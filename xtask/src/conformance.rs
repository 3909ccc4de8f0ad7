//! `cargo xtask conformance`: the reference's answers, case by case.

use crate::areas;
use crate::outcome::{Counts, Outcome};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every area with its counts and its cases.
type Report = BTreeMap<String, (Counts, Vec<(String, Outcome)>)>;

const SNAPSHOT: &str = "conformance.snapshot.json";

#[derive(Debug, Default)]
pub(crate) struct Command {
    directory: Option<PathBuf>,
    area: Option<String>,
    json: Option<PathBuf>,
    list_failures: usize,
    check: bool,
    update: bool,
}

impl Command {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut command = Self { list_failures: 5, ..Self::default() };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--area" => command.area = Some(value()?),
                "--json" => command.json = Some(value()?.into()),
                "--list-failures" => {
                    command.list_failures =
                        value()?.parse().map_err(|_| "--list-failures needs a number".to_owned())?;
                }
                "--check" => command.check = true,
                "--update" => command.update = true,
                other if other.starts_with('-') => return Err(format!("unknown option {other}")),
                directory => command.directory = Some(directory.into()),
            }
        }
        Ok(command)
    }

    pub(crate) fn run(&self, root: &Path) -> Result<(), String> {
        let directory = self.directory.clone().unwrap_or_else(|| root.join("../shared/conformance"));
        if !directory.is_dir() {
            println!("conformance: {} is not there; nothing to run", directory.display());
            return Ok(());
        }
        let mut report = BTreeMap::new();
        println!("{:24} {:>7} {:>7} {:>7}", "area", "passed", "failed", "skipped");
        for area in areas_below(&directory, self.area.as_deref())? {
            let results = run_area(&area, &directory.join(&area));
            let counts = Counts::of(&results);
            println!("{area:24} {:>7} {:>7} {:>7}", counts.passed, counts.failed, counts.skipped);
            for (name, message) in failures(&results).take(self.list_failures) {
                println!("    {name}: {}", first_lines(message));
            }
            report.insert(area, (counts, results));
        }
        self.finish(root, &report)
    }

    fn finish(&self, root: &Path, report: &Report) -> Result<(), String> {
        let total = report.values().fold(Counts::default(), |sum, (counts, _)| Counts {
            passed: sum.passed + counts.passed,
            failed: sum.failed + counts.failed,
            skipped: sum.skipped + counts.skipped,
        });
        if let Some(file) = &self.json {
            write(file, &json_report(report))?;
        }
        if self.update {
            let passed: Map<String, Json> = report
                .iter()
                .filter(|(_, (counts, _))| counts.passed > 0)
                .map(|(area, (counts, _))| (area.clone(), json!(counts.passed)))
                .collect();
            write(&root.join(SNAPSHOT), &Json::Object(passed))?;
        }
        println!("{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped);
        if self.check { compare_with_snapshot(root, report) } else { Ok(()) }
    }
}

fn areas_below(directory: &Path, only: Option<&str>) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let mut areas: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|area| only.is_none_or(|only| only == area))
        .collect();
    areas.sort_unstable();
    if areas.is_empty() { Err(format!("no area found below {}", directory.display())) } else { Ok(areas) }
}

/// An area that no crate serves yet counts as skipped, case by case.
fn run_area(area: &str, directory: &Path) -> Vec<(String, Outcome)> {
    match areas::runner(area) {
        Some(run) => run(directory),
        None => {
            let names = fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok);
            let names = names.filter_map(|entry| entry.file_name().into_string().ok());
            let cases = names.filter(|name| !name.starts_with("README"));
            cases.map(|name| (name, Outcome::Skip("no crate serves this area yet".to_owned()))).collect()
        }
    }
}

fn failures(results: &[(String, Outcome)]) -> impl Iterator<Item = (&str, &str)> {
    results.iter().filter_map(|(name, outcome)| match outcome {
        Outcome::Fail(message) => Some((name.as_str(), message.as_str())),
        _ => None,
    })
}

fn first_lines(message: &str) -> String {
    message.lines().take(12).collect::<Vec<_>>().join("\n        ")
}

fn json_report(report: &Report) -> Json {
    let areas = report.iter().map(|(area, (counts, results))| {
        let cases: Map<String, Json> = results
            .iter()
            .map(|(name, outcome)| {
                let outcome = match outcome {
                    Outcome::Pass => json!({"outcome": "passed"}),
                    Outcome::Fail(message) => json!({"outcome": "failed", "message": message}),
                    Outcome::Skip(reason) => json!({"outcome": "skipped", "reason": reason}),
                };
                (name.clone(), outcome)
            })
            .collect();
        let area_report = json!({"passed": counts.passed, "failed": counts.failed, "skipped": counts.skipped, "cases": cases});
        (area.clone(), area_report)
    });
    Json::Object(areas.collect())
}

fn compare_with_snapshot(root: &Path, report: &Report) -> Result<(), String> {
    let file = root.join(SNAPSHOT);
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let snapshot: BTreeMap<String, usize> =
        serde_json::from_str(&text).map_err(|error| format!("{SNAPSHOT}: {error}"))?;
    let mut problems = Vec::new();
    for (area, (counts, _)) in report {
        let wanted = snapshot.get(area).copied().unwrap_or(0);
        if counts.passed < wanted {
            problems.push(format!("{area}: {} passed, {SNAPSHOT} has {wanted}", counts.passed));
        }
        if counts.passed > wanted {
            println!(
                "{area}: {} passed, more than the snapshot's {wanted}; run with --update",
                counts.passed
            );
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

fn write(file: &Path, json: &Json) -> Result<(), String> {
    fs::write(file, format!("{json:#}\n")).map_err(|error| format!("{}: {error}", file.display()))
}
