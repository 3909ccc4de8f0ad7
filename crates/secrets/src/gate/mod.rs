//! The gate: reads manifests and tells what must not be in Git.

mod configuration;
mod cross;
mod external;
mod generator;
mod sealed;
mod secret;
mod sops;
mod text;

pub use cross::cross_references;

use crate::finding::{Finding, Rule};
use crate::sops::Metadata;
use trueup_manifest::yaml::{self, DuplicateKeys, ParseErrorKind, ParseOptions};
use trueup_manifest::{EcoString, FileTree, Object, Value};

/// What the gate allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The only age recipients that SOPS may encrypt for; without it, all.
    pub allowed_age_recipients: Option<Vec<EcoString>>,
}

impl Policy {
    /// Allows these age recipients and no others.
    #[must_use]
    pub fn allow_age_recipients<R: Into<EcoString>>(
        mut self,
        recipients: impl IntoIterator<Item = R>,
    ) -> Self {
        self.allowed_age_recipients = Some(recipients.into_iter().map(Into::into).collect());
        self
    }
}

/// Tells whether the file at a path is encrypted by SOPS as a whole; the path is relative to the kustomization's directory.
type IsEncrypted<'a> = &'a dyn Fn(&str) -> bool;

/// Looks through one file. Findings are sorted by document, then by rule.
///
/// A path that does not end in `.yaml`, `.yml` or `.json` is searched as text only, and so is a file that is no YAML.
///
/// ```
/// use trueup_secrets::{Policy, Rule, gate};
///
/// let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: hunter2}\n";
/// let findings = gate("base/secret.yaml", secret, &Policy::default());
/// assert_eq!((findings[0].rule, findings[0].keys[0].as_str()), (Rule::PlaintextSecret, "password"));
/// assert!(!format!("{findings:?}").contains("hunter2"));
/// ```
pub fn gate(path: &str, text: &str, policy: &Policy) -> Vec<Finding> {
    look_through(path, text, policy, &|_| false)
}

/// Looks through every file of a tree; the findings are by path, and only files with findings are listed.
///
/// Generators may take files that SOPS has encrypted. Files that are not UTF-8 are searched as far as they are.
pub fn gate_tree(tree: &FileTree, policy: &Policy) -> Vec<(EcoString, Vec<Finding>)> {
    let mut found = Vec::new();
    for (path, bytes) in tree.files_below("") {
        let text = String::from_utf8_lossy(bytes);
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let is_encrypted = |file: &str| {
            let at = trueup_manifest::join_path(directory, file).ok();
            at.and_then(|at| tree.get(&at)).is_some_and(|bytes| sops::is_encrypted_file(bytes))
        };
        let findings = look_through(path, &text, policy, &is_encrypted);
        if !findings.is_empty() {
            found.push((path.clone(), findings));
        }
    }
    found
}

fn look_through(path: &str, text: &str, policy: &Policy, is_encrypted: IsEncrypted<'_>) -> Vec<Finding> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let is_yaml = [".yaml", ".yml", ".json"].iter().any(|end| file.ends_with(end)) || file == "Kustomization";
    if !is_yaml {
        return text::findings(text, &[]);
    }
    let ends: Vec<usize> =
        yaml::outline(text).unwrap_or_default().iter().map(trueup_manifest::yaml::Outline::end).collect();
    let mut findings = text::findings(text, &ends);
    let documents = match read(text) {
        Ok(documents) => documents,
        Err(unreadable) => {
            findings.push(*unreadable);
            // What can be read of a file with a key twice is worth a look all the same.
            let lenient = ParseOptions::kubernetes().with_duplicate_keys(DuplicateKeys::LastWins);
            yaml::parse_stream(text.as_bytes(), &lenient).unwrap_or_default()
        }
    };
    for (index, document) in documents.iter().enumerate() {
        let mut found = document_findings(file, document, policy, is_encrypted);
        found.iter_mut().for_each(|finding| finding.document = Some(index));
        findings.extend(found);
    }
    findings.sort_by_key(|finding| (finding.document, finding.rule, finding.item, finding.line));
    findings
}

