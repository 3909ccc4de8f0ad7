//! Exact versions, as HashiCorp's library reads and prints them.

use std::fmt;
use trueup_manifest::EcoString;

/// An exact version of Terraform or OpenTofu: `v1.6.4`, `1.10`, `1.11.0-beta1+x`. It prints with at least three parts.
///
/// ```
/// use trueup_atlantis::Version;
///
/// assert_eq!(Version::parse("v1.10").unwrap().to_string(), "1.10.0");
/// assert_eq!(Version::parse(">= 1.6").unwrap_err(), "malformed version: >= 1.6");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    segments: Vec<i64>,
    prerelease: EcoString,
    metadata: EcoString,
}

impl Version {
    /// Reads a version.
    ///
    /// # Errors
    /// What upstream says of a text that is no version, or whose parts are beyond 64 bits.
    pub fn parse(text: &str) -> Result<Self, String> {
        let malformed = || format!("malformed version: {text}");
        let rest = text.strip_prefix('v').unwrap_or(text);
        let numbers_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (numbers, rest) = rest.split_at_checked(numbers_end).ok_or_else(malformed)?;
        let (rest, metadata) = match rest.split_once('+') {
            Some((rest, metadata)) => (rest, Some(metadata)),
            None => (rest, None),
        };
        if metadata.is_some_and(|metadata| !is_dotted(metadata)) {
            return Err(malformed());
        }
        let prerelease = match rest.strip_prefix('-') {
            Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => after,
            Some(after) if !after.is_empty() => after,
            _ => rest,
        };
        if !prerelease.is_empty() && !is_dotted(prerelease) {
            return Err(malformed());
        }
        let parse = |segment: &str| match segment.parse::<i64>() {
            Ok(number) => Ok(number),
            Err(_) if segment.is_empty() => Err(malformed()),
            Err(_) => Err(format!(
                "error parsing version: strconv.ParseInt: parsing \"{segment}\": value out of range"
            )),
        };
        let segments = numbers.split('.').map(parse).collect::<Result<_, _>>()?;
        Ok(Self { segments, prerelease: prerelease.into(), metadata: metadata.unwrap_or_default().into() })
    }
}

/// Letters, digits, `-` and `~`, in parts between dots of which none is empty.
fn is_dotted(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '~'))
    };
    text.split('.').all(is_part)
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let padding = 3_usize.saturating_sub(self.segments.len());
        for (at, segment) in self.segments.iter().chain(std::iter::repeat_n(&0, padding)).enumerate() {
            f.write_str(if at > 0 { "." } else { "" })?;
            segment.fmt(f)?;
        }
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

impl serde::Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_as_upstream_reads_them() {
        // Recorded from hashicorp/go-version 1.9.0.
        for (text, printed) in [
            ("1", "1.0.0"),
            ("1.2.3.4", "1.2.3.4"),
            ("01.06", "1.6.0"),
            ("1.0beta1", "1.0.0-beta1"),
            ("1.0-beta.2+meta.3", "1.0.0-beta.2+meta.3"),
            ("1.2-3-x", "1.2.0-3-x"),
            ("1.2--x", "1.2.0--x"),
            ("1~x", "1.0.0-~x"),
            ("1-", "1.0.0--"),
            ("1-+x", "1.0.0--+x"),
        ] {
            assert_eq!(
                Version::parse(text).map(|version| version.to_string()).as_deref(),
                Ok(printed),
                "{text}"
            );
        }
        for text in ["", "v", "1.", ".1", "1..2", "1 ", "1+", "1.0.b", "1.2-a..b", "=1", "~> 1.2", "vv1"] {
            assert!(Version::parse(text).is_err(), "{text}");
        }
    }
}
