//! Edits of a kustomization's text that change what must change, and not a byte besides.

mod arguments;
mod change;
mod document;
mod lines;
mod quote;
mod scalar_at;
mod write;

pub use arguments::Edit;
pub(crate) use document::{Field, read_list};
pub use scalar_at::set_scalar;

use crate::PromotionError;
use crate::image::{Image, ImageChange};
use change::{Change, is_named, says_something};
use document::Document;
use serde::Serialize;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Diagnostic, EcoString, Location, Span, Value};
use write::{NewField, write};

/// A text after its edits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Edited {
    /// The text.
    pub text: String,
    /// Whether it is another text than before.
    pub changed: bool,
    /// What is worth knowing, as notes and warnings at their places in the text before; they do not know the file.
    pub notes: Vec<Diagnostic>,
}

/// Edits a kustomization or component; several edits apply one after the other, and of several of one image the last one counts.
///
/// What the text means afterwards is what `kustomize edit` makes of it. What the text is changes only where it must: comments,
/// order, quotes, blank lines, line breaks and everything else stay. Where nothing changes in meaning, the text is the same.
///
/// - A scalar is replaced in place in its own quotes; without quotes it gets double ones if any reader of YAML would read the new
///   text as something else than a string, such as a tag of digits.
/// - A key that goes takes its line with it; a new key follows the key that precedes it in kustomize's order.
/// - A new entry goes to the end of its list, a new field to the end of the file, in the file's own indentation.
/// - Entries in brackets and braces are edited as such.
/// - Of repeated entries of the edited name the first is edited and the others go.
///
/// ```
/// use trueup_promotion::{Edit, edit};
///
/// let text = "images:\n  - name: web\n    newTag: v1 # by hand\n";
/// let edited = edit(text, &[Edit::image("web:2.10")?])?;
/// assert_eq!(edited.text, "images:\n  - name: web\n    newTag: \"2.10\" # by hand\n");
/// # Ok::<(), trueup_promotion::PromotionError>(())
/// ```
///
/// # Errors
/// A text that is not one map in lines, a field of a wrong type, and one with an anchor, an alias or a merge key in it.
pub fn edit(text: &str, edits: &[Edit]) -> Result<Edited, PromotionError> {
    let mut edited = Edited { text: text.to_owned(), changed: false, notes: Vec::new() };
    for (at, edit) in edits.iter().enumerate() {
        // Of several about one image the last one counts, against what the file says: as kustomize has it.
        if edits.iter().skip(at + 1).any(|later| edit.is_replaced_by(later)) {
            continue;
        }
        let (after, notes) = one_edit(&edited.text, edit)?;
        edited.text = after;
        edited.notes.extend(notes);
    }
    edited.changed = edited.text != text;
    Ok(edited)
}

fn one_edit(text: &str, edit: &Edit) -> Result<(String, Vec<Diagnostic>), PromotionError> {
    match edit {
        Edit::Image(change) => set_image(text, change),
        Edit::Replicas { name, count } => {
            read_list(text, Field::Replicas)?;
            let fields = vec![("count", Some(Value::from(*count)))];
            Ok((apply(text, &Change::Item(Field::Replicas, name.clone(), fields))?, Vec::new()))
        }
        Edit::Namespace(name) => plain(text, Change::Text(Field::Namespace, name.clone())),
        Edit::NamePrefix(prefix) => plain(text, Change::Text(Field::NamePrefix, prefix.clone())),
        Edit::NameSuffix(suffix) => plain(text, Change::Text(Field::NameSuffix, suffix.clone())),
        Edit::Label { key, value } => {
            let (after, mut notes) = plain(text, Change::Entry(Field::Labels, key.clone(), value.clone()))?;
            if after != text {
                notes.push(selectors(key));
            }
            Ok((after, notes))
        }
        Edit::Annotation { key, value } => {
            plain(text, Change::Entry(Field::Annotations, key.clone(), value.clone()))
        }
    }
}

fn plain(text: &str, change: Change) -> Result<(String, Vec<Diagnostic>), PromotionError> {
    Ok((apply(text, &change)?, Vec::new()))
}

fn selectors(key: &str) -> Diagnostic {
    let message = format!("label `{key}` of `commonLabels` becomes part of selectors, too");
    Diagnostic::warning("promotion/label-in-selectors", message)
        .help("the selector of a Deployment that exists cannot change; `labels` with `includeSelectors: false` leaves it alone")
}

/// Sets what replaces an image.
pub(crate) fn set_image(
    text: &str,
    change: &ImageChange,
) -> Result<(String, Vec<Diagnostic>), PromotionError> {
    let document = Document::read(text)?;
    if let Some((key, _)) = document.field("imageTags")? {
        let at = document.position(key.range().start);
        return Err(PromotionError::DeprecatedField { field: "imageTags".into(), at });
    }
    let entries = read_list(text, Field::Images)?;
    let first = entries.iter().find(|entry| is_named(entry, &change.name));
    let current = first.map(Image::of).unwrap_or_default().reference;
    let as_value = |text: EcoString| Value::from(text.as_str());
    let mut fields: Vec<_> =
        change.over(&current).fields().map(|(key, text)| (key, text.map(as_value))).to_vec();
    fields.push(("tagSuffix", None));
    let notes = number_note(&document, &change.name).into_iter().collect();
    Ok((apply(text, &Change::Item(Field::Images, change.name.clone(), fields))?, notes))
}

/// Notes that the tag of an image is not a text, which kustomize refuses and which the edit repairs.
fn number_note(document: &Document<'_>, name: &str) -> Option<Diagnostic> {
    let items = document.value.get("images")?.as_seq()?;
    let index = items.iter().position(|item| is_named(item, name))?;
    items.get(index)?.get("newTag").filter(|tag| says_something(tag) && tag.as_str().is_none())?;
    let (_, images) = document.field("images").ok()??;
    let (_, tag) = images.items()?.get(index)?.entry("newTag")?;
    let (written, _) = tag.scalar()?;
    let message = format!("tag `{written}` is not quoted and therefore no string, which kustomize refuses");
    let at = document.position(tag.range().start);
    let place = Location::span("", Span { start: at, end: at });
    Some(Diagnostic::note("promotion/existing-number-tag", message).at(place))
}

/// Makes a change and makes sure that it is the one that was meant.
pub(crate) fn apply(text: &str, change: &Change) -> Result<String, PromotionError> {
    let document = Document::read(text)?;
    let meant = Value::from(change.meant(&document.value));
    for place in [NewField::Last, NewField::BeforeLast] {
        if let Some(after) = write(&document, change, place)?
            && means(&after, &meant)
        {
            return Ok(after);
        }
    }
    let field = change.field().name();
    let place = document.field(field)?.map_or(0, |(key, _)| key.range().start);
    let (field, at) = (field.into(), document.position(place));
    Err(PromotionError::Unsupported {
        field,
        reason: "the way it is written has no place for the change",
        at,
    })
}

/// Returns true for a text of one document with this meaning.
fn means(text: &str, meant: &Value) -> bool {
    let read = yaml::parse_stream(text.as_bytes(), &ParseOptions::kubernetes_strict());
    let is_nothing =
        |value: &Value| value.is_null() || value.as_map().is_some_and(trueup_manifest::Map::is_empty);
    read.is_ok_and(|documents| match documents.as_slice() {
        [] => is_nothing(meant),
        [document] => document == meant || is_nothing(document) && is_nothing(meant),
        _ => false,
    })
}
