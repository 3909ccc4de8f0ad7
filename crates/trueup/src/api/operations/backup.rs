//! Backups of Argo CD's own objects.

use super::table;
use crate::api::shape::{Objects, answer, input, output};
use crate::api::{Context, Error};
use trueup_backup::{ExportOptions, Outcome, SecretEntry};
use trueup_manifest::{Diagnostic, EcoString};

table! {
    /// Takes Argo CD's own objects out of what a cluster holds, in the order of their restore, without secrets unless they are asked for.
    "backup.create": OfCluster => exported => ExportedBackup;
    /// Tells what is dangerous about restoring objects, and which jobs write secrets in clear.
    "backup.lint": BeforeRestore => linted => Vec<Diagnostic>;
    /// Compares a backup with what a cluster holds. No value is told.
    "backup.verify": AfterRestore => verified => RestoreVerification;
}

input! {
    /// What a cluster holds.
    struct OfCluster {
        /// The objects; Lists are looked into.
        objects: Objects,
        /// The namespace of Argo CD, which is not written.
        namespace: EcoString = "argocd",
        /// Whether the status is kept.
        keep_status: bool = false,
        /// Whether secrets are exported, in clear.
        with_secrets: bool = false,
    }
}

output! {
    /// A secret, without its values.
    struct SecretEntry: SecretEntry {
        /// Its namespace.
        namespace: EcoString,
        /// Its name.
        name: EcoString,
        /// What it is for, such as `repository` or `cluster`; empty if it does not say.
        secret_type: EcoString,
        /// The keys of its data, sorted.
        keys: Vec<EcoString>,
    }
}

answer! {
    /// A backup.
    struct ExportedBackup {
        /// What is restored, in that order, as YAML.
        text: String,
        /// The Applications that ApplicationSets make, as YAML: they are not restored.
        generated: String,
        /// The secrets that there are, whether or not they are exported.
        secrets: Vec<SecretEntry>,
    }
}

fn exported(request: OfCluster, _: &Context) -> Result<ExportedBackup, Error> {
    let mut options = ExportOptions::default().in_namespace(request.namespace);
    options.keep_status = request.keep_status;
    options.with_secrets = request.with_secrets;
    let backup = trueup_backup::export(&request.objects.0, &options);
    let (text, generated) = (backup.to_yaml()?, backup.generated_yaml()?);
    Ok(ExportedBackup { text, generated, secrets: backup.secrets })
}

input! {
    /// What is to be restored, or what makes backups.
    struct BeforeRestore {
        /// The objects.
        objects: Objects,
        /// The clusters that the new Argo CD knows, by address or by name; null to say nothing about clusters.
        clusters: Option<Vec<EcoString>>,
    }
}

fn linted(request: BeforeRestore, _: &Context) -> Result<Vec<Diagnostic>, Error> {
    let mut found = trueup_backup::dangers(&request.objects.0, request.clusters.as_deref());
    found.extend(trueup_backup::lint_jobs(&request.objects.0));
    Ok(found)
}

input! {
    /// A backup, and what a cluster holds.
    struct AfterRestore {
        /// The objects of the backup.
        backup: Objects,
        /// The objects that there are; Lists are looked into.
        live: Objects,
        /// The namespace of Argo CD.
        namespace: EcoString = "argocd",
    }
}

answer! {
    /// What became of an object of a backup.
    struct RestoreVerdict {
        /// The API group; empty for the core group.
        group: EcoString,
        /// The kind.
        kind: EcoString,
        /// The namespace.
        namespace: EcoString,
        /// The name.
        name: EcoString,
        /// `identical`, `missing`, `extra` or `differs`.
        outcome: EcoString,
        /// The fields that differ, with dots.
        paths: Vec<EcoString>,
    }
}

answer! {
    /// What became of a backup.
    struct RestoreVerification {
        /// Whether everything is there as it was backed up, and nothing else.
        complete: bool,
        /// What became of each object, in the order of a restore.
        verdicts: Vec<RestoreVerdict>,
        /// What is dangerous about bringing what is there to what was backed up.
        diagnostics: Vec<Diagnostic>,
    }
}

fn verified(request: AfterRestore, _: &Context) -> Result<RestoreVerification, Error> {
    let options = ExportOptions::default().in_namespace(request.namespace);
    let verification = trueup_backup::verify_restore(&request.backup.0, &request.live.0, &options);
    let complete = verification.is_complete();
    let verdicts = verification.verdicts.into_iter().map(|verdict| RestoreVerdict {
        outcome: verdict.outcome.name().into(),
        group: verdict.key.group,
        kind: verdict.key.kind,
        namespace: verdict.key.namespace,
        name: verdict.key.name,
        paths: match verdict.outcome {
            Outcome::Differs(paths) => paths,
            _ => Vec::new(),
        },
    });
    let verdicts = verdicts.collect();
    Ok(RestoreVerification { complete, verdicts, diagnostics: verification.warnings })
}
