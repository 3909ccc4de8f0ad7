//! Applying a JSON Patch.

use super::pointer;
use super::{Dialect, Operation, Options};
use crate::go::deep_equal;
use ecow::EcoString;
use trueup_manifest::{Map, Value};

/// Why a JSON Patch could not be read or applied. The texts are those of evanphx/json-patch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonPatchError {
    /// The patch is not a list of maps.
    #[error("json: cannot unmarshal {0} into Go value of type jsonpatch.Patch")]
    Malformed(&'static str),
    /// An operation lacks a part.
    #[error("invalid operation {0}: {1}")]
    Invalid(String, &'static str),
    /// The document is neither a map nor a list.
    #[error("json: cannot unmarshal {0} into Go value of type map[string]*jsonpatch.lazyNode")]
    BadDocument(&'static str),
    /// The operation is unknown.
    #[error("Unexpected kind: {0}")]
    UnknownKind(String),
    /// An operation has no usable path or source.
    #[error("{0} operation failed to decode {1}: missing value")]
    NoPath(&'static str, &'static str),
    /// The parent of the path does not exist.
    #[error("{0}")]
    MissingPath(String),
    /// The operation could not be done at this path.
    #[error("{context}: {reason}")]
    At {
        /// What was tried where.
        context: String,
        /// What went wrong.
        reason: String,
    },
    /// A `test` did not hold.
    #[error("testing value {0} failed: test failed")]
    TestFailed(String),
    /// The document would be replaced by a scalar.
    #[error("replace operation value must be object or array: %!w(<nil>)")]
    BadRoot,
    /// The document cannot be moved into itself.
    #[error("unable to move entire document to another path: invalid state detected")]
    MoveRoot,
    /// There is no document, and no operation made one.
    #[error("json: error calling MarshalJSON for type *jsonpatch.partialDoc: invalid value, expected object")]
    NoDocument,
    /// A parent of the path is a null that an operation put there.
    #[error("invalid state detected")]
    InvalidState,
    /// `copy` made the document too large.
    #[error("unable to complete the copy, the accumulated size increase of copy is more than {0} nodes")]
    CopyLimit(usize),
}

type Result<T> = std::result::Result<T, JsonPatchError>;

/// Applies operations in order. Nothing is changed when one fails: values are persistent.
///
/// # Errors
/// Missing paths, bad indexes, failed tests, unknown operations.
pub fn apply(document: &Value, patch: &[Operation], options: &Options) -> Result<Value> {
    if document.is_scalar() && !document.is_null() {
        return Err(JsonPatchError::BadDocument(document.type_name()));
    }
    let mut run = Run {
        document: document.clone(),
        root: Some(document.clone()),
        absent: document.is_null(),
        put_null: Map::from_iter([("", Value::NULL)]).into(),
        has_put: false,
        options,
        copied: 0,
    };
    for operation in patch {
        match operation.op() {
            "add" => run.add(operation)?,
            "remove" => run.remove(operation)?,
            "replace" => run.replace(operation)?,
            "move" => run.move_value(operation)?,
            "test" => run.test(operation)?,
            "copy" => run.copy(operation)?,
            other => return Err(JsonPatchError::UnknownKind(other.into())),
        }
    }
    if run.absent && run.is_v5() {
        return Err(JsonPatchError::NoDocument);
    }
    Ok(run.finish())
}

struct Run<'o> {
    document: Value,
    /// The document as it was read or added as a whole: version 5 copies that, not what became of it. Nothing after a
    /// replacement as a whole.
    root: Option<Value>,
    /// Whether the document is null and was not replaced.
    absent: bool,
    /// Stands for a null that an operation put somewhere, until the end: upstream takes one that was read for an absent
    /// value, and one that was put for a value. It is told from everything else by being the same allocation.
    put_null: Value,
    /// Whether it may be in the document.
    has_put: bool,
    options: &'o Options,
    copied: usize,
}

/// Why a key or an index does not do.
enum Miss {
    Missing(String),
    Other(String),
}

impl Miss {
    fn text(self) -> String {
        match self {
            Self::Missing(text) | Self::Other(text) => text,
        }
    }
}

impl Run<'_> {
    fn is_v5(&self) -> bool {
        self.options.dialect == Dialect::V5
    }

    fn add(&mut self, operation: &Operation) -> Result<()> {
        let path = operation.path().ok_or(JsonPatchError::NoPath("add", "path"))?;
        if self.is_v5() && path.is_empty() {
            let value = operation.value().cloned().unwrap_or_default();
            if value.is_scalar() && !value.is_null() {
                return Err(JsonPatchError::BadDocument(value.type_name()));
            }
            self.absent = value.is_null();
            self.document = value.clone();
            self.root = Some(value);
            return Ok(());
        }
        let value = self.value(operation);
        if self.options.ensure_path_exists_on_add {
            self.ensure_path(path)?;
        }
        let missing =
            || format!("add operation does not apply: doc is missing path: \"{path}\": missing value");
        self.insert(path, value, missing, || format!("error in add for path: '{path}'"))
    }

    fn remove(&mut self, operation: &Operation) -> Result<()> {
        let path = operation.path().ok_or(JsonPatchError::NoPath("remove", "path"))?;
        let lenient = self.options.allow_missing_path_on_remove;
        let options = self.options;
        if self.is_v5() && self.document.is_null() && path.matches('/').count() == 1 {
            // Of no document nothing is merely missing; one that was replaced by null counts as a list.
            let key = pointer::unescape(path.rsplit('/').next().unwrap_or_default());
            let reason = match self.absent {
                true => "invalid value, expected object".into(),
                false => format!("strconv.Atoi: parsing {key:?}: invalid syntax"),
            };
            return Err(JsonPatchError::At {
                context: format!("error in remove for path: '{path}'"),
                reason,
            });
        }
        let Some((container, key)) = self.container(path) else {
            let text =
                format!("remove operation does not apply: doc is missing path: \"{path}\": missing value");
            return if lenient { Ok(()) } else { Err(JsonPatchError::MissingPath(text)) };
        };
        match remove(container, &key, options) {
            Ok(_) => Ok(()),
            Err(Miss::Missing(_)) if lenient => Ok(()),
            Err(miss) => Err(at(format!("error in remove for path: '{path}'"), miss)),
        }
    }

    fn replace(&mut self, operation: &Operation) -> Result<()> {
        let path = operation.path().ok_or(JsonPatchError::NoPath("replace", "path"))?;
        if path.is_empty() {
            let value = operation.value().cloned().unwrap_or_default();
            if value.is_scalar() && !(value.is_null() && self.is_v5()) {
                return Err(JsonPatchError::BadRoot);
            }
            (self.absent, self.document, self.root) = (false, value, None);
            return Ok(());
        }
        let (options, value, itself) = (self.options, self.value(operation), self.itself(path));
        let Some((container, key)) = self.container(path) else {
            let text =
                format!("replace operation does not apply: doc is missing path: {path}: missing value");
            return Err(JsonPatchError::MissingPath(text));
        };
        if itself.is_none() && get(container, &key, options).is_err() {
            let text = format!("replace operation does not apply: doc is missing key: {path}: missing value");
            return Err(JsonPatchError::MissingPath(text));
        }
        set(container, &key, value, options)
            .map_err(|miss| at(format!("error in remove for path: '{path}'"), miss))
    }

    fn move_value(&mut self, operation: &Operation) -> Result<()> {
        let from = operation.from().ok_or(JsonPatchError::NoPath("move", "from"))?;
        if self.is_v5() && from.is_empty() {
            return Err(JsonPatchError::MoveRoot);
        }
        let (options, itself) = (self.options, self.itself(from));
        let Some((container, key)) = self.container(from) else {
            let text =
                format!("move operation does not apply: doc is missing from path: {from}: missing value");
            return Err(JsonPatchError::MissingPath(text));
        };
        let context = |key: &str| format!("error in move for path: '{key}'");
        let found = itself.map_or_else(|| get(container, &key, options), Ok);
        let value = found.map_err(|miss| at(context(&key), miss))?;
        match remove(container, &key, options) {
            Err(Miss::Missing(_)) if options.allow_missing_path_on_remove => {}
            removed => removed.map_err(|miss| at(context(&key), miss))?,
        }
        let path = operation.path().ok_or(JsonPatchError::NoPath("move", "path"))?;
        let missing = || {
            format!("move operation does not apply: doc is missing destination path: {path}: missing value")
        };
        self.insert(path, value.unwrap_or_default(), missing, || context(path))
    }

    fn copy(&mut self, operation: &Operation) -> Result<()> {
        let from = operation.from().ok_or(JsonPatchError::NoPath("copy", "from"))?;
        let (options, itself) = (self.options, self.itself(from));
        let Some((container, key)) = self.container(from) else {
            let text =
                format!("copy operation does not apply: doc is missing from path: \"{from}\": missing value");
            return Err(JsonPatchError::MissingPath(text));
        };
        let found = itself.map_or_else(|| get(container, &key, options), Ok);
        let value = found.map_err(|miss| at(format!("error in copy for from: '{from}'"), miss))?;
        let path = operation.path().ok_or(JsonPatchError::NoPath("copy", "path"))?;
        let value = value.unwrap_or_default();
        let room = self.options.max_copied_nodes.saturating_sub(self.copied);
        self.copied = match count(&value, room) {
            Some(nodes) => self.copied + nodes,
            None => return Err(JsonPatchError::CopyLimit(self.options.max_copied_nodes)),
        };
        let missing = || {
            format!("copy operation does not apply: doc is missing destination path: {path}: missing value")
        };
        self.insert(path, value, missing, || "error while adding value during copy".into())
    }

    fn test(&mut self, operation: &Operation) -> Result<()> {
        let path = operation.path().ok_or(JsonPatchError::NoPath("test", "path"))?;
        let failed = || JsonPatchError::TestFailed(path.into());
        let null = Value::NULL;
        let wanted = operation.value().unwrap_or(&null);
        if path.is_empty() {
            return if deep_equal(&self.document, wanted) { Ok(()) } else { Err(failed()) };
        }
        let (options, itself) = (self.options, self.itself(path));
        let Some((container, key)) = self.container(path) else {
            let text = format!("test operation does not apply: is missing path: {path}: missing value");
            return Err(JsonPatchError::MissingPath(text));
        };
        let found = match itself.map_or_else(|| get(container, &key, options), Ok) {
            Ok(found) => found.unwrap_or_default(),
            Err(Miss::Missing(_)) => Value::NULL,
            Err(miss) => return Err(at(format!("error in test for path: '{path}'"), miss)),
        };
        // A null that was put is none that is absent; version 4 finds it equal to one that is asked for.
        let equal = match found.same(&self.put_null) {
            true => !self.is_v5() && operation.value().is_some_and(Value::is_null),
            false => deep_equal(&found, wanted),
        };
        if equal { Ok(()) } else { Err(failed()) }
    }

    /// Returns the value of an operation, a null marked as one that is put.
    fn value(&mut self, operation: &Operation) -> Value {
        match operation.value() {
            Some(value) if value.is_null() => {
                self.has_put = true;
                self.put_null.clone()
            }
            value => value.cloned().unwrap_or_default(),
        }
    }

    /// In version 5 an empty step stands for what it is in; upstream knows that of the document only.
    #[expect(clippy::option_option, reason = "whether the step is empty, and what it stands for")]
    fn itself(&self, path: &str) -> Option<Option<Value>> {
        let (before, last) = path.rsplit_once('/').unwrap_or(("", path));
        (self.is_v5() && last.is_empty()).then(|| self.root.clone().filter(|_| !before.contains('/')))
    }

    /// Returns the document, with nulls where nulls were put.
    fn finish(self) -> Value {
        if self.has_put { with_nulls(&self.document, &self.put_null) } else { self.document }
    }

    fn insert(
        &mut self,
        path: &str,
        value: Value,
        missing: impl FnOnce() -> String,
        context: impl FnOnce() -> String,
    ) -> Result<()> {
        let options = self.options;
        match self.container(path) {
            None => Err(JsonPatchError::MissingPath(missing())),
            // There is no document to put anything into.
            Some((container, _)) if container.is_null() => {
                Err(at(context(), Miss::Other("invalid value, expected object".into())))
            }
            Some((container, key)) => {
                add(container, &key, value, options).map_err(|miss| at(context(), miss))
            }
        }
    }

    /// Returns the container that holds the last step of a path, and that step.
    fn container(&mut self, path: &str) -> Option<(&mut Value, EcoString)> {
        let Some(tokens) = pointer::tokens(path) else {
            return (self.is_v5() && path.is_empty()).then_some((&mut self.document, EcoString::new()));
        };
        let (last, parents) = tokens.split_last()?;
        // Look before touching: nothing is unshared on the way to what does not exist.
        let mut at = &self.document;
        for token in parents {
            at = child(at, token, self.options)?;
        }
        if at.is_scalar() || at.same(&self.put_null) {
            return None;
        }
        let mut at = &mut self.document;
        for token in parents {
            at = child_mut(at, token, self.options)?;
        }
        Some((at, last.clone()))
    }

    /// Creates the parents of a path: lists where the next step is an index, maps elsewhere.
    ///
    /// As upstream, a parent is made under its step as it is written, `~1` and all, and before an item that is null.
    fn ensure_path(&mut self, path: &str) -> Result<()> {
        let Some((_, steps)) = path.split_once('/') else { return Ok(()) };
        let (options, put_null) = (self.options, self.put_null.clone());
        self.has_put = true;
        let mut at = &mut self.document;
        for (step, next) in steps.split('/').zip(steps.split('/').skip(1)) {
            let decoded = pointer::unescape(step);
            let absent = child(at, &decoded, options).is_none_or(Value::is_null);
            if absent {
                let made = missing_parent(next, options, &put_null)?;
                pad(at, step, &put_null)?;
                add(at, step, made, options).map_err(|miss| at_path(path, miss))?;
            }
            let Some(below) = child_mut(at, if absent { step } else { &decoded }, options) else {
                return Ok(());
            };
            if below.same(&put_null) {
                return Err(JsonPatchError::InvalidState);
            }
            at = below;
        }
        Ok(())
    }
}

