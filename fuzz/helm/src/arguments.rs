//! The command line.

use std::path::PathBuf;

/// What to do.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Helm's program.
    pub(crate) reference: PathBuf,
    /// Render the charts below this directory.
    pub(crate) tree: Option<PathBuf>,
    /// How many cases to generate.
    pub(crate) count: u64,
    /// The first seed.
    pub(crate) seed: u64,
    /// Print this case only.
    pub(crate) print: Option<u64>,
    /// Show the first line that differs.
    pub(crate) show: bool,
}

/// Reads the arguments.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn parse(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments =
        Arguments { reference: "helm".into(), tree: None, count: 1000, seed: 1, print: None, show: false };
    while let Some(name) = given.next() {
        let mut value = || given.next().ok_or_else(|| format!("{name} wants a value"));
        let number = |text: String| text.parse::<u64>().map_err(|_| format!("`{text}` is no number"));
        match name.as_str() {
            "tree" => arguments.tree = Some(value()?.into()),
            "--reference" => arguments.reference = value()?.into(),
            "--count" => arguments.count = number(value()?)?,
            "--seed" => arguments.seed = number(value()?)?,
            "--print" => arguments.print = Some(number(value()?)?),
            "--show" => arguments.show = true,
            other => return Err(format!("`{other}` is unknown")),
        }
    }
    Ok(arguments)
}
