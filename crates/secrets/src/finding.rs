//! What the gate finds: rules, and findings that hold no secret.

use serde::{Serialize, Serializer};
use std::fmt;
use trueup_manifest::{Diagnostic, EcoString, Location, Position, Severity, Span};

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $code:literal, $severity:ident;)*) => {
        /// A rule of the gate, in the order in which findings of one document are sorted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// Every rule, in order.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)*];

            /// Returns the name of the rule, such as `plaintext-secret`.
            pub fn name(self) -> &'static str {
                self.code().trim_start_matches("secrets/")
            }

            /// Returns how bad a finding of the rule is.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$rule => Severity::$severity,)*
                }
            }

            /// Returns the code of the rule's diagnostics, `secrets/` and its name.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$rule => $code,)*
                }
            }
        }
    };
}

rules! {
    /// A private key in PEM, in any text.
    PrivateKeyMaterial = "secrets/private-key-material", Error;
    /// An identity of age, in any text.
    AgeIdentity = "secrets/age-identity", Error;
    /// A document that cannot be read, so that nothing else is known of it.
    UnreadableDocument = "secrets/unreadable-document", Warning;
    /// A Secret with a value.
    PlaintextSecret = "secrets/plaintext-secret", Error;
    /// A value under `data` that is not base64.
    SecretDataNotBase64 = "secrets/secret-data-not-base64", Warning;
    /// A copy of a Secret in an annotation that tools leave.
    SecretInAnnotation = "secrets/secret-in-annotation", Error;
    /// A generator of Secrets from what is in Git as it is.
    SecretGeneratorPlaintext = "secrets/secret-generator-plaintext", Error;
    /// SOPS metadata without a MAC.
    SopsMissingMac = "secrets/sops-missing-mac", Error;
    /// SOPS metadata without anybody who could decrypt.
    SopsNoRecipients = "secrets/sops-no-recipients", Error;
    /// A plain value that the document's own rules say is encrypted.
    SopsPlaintextValue = "secrets/sops-plaintext-value", Error;
    /// A recipient that the policy does not know.
    SopsRecipientNotAllowed = "secrets/sops-recipient-not-allowed", Error;
    /// A sealed value that no controller can have made.
    SealedInvalidCiphertext = "secrets/sealed-invalid-ciphertext", Error;
    /// `spec.data`, which seals all values as one.
    SealedDeprecatedData = "secrets/sealed-deprecated-data", Error;
    /// A SealedSecret of nothing.
    SealedEmpty = "secrets/sealed-empty", Warning;
    /// A SealedSecret that is sealed for a namespace, and names none.
    SealedScopeNeedsNamespace = "secrets/sealed-scope-needs-namespace", Warning;
    /// Both scopes at once.
    SealedScopeConflict = "secrets/sealed-scope-conflict", Warning;
    /// A template that tells another scope than the one that counts.
    SealedScopeMismatch = "secrets/sealed-scope-mismatch", Warning;
    /// A template that tells a name or namespace, which do not count.
    SealedTemplateNameIgnored = "secrets/sealed-template-name-ignored", Warning;
    /// A template with text that no decrypted value is in.
    SealedTemplateLiteral = "secrets/sealed-template-literal", Warning;
    /// A version that the operator does not serve any more.
    EsApiVersionNotServed = "secrets/es-api-version-not-served", Warning;
    /// An ExternalSecret that asks for nothing.
    EsEmpty = "secrets/es-empty", Error;
    /// An entry without a store to take it from.
    EsMissingStore = "secrets/es-missing-store", Error;
    /// A store of a kind that there is not.
    EsInvalidStoreKind = "secrets/es-invalid-store-kind", Error;
    /// An entry that does not tell which secret.
    EsMissingRemoteKey = "secrets/es-missing-remote-key", Error;
    /// Two entries for one key.
    EsDuplicateKey = "secrets/es-duplicate-key", Error;
    /// A `dataFrom` entry that is not exactly one of `extract`, `find` and `sourceRef`.
    EsDataFromExactlyOne = "secrets/es-datafrom-exactly-one", Error;
    /// A creation policy that there is not.
    EsInvalidCreationPolicy = "secrets/es-invalid-creation-policy", Error;
    /// A deletion policy that there is not.
    EsInvalidDeletionPolicy = "secrets/es-invalid-deletion-policy", Error;
    /// A deletion policy that the creation policy does not allow.
    EsInvalidPolicyCombination = "secrets/es-invalid-policy-combination", Error;
    /// A refresh policy that there is not.
    EsInvalidRefreshPolicy = "secrets/es-invalid-refresh-policy", Error;
    /// A refresh interval that is no duration.
    EsInvalidRefreshInterval = "secrets/es-invalid-refresh-interval", Error;
    /// A template with text that no fetched value is in.
    EsTemplateLiteral = "secrets/es-template-literal", Warning;
    /// Two ExternalSecrets that write one Secret.
    EsDuplicateTarget = "secrets/es-duplicate-target", Error;
    /// A reference to a Secret or a key that nothing here makes.
    SecretKeyNotProvided = "secrets/secret-key-not-provided", Warning;
    /// A ConfigMap with a key that is called as secrets are.
    SuspiciousConfigValue = "secrets/suspicious-config-value", Warning;
    /// A container with a variable that is called as secrets are.
    SuspiciousEnvValue = "secrets/suspicious-env-value", Warning;
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Something that must not be in Git, or looks as if.
///
/// It names rules, kinds, names, keys and paths; never a value, a part of one, its length or its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// The document of the file, from 0; nothing for a file that is not YAML.
    pub document: Option<usize>,
    /// The kind of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<EcoString>,
    /// The name of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<EcoString>,
    /// The keys, paths or files that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<EcoString>,
    /// The line in the file, from 1, for what is found in text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The position of the object in its list, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<usize>,
    /// The version that is not served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<EcoString>,
}

