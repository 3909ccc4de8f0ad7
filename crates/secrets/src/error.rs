//! What can go wrong, with stable codes, and never with what was secret.

use trueup_manifest::{Diagnostic, EcoString};

/// An error of this crate. No error holds plaintext, ciphertext, keys, or what a parser quotes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretsError {
    /// A key, an identity or a recipient that cannot be read.
    #[error("cannot read the key: {0}")]
    Key(&'static str),
    /// Something that is not of the format it claims.
    #[error("wrong format: {0}")]
    Format(&'static str),
    /// A feature of the format that is not offered here.
    #[error("not supported: {0}")]
    Unsupported(&'static str),
    /// An encrypted value was moved, renamed or changed, or the key is another one.
    #[error("authentication failed: the value was moved or changed, or the key is another one")]
    Authentication,
    /// None of the identities is a recipient.
    #[error("none of the identities can decrypt it")]
    NoMatchingIdentity,
    /// A value that is not encrypted where the rules say it is.
    #[error("a value is not encrypted that the rules say is")]
    ExpectedEncrypted,
    /// A value, a field or the order of a file was changed after it was encrypted.
    #[error("the MAC does not match: the file was changed after it was encrypted")]
    MacMismatch,
    /// A decrypted text that is not of the type it says.
    #[error("a decrypted value is not of its type `{0}`")]
    Type(&'static str),
    /// A sealed value that does not open: another key, another name or namespace, or a change.
    #[error("cannot unseal: another key, another name, namespace or scope, or a changed value")]
    Unseal,
}

impl SecretsError {
    /// Returns the stable code, `secrets/what-is-wrong`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key(_) => "secrets/key",
            Self::Format(_) => "secrets/format",
            Self::Unsupported(_) => "secrets/unsupported",
            Self::Authentication => "secrets/auth",
            Self::NoMatchingIdentity => "secrets/no-matching-identity",
            Self::ExpectedEncrypted => "secrets/expected-encrypted",
            Self::MacMismatch => "secrets/mac-mismatch",
            Self::Type(_) => "secrets/type",
            Self::Unseal => "secrets/unseal",
        }
    }

    /// Returns the error as a diagnostic in a file.
    pub fn diagnostic_in(&self, file: impl Into<EcoString>) -> Diagnostic {
        Diagnostic::error(self.code(), self.to_string()).at(trueup_manifest::Location::file(file))
    }
}
