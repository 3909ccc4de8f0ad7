//! JSON patches as kustomize applies them: evanphx's `json-patch` v4, on a document that goes through JSON and back.

use crate::documents;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{self, Growth};
use crate::{items, node, steps};
use ecow::EcoString;
use std::sync::Arc;
use trueup_manifest::json::{self, JsonNumbers, JsonOptions};
use trueup_manifest::yaml::{self, Dialect, ParseOptions};
use trueup_manifest::{Map, Number, Resolved, ScalarStyle, SourceScalar, Value, View};

/// A decoded patch.
#[derive(Clone, Debug, Default)]
pub(crate) struct JsonPatch(Arc<[Operation]>);

#[derive(Clone, Debug)]
struct Operation {
    op: EcoString,
    path: Option<EcoString>,
    from: Option<EcoString>,
    /// Null when it is absent, which is the same to upstream.
    value: Value,
    /// The same with scalars as the patch spells them in JSON, escapes and all: upstream compares those.
    spelled: Option<Value>,
}

impl JsonPatch {
    /// Decodes a patch from JSON, or from YAML if it does not begin like a JSON array.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let document = match text.first() {
            None => return Err("empty json patch operations".to_owned()),
            Some(b'[') => json::parse(text, &JsonOptions::default().with_numbers(JsonNumbers::Kept)),
            Some(_) => yaml::parse(text, &ParseOptions::kubernetes()),
        };
        let document = document.map_err(|error| error.message().to_owned())?;
        if let Some(complaint) = node::not_in_json(&document) {
            return Err(complaint);
        }
        let is_json = text.first() == Some(&b'[');
        let spelled = if is_json { spelled(text) } else { None };
        let items = match document.view() {
            View::Null => &[],
            View::Seq(items) => items,
            _ => {
                let kind = if document.is_map() { "object" } else { document.type_name() };
                return Err(format!("json: cannot unmarshal {kind} into Go value of type jsonpatch.Patch"));
            }
        };
        let mut operations = items.iter().map(operation).collect::<Result<Vec<_>, _>>()?;
        for (at, operation) in operations.iter_mut().enumerate() {
            operation.spelled = if is_json {
                spelled.as_ref().and_then(|items| items.item(at)?.get("value")).cloned()
            } else if operation.op == "test" {
                json::to_string(&operation.value).ok().and_then(|text| self::spelled(text.as_bytes()))
            } else {
                None
            };
        }
        Ok(Self(operations.into()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an operation may look at the annotations of a document, or at whether it has any.
    pub(crate) fn sees_annotations(&self) -> bool {
        for operation in &*self.0 {
            let sets = matches!(operation.op.as_str(), "add" | "replace");
            if sets && operation.path.as_deref() == Some("/metadata/annotations") {
                // Whatever there was is gone.
                return false;
            }
            let paths = [&operation.path, &operation.from];
            if !paths.into_iter().flatten().all(|path| is_outside_annotations(path)) {
                return true;
            }
        }
        false
    }

    /// Applies the patch to a document.
    pub(crate) fn apply(&self, document: &Value, growth: &mut Growth) -> Result<Value> {
        // Dates are times by then, and some texts have changed.
        let mut document = documents::read_back(document)?;
        for operation in &*self.0 {
            operation.count(&mut document, growth)?;
            operation.apply(&mut document).map_err(|message| Error::new(ErrorKind::Patch, message))?;
        }
        if !document.is_map() {
            let message = "json: cannot unmarshal array into Go value of type map[string]interface {}";
            return Err(Error::new(ErrorKind::Patch, message));
        }
        Ok(through_json(&document))
    }
}

/// Whether a path leads to something that holds no annotations and is none.
fn is_outside_annotations(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    match (parts.next(), parts.next()) {
        (Some("metadata"), Some(field)) => field != "annotations" && !field.contains('~'),
        (Some(field), _) => field != "metadata" && !field.contains('~'),
        (None, _) => false,
    }
}

fn operation(value: &Value) -> Result<Operation, String> {
    let empty = Map::new();
    let map = match value.view() {
        View::Null => &empty,
        View::Map(map) => map,
        _ => {
            let kind = if value.is_seq() { "array" } else { value.type_name() };
            return Err(format!("json: cannot unmarshal {kind} into Go value of type jsonpatch.Operation"));
        }
    };
    let text = |key: &str| map.get(key).and_then(Value::as_str).map(EcoString::from);
    Ok(Operation {
        op: text("op").unwrap_or_else(|| "unknown".into()),
        path: text("path"),
        from: text("from"),
        value: map.get("value").cloned().unwrap_or_default(),
        spelled: None,
    })
}

type Applied<T = ()> = std::result::Result<T, String>;

impl Operation {
    fn apply(&self, document: &mut Value) -> Applied {
        match self.op.as_str() {
            "add" => self.add(document),
            "remove" => self.remove(document),
            "replace" => self.replace(document),
            "move" => self.relocate(document),
            "copy" => self.copy(document),
            "test" => self.test(document),
            other => Err(format!("Unexpected kind: {other}")),
        }
    }

    /// Counts what the operation copies, and the steps of its path.
    fn count(&self, document: &mut Value, growth: &mut Growth) -> Result<()> {
        let steps = self.path.as_deref().map_or(0, |path| path.matches('/').count());
        limits::check_depth(steps)?;
        let from = self.from.as_deref().filter(|_| matches!(self.op.as_str(), "copy" | "move"));
        let Some((container, key)) = from.and_then(|from| find(document, from)) else { return Ok(()) };
        match get(container, &key) {
            Ok(Some(value)) => growth.add(value, steps),
            Ok(None) | Err(_) => Ok(()),
        }
    }

    fn path(&self) -> Applied<&str> {
        let missing = || {
            format!(
                "{} operation failed to decode path: operation missing path field: missing value",
                self.op
            )
        };
        self.path.as_deref().ok_or_else(missing)
    }

    fn from(&self) -> Applied<&str> {
        let missing = || {
            format!(
                "{} operation failed to decode from: operation, missing from field: missing value",
                self.op
            )
        };
        self.from.as_deref().ok_or_else(missing)
    }

    fn add(&self, document: &mut Value) -> Applied {
        let path = self.path()?;
        let Some((container, key)) = find(document, path) else {
            return Err(format!(
                "add operation does not apply: doc is missing path: {path:?}: missing value"
            ));
        };
        insert(container, &key, self.value.clone())
            .map_err(|why| format!("error in add for path: '{path}': {why}"))
    }

    fn remove(&self, document: &mut Value) -> Applied {
        let path = self.path()?;
        let Some((container, key)) = find(document, path) else {
            return Err(format!(
                "remove operation does not apply: doc is missing path: {path:?}: missing value"
            ));
        };
        take(container, &key).map(drop).map_err(|why| format!("error in remove for path: '{path}': {why}"))
    }

    fn replace(&self, document: &mut Value) -> Applied {
        let path = self.path()?;
        if path.is_empty() {
            if self.value.is_scalar() {
                return Err("replace operation value must be object or array: %!w(<nil>)".to_owned());
            }
            *document = self.value.clone();
            return Ok(());
        }
        let Some((container, key)) = find(document, path) else {
            return Err(format!(
                "replace operation does not apply: doc is missing path: {path}: missing value"
            ));
        };
        if let Some(items) = container.as_seq_mut() {
            let missing =
                || format!("replace operation does not apply: doc is missing key: {path}: missing value");
            let slot = index(&key, items.len()).and_then(|at| items.get_mut(at)).ok_or_else(missing)?;
            *slot = self.value.clone();
        } else if let Some(map) = container.as_map_mut() {
            map.insert(key, self.value.clone());
        }
        Ok(())
    }

    fn relocate(&self, document: &mut Value) -> Applied {
        let from = self.from()?;
        let Some((container, key)) = find(document, from) else {
            return Err(format!(
                "move operation does not apply: doc is missing from path: {from}: missing value"
            ));
        };
        let value = take(container, &key).map_err(|why| format!("error in move for path: '{key}': {why}"))?;
        let path = self.path()?;
        let Some((container, key)) = find(document, path) else {
            return Err(format!(
                "move operation does not apply: doc is missing destination path: {path}: missing value"
            ));
        };
        insert(container, &key, value).map_err(|why| format!("error in move for path: '{path}': {why}"))
    }

    fn copy(&self, document: &mut Value) -> Applied {
        let from = self.from()?;
        let Some((container, key)) = find(document, from) else {
            return Err(format!(
                "copy operation does not apply: doc is missing from path: {from}: missing value"
            ));
        };
        let value = get(container, &key).map_err(|why| format!("error in copy for from: '{from}': {why}"))?;
        let value = value.cloned().unwrap_or_default();
        let path = self.path()?;
        let Some((container, key)) = find(document, path) else {
            return Err(format!(
                "copy operation does not apply: doc is missing destination path: {path}: missing value"
            ));
        };
        insert(container, &key, value).map_err(|why| format!("error while adding value during copy: {why}"))
    }

    fn test(&self, document: &mut Value) -> Applied {
        let path = self.path()?;
        let failed = || format!("testing value {path} failed: test failed");
        if path.is_empty() {
            return if *document == self.value { Ok(()) } else { Err(failed()) };
        }
        let Some((container, key)) = find(document, path) else {
            return Err(format!("test operation does not apply: is missing path: {path}: missing value"));
        };
        let value = get(container, &key).map_err(|why| format!("error in test for path: '{path}': {why}"))?;
        let spelled = |value: &Value| {
            self.spelled.as_ref().map_or(*value == self.value, |spelled| is_spelled(value, spelled))
        };
        let equal = match value {
            Some(value) if !value.is_null() && !self.value.is_null() => {
                is_equal(value, &self.value)? && spelled(value)
            }
            value => value.is_none_or(Value::is_null) == self.value.is_null(),
        };
        if equal { Ok(()) } else { Err(failed()) }
    }
}

/// Whether two values that are not null are equal but for how their numbers are spelled. Upstream panics over nulls in
/// lists.
fn is_equal(value: &Value, wanted: &Value) -> Applied<bool> {
    match (value.view(), wanted.view()) {
        (View::Map(map), View::Map(others)) => {
            if map.len() != others.len() {
                return Ok(false);
            }
            for (key, value) in map {
                let Some(other) = others.get(key) else { return Ok(false) };
                let nulls = (value.is_null(), other.is_null());
                if nulls.0 != nulls.1 || (!nulls.0 && !is_equal(value, other)?) {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (View::Seq(items), View::Seq(others)) => {
            if items.len() != others.len() {
                return Ok(false);
            }
            for (value, other) in items.iter().zip(others) {
                if value.is_null() || other.is_null() {
                    return Err("runtime error: invalid memory address or nil pointer dereference".to_owned());
                }
                if !is_equal(value, other)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (View::Number(_), View::Number(_)) => Ok(true),
        _ => Ok(value == wanted),
    }
}

/// A JSON patch with each text as it is spelled between its quotes.
fn spelled(text: &[u8]) -> Option<Value> {
    let mut doubled = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        doubled.push(byte);
        if byte == b'\\' {
            let escaped = bytes.next()?;
            let quoted = matches!(escaped, b'\\' | b'"');
            doubled.extend(if quoted { &b"\\\\"[..] } else { b"\\" });
            doubled.push(escaped);
        }
    }
    json::parse(&doubled, &JsonOptions::default().with_numbers(JsonNumbers::Kept)).ok()
}

/// Whether the scalars of a document are spelled so when Go writes them as JSON; all else is known to be equal.
fn is_spelled(value: &Value, spelled: &Value) -> bool {
    match (value.view(), spelled.view()) {
        (View::Map(map), View::Map(others)) => {
            map.iter().all(|(key, value)| others.get(key).is_none_or(|other| is_spelled(value, other)))
        }
        (View::Seq(items), View::Seq(others)) => {
            items.iter().zip(others).all(|(value, other)| is_spelled(value, other))
        }
        (View::String(_), View::String(other)) => {
            let written = json::to_string(value).unwrap_or_default();
            written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) == Some(other)
        }
        (View::Number(_), View::Number(_)) => {
            json::to_string(value).ok() == spelled.scalar_text().map(|text| text.to_string())
        }
        _ => true,
    }
}

/// The container that a path's last part is in, and that part.
fn find<'d>(document: &'d mut Value, path: &str) -> Option<(&'d mut Value, EcoString)> {
    let decode = |part: &str| EcoString::from(part.replace("~1", "/").replace("~0", "~"));
    let mut parts: Vec<&str> = path.split('/').skip(1).collect();
    let last = decode(parts.pop()?);
    let mut at = document;
    for part in parts {
        let part = decode(part);
        at = if at.is_seq() {
            let len = at.as_seq().map_or(0, <[Value]>::len);
            at.item_mut(index(&part, len)?)?
        } else {
            at.get_mut(&part)?
        };
        if at.is_scalar() {
            return None;
        }
    }
    Some((at, last))
}

/// A number as Go's `Atoi` reads it.
fn atoi(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let valid = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    valid.then(|| text.strip_prefix('+').unwrap_or(text).parse().ok()).flatten()
}

/// The place of an element; negative ones count from the end.
fn index(key: &str, len: usize) -> Option<usize> {
    let at = atoi(key)?;
    let at = if at < 0 { at + len as i64 } else { at };
    usize::try_from(at).ok().filter(|at| *at < len)
}

fn bad_index(key: &str) -> String {
    match atoi(key) {
        Some(at) => format!("Unable to access invalid index: {at}: invalid index referenced"),
        None => format!("strconv.Atoi: parsing {key:?}: invalid syntax"),
    }
}

fn get<'v>(container: &'v Value, key: &str) -> Applied<Option<&'v Value>> {
    match container.as_seq() {
        Some(items) => {
            index(key, items.len()).and_then(|at| items.get(at)).map(Some).ok_or_else(|| bad_index(key))
        }
        None => Ok(container.get(key)),
    }
}

fn insert(container: &mut Value, key: &str, value: Value) -> Applied {
    if let Some(map) = container.as_map_mut() {
        map.insert(key, value);
        return Ok(());
    }
    let Some(items) = container.as_seq_mut() else { return Ok(()) };
    let value = own(value);
    let at = if key == "-" { Some(items.len()) } else { index(key, items.len() + 1) };
    match at {
        Some(at) => items.insert(at, value),
        None if atoi(key).is_none() => {
            return Err(format!("value was not a proper array index: '{key}': {}", bad_index(key)));
        }
        None => return Err(bad_index(key)),
    }
    Ok(())
}

/// A value that is no part of anything else: a later patch tells the elements of a list by where they are held.
fn own(mut value: Value) -> Value {
    if let Some(map) = value.as_map_mut() {
        drop(map.values_mut());
    }
    value
}

fn take(container: &mut Value, key: &str) -> Applied<Value> {
    if let Some(map) = container.as_map_mut() {
        return map
            .remove(key)
            .ok_or_else(|| format!("Unable to remove nonexistent key: {key}: missing value"));
    }
    let Some(items) = container.as_seq_mut() else { return Ok(Value::NULL) };
    let at = index(key, items.len()).ok_or_else(|| bad_index(key))?;
    Ok(items.remove(at))
}

/// What a document is after it went through JSON and was written and read as YAML: numbers are floats, styles are fresh. What stays
/// the same is shared.
pub(crate) fn through_json(value: &Value) -> Value {
    changed(value).unwrap_or_else(|| value.clone())
}

fn changed(value: &Value) -> Option<Value> {
    /// Go writes larger numbers with an exponent.
    const ROUND: u64 = 1_000_000;
    steps::count();
    let is_spelled = value.source().is_some();
    match value.view() {
        // Nothing is written as `{}` or `[]`, and read as what it looks like.
        View::Map(map) if map.is_empty() => (!map.is_flow()).then(|| in_flow(value)),
        View::Seq([]) => (!value.is_flow()).then(|| in_flow(value)),
        View::Map(map)
            if map.is_flow() || map.has_odd_keys() || map.has_commented_keys() || map.has_foot() =>
        {
            Some(map.map_values(through_json).into())
        }
        View::Map(map) => map.with_changes(changed).map(Value::from),
        View::Seq(items) if value.is_flow() => {
            let apart = items::separated(items);
            Some(apart.as_deref().unwrap_or(items).iter().map(through_json).collect())
        }
        View::Seq(items) => {
            let mut copy = items::separated(items);
            for (position, item) in items.iter().enumerate() {
                let Some(new) = changed(item) else { continue };
                if let Some(slot) = copy.get_or_insert_with(|| items.to_vec()).get_mut(position) {
                    *slot = new;
                }
            }
            copy.map(Value::from)
        }
        View::Null => Some(node::scalar(node::Tag::Null, ScalarStyle::Plain, "null")),
        View::Bool(b) => is_spelled.then(|| b.into()),
        View::Number(Number::Int(int)) if !is_spelled && int.unsigned_abs() < ROUND => None,
        View::Number(number) => Some(float(number)),
        View::String(text) => match crate::timestamp::as_json(value) {
            Some(time) => Some(Value::string_with_style(time, ScalarStyle::Plain)),
            None if text == "<<" => Some(merge_sign()),
            None => {
                let style = fresh_style(text);
                let shared = || value.as_eco_str().cloned().unwrap_or_else(|| text.into());
                (is_spelled || value.style() != style).then(|| Value::string_with_style(shared(), style))
            }
        },
    }
}

fn in_flow(value: &Value) -> Value {
    let mut value = value.clone();
    value.set_flow(true);
    value
}

/// The text `<<`, which Go's YAML encoder writes with the tag of a merge; that makes it no string to whoever asks.
fn merge_sign() -> Value {
    let (text, tag) = (EcoString::from("<<"), Some("tag:yaml.org,2002:merge".into()));
    let resolved = Resolved::String(text.clone());
    Value::from_source(SourceScalar { text, style: ScalarStyle::Plain, tag, resolved, cell: 0 })
}

fn float(number: Number) -> Value {
    let text = Value::from(number.as_f64()).scalar_text().unwrap_or_default();
    let resolved = yaml::resolve_plain(&text, Dialect::Kyaml);
    Value::from_source(SourceScalar { text, style: ScalarStyle::Plain, tag: None, resolved, cell: 0 })
}

/// The style in which Go's YAML encoder writes a string.
fn fresh_style(text: &str) -> ScalarStyle {
    if yaml::is_surely_text(text) {
        return ScalarStyle::Plain;
    }
    let is_text = |dialect| matches!(yaml::resolve_plain(text, dialect), Resolved::Text);
    let wanted = if text.contains('\n') {
        ScalarStyle::Literal
    } else if is_text(Dialect::Kyaml) && is_text(Dialect::Kubernetes) && !yaml::is_base60(text) {
        ScalarStyle::Plain
    } else {
        ScalarStyle::DoubleQuoted
    };
    yaml::style_v3(text, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_patches_see_no_annotations() {
        let sees = |patch: &str| JsonPatch::parse(patch.as_bytes()).unwrap().sees_annotations();
        let annotate = "- {op: add, path: /metadata/annotations/a, value: b}\n";
        let replace = "- {op: add, path: /metadata/annotations, value: {b: c}}\n";
        let label = "- {op: add, path: /metadata/labels, value: {b: c}}\n- {op: remove, path: /spec/x}\n";
        assert!(sees(annotate) && !sees(replace) && !sees(label));
        assert!(!sees(&format!("{label}{replace}{annotate}")) && sees(&format!("{annotate}{replace}")));
        for path in ["", "/", "/metadata", "/metadata/annotations", "/meta~0data"] {
            assert_eq!(
                sees(&format!("- {{op: copy, from: {path:?}, path: /spec/x}}")),
                path != "/",
                "{path}"
            );
        }
    }

    #[test]
    fn integers_stay_until_go_writes_an_exponent() {
        for int in [0, 1, -7, 999_999, -999_999, 1_000_000, -1_000_000, i64::MIN, i64::MAX] {
            let (through, float) = (through_json(&int.into()), float(Number::Int(int)));
            assert_eq!(through.scalar_text(), float.scalar_text());
            assert_eq!((through.source().is_some(), through), (float.source().is_some(), float));
        }
    }

    #[test]
    fn what_stays_the_same_is_shared() {
        let read = |text: &str| yaml::parse(text.as_bytes(), &ParseOptions::kyaml()).unwrap();
        let value = read(
            "same:\n  a: 1\n  b: word\n  c:\n  - true\n  - \"yes\"\nchanged:\n  a: 0x1f\n  b: 'word'\n  c: ~\n  d: {e: f}\n",
        );
        let through = through_json(&value);
        assert!(through.get("same").unwrap().same(value.get("same").unwrap()));
        let text = yaml::to_string_v3(through.get("changed").unwrap(), &yaml::V3Style::default()).unwrap();
        assert_eq!(text, "a: 31\nb: word\nc: null\nd:\n  e: f\n");
    }
}