/// Returns a value with nulls in place of a marker.
fn with_nulls(value: &Value, marker: &Value) -> Value {
    if value.same(marker) {
        return Value::NULL;
    }
    let mut out = value.clone();
    if let Some(items) = value.as_seq() {
        for (at, item) in items.iter().enumerate().filter(|(_, item)| !item.is_scalar()) {
            let changed = with_nulls(item, marker);
            if let Some(place) = out.item_mut(at).filter(|_| !changed.same(item)) {
                *place = changed;
            }
        }
    }
    for (key, member) in value.as_map().into_iter().flatten().filter(|(_, member)| !member.is_scalar()) {
        let changed = with_nulls(member, marker);
        if let Some(out) = out.as_map_mut().filter(|_| !changed.same(member)) {
            out.insert(key.clone(), changed);
        }
    }
    out
}

/// How long a list may become to hold an index that was asked for.
const MAX_PADDING: usize = 10_000;

fn index_of(token: &str) -> Option<usize> {
    token.parse().ok()
}

fn missing_parent(next: &str, options: &Options, null: &Value) -> Result<Value> {
    if next == "-" {
        return Ok(Vec::new().into());
    }
    let invalid = |index: i64, what: &str| JsonPatchError::At {
        context: format!("Unable to ensure path for {what}: {index}"),
        reason: "invalid index referenced".into(),
    };
    match next.parse::<i64>() {
        Err(_) => Ok(Map::new().into()),
        Ok(index) if index < 0 && !options.negative_indices => Err(invalid(index, "invalid index")),
        Ok(index) if index < -1 => Err(invalid(index, "negative index other than -1")),
        Ok(index) => {
            let padding = usize::try_from(index).unwrap_or(0);
            if padding > MAX_PADDING {
                return Err(invalid(index, "invalid index"));
            }
            Ok(vec![null.clone(); padding].into())
        }
    }
}

