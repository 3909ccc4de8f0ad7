//! The errors of templates, as Helm words them.

use super::{Templates, placed};
use crate::error::{Error, ErrorKind};
use trueup_template as template;

/// The error of a text that is no template.
pub(super) fn parse_error(name: &str, error: &template::Error, templates: &Templates) -> Error {
    let text = error.to_string();
    let pieces: Vec<&str> = text.split(": ").collect();
    let message = match pieces.as_slice() {
        [_, place, .., last] => format!("parse error at ({place}): {last}"),
        [_, place] => format!("parse error at ({place}): {place}"),
        _ => format!("parse error in ({name}): {text}"),
    };
    let kind = match error.kind() {
        template::ErrorKind::Limit => ErrorKind::Limit,
        _ => ErrorKind::TemplateSyntax,
    };
    let line = error.position().map_or(1, |position| position.line);
    placed(Error::new(kind, message), name, line, None, templates)
}

/// The error of a template that failed: where, what was being done, and why, from the outermost template inwards.
pub(super) fn exec_error(error: &template::Error, templates: &Templates) -> Error {
    let text = error.to_string();
    let kind = match error.kind() {
        template::ErrorKind::Limit => ErrorKind::Limit,
        template::ErrorKind::Unsupported => ErrorKind::Unsupported,
        template::ErrorKind::Cancelled => ErrorKind::Cancelled,
        _ => ErrorKind::Template,
    };
    let reported = match error.raised_text() {
        Some(raised) => {
            let place = text.split(": ").nth(1).unwrap_or_default();
            Error::new(ErrorKind::Failed, format!("execution error at ({place}): {raised}"))
        }
        None => Error::new(kind, groups(error).unwrap_or(text)),
    };
    let mut reported = match reported.kind() {
        ErrorKind::Unsupported => reported.help(
            "give the render a clock and a random source, or the chart the values that it would make up",
        ),
        _ => reported,
    };
    let mut inner = Some(error);
    let mut places = Vec::new();
    while let Some(error) = inner {
        places.extend(error.position().cloned());
        inner = error.inner();
    }
    // The innermost place tells most.
    for place in places.iter().rev().take(8) {
        reported = placed(reported, &place.name, place.line, place.column, templates);
    }
    reported
}

/// One group of lines for each template on the way; nothing if a message cannot be taken apart.
fn groups(error: &template::Error) -> Option<String> {
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |text: &str| {
        let group = Group::read(text)?;
        if groups.last() != Some(&group) {
            groups.push(group);
        }
        Some(())
    };
    let mut current = error;
    loop {
        add(&current.to_string())?;
        match current.inner() {
            // What an inner template's error is wrapped in must be one to take apart, too.
            Some(inner) => {
                let detail = current.detail();
                let (_, wrapped) = detail.split_once(": ")?;
                if wrapped != inner.to_string() {
                    return None;
                }
                current = inner;
            }
            None => break,
        }
    }
    if current.kind() == template::ErrorKind::Call {
        // The function's own error is one more link of the chain.
        let (_, own) = current.detail().split_once(": ")?;
        add(own)?;
    } else if current.kind() != template::ErrorKind::Exec {
        return None;
    }
    let text: String = groups.iter().map(Group::to_text).collect();
    Some(text.trim().to_owned())
}

#[derive(PartialEq, Eq)]
struct Group {
    place: String,
    function: String,
    message: String,
}

impl Group {
    fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("template: ")?;
        if rest.starts_with("no template ") {
            return Some(Self { place: String::new(), function: String::new(), message: text.to_owned() });
        }
        let uncaused = |message: &str| message.split(" template:").next().unwrap_or(message).to_owned();
        if let Some((place, after)) = rest.split_once(": executing ") {
            let (name, after) = after.strip_prefix('"')?.split_once('"')?;
            let (context, message) = after.strip_prefix(" at <")?.split_once(">: ")?;
            let function = format!("executing \"{name}\" at <{context}>:");
            return Some(Self { place: place.to_owned(), function, message: uncaused(message) });
        }
        let (place, message) = rest.rsplit_once(": ")?;
        Some(Self { place: place.to_owned(), function: String::new(), message: uncaused(message) })
    }

    fn to_text(&self) -> String {
        let mut text = String::new();
        if !self.place.is_empty() {
            text.push_str(&format!("{}\n  ", self.place));
        }
        if !self.function.is_empty() {
            text.push_str(&format!("{}\n    ", self.function));
        }
        if !self.message.is_empty() {
            text.push_str(&format!("{}\n", self.message));
        }
        text
    }
}
