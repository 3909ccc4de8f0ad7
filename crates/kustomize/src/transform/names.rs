//! Name prefixes and suffixes.

use crate::error::Result;
use crate::fieldspec::{self, Create, FieldSpec, wrong_kind};
use crate::node::{self, Tag};
use crate::resmap::ResMap;
use crate::resource::push_exact;
use ecow::EcoString;
use trueup_schema::kustomize::Schema;

/// What goes before or behind a name.
#[derive(Clone, Debug)]
pub(crate) enum Affix {
    /// Before.
    Prefix(EcoString),
    /// Behind.
    Suffix(EcoString),
}

impl Affix {
    fn text(&self) -> &EcoString {
        match self {
            Self::Prefix(text) | Self::Suffix(text) => text,
        }
    }

    fn apply(&self, name: &str) -> EcoString {
        match self {
            Self::Prefix(prefix) => ecow::eco_format!("{prefix}{name}"),
            Self::Suffix(suffix) => ecow::eco_format!("{name}{suffix}"),
        }
    }
}

/// Adds an affix to the fields that the specs select, but to no name that has to stay.
pub(crate) fn rename(map: &mut ResMap, affix: &Affix, specs: &[FieldSpec], schema: &Schema) -> Result<()> {
    for resource in &mut map.list {
        let id = resource.org_id(schema);
        if is_kept(&id.gvk.group, &id.gvk.kind) {
            continue;
        }
        for spec in specs.iter().filter(|spec| id.gvk.is_selected(&spec.gvk)) {
            if spec.path == "metadata/name" && !affix.text().is_empty() {
                let history = resource.history_mut();
                match affix {
                    Affix::Prefix(text) => push_exact(&mut history.prefixes, text.clone()),
                    Affix::Suffix(text) => push_exact(&mut history.suffixes, text.clone()),
                }
                resource.store_previous_id(schema)?;
            }
            fieldspec::change(&mut resource.value, spec, Create::Scalar(Tag::Str), &mut |field| {
                if !field.is_scalar() {
                    return Err(wrong_kind("ScalarNode", field));
                }
                fieldspec::set_scalar(field, &node::plain(affix.apply(&node::text(field))))
            })?;
        }
    }
    Ok(())
}

/// Kinds whose names mean something outside.
fn is_kept(group: &str, kind: &str) -> bool {
    matches!(
        (group, kind),
        (_, "CustomResourceDefinition" | "Namespace") | ("apiregistration.k8s.io", "APIService")
    )
}