/// Fills a list with nulls up to an index.
fn pad(container: &mut Value, token: &str, null: &Value) -> Result<()> {
    if let (Some(index), Some(items)) = (index_of(token), container.as_seq_mut()) {
        if index > items.len().saturating_add(MAX_PADDING) {
            return Err(at_path(token, Miss::Other("invalid index referenced".into())));
        }
        if index > items.len() {
            items.resize(index, null.clone());
        }
    }
    Ok(())
}

fn at(context: String, miss: Miss) -> JsonPatchError {
    JsonPatchError::At { context, reason: miss.text() }
}

fn at_path(path: &str, miss: Miss) -> JsonPatchError {
    at(format!("error in add for path: '{path}'"), miss)
}

fn child<'v>(container: &'v Value, token: &str, options: &Options) -> Option<&'v Value> {
    match container.as_seq() {
        Some(items) => items.get(index(token, items.len(), options).ok()?),
        None => container.get(token),
    }
}

fn child_mut<'v>(container: &'v mut Value, token: &str, options: &Options) -> Option<&'v mut Value> {
    let index = container.as_seq().map(|items| index(token, items.len(), options).ok());
    match index {
        Some(index) => container.item_mut(index?),
        None => container.get_mut(token),
    }
}

/// Reads an index of an existing item, or of the place after the last for an insertion (`len` is then one more).
fn index(token: &str, len: usize, options: &Options) -> std::result::Result<usize, Miss> {
    let bad = || Miss::Other(format!("strconv.Atoi: parsing {token:?}: invalid syntax"));
    let number: i64 = token.strip_prefix('+').unwrap_or(token).parse().map_err(|_| bad())?;
    let invalid =
        || Miss::Other(format!("Unable to access invalid index: {number}: invalid index referenced"));
    let length = i64::try_from(len).unwrap_or(i64::MAX);
    let place = match number {
        0.. => number,
        _ if options.negative_indices => number.saturating_add(length),
        _ => return Err(invalid()),
    };
    if (0..length).contains(&place) { usize::try_from(place).map_err(|_| invalid()) } else { Err(invalid()) }
}

