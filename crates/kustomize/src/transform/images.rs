//! Image names, tags and digests.

use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{self, FieldSpecs, wrong_kind};
use crate::items;
use crate::kustomization::Image;
use crate::node;
use crate::resmap::ResMap;
use crate::steps;
use ecow::EcoString;
use std::cell::RefCell;
use trueup_manifest::{Map, Value, View};
use trueup_template::Regex;

/// Changes images, one after the other, wherever containers or the specs name them.
pub(crate) fn set_images(map: &mut ResMap, images: &[&Image], specs: &FieldSpecs) -> Result<()> {
    let updates: Vec<_> = images.iter().map(|image| Update::new(image)).collect();
    for resource in &mut map.list {
        let document = &mut resource.value;
        if document.get("kind").is_some_and(|kind| node::has_text(kind, "CustomResourceDefinition")) {
            continue;
        }
        let mut known = None;
        for update in &updates {
            // Most images are named by nobody. To know that pays where there are several.
            if updates.len() > 1 {
                let texts = known.get_or_insert_with(|| images_of(document, specs));
                if texts.as_ref().is_some_and(|texts| !texts.iter().any(|text| update.matches(text))) {
                    continue;
                }
            }
            if let Some(changed) = update.containers(document)? {
                *document = changed;
            }
            let matters = |field: &Value| update.may_set(field);
            specs.paths().apply(document, specs, &matters, &mut |field| update.set(field))?;
            known = None;
        }
    }
    Ok(())
}

/// The images that a document names; `None` if something else stands in the place of one.
fn images_of(document: &Value, specs: &FieldSpecs) -> Option<Vec<EcoString>> {
    let texts = RefCell::new(Vec::new());
    let is_odd = |field: &Value| {
        texts.borrow_mut().push(node::text(field));
        !field.is_scalar()
    };
    let odd = has_image(document, &is_odd) || !specs.paths().reaching(document, &is_odd).is_empty();
    (!odd).then(|| texts.into_inner())
}

/// Whether [`Update::containers`] finds an image that matters, or fails.
fn has_image(node: &Value, matters: &dyn Fn(&Value) -> bool) -> bool {
    steps::count();
    let of_container = |item: &Value| match item.as_map() {
        Some(map) => map.get("image").is_some_and(matters),
        None => !node::is_null(item),
    };
    match node.view() {
        View::Map(map) => map.iter().any(|(key, value)| {
            let containers = matches!(key.as_str(), "containers" | "initContainers");
            let items = value.as_seq().filter(|_| containers).unwrap_or_default();
            items.iter().any(of_container) || has_image(value, matters)
        }),
        View::Seq(items) => items.iter().any(|item| has_image(item, matters)),
        _ => false,
    }
}

/// One entry of `images`, ready to apply.
struct Update<'i> {
    image: &'i Image,
    /// What images match.
    pattern: Pattern,
}

enum Pattern {
    Text,
    Regex(Box<Regex>),
    /// The name is no valid expression: upstream panics over the first image it is asked about.
    Invalid,
}

impl<'i> Update<'i> {
    fn new(image: &'i Image) -> Self {
        let is_text = image
            .name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/' | b':' | b'@'));
        let pattern = if is_text {
            Pattern::Text
        } else {
            let source = format!("^{}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$", image.name);
            crate::selector::compile(&source)
                .map_or(Pattern::Invalid, |regex| Pattern::Regex(Box::new(regex)))
        };
        Self { image, pattern }
    }

    /// Visits `image` in every `containers` and `initContainers`, wherever they are.
    fn containers(&self, node: &Value) -> Result<Option<Value>> {
        match node.view() {
            View::Map(map) => {
                let mut changed: Option<Map> = None;
                for (key, value) in map {
                    let mut new = self.containers(value)?;
                    if matches!(key.as_str(), "containers" | "initContainers")
                        && let Some(items) = self.items(new.as_ref().unwrap_or(value))?
                    {
                        new = Some(items);
                    }
                    if let Some(new) = new {
                        changed.get_or_insert_with(|| map.clone()).insert(key.clone(), new);
                    }
                }
                Ok(changed.map(Value::from))
            }
            View::Seq(_) => items::edit(node, |item| self.containers(item)),
            _ => Ok(None),
        }
    }

    fn items(&self, list: &Value) -> Result<Option<Value>> {
        items::edit(list, |item| {
            if node::is_null(item) {
                return Ok(None);
            }
            let Some(map) = item.as_map() else { return Err(wrong_kind("MappingNode", item)) };
            let Some(image) = map.get("image") else { return Ok(None) };
            Ok(self.set(image)?.map(|new| {
                let mut map = map.clone();
                map.insert("image", new);
                map.into()
            }))
        })
    }

