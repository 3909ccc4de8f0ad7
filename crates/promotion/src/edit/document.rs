//! A kustomization as text and as values side by side.

use crate::PromotionError;
use std::ops::Range;
use trueup_manifest::yaml::{self, DuplicateKeys, Outline, OutlineNode, ParseOptions};
use trueup_manifest::{Map, Position, Value};

/// A field of a kustomization that edits are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Images,
    Replicas,
    Namespace,
    NamePrefix,
    NameSuffix,
    Labels,
    Annotations,
}

impl Field {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Replicas => "replicas",
            Self::Namespace => "namespace",
            Self::NamePrefix => "namePrefix",
            Self::NameSuffix => "nameSuffix",
            Self::Labels => "commonLabels",
            Self::Annotations => "commonAnnotations",
        }
    }
}

/// A file that holds one map, in lines.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub(crate) text: &'a str,
    pub(crate) value: Map,
    outline: Outline,
}

impl<'a> Document<'a> {
    /// Reads a text as kustomize does. A document of nothing is an empty map.
    pub(crate) fn read(text: &'a str) -> Result<Self, PromotionError> {
        let options = ParseOptions::kubernetes().with_duplicate_keys(DuplicateKeys::Error);
        let mut values = yaml::parse_stream(text.as_bytes(), &options)?.into_iter();
        let mut outlines = yaml::outline(text)?.into_iter();
        let (value, outline) = (values.next().unwrap_or_default(), outlines.next());
        if outlines.next().is_some() {
            return Err(PromotionError::MultipleDocuments);
        }
        // Nothing but comments is no document at all to the reader.
        let outline = outline.unwrap_or_default();
        let is_nothing = outline.root().is_none_or(|root| root.range().is_empty());
        match value.as_map() {
            Some(_) if outline.root().is_some_and(OutlineNode::is_flow) => Err(PromotionError::FlowRoot),
            Some(map) => Ok(Self { text, value: map.clone(), outline }),
            None if value.is_null() && is_nothing => Ok(Self { text, value: Map::new(), outline }),
            None => Err(PromotionError::NotAMapping),
        }
    }

    /// Returns the key and the value of a field, or `None`; what is in the field may be edited.
    ///
    /// # Errors
    /// A field with anchors, aliases or merge keys in it, and one whose name is written in another case, which Go reads as well.
    pub(crate) fn field(
        &self,
        name: &str,
    ) -> Result<Option<(OutlineNode<'_>, OutlineNode<'_>)>, PromotionError> {
        let alias = |node: OutlineNode<'_>| PromotionError::AnchorOrAlias {
            field: name.into(),
            at: self.position(node.range().start),
        };
        for (key, value) in self.fields() {
            let Some((written, _)) = key.scalar() else { continue };
            if written == "<<" {
                return Err(alias(key));
            }
            if written == name {
                return match shared(key).or_else(|| shared(value)) {
                    Some(node) => Err(alias(node)),
                    None => Ok(Some((key, value))),
                };
            }
            if written.eq_ignore_ascii_case(name) {
                let (field, at) = (written.into(), self.position(key.range().start));
                return Err(PromotionError::Unsupported {
                    field,
                    reason: "its name is written in another case",
                    at,
                });
            }
        }
        Ok(None)
    }

    pub(crate) fn fields(&self) -> Vec<(OutlineNode<'_>, OutlineNode<'_>)> {
        self.outline.root().and_then(OutlineNode::entries).unwrap_or_default()
    }

    /// Returns the column of the fields' names.
    pub(crate) fn root(&self) -> Option<usize> {
        self.fields().first().map(|(key, _)| key.range().start)
    }

    /// Returns where the document ends.
    pub(crate) fn end(&self) -> usize {
        match self.outline.root() {
            Some(_) => self.outline.end(),
            None => self.text.len(),
        }
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        Position::of(self.text.as_bytes(), offset)
    }

    /// Returns where what a node says ends: behind the last character that is not blank.
    pub(crate) fn content_end(&self, node: OutlineNode<'_>) -> usize {
        let Range { start, end } = node.range();
        let written = self.text.get(start..end).unwrap_or_default();
        start + written.trim_end_matches([' ', '\t', '\r', '\n']).len()
    }

    /// Returns where an entry of a map ends: with its value, or with its colon, or with its key.
    pub(crate) fn entry_end(&self, (key, value): (OutlineNode<'_>, OutlineNode<'_>)) -> usize {
        if value.range().is_empty() {
            return self.colon_end(key).unwrap_or(key.range().end);
        }
        self.content_end(value)
    }

    /// Returns where the colon behind a key ends, if there is one.
    pub(crate) fn colon_end(&self, key: OutlineNode<'_>) -> Option<usize> {
        let end = key.range().end;
        let rest = self.text.get(end..)?;
        let blank = rest.len() - rest.trim_start().len();
        rest.get(blank..).is_some_and(|rest| rest.starts_with(':')).then_some(end + blank + 1)
    }
}

/// Returns the first node at or below a node that stands for others too, or brings others in.
fn shared(node: OutlineNode<'_>) -> Option<OutlineNode<'_>> {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if node.is_alias() || node.is_anchored() {
            return Some(node);
        }
        open.extend(node.items().unwrap_or_default());
        for (key, value) in node.entries().unwrap_or_default() {
            if key.scalar().is_some_and(|(text, _)| text == "<<") {
                return Some(key);
            }
            open.extend([key, value]);
        }
    }
    None
}

/// Returns the items of a list field, with scalars as they are spelled; nothing for a field that is not there.
pub(crate) fn read_list(text: &str, field: Field) -> Result<Vec<Value>, PromotionError> {
    let document = Document::read(text)?;
    let wrong = || {
        let at = document
            .fields()
            .into_iter()
            .find(|(key, _)| key.scalar().is_some_and(|(text, _)| text == field.name()));
        let at = document.position(at.map_or(0, |(key, _)| key.range().start));
        PromotionError::WrongType { field: field.name().into(), at }
    };
    match document.value.get(field.name()) {
        None => Ok(Vec::new()),
        Some(value) if value.is_null() => Ok(Vec::new()),
        Some(value) => {
            let items = value.as_seq().ok_or_else(wrong)?;
            let well = |item: &Value| match item.as_map() {
                Some(entry) => {
                    entry.get("name").is_none_or(|name| name.is_null() || name.as_str().is_some())
                        && entry.values().all(|value| value.is_scalar() || value.is_null())
                }
                None => item.is_null(),
            };
            if !items.iter().all(well) {
                return Err(wrong());
            }
            // A tag that somebody forgot to quote is `1.10`, not 1.1.
            let spelled = yaml::parse(text.as_bytes(), &ParseOptions::kyaml())?;
            let items = spelled.get(field.name()).and_then(Value::as_seq).unwrap_or_default();
            Ok(items.iter().filter(|item| !item.is_null()).cloned().collect())
        }
    }
}
