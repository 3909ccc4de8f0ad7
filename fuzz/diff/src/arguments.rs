//! The command line.

use std::path::PathBuf;

/// What to run.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    /// The reference program.
    pub(crate) reference: PathBuf,
    /// The OpenAPI document of Kubernetes.
    pub(crate) openapi: PathBuf,
    /// How many seeds.
    pub(crate) count: u64,
    /// The first seed.
    pub(crate) seed: u64,
    /// The operations to ask for; all when empty.
    pub(crate) only: Vec<String>,
    /// Where reproductions go.
    pub(crate) keep: Option<PathBuf>,
    /// Reproductions of one cause.
    pub(crate) per_cause: u64,
    /// Where questions go with the answers on which both agree.
    pub(crate) record: Option<PathBuf>,
    /// Whether other words of an error are kept too.
    pub(crate) words: bool,
    /// A seed to print instead.
    pub(crate) print: Option<u64>,
}

/// Reads the arguments.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        reference: PathBuf::new(),
        openapi: PathBuf::new(),
        count: 1000,
        seed: 1,
        only: Vec::new(),
        keep: None,
        per_cause: 2,
        record: None,
        words: false,
        print: None,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` wants a value"));
        match word.as_str() {
            "--reference" => arguments.reference = value()?.into(),
            "--openapi" => arguments.openapi = value()?.into(),
            "--count" => arguments.count = number(&value()?)?,
            "--seed" => arguments.seed = number(&value()?)?,
            "--only" => arguments.only = value()?.split(',').map(str::to_owned).collect(),
            "--keep" => arguments.keep = Some(value()?.into()),
            "--per-cause" => arguments.per_cause = number(&value()?)?,
            "--record" => arguments.record = Some(value()?.into()),
            "--words" => arguments.words = true,
            "--print" => arguments.print = Some(number(&value()?)?),
            _ => return Err(format!("unknown argument `{word}`")),
        }
    }
    let missing = arguments.reference.as_os_str().is_empty() || arguments.openapi.as_os_str().is_empty();
    if missing && arguments.print.is_none() {
        return Err("`--reference` and `--openapi` are needed: build `reference/` with `go build`".to_owned());
    }
    Ok(arguments)
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}
