//! The loop over the seeds.

use crate::arguments::Arguments;
use crate::builders::{Answer, Reference, command, ours, write_tree};
use crate::case::{Case, generate};
use crate::compare::{Class, Difference, compare, normalize};
use crate::minimize::minimize;
use crate::quiet::without_known_causes;
use crate::report;
use crate::watchdog::Watchdog;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What the run found.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    built: u64,
    refused: u64,
    crashed: u64,
    causes: BTreeMap<Difference, (u64, u64)>,
    refusals: BTreeMap<String, (u64, u64)>,
    slow: Vec<(u64, Duration)>,
    took: Duration,
}

impl Summary {
    /// Returns how many seeds differ; other words of errors, what we say we do not support, and what is known to differ are counted
    /// apart.
    pub(crate) fn differences(&self) -> u64 {
        self.causes
            .iter()
            .filter(|(difference, _)| {
                !matches!(difference.class, Class::Words | Class::Unsupported | Class::Known)
            })
            .map(|(_, (count, _))| count)
            .sum()
    }

    fn of_class(&self, class: Class) -> u64 {
        let causes = self.causes.iter().filter(|(difference, _)| difference.class == class);
        causes.map(|(_, (count, _))| count).sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.built + self.refused + self.crashed;
        let rate = total as f64 / self.took.as_secs_f64().max(0.001);
        let mut refusals: Vec<_> = self.refusals.iter().collect();
        refusals.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for (cause, (count, seed)) in refusals.iter().take(25) {
            writeln!(f, "{count:>6} refused (seed {seed}): {cause}")?;
        }
        for ((difference, (count, seed)), _) in self.causes.iter().zip(0..400) {
            writeln!(f, "{:>6} {} (seed {seed}): {}", count, difference.class.name(), difference.cause)?;
        }
        for (seed, took) in &self.slow {
            writeln!(f, "slow: seed {seed} took us {took:?}")?;
        }
        let (words, unsupported) = (self.of_class(Class::Words), self.of_class(Class::Unsupported));
        let known = self.of_class(Class::Known);
        write!(
            f,
            "{total} cases: the reference builds {}, refuses {}, crashes on {}; {} differences; {known} known ones; {unsupported} that we do not support; {words} refusals in other words; {rate:.0} a second",
            self.built,
            self.refused,
            self.crashed,
            self.differences(),
        )
    }
}

/// Runs all seeds.
///
/// # Errors
/// When the reference cannot be started or files cannot be written.
pub(crate) fn run(arguments: &Arguments) -> io::Result<Summary> {
    std::panic::set_hook(Box::new(|_| {}));
    let scratch = scratch();
    let start = Instant::now();
    let watchdog = Watchdog::start();
    let next = AtomicU64::new(arguments.seed);
    let summary = Mutex::new(Summary::default());
    let results: Vec<io::Result<()>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..arguments.jobs)
            .map(|job| {
                let worker = Worker {
                    arguments,
                    root: scratch.join(format!("job{job}")).join("case"),
                    reference: Reference::new(&arguments.reference),
                    watchdog: watchdog.clone(),
                };
                let (next, summary) = (&next, &summary);
                scope.spawn(move || worker.run(next, summary))
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Err(io::Error::other("a thread died"))))
            .collect()
    });
    let _ = std::fs::remove_dir_all(&scratch);
    for result in results {
        result?;
    }
    let mut summary = summary.into_inner().unwrap_or_default();
    summary.took = start.elapsed();
    Ok(summary)
}

/// Returns a directory of this process, in memory where there is such a file system.
fn scratch() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    parent.join(format!("trueup-fuzz-{}", std::process::id()))
}

struct Worker<'a> {
    arguments: &'a Arguments,
    root: PathBuf,
    reference: Reference,
    watchdog: Watchdog,
}

