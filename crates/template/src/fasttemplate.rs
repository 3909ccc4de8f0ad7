//! `{{name}}` substitution: the templates of ApplicationSets without `goTemplate`.
//!
//! A tag is a whole name: dots, slashes and brackets in it have no meaning. What a tag is replaced with is not
//! looked at again.
//!
//! ```
//! use trueup_template::fasttemplate::FastTemplate;
//!
//! let template = FastTemplate::parse("{{ name }}-{{metadata.labels.env}}/{{ unknown }}")?;
//! let text = template.render(|name| match name {
//!     "name" => Some("web"),
//!     "metadata.labels.env" => Some("prod"),
//!     _ => None,
//! });
//! assert_eq!(text, "web-prod/{{ unknown }}");
//! # Ok::<(), trueup_template::Error>(())
//! ```

use crate::error::{Error, ErrorKind};
use ecow::EcoString;

/// A parsed template. Cloning is O(1) per piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FastTemplate {
    pieces: Vec<Piece>,
    size: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(EcoString),
    /// The tag with its inner white space, and where its name lies in it.
    Tag(EcoString, EcoString),
}

impl FastTemplate {
    /// Parses a text.
    ///
    /// A text in which no line has `{{` and after it `}}` is taken as it is, whatever else is in it.
    ///
    /// # Errors
    /// [`ErrorKind::Parse`] for a `{{` without a `}}` after it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut pieces = Vec::new();
        let mut rest = text;
        if has_tag(text) {
            while let Some((before, after)) = rest.split_once("{{") {
                let Some((tag, after)) = after.split_once("}}") else {
                    let tag = crate::go::quote::quote_str("}}");
                    let from = crate::go::quote::quote_str(after);
                    let message = format!(
                        "Cannot find end tag={tag} in the template={whole} starting from {from}",
                        whole = crate::go::quote::quote_str(text)
                    );
                    return Err(Error::new(ErrorKind::Parse, message.clone(), message));
                };
                push_text(&mut pieces, before);
                pieces.push(Piece::Tag(tag.into(), go_trim(tag).into()));
                rest = after;
            }
        }
        push_text(&mut pieces, rest);
        Ok(Self { pieces, size: text.len() })
    }

    /// Renders the template; a tag for which `lookup` has nothing is written back as it was.
    pub fn render<'v>(&self, mut lookup: impl FnMut(&str) -> Option<&'v str>) -> String {
        let mut out = String::with_capacity(self.size + self.size / 2);
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Tag(tag, name) => {
                    match Some(name).filter(|name| !name.is_empty()).and_then(|name| lookup(name)) {
                        Some(value) => out.push_str(value),
                        None => out.extend(["{{", tag, "}}"]),
                    }
                }
            }
        }
        out
    }

    /// Returns the names of the tags in order, with repetitions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Tag(_, name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.into()));
    }
}

/// Tells whether a line holds a whole tag.
fn has_tag(text: &str) -> bool {
    text.lines().any(|line| line.split_once("{{").is_some_and(|(_, after)| after.contains("}}")))
}

fn go_trim(text: &str) -> &str {
    text.trim_matches(crate::go::unicode::is_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str) -> Result<String, String> {
        let template = FastTemplate::parse(text).map_err(|error| error.to_string())?;
        Ok(template.render(|name| (name == "a b").then_some("{{x}}")))
    }

    #[test]
    fn tags_are_whole_names() {
        assert_eq!(render("<{{ a b }}{{a  b}}{{}}{{ }}>").unwrap(), "<{{x}}{{a  b}}{{}}{{ }}>");
        assert_eq!(render("}} {{").unwrap(), "}} {{");
        assert_eq!(render("{{\na b}}").unwrap(), "{{\na b}}");
        assert_eq!(render("{{\na b}} {{x}}").unwrap(), "{{x}} {{x}}");
        assert!(render("{{x}} {{").unwrap_err().starts_with("Cannot find end tag=\"}}\""));
    }
}
