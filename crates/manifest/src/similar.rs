//! What somebody may have meant who wrote a name that is not there.

/// How many names are looked at.
const MOST_NAMES: usize = 1000;

/// How many characters of a name are looked at.
const MOST_CHARS: usize = 64;

/// Returns the names most similar to one, the most similar first, at most five.
///
/// ```
/// assert_eq!(trueup_manifest::similar("Vales", ["Chart", "Values"].into_iter()), ["Values", "Chart"]);
/// ```
pub fn similar<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    ranked(wanted, names).into_iter().take(5).map(|(_, name)| name).collect()
}

/// Returns the name of which another is a slip: at most a third of its characters differ, not counting their case.
///
/// ```
/// use trueup_manifest::meant;
///
/// assert_eq!(meant("bse", ["base", "overlays"].into_iter()), Some("base"));
/// assert_eq!(meant("prod", ["base", "overlays"].into_iter()), None);
/// ```
pub fn meant<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, name) = ranked(wanted, names).into_iter().next()?;
    let most = wanted.chars().take(MOST_CHARS).count() / 3;
    (distance <= most && name != wanted).then_some(name)
}

fn ranked<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<(usize, &'a str)> {
    let fold = |text: &str| text.chars().take(MOST_CHARS).flat_map(char::to_lowercase).collect::<String>();
    let wanted = fold(wanted);
    let distance = |name: &'a str| (strsim::osa_distance(&wanted, &fold(name)), name);
    let mut ranked: Vec<_> = names.take(MOST_NAMES).map(distance).collect();
    ranked.sort_unstable();
    ranked
}