impl Worker<'_> {
    fn run(mut self, next: &AtomicU64, summary: &Mutex<Summary>) -> io::Result<()> {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= self.arguments.seed.saturating_add(self.arguments.count) {
                return Ok(());
            }
            // An abort leaves the number of the seed behind.
            if let Some(parent) = self.root.parent() {
                std::fs::create_dir_all(parent)?;
                std::fs::write(parent.join("seed"), seed.to_string())?;
            }
            self.seed(seed, summary)?;
        }
    }

    fn seed(&mut self, seed: u64, summary: &Mutex<Summary>) -> io::Result<()> {
        let case = generate(seed);
        let (reference, ours, took) = self.answers(&case)?;
        let mut difference = compare(&reference, &ours);
        if difference.is_some() && self.varies(&case, &reference, &ours)? {
            difference = None;
        }
        if let Some(found) = difference.take() {
            difference = Some(self.unless_known(&case, found, &reference)?);
        }
        let count = {
            let Ok(mut summary) = summary.lock() else { return Ok(()) };
            match reference {
                Answer::Output(_) => summary.built += 1,
                Answer::Error(text) => {
                    summary.refused += 1;
                    summary.refusals.entry(normalize(&text)).or_insert((0, seed)).0 += 1;
                }
                Answer::Crash(_) | Answer::Unsupported(_) => summary.crashed += 1,
            }
            if took > Duration::from_secs(2) {
                summary.slow.push((seed, took));
            }
            let Some(difference) = difference.clone() else { return Ok(()) };
            let entry = summary.causes.entry(difference).or_insert((0, seed));
            entry.0 += 1;
            entry.0
        };
        match difference {
            Some(difference) if self.is_kept(&difference, count) => self.keep(seed, &case, &difference),
            _ => Ok(()),
        }
    }

    /// Returns true if the reference answers something else from time to time, ours among it: the order of a Go map is no measure.
    fn varies(&mut self, case: &Case, reference: &Answer, ours: &Answer) -> io::Result<bool> {
        for _ in 0..8 {
            let again = self.reference.build(&self.root, case)?;
            if again != *reference || compare(&again, ours).is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns a difference, as a known one if it goes away with what upstream stumbles over.
    fn unless_known(
        &mut self,
        case: &Case,
        difference: Difference,
        reference: &Answer,
    ) -> io::Result<Difference> {
        let Some(quiet) = without_known_causes(case, &difference, reference) else { return Ok(difference) };
        let (reference, ours, _) = self.answers(&quiet)?;
        let is_known = matches!(reference, Answer::Output(_)) && compare(&reference, &ours).is_none();
        Ok(if is_known { Difference { class: Class::Known, ..difference } } else { difference })
    }

    fn is_kept(&self, difference: &Difference, count: u64) -> bool {
        let wanted = match difference.class {
            Class::Words => self.arguments.words,
            class => !matches!(class, Class::Unsupported | Class::Known),
        };
        self.arguments.keep.is_some() && wanted && count <= self.arguments.per_cause as u64
    }

    fn answers(&mut self, case: &Case) -> io::Result<(Answer, Answer, Duration)> {
        write_tree(&self.root, case)?;
        let reference = self.reference.build(&self.root, case)?;
        let start = Instant::now();
        let ours = match &self.arguments.command {
            Some(line) => command(line, &self.root, case)?,
            None => self.watchdog.watch(&self.root, || ours(case)),
        };
        Ok((reference, ours, start.elapsed()))
    }

    fn keep(&mut self, seed: u64, case: &Case, difference: &Difference) -> io::Result<()> {
        let Some(dir) = self.arguments.keep.clone() else { return Ok(()) };
        let same = |found: &Difference| {
            found.class == difference.class
                && (difference.class == Class::Bytes || found.cause == difference.cause)
        };
        let small = minimize(case, self.arguments.budget, |candidate| {
            self.answers(candidate)
                .is_ok_and(|(reference, ours, _)| compare(&reference, &ours).is_some_and(|d| same(&d)))
        });
        let (reference, ours, _) = self.answers(&small)?;
        let Some(found) = compare(&reference, &ours) else { return Ok(()) };
        let name = format!("{}-{seed}", found.class.name());
        report::keep(&dir, &name, seed, &small, &found, (&reference, &ours))
    }
}
