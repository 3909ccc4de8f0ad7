//! A scalar at a path, in whatever file: the edit that moves a version in Helm values or an Application.

use super::Edited;
use super::lines::Changes;
use super::quote::{Context, quoted};
use crate::PromotionError;
use trueup_manifest::yaml::{self, OutlineNode, ParseOptions, PathStep};
use trueup_manifest::{EcoString, Position, Value};

/// Sets the scalar at a path to a string, in a document of a stream, by the rules of [`crate::edit`]: in place, in its own quotes.
///
/// ```
/// use trueup_promotion::set_scalar;
///
/// let values = "image:\n  tag: '1.9' # ours\n";
/// let edited = set_scalar(values, 0, &["image".into(), "tag".into()], "1.10")?;
/// assert_eq!(edited.text, "image:\n  tag: '1.10' # ours\n");
/// # Ok::<(), trueup_promotion::PromotionError>(())
/// ```
///
/// # Errors
/// A text that is no YAML; a path that leads nowhere, through an alias, or to something else than a scalar.
pub fn set_scalar(
    text: &str,
    document: usize,
    path: &[PathStep],
    new: &str,
) -> Result<Edited, PromotionError> {
    let options = ParseOptions::kubernetes_strict();
    let before = yaml::parse_stream(text.as_bytes(), &options)?;
    let outlines = yaml::outline(text)?;
    let unsupported = |reason: &'static str, at: usize| PromotionError::Unsupported {
        field: written(path),
        reason,
        at: Position::of(text.as_bytes(), at),
    };
    let root = outlines.get(document).and_then(|outline| outline.root());
    let (node, flow) = root
        .and_then(|root| follow(root, path))
        .ok_or_else(|| unsupported("the path leads to nothing that is written there", 0))?;
    let start = node.range().start;
    let (_, style) = node
        .scalar()
        .filter(|_| !node.is_anchored())
        .ok_or_else(|| unsupported("it is not a scalar, or one that others refer to", start))?;
    let edited = |text: String, changed| Edited { text, changed, notes: Vec::new() };
    let mut meant = before.clone();
    let place = meant.get_mut(document).and_then(|value| value_at(value, path));
    let place = place.ok_or_else(|| unsupported("the path leads through a merge key", start))?;
    if place.as_str() == Some(new) {
        return Ok(edited(text.to_owned(), false));
    }
    *place = Value::from(new);
    let mut changes = Changes::of(text);
    let context = if flow { Context::Flow } else { Context::Block };
    let range = node.range();
    let written = quoted(new, style, context);
    match range.is_empty() {
        true => changes.replace(range, format!(" {written}")),
        false => {
            let end = range.start + changes.slice(range.clone()).trim_end().len();
            changes.replace(range.start..end, written);
        }
    }
    let after = changes.made().unwrap_or_default();
    match yaml::parse_stream(after.as_bytes(), &options) {
        Ok(read) if read == meant => Ok(edited(after, true)),
        _ => Err(unsupported("the way it is written has no place for the change", start)),
    }
}

fn written(path: &[PathStep]) -> EcoString {
    let step = |step: &PathStep| match step {
        PathStep::Key(key) => key.to_string(),
        PathStep::Index(index) => index.to_string(),
    };
    path.iter().map(step).collect::<Vec<_>>().join(".").into()
}

/// Follows a path; the answer tells whether it leads into brackets or braces.
fn follow<'a>(root: OutlineNode<'a>, path: &[PathStep]) -> Option<(OutlineNode<'a>, bool)> {
    path.iter().try_fold((root, false), |(node, flow), step| {
        let next = match step {
            PathStep::Key(key) => node.entry(key)?.1,
            PathStep::Index(index) => *node.items()?.get(*index)?,
        };
        Some((next, flow || node.is_flow()))
    })
}

fn value_at<'a>(root: &'a mut Value, path: &[PathStep]) -> Option<&'a mut Value> {
    path.iter().try_fold(root, |value, step| match step {
        PathStep::Key(key) => value.get_mut(key),
        PathStep::Index(index) => value.item_mut(*index),
    })
}
