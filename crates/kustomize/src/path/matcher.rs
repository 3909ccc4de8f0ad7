//! Paths that match several places and may make what is missing.

use super::{is_element, is_index, number, path_error, split_element};
use crate::error::Result;
use crate::fieldspec::wrong_kind;
use crate::items;
use crate::node;
use trueup_manifest::yaml::{self, ParseOptions, V3Style};
use trueup_manifest::{Map, ScalarStyle, Value, View};
use trueup_template::Regex;

/// What to make where the path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CreateKind {
    Scalar,
    Map,
    Seq,
}

impl CreateKind {
    pub(crate) fn of(value: &Value) -> Self {
        match value.view() {
            View::Map(_) => Self::Map,
            View::Seq(_) => Self::Seq,
            _ => Self::Scalar,
        }
    }

    fn make(self) -> Value {
        match self {
            Self::Scalar => node::plain(""),
            Self::Map => Map::new().into(),
            Self::Seq => Vec::new().into(),
        }
    }
}

/// How many places matched, and what the document became.
#[derive(Debug, Default)]
pub(crate) struct Matched {
    pub(crate) count: usize,
    pub(crate) changed: Option<Value>,
}

/// Sets the value of a match.
pub(crate) type Set<'s> = &'s mut dyn FnMut(&Value) -> Result<Value>;

/// Sets every place that a path matches.
pub(crate) fn match_path(
    at: &Value,
    path: &[String],
    create: Option<CreateKind>,
    set: Set<'_>,
) -> Result<Matched> {
    let Some((part, rest)) = path.split_first() else {
        return Ok(Matched { count: 1, changed: Some(set(at)?) });
    };
    if is_index(part) {
        return match_index(at, part, rest, create, set);
    }
    if is_element(part) {
        return match_elements(at, part, rest, create, set);
    }
    if part == "*" {
        return each(at, set, |item, set| match_path(item, rest, create, set));
    }
    match_field(at, part, rest, create, set)
}

fn items_of(at: &Value) -> Result<&[Value]> {
    match at.as_seq() {
        Some(items) => Ok(items),
        None if node::is_null(at) => Ok(&[]),
        None => Err(wrong_kind("SequenceNode", at)),
    }
}

