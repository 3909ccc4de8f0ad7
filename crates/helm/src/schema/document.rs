//! A schema file: its draft, and what its references lead to.

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use trueup_manifest::json::{self, JsonNumbers, JsonOptions};
use trueup_manifest::{Map, Value};
use trueup_template::Regex;

/// The name under which Helm's library knows the file.
const OWN_URL: &str = "file:///values.schema.json";
/// Keywords whose value is a schema, or a list of schemas.
const SCHEMAS: &[&str] = &[
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords whose value is a map of schemas.
const MAPS: &[&str] =
    &["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"];
/// How deep schemas may nest.
const MAX_DEPTH: usize = 200;

/// A schema file.
pub(super) struct Document {
    pub(super) root: Value,
    /// The draft's number: 4, 6, 7, 2019 or 2020.
    pub(super) draft: u32,
    /// Schemas with an id of their own, by URL.
    ids: BTreeMap<String, Value>,
    /// Schemas with an anchor, by URL and name.
    anchors: BTreeMap<(String, String), Value>,
    /// Compiled patterns: those of schemas, and those that only a reference makes part of one.
    patterns: RefCell<BTreeMap<String, Rc<Regex>>>,
}

/// Where a reference leads.
pub(super) enum Target<'d> {
    Schema(&'d Value),
    /// Something that is not there and fits anything, as Helm has it for `urn:`.
    Anything,
}

fn invalid(message: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Schema, format!("{message}\n"))
}

impl Document {
    /// Reads a file and checks what can be checked without values.
    pub(super) fn read(text: &[u8], limits: &Limits) -> Result<Self> {
        let options =
            JsonOptions::default().with_numbers(JsonNumbers::Kept).with_limits(limits.documents.clone());
        let root = json::parse(text, &options).map_err(|error| match error.kind() {
            trueup_manifest::yaml::ParseErrorKind::Limit => Error::new(ErrorKind::Limit, error.message()),
            _ => invalid(error.message()),
        })?;
        let draft = draft_of(&root)?;
        let mut document = Self {
            root: root.clone(),
            draft,
            ids: BTreeMap::new(),
            anchors: BTreeMap::new(),
            patterns: RefCell::default(),
        };
        document.collect(&root, OWN_URL, 0)?;
        document.ids.insert(OWN_URL.to_owned(), root);
        Ok(document)
    }

