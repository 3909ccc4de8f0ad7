//! What a change of a kustomization does to the objects it builds.

use serde::Serialize;
use std::collections::BTreeMap;
use trueup_manifest::{Object, Pointer, ResourceKey, Value};

/// An object that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "lowercase")]
#[non_exhaustive]
pub enum RenderedChange {
    /// It is new.
    Added {
        /// The object.
        object: String,
    },
    /// It is gone.
    Removed {
        /// The object.
        object: String,
    },
    /// Some of its fields differ.
    Changed {
        /// The object.
        object: String,
        /// The fields, as JSON pointers in the order of the object; of a list of another length, the list.
        fields: Vec<String>,
        /// Whether all of them are images of containers, which is what a promotion changes.
        expected: bool,
    },
}

impl RenderedChange {
    /// Returns true for a change of images only.
    pub fn is_expected(&self) -> bool {
        matches!(self, Self::Changed { expected: true, .. })
    }
}

/// Compares what was built with what is built now, object by object.
///
/// What a new tag does not explain comes first: a config map under another name, say, since its content changed as well.
///
/// ```
/// use trueup_manifest::yaml::{self, ParseOptions};
/// use trueup_promotion::rendered_changes;
///
/// let built = |tag: &str| {
///     let text = format!("kind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - image: web:{tag}\n");
///     yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml())
/// };
/// let changes = rendered_changes(&built("v1")?, &built("v2")?);
/// assert!(changes.len() == 1 && changes[0].is_expected());
/// # Ok::<(), yaml::ParseError>(())
/// ```
pub fn rendered_changes(before: &[Value], after: &[Value]) -> Vec<RenderedChange> {
    let (old, new) = (by_key(before), by_key(after));
    let mut changes = Vec::new();
    for (key, value) in &old {
        let object = key.to_string();
        match new.get(key) {
            None => changes.push(RenderedChange::Removed { object }),
            Some(other) if other == value => {}
            Some(other) => {
                let mut fields = Vec::new();
                differences(value, other, &Pointer::root(), &mut fields);
                let expected = fields.iter().all(is_image);
                let fields = fields.iter().map(Pointer::to_string).collect();
                changes.push(RenderedChange::Changed { object, fields, expected });
            }
        }
    }
    let added = new.keys().filter(|key| !old.contains_key(*key));
    changes.extend(added.map(|key| RenderedChange::Added { object: key.to_string() }));
    changes.sort_by_key(RenderedChange::is_expected);
    changes
}

fn by_key(objects: &[Value]) -> BTreeMap<ResourceKey, &Value> {
    objects.iter().map(|object| (Object::new(object).key(), object)).collect()
}

fn differences(old: &Value, new: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    if old == new {
        return;
    }
    match (old.as_map(), new.as_map(), old.as_seq(), new.as_seq()) {
        (Some(a), Some(b), ..) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(key)));
            for key in keys {
                match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) => differences(a, b, &at.child(key.clone()), found),
                    _ => found.push(at.child(key.clone())),
                }
            }
        }
        (_, _, Some(a), Some(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(a, b, &at.child(index.to_string()), found);
            }
        }
        _ => found.push(at.clone()),
    }
}

/// Returns true for the image of a container, wherever a pod is written.
fn is_image(field: &Pointer) -> bool {
    let mut parts = field.parts().iter().rev();
    let (last, _, list) = (parts.next(), parts.next(), parts.next());
    last.is_some_and(|last| last == "image")
        && list.is_some_and(|list| {
            matches!(list.as_str(), "containers" | "initContainers" | "ephemeralContainers")
        })
}
