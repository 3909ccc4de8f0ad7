//! fasttemplate: `{{name}}` is replaced where there is a string of that name.

use crate::error::Failure;
use crate::parameters::Parameters;
use trueup_manifest::EcoString;
use trueup_template::Value;

/// Returns true if some line has a `{{` and a `}}` behind it.
pub(super) fn has_tag(text: &str) -> bool {
    text.split('\n').any(|line| line.split_once("{{").is_some_and(|(_, rest)| rest.contains("}}")))
}

/// Replaces the tags; those without a string of their name stay as they are written.
pub(super) fn render(text: &str, parameters: &Parameters) -> Result<EcoString, Failure> {
    if !has_tag(text) {
        return Ok(text.into());
    }
    let mut out = EcoString::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((tag, after)) = after.split_once("}}") else {
            return Err(Failure::new(format!(
                "invalid template: Cannot find end tag={} in the template={} starting from {}",
                crate::quote("}}"),
                crate::quote(text),
                crate::quote(after)
            )));
        };
        out.push_str(before);
        match value(tag, parameters) {
            Some(Value::Str(text)) => out.push_str(&text.to_str_lossy()),
            _ => {
                out.push_str("{{");
                out.push_str(tag);
                out.push_str("}}");
            }
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn value(tag: &str, parameters: &Parameters) -> Option<Value> {
    let name = tag.trim();
    if name.is_empty() { None } else { parameters.get(name) }
}

/// Returns the names of the tags.
pub(super) fn tags(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = if has_tag(text) { text } else { "" };
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once("{{")?;
        let (tag, after) = after.split_once("}}")?;
        rest = after;
        Some(tag.trim())
    })
}
