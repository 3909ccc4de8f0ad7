//! The loop over the seeds.

use crate::answers::Answer;
use crate::arguments::Arguments;
use crate::compare::{Class, Difference, compare};
use crate::minimize::minimize;
use crate::ours;
use crate::question::{Question, generate};
use crate::reference::Reference;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use trueup_manifest::{Map, Value, json};

/// What became of the questions of one operation.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    answered: u64,
    modified: u64,
    refused: u64,
    crashed: u64,
}

/// What the run found.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    counts: BTreeMap<&'static str, Count>,
    causes: BTreeMap<Difference, (u64, u64)>,
    unsteady: u64,
    took: Duration,
}

impl Summary {
    /// Returns how many seeds differ, other words of errors not counted.
    pub(crate) fn differences(&self) -> u64 {
        self.of(|class| class != Class::Words)
    }

    fn of(&self, wanted: impl Fn(Class) -> bool) -> u64 {
        self.causes.iter().filter(|(found, _)| wanted(found.class)).map(|(_, (count, _))| count).sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.causes.iter().filter(|(found, _)| found.class != Class::Words);
        for ((found, (count, seed)), _) in shown.zip(0..300) {
            writeln!(f, "{count:>6} (seed {seed}) {found}")?;
        }
        let mut total = 0;
        for (op, count) in &self.counts {
            let all = count.answered + count.refused + count.crashed;
            total += all;
            writeln!(
                f,
                "{op:<12} {all:>7} asked: {} answered ({} modified), {} refused, {} crashed the reference",
                count.answered, count.modified, count.refused, count.crashed
            )?;
        }
        write!(
            f,
            "{total} questions, {} differences, {} refusals in other words, {} answered differently each time; {:.0} a second",
            self.differences(),
            self.of(|class| class == Class::Words),
            self.unsteady,
            total as f64 / self.took.as_secs_f64().max(0.001)
        )
    }
}

/// Runs all seeds.
///
/// # Errors
/// When the reference cannot be started or files cannot be written.
pub(crate) fn run(arguments: &Arguments) -> io::Result<Summary> {
    std::panic::set_hook(Box::new(|_| {}));
    let start = Instant::now();
    let mut reference = Reference::new(&arguments.reference, &arguments.openapi)?;
    let mut summary = Summary::default();
    for seed in arguments.seed..arguments.seed.saturating_add(arguments.count) {
        let question = generate(seed, &arguments.only);
        let theirs = reference.ask(&question)?;
        let count = summary.counts.entry(question.op).or_default();
        match &theirs {
            Answer::Output(answer) => {
                count.answered += 1;
                count.modified +=
                    u64::from(answer.get("modified").and_then(Value::as_bool).unwrap_or_default());
            }
            Answer::Error(_) => count.refused += 1,
            Answer::Crash(_) => count.crashed += 1,
        }
        let Some(difference) = compare(&question, &theirs, &ours::answer(&question)) else {
            record(arguments, &question, theirs)?;
            continue;
        };
        // What the reference answers differently each time is no measure.
        if (0..40).any(|_| reference.ask(&question).is_ok_and(|again| again != theirs)) {
            summary.unsteady += 1;
            continue;
        }
        let entry = summary.causes.entry(difference.clone()).or_insert((0, seed));
        entry.0 += 1;
        let wanted = difference.class != Class::Words || arguments.words;
        if wanted && entry.0 <= arguments.per_cause {
            keep(arguments, &mut reference, seed, &question, &difference)?;
        }
    }
    summary.took = start.elapsed();
    Ok(summary)
}

/// The place may move while a question shrinks; what happens there does not.
fn same_cause(found: &Difference, wanted: &Difference) -> bool {
    let last = |cause: &str| cause.rsplit('/').next().unwrap_or_default().to_owned();
    wanted.class != Class::Output || last(&found.cause) == last(&wanted.cause)
}

/// Writes a question down with the answer that both give.
fn record(arguments: &Arguments, question: &Question, theirs: Answer) -> io::Result<()> {
    let Some(path) = &arguments.record else { return Ok(()) };
    let mut line = question.to_map();
    match theirs {
        Answer::Output(value) => line.insert("ok", value),
        Answer::Error(text) => line.insert("error", text),
        Answer::Crash(_) => return Ok(()),
    };
    append(path, line)
}

fn append(path: &Path, line: Map) -> io::Result<()> {
    let text = json::to_string(&line.into()).map_err(|error| io::Error::other(error.to_string()))?;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
    writeln!(file, "{text}")
}

/// Writes a small version of a question down, with the reference's answer and ours.
fn keep(
    arguments: &Arguments,
    reference: &mut Reference,
    seed: u64,
    question: &Question,
    difference: &Difference,
) -> io::Result<()> {
    let Some(path) = &arguments.keep else { return Ok(()) };
    let small = minimize(question, |candidate| {
        let Ok(theirs) = reference.ask(candidate) else { return false };
        let found = compare(candidate, &theirs, &ours::answer(candidate));
        found.is_some_and(|found| found.class == difference.class && same_cause(&found, difference))
    });
    let mut line = small.to_map();
    match reference.ask(&small)? {
        Answer::Output(value) => line.insert("ok", value),
        Answer::Error(text) | Answer::Crash(text) => line.insert("error", text),
    };
    match ours::answer(&small) {
        Answer::Output(value) => line.insert("ours", value),
        Answer::Error(text) | Answer::Crash(text) => line.insert("ourError", text),
    };
    line.insert("seed", i64::try_from(seed).unwrap_or_default());
    append(path, line)
}