/// Reads the documents; what the reader says is left out, since it quotes.
fn read(text: &str) -> Result<Vec<Value>, Box<Finding>> {
    yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml()).map_err(|error| {
        let mut finding = Finding::new(Rule::UnreadableDocument);
        finding.line = Some(error.position().line);
        if error.kind() == ParseErrorKind::DuplicateKey {
            finding.severity = trueup_manifest::Severity::Error;
        }
        Box::new(finding)
    })
}

fn document_findings(
    file: &str,
    document: &Value,
    policy: &Policy,
    is_encrypted: IsEncrypted<'_>,
) -> Vec<Finding> {
    let metadata = document.get("sops").filter(|sops| sops.is_map()).map(Metadata::read_leniently);
    let object = Object::new(document);
    let mut findings = Vec::new();
    if object.api_version() == "v1" && matches!(object.kind(), "List" | "SecretList" | "ConfigMapList") {
        let of = object.kind().strip_suffix("List").unwrap_or_default();
        for (item, value) in
            document.get("items").and_then(Value::as_seq).unwrap_or_default().iter().enumerate()
        {
            let mut found = object_findings(&subject(value, of), metadata.as_ref());
            found.iter_mut().for_each(|finding| finding.item = Some(item));
            findings.extend(found);
        }
    } else {
        findings.extend(object_findings(&subject(document, ""), metadata.as_ref()));
    }
    findings.extend(generator::findings(file, document, is_encrypted));
    if let Some(metadata) = &metadata {
        let about = subject(document, "");
        findings.extend(
            sops::findings(document, metadata, policy).into_iter().map(|finding| about.named(finding)),
        );
    }
    findings
}

/// An object and what it is called; items of a typed list do not say their kind.
struct Subject<'a> {
    value: &'a Value,
    object: Object<'a>,
    kind: EcoString,
    version: EcoString,
}

fn subject<'a>(value: &'a Value, kind_of_list: &str) -> Subject<'a> {
    let object = Object::new(value);
    let typed = object.kind().is_empty() && !kind_of_list.is_empty();
    let kind = if typed { kind_of_list } else { object.kind() };
    let version = if typed { "v1" } else { object.api_version() };
    Subject { value, object, kind: kind.into(), version: version.into() }
}

impl Subject<'_> {
    fn is(&self, version: &str, kind: &str) -> bool {
        self.version == version && self.kind == kind
    }

    fn group(&self) -> &str {
        self.version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Says of a finding whose it is.
    fn named(&self, mut finding: Finding) -> Finding {
        let text = |text: &str| (!text.is_empty()).then(|| EcoString::from(text));
        finding.kind = text(&self.kind);
        finding.name = text(self.object.name());
        finding
    }
}

fn object_findings(subject: &Subject<'_>, metadata: Option<&Metadata>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if subject.is("v1", "Secret") {
        findings.extend(secret::findings(subject, metadata));
    }
    if subject.group() == "bitnami.com" && subject.kind == "SealedSecret" {
        findings.extend(sealed::findings(subject));
    }
    if subject.group() == "external-secrets.io" {
        findings.extend(external::findings(subject));
    }
    findings.extend(configuration::findings(subject));
    findings.into_iter().map(|finding| subject.named(finding)).collect()
}

/// Returns true for a value that is something: not null and not the empty text.
fn is_something(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

/// Returns true for a text that a plugin replaces as a whole.
fn is_placeholder(text: &str, has_plugin: bool) -> bool {
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    inner.is_some_and(|inner| {
        !inner.is_empty() && !inner.contains(['<', '>', '\n']) && (has_plugin || inner.starts_with("path:"))
    })
}

/// Returns true for an object whose placeholders a plugin replaces.
fn has_plugin(object: Object<'_>) -> bool {
    object.annotation("avp.kubernetes.io/path").is_some()
}