fn get(container: &Value, key: &str, options: &Options) -> std::result::Result<Option<Value>, Miss> {
    if let Some(items) = container.as_seq() {
        return Ok(items.get(index(key, items.len(), options)?).cloned());
    }
    match container.get(key) {
        None if options.dialect == Dialect::V5 => {
            Err(Miss::Missing(format!("unable to get nonexistent key: {key}: missing value")))
        }
        found => Ok(found.cloned()),
    }
}

fn set(container: &mut Value, key: &str, value: Value, options: &Options) -> std::result::Result<(), Miss> {
    let place = container.as_seq().map(|items| index(key, items.len(), options)).transpose()?;
    match place {
        Some(place) => {
            if let Some(item) = container.item_mut(place) {
                *item = value;
            }
        }
        None => insert(container, key, value),
    }
    Ok(())
}

fn add(container: &mut Value, key: &str, value: Value, options: &Options) -> std::result::Result<(), Miss> {
    let Some(items) = container.as_seq() else {
        insert(container, key, value);
        return Ok(());
    };
    let place = match key {
        "-" => items.len(),
        _ => index(key, items.len() + 1, options).map_err(|miss| match miss {
            Miss::Other(text) if text.starts_with("strconv") => {
                Miss::Other(format!("value was not a proper array index: '{key}': {text}"))
            }
            miss => miss,
        })?,
    };
    if let Some(items) = container.as_seq_mut() {
        items.insert(place.min(items.len()), value);
    }
    Ok(())
}

