//! Names as DNS wants them.

/// Returns a name that is a DNS subdomain, or nearly: lower case, everything but `a-z 0-9 - .` a dash, at most 253 bytes,
/// no dash or dot at its ends.
///
/// ```
/// assert_eq!(trueup_appset::normalize("Production_01/West."), "production-01-west");
/// ```
pub fn normalize(name: &str) -> String {
    let keep = |c: char| if matches!(c, 'a'..='z' | '0'..='9' | '-' | '.') { c } else { '-' };
    // One character stays one, as in Go.
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let mut name: String = name.chars().map(lower).map(keep).collect();
    name.truncate(253);
    name.trim_matches(['-', '.']).to_owned()
}

/// Returns the slug of a branch: at most 50 characters, cut at a dash where possible.
///
/// ```
/// assert_eq!(trueup_appset::branch_slug("feature/Über_alles & more"), "feature-uber-alles-and-more");
/// ```
pub fn branch_slug(branch: &str) -> String {
    let mut text = String::new();
    for c in branch.trim().chars() {
        match c {
            '_' | '\u{2012}'..='\u{2015}' => text.push('-'),
            '&' => text.push_str("and"),
            '@' => text.push_str("at"),
            '"' | '\'' | '\u{2019}' => {}
            c if c.is_ascii() => text.push(c),
            c => text.push_str(transliterate(c)),
        }
    }
    let mut slug = String::new();
    for c in text.to_ascii_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' | '_' => slug.push(c),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    truncate(slug.trim_matches(['-', '_']), 50).to_owned()
}

/// Cuts at the last dash that leaves at most `max` characters; without one, at `max`.
fn truncate(slug: &str, max: usize) -> &str {
    if slug.len() <= max {
        return slug;
    }
    let head = slug.get(..=max).unwrap_or(slug);
    match head.rfind('-').filter(|at| *at > 0) {
        Some(at) => slug.get(..at).unwrap_or(slug),
        None => slug.get(..max).unwrap_or(slug),
    }
}

/// Where Argo CD's transliteration differs from the library's: first and last code point, and the text.
const DIFFERENCES: &str = include_str!("transliterations.txt");

fn transliterate(c: char) -> &'static str {
    let code = u32::from(c);
    if code >= 0x2_0000 {
        return "";
    }
    let difference = DIFFERENCES.lines().find_map(|line| {
        let mut words = line.splitn(3, ' ');
        let mut code_point = || u32::from_str_radix(words.next()?, 16).ok();
        let (first, last) = (code_point()?, code_point()?);
        (first..=last).contains(&code).then(|| words.next().unwrap_or_default())
    });
    difference.unwrap_or_else(|| unidecode::unidecode_char(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_cut_at_a_dash() {
        // A dash exactly at the limit keeps all characters before it.
        let exact = format!("{}-{}", "a".repeat(50), "b".repeat(9));
        assert_eq!(branch_slug(&exact), "a".repeat(50));
        assert_eq!(branch_slug(&"a".repeat(60)), "a".repeat(50));
        assert_eq!(branch_slug("Жук/北京_ß\u{80}"), "zhuk-bei-jing-ss");
    }

    #[test]
    fn names_are_trimmed_after_they_are_cut() {
        assert_eq!(normalize(&format!("{}-b", "a".repeat(252))), "a".repeat(252));
        assert_eq!(normalize("--É.."), "");
    }
}
