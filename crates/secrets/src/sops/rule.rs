//! Which values of a document are encrypted.

use crate::SecretsError;
use trueup_manifest::{EcoString, Value};
use trueup_template::Regex;

/// Which values are encrypted, by the keys on the way to them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Rule {
    /// All but those below a key that ends so.
    UnencryptedSuffix(EcoString),
    /// Those below a key that ends so.
    EncryptedSuffix(EcoString),
    /// All but those below a key in which this is found.
    UnencryptedRegex(Regex),
    /// Those below a key in which this is found.
    EncryptedRegex(Regex),
    /// Comments decide, which values do not know: nothing is known to be encrypted.
    Comments,
}

impl Default for Rule {
    /// Returns the rule of whoever gives none: all but what is below a key that ends with `_unencrypted`.
    fn default() -> Self {
        Self::UnencryptedSuffix("_unencrypted".into())
    }
}

impl Rule {
    /// Returns true if the rule covers the value at a path of keys. Positions in lists are not part of it.
    ///
    /// ```
    /// use trueup_secrets::sops::Rule;
    ///
    /// let rule = Rule::EncryptedSuffix("_enc".into());
    /// assert!(rule.covers(&["db_enc", "password"]) && !rule.covers(&["db"]));
    /// ```
    pub fn covers(&self, path: &[&str]) -> bool {
        let mut keys = path.iter();
        match self {
            Self::UnencryptedSuffix(suffix) => !keys.any(|key| key.ends_with(suffix.as_str())),
            Self::EncryptedSuffix(suffix) => keys.any(|key| key.ends_with(suffix.as_str())),
            Self::UnencryptedRegex(regex) => !keys.any(|key| regex.is_match(key.as_bytes())),
            Self::EncryptedRegex(regex) => keys.any(|key| regex.is_match(key.as_bytes())),
            Self::Comments => false,
        }
    }

    /// Reads the rule of a map that holds at most one of the six, such as the metadata or a creation rule.
    pub(super) fn of(map: &Value) -> Result<Option<Self>, SecretsError> {
        let text = |key: &str| map.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let mut rules = Vec::new();
        rules.extend(text("unencrypted_suffix").map(|suffix| Ok(Self::UnencryptedSuffix(suffix.into()))));
        rules.extend(text("encrypted_suffix").map(|suffix| Ok(Self::EncryptedSuffix(suffix.into()))));
        rules.extend(text("unencrypted_regex").map(|regex| compiled(regex).map(Self::UnencryptedRegex)));
        rules.extend(text("encrypted_regex").map(|regex| compiled(regex).map(Self::EncryptedRegex)));
        let comments = ["unencrypted_comment_regex", "encrypted_comment_regex"];
        rules.extend(
            comments.iter().filter_map(|key| text(key)).map(|regex| compiled(regex).map(|_| Self::Comments)),
        );
        if rules.len() > 1 {
            return Err(SecretsError::Format("more than one of the rules which values are encrypted"));
        }
        rules.pop().transpose()
    }
}

/// Compiles an expression as Go does, which SOPS is written in: `\w` and `\d` are of ASCII.
pub(super) fn compiled(regex: &str) -> Result<Regex, SecretsError> {
    Regex::new(regex.as_bytes()).map_err(|_| SecretsError::Format("a regular expression that is none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_gos() {
        assert!(!compiled(r"^\w+$").unwrap().is_match("é".as_bytes()));
        assert!(compiled("a{,5}").unwrap().is_match(b"a{,5}"));
        assert!(compiled("(?x)a").is_err());
    }
}