    fn set(&self, field: &Value) -> Result<Option<Value>> {
        if !field.is_scalar() {
            return Err(wrong_kind("ScalarNode", field));
        }
        let old = node::text(field);
        if !self.matches(&old) {
            return Ok(None);
        }
        if matches!(self.pattern, Pattern::Invalid) {
            let name = &self.image.name;
            let message = format!(
                "runtime error: invalid memory address or nil pointer dereference: the name {name:?} of an image is no regular expression"
            );
            return Err(Error::new(ErrorKind::InvalidKustomization, message));
        }
        fieldspec::set_scalar(field, &node::plain(self.renamed(&old)))
    }

    /// Whether [`Update::set`] does something to a field, or fails.
    fn may_set(&self, field: &Value) -> bool {
        match node::text_in(field) {
            Some(text) => self.matches(text),
            None => !field.is_scalar() || self.matches(&node::text(field)),
        }
    }

    /// Whether an image is meant, or it takes [`Update::set`] to fail over it.
    fn matches(&self, image: &str) -> bool {
        match &self.pattern {
            Pattern::Regex(regex) => regex.is_match(image.as_bytes()),
            Pattern::Invalid => true,
            Pattern::Text => image.strip_prefix(self.image.name.as_str()).is_some_and(is_tag_and_digest),
        }
    }

    fn renamed(&self, old: &str) -> EcoString {
        let Image { new_name, new_tag, digest: new_digest, tag_suffix, .. } = self.image;
        let (name, tag, digest) = split_image(old);
        let name = if new_name.is_empty() { name } else { new_name };
        let (tag, digest) = match (new_tag.is_empty(), new_digest.is_empty()) {
            (false, false) => (new_tag.clone(), new_digest.as_str()),
            (false, true) => (new_tag.clone(), ""),
            (true, false) => (EcoString::new(), new_digest.as_str()),
            (true, true) if !tag_suffix.is_empty() => (ecow::eco_format!("{tag}{tag_suffix}"), ""),
            (true, true) => (tag.into(), digest),
        };
        let mut result = EcoString::from(name);
        for (mark, part) in [(':', tag.as_str()), ('@', digest)] {
            if !part.is_empty() {
                result.push(mark);
                result.push_str(part);
            }
        }
        result
    }
}

/// Whether a text is `:tag`, `@sha256:digest`, both or nothing.
fn is_tag_and_digest(text: &str) -> bool {
    let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.{}-".contains(&b));
    let (tag, digest) = match text.split_once("@sha256:") {
        Some((tag, digest)) => (tag, Some(digest)),
        None => (text, None),
    };
    digest.is_none_or(is_word) && (tag.is_empty() || tag.strip_prefix(':').is_some_and(is_word))
}

/// Splits an image reference into name, tag and digest; a colon before the first slash belongs to the registry.
///
/// ```
/// assert_eq!(trueup_kustomize::split_image("registry:5000/web:1@sha256:ab"), ("registry:5000/web", "1", "sha256:ab"));
/// ```
pub fn split_image(image: &str) -> (&str, &str, &str) {
    let start = image.find('/').unwrap_or(0);
    let rest = image.get(start..).unwrap_or_default();
    let at = |offset: usize| image.split_at_checked(start + offset).unwrap_or((image, ""));
    let after = |text: &'_ str, mark: char| text.strip_prefix(mark).map_or(0, |_| 1);
    let (colon, digest_at) = (rest.find(':'), rest.find('@'));
    match (colon, digest_at) {
        (None, None) => (image, "", ""),
        (None, Some(d)) => {
            let (name, digest) = at(d);
            (name, "", digest.get(after(digest, '@')..).unwrap_or_default())
        }
        (Some(c), Some(d)) if d < c => {
            let (name, digest) = at(d);
            (name, "", digest.get(after(digest, '@')..).unwrap_or_default())
        }
        (Some(c), Some(d)) => {
            let (name, _) = at(c);
            let (before, digest) = at(d);
            let tag = before.get(start + c + 1..).unwrap_or_default();
            (name, tag, digest.get(1..).unwrap_or_default())
        }
        (Some(c), None) => {
            let (name, tag) = at(c);
            (name, tag.get(1..).unwrap_or_default(), "")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_split() {
        for (image, parts) in [
            ("nginx", ("nginx", "", "")),
            ("nginx:1.2", ("nginx", "1.2", "")),
            ("localhost:5000/nginx", ("localhost:5000/nginx", "", "")),
            ("localhost:5000/nginx:1@sha256:ab", ("localhost:5000/nginx", "1", "sha256:ab")),
            ("nginx@sha256:ab", ("nginx", "", "sha256:ab")),
        ] {
            assert_eq!(split_image(image), parts);
        }
    }

    #[test]
    fn images_match_by_name() {
        let image = Image { name: "nginx".into(), ..Image::default() };
        let update = Update::new(&image);
        for (text, matches) in [
            ("nginx", true),
            ("nginx:1.2", true),
            ("nginx@sha256:a", true),
            ("nginxx", false),
            ("my/nginx", false),
        ] {
            assert_eq!(update.matches(text), matches, "{text}");
        }
    }
}
