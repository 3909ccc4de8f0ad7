//! `.helmignore`.

use super::base_name;
use crate::error::{ErrorKind, Result, in_file};
use trueup_manifest::PathMatch;

/// The rules of a `.helmignore` file, with those that always hold.
///
/// ```
/// let rules = trueup_helm::IgnoreRules::parse(b"*.md\n/secret/\n")?;
/// assert!(rules.ignores("docs/README.md", false) && rules.ignores("secret", true));
/// assert!(!rules.ignores("a/secret", true));
/// # Ok::<(), trueup_helm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct IgnoreRules(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    pattern: PathMatch,
    /// The pattern is for the last element of a path.
    base_name: bool,
    negated: bool,
    directory: bool,
}

impl IgnoreRules {
    /// Returns the rules that hold without a file: hidden files directly in `templates/` are ignored.
    pub fn defaults() -> Self {
        let mut rules = Self(Vec::new());
        rules.add_defaults();
        rules
    }

    /// Reads a file of rules.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidChart`] for `**` and malformed patterns.
    pub fn parse(text: &[u8]) -> Result<Self> {
        let text = text.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(text);
        let text = String::from_utf8_lossy(text);
        let mut rules = Self(Vec::new());
        for line in text.lines() {
            rules
                .add(line.trim())
                .map_err(|message| in_file(ErrorKind::InvalidChart, message, ".helmignore"))?;
        }
        rules.add_defaults();
        Ok(rules)
    }

    /// Tells whether a path from the chart's directory is ignored. The first rule that says anything decides.
    pub fn ignores(&self, path: &str, is_directory: bool) -> bool {
        if matches!(path, "" | "." | "./") {
            return false;
        }
        for rule in &self.0 {
            let misses = rule.directory && !is_directory;
            let matches = || {
                let path = if rule.base_name { base_name(path.trim_end_matches('/')) } else { path };
                rule.pattern.matches(path)
            };
            match rule.negated {
                true if misses || !matches() => return true,
                false if !misses && matches() => return true,
                _ => {}
            }
        }
        false
    }

    fn add_defaults(&mut self) {
        // The pattern is known to be one.
        let _ = self.add("templates/.?*");
    }

    fn add(&mut self, line: &str) -> std::result::Result<(), &'static str> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.contains("**") {
            return Err("double-star (**) syntax is not supported");
        }
        if !PathMatch::new(line).is_valid() {
            return Err("syntax error in pattern");
        }
        let (negated, rest) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (directory, rest) = rest.strip_suffix('/').map_or((false, rest), |rest| (true, rest));
        let (rooted, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        let base_name = !rooted && !rest.contains('/');
        self.0.push(Rule { pattern: PathMatch::new(rest), base_name, negated, directory });
        Ok(())
    }
}
