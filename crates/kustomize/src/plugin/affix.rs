//! The configuration of `PrefixTransformer` and `SuffixTransformer`, the two that upstream decodes from YAML rather than from JSON:
//! fields by their exact names, nulls in lists left out, `"yes"` for true, numbers and booleans for texts, all misfits
//! reported together.

use super::Transformer;
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::FieldSpec;
use crate::ids::Gvk;
use crate::transform::Affix;
use ecow::{EcoString, eco_format};
use std::sync::Arc;
use trueup_manifest::yaml::{self, PathStep};
use trueup_manifest::{Value, View};

/// Configures the transformer whose text is in a field (`prefix` or `suffix`).
pub(super) fn affix(
    document: &Value,
    field: &'static str,
    make: fn(EcoString) -> Affix,
) -> Result<Transformer> {
    let mut decoder = Decoder { document, path: Vec::new(), misfits: Vec::new() };
    let mut specs = None;
    // In the order of the text that upstream decodes, which is sorted.
    decoder.at(document, "fieldSpecs", |decoder, value| specs = decoder.field_specs(value));
    let text = decoder.text_of(document, field);
    if !decoder.misfits.is_empty() {
        let message = format!("yaml: unmarshal errors:\n  {}", decoder.misfits.join("\n  "));
        return Err(Error::new(ErrorKind::Transformer, message));
    }
    let specs =
        specs.ok_or_else(|| Error::new(ErrorKind::Transformer, "fieldSpecs is not expected to be nil"))?;
    Ok(Transformer::Rename(make(text), Arc::new(specs.into())))
}

struct Decoder<'d> {
    document: &'d Value,
    path: Vec<PathStep>,
    /// What does not fit, in Go's words.
    misfits: Vec<String>,
}

impl Decoder<'_> {
    /// Reads a field unless it is missing or null.
    fn at<R: Default>(
        &mut self,
        parent: &Value,
        field: &'static str,
        read: impl FnOnce(&mut Self, &Value) -> R,
    ) -> R {
        let Some(value) = parent.get(field).filter(|value| !value.is_null()) else { return R::default() };
        self.path.push(PathStep::Key(field.into()));
        let result = read(self, value);
        self.path.pop();
        result
    }

    fn text_of(&mut self, parent: &Value, field: &'static str) -> EcoString {
        self.at(parent, field, |decoder, value| {
            let text = scalar_text(value);
            text.unwrap_or_else(|| decoder.misfit(value, "string"))
        })
    }

    fn bool_of(&mut self, parent: &Value, field: &'static str) -> bool {
        self.at(parent, field, |decoder, value| match value.view() {
            View::Bool(b) => b,
            View::String("y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON") => true,
            View::String("n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF") => false,
            _ => decoder.misfit(value, "bool"),
        })
    }

    fn field_specs(&mut self, value: &Value) -> Option<Vec<FieldSpec>> {
        let View::Seq(items) = value.view() else { return self.misfit(value, "types.FsSlice") };
        let mut specs = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            self.path.push(PathStep::Index(at));
            match item.view() {
                View::Null => {}
                View::Map(_) => specs.push(self.field_spec(item)),
                _ => self.misfit(item, "types.FieldSpec"),
            }
            self.path.pop();
        }
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

    fn misfit<R: Default>(&mut self, value: &Value, wanted: &str) -> R {
        let tag = match value.view() {
            View::Map(_) => "!!map",
            View::Seq(_) => "!!seq",
            View::Bool(_) => "!!bool",
            View::Number(number) if number.to_string().contains(['.', 'e']) => "!!float",
            View::Number(_) => "!!int",
            View::Null | View::String(_) => "!!str",
        };
        let shown = match scalar_text(value) {
            None => String::new(),
            Some(text) if text.len() > 10 => {
                format!(" `{}...`", String::from_utf8_lossy(text.as_bytes().get(..7).unwrap_or_default()))
            }
            Some(text) => format!(" `{text}`"),
        };
        let text = yaml::to_string(self.document).unwrap_or_default();
        let line = yaml::locate(text.as_bytes(), 0, &self.path).map_or(1, |(_, value)| value.start.line);
        self.misfits.push(format!("line {line}: cannot unmarshal {tag}{shown} into {wanted}"));
        R::default()
    }
}

/// A scalar as Go writes it.
fn scalar_text(value: &Value) -> Option<EcoString> {
    match value.view() {
        View::String(text) => Some(value.as_eco_str().cloned().unwrap_or_else(|| text.into())),
        View::Bool(b) => Some(if b { "true" } else { "false" }.into()),
        View::Number(number) => Some(eco_format!("{number}")),
        View::Null | View::Seq(_) | View::Map(_) => None,
    }
}