fn each(
    at: &Value,
    set: Set<'_>,
    mut visit: impl FnMut(&Value, Set<'_>) -> Result<Matched>,
) -> Result<Matched> {
    items_of(at)?;
    let mut count = 0;
    let changed = items::edit(at, |item| {
        let matched = visit(item, set)?;
        count += matched.count;
        Ok(matched.changed)
    })?;
    Ok(Matched { count, changed })
}

/// What the part before this one has to be.
fn kind_before(rest: &[String], create: CreateKind) -> CreateKind {
    match rest.first() {
        None => create,
        Some(next) if is_element(next) || is_index(next) => CreateKind::Seq,
        Some(next) if next.is_empty() => create,
        Some(_) => CreateKind::Map,
    }
}

fn match_field(
    at: &Value,
    part: &str,
    rest: &[String],
    create: Option<CreateKind>,
    set: Set<'_>,
) -> Result<Matched> {
    if node::is_null(at) {
        // What is made below a null is lost, yet counts as made.
        let Some(create) = create else { return Ok(Matched::default()) };
        let lost = match_path(&kind_before(rest, create).make(), rest, Some(create), set)?;
        return Ok(Matched { count: lost.count, changed: None });
    }
    let Some(map) = at.as_map() else { return Err(wrong_kind("MappingNode", at)) };
    if part.is_empty() {
        return Err(wrong_kind("ScalarNode", at));
    }
    let made = match (map.get(part), create) {
        (Some(_), _) => None,
        (None, None) => return Ok(Matched::default()),
        (None, Some(create)) => Some(kind_before(rest, create).make()),
    };
    let Some(field) = made.as_ref().or_else(|| map.get(part)) else { return Ok(Matched::default()) };
    if field.is_scalar() && !rest.is_empty() {
        return match_inside(field, rest, create, set);
    }
    let matched = match_path(field, rest, create, set)?;
    let changed = matched.changed.or_else(|| made.clone()).map(|value| {
        let mut map = map.clone();
        node::insert_fresh(&mut map, part, value);
        map.into()
    });
    Ok(Matched { count: matched.count, changed })
}

/// Matches inside a text that is YAML itself; what is set there is lost.
fn match_inside(field: &Value, rest: &[String], create: Option<CreateKind>, set: Set<'_>) -> Result<Matched> {
    let text = node::text(field);
    let inner =
        yaml::parse(text.as_bytes(), &ParseOptions::kyaml()).map_err(|error| path_error(error.message()))?;
    if text.trim().is_empty() {
        return Err(wrong_kind("MappingNode", field));
    }
    let lost = match_path(&inner, rest, create, set)?;
    Ok(Matched { count: lost.count, changed: None })
}

fn match_index(
    at: &Value,
    part: &str,
    rest: &[String],
    create: Option<CreateKind>,
    set: Set<'_>,
) -> Result<Matched> {
    let index = number(part).and_then(|index| usize::try_from(index).ok()).unwrap_or(usize::MAX);
    let items = items_of(at)?;
    let made = create.filter(|_| items.len() == index).map(|create| kind_before(rest, create).make());
    let Some(item) = made.as_ref().or_else(|| items.get(index)) else {
        let message = format!("index {index} specified but only {} elements found", items.len());
        return Err(path_error(message));
    };
    let matched = match_path(item, rest, create, set)?;
    if node::is_null(at) {
        return Ok(Matched { count: matched.count, changed: None });
    }
    let changed = matched.changed.or_else(|| made.clone()).map(|value| match index < items.len() {
        true => {
            let mut list = at.clone();
            items::set(&mut list, index, &value);
            list
        }
        false => with_item(at, value),
    });
    Ok(Matched { count: matched.count, changed })
}

fn match_elements(
    at: &Value,
    part: &str,
    rest: &[String],
    create: Option<CreateKind>,
    set: Set<'_>,
) -> Result<Matched> {
    let (name, pattern) = split_element(part)?;
    let key = Key::new(pattern)?;
    let visit = |item: &Value, set: Set<'_>| visit_element(item, name, &key, rest, create, set);
    let matched = each(at, set, visit)?;
    let Some(create) = create.filter(|_| matched.count == 0) else { return Ok(matched) };
    let element = if name.is_empty() {
        node::plain(pattern)
    } else {
        node::fresh_map([(name.into(), node::plain(pattern))]).into()
    };
    let made = visit_element(&element, name, &key, rest, Some(create), set)?;
    if made.count == 0 {
        return Err(path_error(format!("failed to create element for {part:?}")));
    }
    if node::is_null(at) {
        return Ok(Matched { count: made.count, changed: None });
    }
    Ok(Matched { count: made.count, changed: Some(with_item(at, made.changed.unwrap_or(element))) })
}

/// A list with one more item.
fn with_item(list: &Value, item: Value) -> Value {
    let mut list = list.clone();
    list.as_seq_mut().into_iter().for_each(|items| items.push(item.clone()));
    list
}

/// What an element's key must have somewhere: an expression, or a text that has nothing special in it.
enum Key<'p> {
    Text(&'p str),
    Regex(Regex),
}

impl<'p> Key<'p> {
    fn new(pattern: &'p str) -> Result<Self> {
        if !pattern.contains(['\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$']) {
            return Ok(Self::Text(pattern));
        }
        let regex = crate::selector::compile(pattern);
        regex.map(Self::Regex).map_err(|_| path_error(format!("error parsing regexp: `{pattern}`")))
    }

    /// Whether a value, as it is written, matches.
    fn matches_written(&self, value: &Value) -> bool {
        let stands = |text: &&str| {
            value.source().is_none()
                && value.style() == ScalarStyle::Plain
                && !text.contains(' ')
                && yaml::is_surely_text(text)
        };
        match value.as_str().filter(stands) {
            Some(text) => self.matches(text),
            None => {
                let style = V3Style::default().with_keep_flow(true);
                self.matches(yaml::to_string_v3(value, &style).unwrap_or_default().trim())
            }
        }
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Text(part) => text.contains(part),
            Self::Regex(regex) => regex.is_match(text.as_bytes()),
        }
    }
}

/// Descends into an element whose key, as it is written, matches.
fn visit_element(
    item: &Value,
    name: &str,
    key: &Key<'_>,
    rest: &[String],
    create: Option<CreateKind>,
    set: Set<'_>,
) -> Result<Matched> {
    let written = |value: &Value| key.matches_written(value);
    if name.is_empty() {
        if !written(item) {
            return Ok(Matched::default());
        }
        return Ok(Matched { count: 1, changed: Some(set(item)?) });
    }
    if !item.get(name).is_some_and(written) {
        return Ok(Matched::default());
    }
    match_path(item, rest, create, set)
}
