//! One text into manifests.

/// Splits a text at the lines that begin with `---`, and leaves out blank parts.
///
/// The rest of such a line is part of what follows, as it is in Helm.
///
/// ```
/// let parts = trueup_helm::split_manifests("a: 1\n---\n\n--- # x\n  b: 2\n");
/// assert_eq!(parts, ["a: 1\n", "# x\n  b: 2\n"]);
/// ```
pub fn split_manifests(text: &str) -> Vec<&str> {
    let text = text.trim_start();
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix("---") {
            parts.extend(text.get(start..at));
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            start = at + 3 + blanks;
        }
        at += line.len();
    }
    parts.extend(text.get(start..));
    parts.into_iter().filter(|part| !part.trim().is_empty()).map(str::trim_start).collect()
}
