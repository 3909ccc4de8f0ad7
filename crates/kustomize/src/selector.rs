//! Selectors: anchored regular expressions for names and kinds, and Kubernetes label expressions.

mod labels;

pub(crate) use labels::LabelSelector;

use crate::error::{Error, ErrorKind, Result};
use crate::ids::{Gvk, ResId};
use crate::kustomization::Selector;
use crate::resource::Resource;
use crate::steps;
use trueup_schema::kustomize::Schema;
use trueup_template::Regex;

/// A selector ready to match.
#[derive(Debug)]
pub(crate) struct CompiledSelector {
    group: Pattern,
    version: Pattern,
    kind: Pattern,
    name: Pattern,
    namespace: Pattern,
    labels: Result<LabelSelector>,
    annotations: Result<LabelSelector>,
    is_empty_id: bool,
}

/// Text that matches: anything, one text, or an expression.
#[derive(Debug)]
enum Pattern {
    Any,
    Text(String),
    Regex(Regex),
}

impl Pattern {
    fn new(pattern: &str) -> Result<Self> {
        if pattern.is_empty() {
            return Ok(Self::Any);
        }
        if pattern.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'_')) {
            return Ok(Self::Text(pattern.to_owned()));
        }
        compile(&format!("^(?:{pattern})$")).map(Self::Regex)
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Text(want) => want == text,
            Self::Regex(regex) => regex.is_match(text.as_bytes()),
        }
    }
}

/// Compiles an expression as Go does.
pub(crate) fn compile(pattern: &str) -> Result<Regex> {
    Regex::new(pattern.as_bytes()).map_err(|message| Error::new(ErrorKind::Transformer, message))
}

impl CompiledSelector {
    pub(crate) fn new(selector: &Selector) -> Result<Self> {
        Ok(Self {
            group: Pattern::new(&selector.gvk.group)?,
            version: Pattern::new(&selector.gvk.version)?,
            kind: Pattern::new(&selector.gvk.kind)?,
            name: Pattern::new(&selector.name)?,
            namespace: Pattern::new(&selector.namespace)?,
            labels: LabelSelector::parse(&selector.label_selector),
            annotations: LabelSelector::parse(&selector.annotation_selector),
            is_empty_id: selector.gvk == Gvk::default()
                && selector.name.is_empty()
                && selector.namespace.is_empty(),
        })
    }

    /// Whether a patch or value with this target applies: by the original or the current name and namespace.
    ///
    /// # Errors
    /// When a label expression that has to be looked at cannot be read.
    pub(crate) fn selects(&self, resource: &Resource, schema: &Schema) -> Result<bool> {
        // Names tell most apart, and are at hand.
        let first = resource.history().previous.first();
        let by_name =
            first.is_some_and(|first| self.name.matches(&first.name)) || self.name.matches(&resource.name());
        Ok(by_name
            && self.matches_gvk(&resource.gvk())
            && self.matches_namespace(resource, schema)
            && self.matches_labels(resource)?)
    }

    fn matches_namespace(&self, resource: &Resource, schema: &Schema) -> bool {
        matches!(self.namespace, Pattern::Any)
            || self.namespace.matches(resource.org_id(schema).effective_namespace())
            || self.namespace.matches(resource.cur_id(schema).effective_namespace())
    }

    /// Whether an id matches by its own, unadorned namespace.
    pub(crate) fn matches_id(&self, id: &ResId) -> bool {
        self.matches_gvk(&id.gvk) && self.name.matches(&id.name) && self.namespace.matches(&id.namespace)
    }

    pub(crate) fn matches_labels(&self, resource: &Resource) -> Result<bool> {
        steps::count();
        let holds = |selector: &Result<LabelSelector>, field| -> Result<bool> {
            let selector = selector.as_ref().map_err(Error::clone)?;
            resource.check_pairs(field)?;
            Ok(selector.matches(&|key| label(resource, field, key)))
        };
        Ok(holds(&self.labels, "labels")? && holds(&self.annotations, "annotations")?)
    }

    /// The one name that it asks for, if it does and nothing in it is wrong.
    pub(crate) fn only_name(&self) -> Option<&str> {
        match &self.name {
            Pattern::Text(name) if self.is_sound() => Some(name),
            _ => None,
        }
    }

    /// Whether nothing in it is wrong.
    pub(crate) fn is_sound(&self) -> bool {
        self.labels.is_ok() && self.annotations.is_ok()
    }

    /// Whether it says nothing about ids.
    pub(crate) fn is_empty_id(&self) -> bool {
        self.is_empty_id
    }

    /// Whether it says nothing about labels and annotations.
    pub(crate) fn is_empty_labels(&self) -> bool {
        let is_empty =
            |selector: &Result<LabelSelector>| selector.as_ref().is_ok_and(LabelSelector::is_empty);
        is_empty(&self.labels) && is_empty(&self.annotations)
    }

    fn matches_gvk(&self, gvk: &Gvk) -> bool {
        self.group.matches(&gvk.group) && self.version.matches(&gvk.version) && self.kind.matches(&gvk.kind)
    }
}

fn label(resource: &Resource, field: &str, key: &str) -> Option<ecow::EcoString> {
    let texts = resource.value.at(&["metadata", field])?;
    match texts.as_seq() {
        // Of a list, upstream takes the items for keys and values in turn.
        Some(items) => {
            let pair = items.as_chunks::<2>().0.iter().rfind(|[own, _]| crate::node::text(own) == key);
            pair.map(|[_, value]| crate::node::text(value))
        }
        None => texts.get(key).map(crate::node::text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_without_numbers_are_characters() {
        for (pattern, text) in [
            ("a{}", "a{}"),
            ("a{x}", "a{x}"),
            ("a{2}", "aa"),
            ("a{,2}", "a{,2}"),
            (r"\{\pL{1,}", "{é"),
            (r"\p{Lu}{2,3}", "AB"),
        ] {
            assert!(compile(&format!("^(?:{pattern})$")).unwrap().is_match(text.as_bytes()), "{pattern}");
        }
    }
}
