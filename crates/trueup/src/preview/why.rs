//! What set the fields that differ.

use super::applications::Declared;
use crate::explain::tell_application;
use crate::report::{ResourceReport, SetBy};
use trueup_kustomize::Reason;
use trueup_manifest::{FieldPath, FileTree};
use trueup_source::Explainer;

/// How many bytes of files are looked through for the lines of one Application's fields.
const MAX_BYTES: usize = 64 << 20;

/// Says of each field what set it, until that has taken enough.
pub(super) fn tell_why(
    explainer: &Explainer,
    declared: &Declared,
    tree: &FileTree,
    resources: &mut [ResourceReport],
) {
    let mut bytes = 0;
    for resource in resources {
        for field in &mut resource.fields {
            if bytes > MAX_BYTES {
                return;
            }
            let Ok(path) = field.path.parse::<FieldPath>() else { continue };
            let Some(mut explanation) = explainer.explain_key(&resource.key, &path) else { continue };
            bytes += explainer.bytes_of(&explanation);
            let Some(mut reason) = explanation.reasons.pop() else { continue };
            tell_application(&mut reason, declared, tree);
            let Reason { by, repository, file, line, follows, .. } = reason;
            field.set_by = Some(SetBy { by, repository, file, line, follows });
        }
    }
}