impl Finding {
    pub(crate) fn new(rule: Rule) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            document: None,
            kind: None,
            name: None,
            keys: Vec::new(),
            line: None,
            item: None,
            version: None,
        }
    }

    pub(crate) fn keys<K: Into<EcoString>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.keys = keys.into_iter().map(Into::into).collect();
        self
    }

    /// Returns true for a finding that the gate does not let through.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Returns the finding as a diagnostic in its file.
    pub fn diagnostic(&self, file: impl Into<EcoString>) -> Diagnostic {
        let object = match (&self.kind, &self.name) {
            (Some(kind), Some(name)) => format!("{kind} `{name}`: "),
            (Some(kind), None) => format!("{kind}: "),
            _ => String::new(),
        };
        let mut message = format!("{object}{}", self.rule.words());
        if !self.keys.is_empty() {
            let keys: Vec<String> = self.keys.iter().map(|key| format!("`{key}`")).collect();
            message.push_str(&format!(" ({})", keys.join(", ")));
        }
        let location = match self.line {
            Some(line) => {
                let at = Position { offset: 0, line, column: 1 };
                Location::span(file, Span { start: at, end: at })
            }
            None => Location::file(file),
        };
        let diagnostic = match self.severity {
            Severity::Error => Diagnostic::error(self.rule.code(), message),
            Severity::Warning => Diagnostic::warning(self.rule.code(), message),
            Severity::Note => Diagnostic::note(self.rule.code(), message),
        };
        diagnostic.at(location)
    }
}

impl Rule {
    /// Returns what is wrong, in words.
    fn words(self) -> &'static str {
        match self {
            Self::PrivateKeyMaterial => "a private key",
            Self::AgeIdentity => "an age identity, which decrypts",
            Self::UnreadableDocument => "cannot be read as YAML, so that only its text was searched",
            Self::PlaintextSecret => "values that are not encrypted",
            Self::SecretDataNotBase64 => "values under `data` that are not base64",
            Self::SecretInAnnotation => "an annotation that holds a copy of the Secret",
            Self::SecretGeneratorPlaintext => "generates a Secret from what is not encrypted",
            Self::SopsMissingMac => "SOPS metadata without a MAC",
            Self::SopsNoRecipients => "SOPS metadata without a key group",
            Self::SopsPlaintextValue => "values that SOPS should have encrypted and has not",
            Self::SopsRecipientNotAllowed => "encrypted for recipients that the policy does not allow",
            Self::SealedInvalidCiphertext => "values that are not sealed",
            Self::SealedDeprecatedData => "`spec.data` is deprecated",
            Self::SealedEmpty => "holds no sealed values",
            Self::SealedScopeNeedsNamespace => "is sealed for a namespace and names none",
            Self::SealedScopeConflict => "is both namespace-wide and cluster-wide",
            Self::SealedScopeMismatch => "its template tells another scope than itself",
            Self::SealedTemplateNameIgnored => "its template tells a name or namespace, which do not count",
            Self::SealedTemplateLiteral => "its template holds plain text",
            Self::EsApiVersionNotServed => {
                "this version is not served any more: write `external-secrets.io/v1`"
            }
            Self::EsEmpty => "neither `data` nor `dataFrom`",
            Self::EsMissingStore => "entries without a store",
            Self::EsInvalidStoreKind => "a store is a `SecretStore` or a `ClusterSecretStore`",
            Self::EsMissingRemoteKey => "entries that do not tell `remoteRef.key`",
            Self::EsDuplicateKey => "several entries for one key",
            Self::EsDataFromExactlyOne => {
                "an entry of `dataFrom` is one of `extract`, `find` and `sourceRef`"
            }
            Self::EsInvalidCreationPolicy => "there is no such `creationPolicy`",
            Self::EsInvalidDeletionPolicy => "there is no such `deletionPolicy`",
            Self::EsInvalidPolicyCombination => "its `deletionPolicy` does not go with its `creationPolicy`",
            Self::EsInvalidRefreshPolicy => "there is no such `refreshPolicy`",
            Self::EsInvalidRefreshInterval => "its `refreshInterval` is no duration",
            Self::EsTemplateLiteral => "its template holds plain text",
            Self::EsDuplicateTarget => "another ExternalSecret writes the same Secret",
            Self::SecretKeyNotProvided => "refers to what no Secret here provides",
            Self::SuspiciousConfigValue => "keys that are called as secrets are",
            Self::SuspiciousEnvValue => "variables that are called as secrets are",
        }
    }
}