    /// Collects ids, anchors and patterns.
    fn collect(&mut self, schema: &Value, base: &str, depth: usize) -> Result<()> {
        let Some(map) = schema.as_map() else { return Ok(()) };
        if depth > MAX_DEPTH {
            let message = format!("schemas are nested more than {MAX_DEPTH} levels deep");
            return Err(Error::new(ErrorKind::Limit, message));
        }
        let id = map.get(if self.draft == 4 { "id" } else { "$id" }).and_then(Value::as_str);
        // Beside a reference nothing counts in older drafts.
        let id = id.filter(|_| self.draft >= 2019 || !map.contains_key("$ref"));
        let mut base = base.to_owned();
        if let Some(id) = id {
            let (url, fragment) = id.split_once('#').unwrap_or((id, ""));
            if !url.is_empty() {
                base = joined(&base, url);
                self.ids.insert(base.clone(), schema.clone());
            }
            if !fragment.is_empty() && self.draft < 2019 {
                self.anchors.insert((base.clone(), fragment.to_owned()), schema.clone());
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(anchor) = map.get(keyword).and_then(Value::as_str) {
                self.anchors.insert((base.clone(), anchor.to_owned()), schema.clone());
            }
        }
        self.check_keywords(map)?;
        for (keyword, value) in map.iter() {
            if SCHEMAS.contains(&keyword.as_str()) {
                self.collect(value, &base, depth + 1)?;
                for item in value.as_seq().unwrap_or_default() {
                    self.collect(item, &base, depth + 1)?;
                }
            } else if MAPS.contains(&keyword.as_str()) {
                for (key, value) in value.as_map().into_iter().flat_map(Map::iter) {
                    if keyword == "patternProperties" {
                        self.pattern(key, "patternProperties")?;
                    }
                    self.collect(value, &base, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    fn check_keywords(&self, map: &Map) -> Result<()> {
        if let Some(pattern) = map.get("pattern").and_then(Value::as_str) {
            self.pattern(pattern, "pattern")?;
        }
        let types = map.get("type").into_iter().flat_map(|value| match value.as_seq() {
            Some(items) => items,
            None => std::slice::from_ref(value),
        });
        for value in types {
            if !value.as_str().is_some_and(|name| TYPES.contains(&name)) {
                let shown = value.scalar_text().unwrap_or_default();
                let names = TYPES.join(", ");
                return Err(invalid(format!("the schema has the type `{shown}`, which is none of {names}")));
            }
        }
        Ok(())
    }

    fn pattern(&self, pattern: &str, keyword: &str) -> Result<Rc<Regex>> {
        if let Some(known) = self.patterns.borrow().get(pattern) {
            return Ok(known.clone());
        }
        let regex = Regex::new(pattern.as_bytes()).map_err(|error| {
            invalid(format!("invalid regex {pattern:?} at \"{OWN_URL}#/{keyword}\": {error}"))
        })?;
        let regex = Rc::new(regex);
        self.patterns.borrow_mut().insert(pattern.to_owned(), regex.clone());
        Ok(regex)
    }

    /// Tells whether a text matches a pattern of the file.
    pub(super) fn matches(&self, pattern: &str, keyword: &str, text: &[u8]) -> Result<bool> {
        Ok(self.pattern(pattern, keyword)?.is_match(text))
    }

    /// Finds what a reference leads to from a base URL; also the base URL there.
    pub(super) fn resolve(&self, base: &str, reference: &str) -> Result<(Target<'_>, String)> {
        let (url, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let url = if url.is_empty() { base.to_owned() } else { joined(base, url) };
        let fragment = unescape_percent(fragment);
        let Some(root) = self.ids.get(&url) else {
            if url.starts_with("urn:") {
                return Ok((Target::Anything, url));
            }
            let message =
                format!("failing loading {url:?}: a schema outside of the chart's file is not fetched");
            return Err(Error::new(ErrorKind::Unsupported, message)
                .help("put it into `$defs` of values.schema.json, or leave the validation out"));
        };
        let found = match fragment.strip_prefix('/') {
            None if fragment.is_empty() => Some(root),
            None => self.anchors.get(&(url.clone(), fragment.clone())),
            Some(pointer) => pointed(root, pointer),
        };
        let found =
            found.ok_or_else(|| invalid(format!("nothing is at \"{url}#{fragment}\" of the schema")))?;
        Ok((Target::Schema(found), url))
    }

    /// The base URL of the file.
    pub(super) fn url(&self) -> String {
        OWN_URL.to_owned()
    }

    /// Returns the URL that a schema gives itself, joined with that of what it is in.
    pub(super) fn base_of(&self, map: &Map, base: &str) -> Option<String> {
        let id = map.get(if self.draft == 4 { "id" } else { "$id" }).and_then(Value::as_str)?;
        let (url, _) = id.split_once('#').unwrap_or((id, ""));
        (!url.is_empty()).then(|| joined(base, url))
    }
}

/// The types of JSON, in the order of messages.
pub(super) const TYPES: &[&str] = &["null", "boolean", "number", "integer", "string", "array", "object"];

fn draft_of(root: &Value) -> Result<u32> {
    let Some(url) = root.get("$schema").and_then(Value::as_str) else { return Ok(2020) };
    let bare = url.strip_suffix('#').unwrap_or(url);
    let bare = bare.strip_prefix("http://").or_else(|| bare.strip_prefix("https://")).unwrap_or(bare);
    Ok(match bare {
        "json-schema.org/draft-04/schema" => 4,
        "json-schema.org/draft-06/schema" => 6,
        "json-schema.org/draft-07/schema" => 7,
        "json-schema.org/draft/2019-09/schema" => 2019,
        "json-schema.org/draft/2020-12/schema" | "json-schema.org/schema" => 2020,
        _ => {
            let message =
                format!("failing loading {url:?}: a schema outside of the chart's file is not fetched");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    })
}

/// Joins URLs as far as schemas need it.
fn joined(base: &str, url: &str) -> String {
    let has_scheme = url.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    if has_scheme {
        return url.to_owned();
    }
    let (scheme, rest) = base.split_once("://").unwrap_or(("", base));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = match url.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => {
            let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
            crate::chart::join(directory, url.trim_start_matches("./")).to_string()
        }
    };
    format!("{scheme}://{host}/{path}")
}

fn pointed<'v>(root: &'v Value, pointer: &str) -> Option<&'v Value> {
    pointer.split('/').try_fold(root, |value, token| {
        let token = token.replace("~1", "/").replace("~0", "~");
        match value.as_seq() {
            Some(items) => items.get(token.parse::<usize>().ok()?),
            None => value.get(&token),
        }
    })
}

fn unescape_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
        match (first, hex(after.first()), hex(after.get(1))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
