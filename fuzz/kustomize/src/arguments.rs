//! The command line.

use std::path::PathBuf;

/// What to run.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    /// The reference program.
    pub(crate) reference: PathBuf,
    /// How many seeds.
    pub(crate) count: u64,
    /// The first seed.
    pub(crate) seed: u64,
    /// Threads.
    pub(crate) jobs: u64,
    /// Where reproductions go.
    pub(crate) keep: Option<PathBuf>,
    /// Reproductions of one cause.
    pub(crate) per_cause: usize,
    /// How many builds making one of them small is worth.
    pub(crate) budget: usize,
    /// Whether other words of an error are kept too.
    pub(crate) words: bool,
    /// A command that stands in for our crate.
    pub(crate) command: Option<String>,
    /// A seed to print instead.
    pub(crate) print: Option<u64>,
    /// A directory whose kustomizations are built instead of seeds.
    pub(crate) tree: Option<PathBuf>,
}

/// Reads the arguments.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        reference: PathBuf::new(),
        count: 1000,
        seed: 1,
        jobs: 2,
        keep: None,
        per_cause: 2,
        budget: 4000,
        words: false,
        command: None,
        print: None,
        tree: None,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` wants a value"));
        match word.as_str() {
            "--reference" => arguments.reference = value()?.into(),
            "--count" => arguments.count = number(&value()?)?,
            "--seed" => arguments.seed = number(&value()?)?,
            "--jobs" => arguments.jobs = number(&value()?)?.max(1),
            "--keep" => arguments.keep = Some(value()?.into()),
            "--per-cause" => arguments.per_cause = usize::try_from(number(&value()?)?).unwrap_or(usize::MAX),
            "--budget" => arguments.budget = usize::try_from(number(&value()?)?).unwrap_or(usize::MAX),
            "--words" => arguments.words = true,
            "--command" => arguments.command = Some(value()?),
            "tree" => arguments.tree = Some(value()?.into()),
            "--print" => arguments.print = Some(number(&value()?)?),
            _ => return Err(format!("unknown argument `{word}`")),
        }
    }
    if arguments.reference.as_os_str().is_empty() && arguments.print.is_none() {
        return Err("`--reference` is missing: build `reference/` with `go build`".to_owned());
    }
    Ok(arguments)
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}
