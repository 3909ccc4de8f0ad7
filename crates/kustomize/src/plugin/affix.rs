//! The configuration of `PrefixTransformer` and `SuffixTransformer`, the two that upstream decodes from YAML rather than from JSON:
//! fields by their exact names, nulls in lists left out, `"yes"` for true, numbers and booleans for texts, all misfits
//! reported together.

use super::Transformer;
use crate::decode::as_text;
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::FieldSpec;
use crate::ids::Gvk;
use crate::transform::Affix;
use ecow::EcoString;
use std::sync::Arc;
use trueup_manifest::yaml::{self, OutlineNode};
use trueup_manifest::{Value, View};

const FIELD_SPECS: &str = "fieldSpecs";

/// Configures the transformer whose text is in a field (`prefix` or `suffix`).
pub(super) fn affix(
    document: &Value,
    field: &'static str,
    make: fn(EcoString) -> Affix,
) -> Result<Transformer> {
    let error = |message: &str| Error::new(ErrorKind::Transformer, message);
    let mut decoder = Decoder::default();
    // In the order of the text that upstream decodes, which is sorted.
    let specs = decoder.field_specs(document);
    let text = decoder.text_of(document, field);
    if !decoder.misfits.is_empty() {
        return Err(error(&complaint(&decoder.misfits, document)));
    }
    let specs = specs.ok_or_else(|| error("fieldSpecs is not expected to be nil"))?;
    Ok(Transformer::Rename(make(text), Arc::new(specs.into())))
}

#[derive(Default)]
struct Decoder {
    /// Which field spec is decoded.
    item: Option<usize>,
    misfits: Vec<Misfit>,
}

/// A value that does not fit: a field of the document or of a field spec, or all of a field spec.
struct Misfit {
    item: Option<usize>,
    field: Option<&'static str>,
    words: String,
}

impl Decoder {
    fn field_specs(&mut self, document: &Value) -> Option<Vec<FieldSpec>> {
        let value = present(document, FIELD_SPECS)?;
        let View::Seq(items) = value.view() else {
            return self.misfit(Some(FIELD_SPECS), value, "types.FsSlice");
        };
        let mut specs = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            self.item = Some(at);
            match item.view() {
                View::Null => {}
                View::Map(_) => specs.push(self.field_spec(item)),
                _ => self.misfit(None, item, "types.FieldSpec"),
            }
        }
        self.item = None;
        Some(specs)
    }

    fn field_spec(&mut self, item: &Value) -> FieldSpec {
        let create = self.bool_of(item, "create");
        let group = self.text_of(item, "group");
        let kind = self.text_of(item, "kind");
        let path = self.text_of(item, "path");
        let version = self.text_of(item, "version");
        FieldSpec::new(Gvk { group, version, kind }, path, create)
    }

    fn text_of(&mut self, parent: &Value, field: &'static str) -> EcoString {
        let Some(value) = present(parent, field) else { return EcoString::new() };
        as_text(value).unwrap_or_else(|| self.misfit(Some(field), value, "string"))
    }

    fn bool_of(&mut self, parent: &Value, field: &'static str) -> bool {
        let Some(value) = present(parent, field) else { return false };
        match value.view() {
            View::Bool(b) => b,
            View::String("y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON") => true,
            View::String("n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF") => false,
            _ => self.misfit(Some(field), value, "bool"),
        }
    }

    fn misfit<R: Default>(&mut self, field: Option<&'static str>, value: &Value, wanted: &str) -> R {
        let words = format!("cannot unmarshal {} into {wanted}", show(value));
        self.misfits.push(Misfit { item: self.item, field, words });
        R::default()
    }
}

/// A field that is there and not null.
fn present<'v>(parent: &'v Value, field: &str) -> Option<&'v Value> {
    parent.get(field).filter(|value| !value.is_null())
}

/// A value's tag, and what begins the text of a scalar, as Go shows them.
fn show(value: &Value) -> String {
    let tag = match value.view() {
        View::Map(_) => "!!map",
        View::Seq(_) => "!!seq",
        View::Bool(_) => "!!bool",
        View::Number(number) if number.to_string().contains(['.', 'e']) => "!!float",
        View::Number(_) => "!!int",
        View::Null | View::String(_) => "!!str",
    };
    match as_text(value) {
        None => tag.to_owned(),
        Some(text) if text.len() > 10 => {
            let start = text.as_bytes().get(..7).unwrap_or_default();
            format!("{tag} `{}...`", String::from_utf8_lossy(start))
        }
        Some(text) => format!("{tag} `{text}`"),
    }
}

/// Go's words for all misfits, with their lines in the text that upstream decodes.
fn complaint(misfits: &[Misfit], document: &Value) -> String {
    let text = yaml::to_string(document).unwrap_or_default();
    let outlines = yaml::outline(&text).unwrap_or_default();
    let root = outlines.first().and_then(|outline| outline.root());
    let value = |node: Option<OutlineNode<'_>>, field| Some(node?.entry(field)?.1.range().start);
    let items = root.and_then(|root| root.entry(FIELD_SPECS)?.1.items()).unwrap_or_default();
    let newlines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line = |misfit: &Misfit| {
        let node = match misfit.item {
            Some(at) => items.get(at).copied(),
            None => root,
        };
        let start = match misfit.field {
            Some(field) => value(node, field),
            None => node.map(|node| node.range().start),
        };
        format!("line {}: {}", newlines.partition_point(|at| *at < start.unwrap_or(0)) + 1, misfit.words)
    };
    let lines: Vec<String> = misfits.iter().map(line).collect();
    format!("yaml: unmarshal errors:\n  {}", lines.join("\n  "))
}
