//! Secrets in Git.

use super::table;
use crate::api::handles::Tree;
use crate::api::shape::{Text, answer, input, output};
use crate::api::{Context, Error};
use trueup_manifest::{EcoString, Severity};
use trueup_secrets::{Finding, Policy};

table! {
    /// Looks through one file for what must not be in Git: plain secrets, and encrypted ones that are not what they should be.
    ///
    /// A path that does not end in `.yaml`, `.yml` or `.json` is searched as text only. No finding holds a value.
    "secrets.gate": InFile => gated => Vec<Finding>;
    /// Looks through every file of a tree; only files with findings are listed, by path.
    "secrets.scan": InSecretTree => scanned => Vec<FileFindings>;
}

input! {
    /// A file.
    struct InFile {
        /// Its text.
        text: Text,
        /// Its path.
        path: EcoString,
        /// The only age recipients that SOPS may encrypt for; null for all.
        allowed_age_recipients: Option<Vec<EcoString>>,
    }
}

output! {
    /// Something that must not be in Git, or looks as if. It names rules, kinds, names, keys and paths, and no value.
    struct Finding: Finding {
        /// The rule, such as `plaintext-secret`; its code is that behind `secrets/`.
        rule: EcoString,
        /// How bad it is.
        severity: Severity,
        /// The document of the file, from 0; null for a file that is not YAML.
        document: Option<usize>,
        /// The kind of the object.
        kind: Option<EcoString> = absent,
        /// The name of the object.
        name: Option<EcoString> = absent,
        /// The keys, paths or files that it is about.
        keys: Vec<EcoString> = absent,
        /// The line in the file, from 1, for what is found in text.
        line: Option<usize> = absent,
        /// The position of the object in its list, from 0.
        item: Option<usize> = absent,
        /// The version that is not served.
        version: Option<EcoString> = absent,
    }
}

answer! {
    /// A file with findings.
    struct FileFindings {
        /// Its path.
        path: EcoString,
        /// What was found, by document, then by rule.
        findings: Vec<Finding>,
    }
}

fn policy(allowed: Option<Vec<EcoString>>) -> Policy {
    allowed.map_or_else(Policy::default, |allowed| Policy::default().allow_age_recipients(allowed))
}

fn gated(request: InFile, _: &Context) -> Result<Vec<Finding>, Error> {
    let text = String::from_utf8_lossy(&request.text.0);
    Ok(trueup_secrets::gate(&request.path, &text, &policy(request.allowed_age_recipients)))
}

input! {
    /// A tree to look through.
    struct InSecretTree {
        /// The tree.
        tree: Tree,
        /// The only age recipients that SOPS may encrypt for; null for all.
        allowed_age_recipients: Option<Vec<EcoString>>,
    }
}

fn scanned(request: InSecretTree, _: &Context) -> Result<Vec<FileFindings>, Error> {
    let found = trueup_secrets::gate_tree(request.tree.files(), &policy(request.allowed_age_recipients));
    Ok(found.into_iter().map(|(path, findings)| FileFindings { path, findings }).collect())
}