fn insert(container: &mut Value, key: &str, value: Value) {
    if let Some(map) = container.as_map_mut() {
        map.insert(key, value);
    }
}

fn remove(container: &mut Value, key: &str, options: &Options) -> std::result::Result<(), Miss> {
    if let Some(items) = container.as_seq() {
        let place = index(key, items.len(), options).map_err(|miss| match miss {
            // An index beyond the list is a missing path; text is a mistake.
            Miss::Other(text) if text.starts_with("Unable") && options.dialect == Dialect::V5 => {
                Miss::Missing(text)
            }
            miss => miss,
        })?;
        if let Some(items) = container.as_seq_mut() {
            items.remove(place);
        }
        return Ok(());
    }
    let word = if options.dialect == Dialect::V5 { "unable" } else { "Unable" };
    match container.as_map_mut().and_then(|map| map.remove(key)) {
        Some(_) => Ok(()),
        None => Err(Miss::Missing(format!("{word} to remove nonexistent key: {key}: missing value"))),
    }
}

/// Counts the nodes of a value; nothing when there are more than fit.
fn count(value: &Value, room: usize) -> Option<usize> {
    let mut nodes = 1_usize;
    let mut todo = vec![value];
    while let Some(value) = todo.pop() {
        let below = value.as_seq().map_or(0, <[Value]>::len) + value.as_map().map_or(0, Map::len);
        nodes = nodes.checked_add(below).filter(|nodes| *nodes <= room)?;
        todo.extend(value.as_seq().into_iter().flatten());
        todo.extend(value.as_map().into_iter().flat_map(Map::values));
    }
    Some(nodes)
}
