//! The one boundary that secrets do not cross: every output of this crate goes through here.
//!
//! Shown is *that* a value differs, never *what* it is: equal values of a key get equal masks, different ones masks of
//! different length. What does not have the form of a Secret is masked as a whole.

use crate::last_applied::last_applied;
use crate::normalize::normalize_secret;
use crate::object::{LAST_APPLIED, is_core};
use ecow::EcoString;
use std::collections::BTreeSet;
use trueup_manifest::{Map, Value, View, json};

/// The mask of the first value of a key; every further one is longer.
pub const MASK: &str = "++++++++";
const LONGER: &str = "++++";

/// Tells whether an object is, or contains, a Secret: a core Secret, or a list with one in it.
pub fn holds_secrets(object: &Value) -> bool {
    is_secret(object) || items(object).iter().any(holds_secrets)
}

/// A Secret of any version is one, and so is a list of them.
fn is_secret(object: &Value) -> bool {
    is_core(object, "Secret") || is_core(object, "SecretList")
}

/// Returns the items of a list; what stands there instead of a list of items is one item.
fn items(object: &Value) -> &[Value] {
    let is_list = object.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    let items = object.get("items").filter(|items| is_list && !items.is_null());
    items.map_or(&[], |items| items.as_seq().unwrap_or(std::slice::from_ref(items)))
}

/// Masks the data of Secrets, and hidden annotations, on both sides of a comparison.
///
/// Objects that are no Secrets are returned as they are. The annotation with what was last applied is masked inside;
/// if it cannot be read, or is itself hidden, it is masked as a whole.
pub fn mask(
    target: Option<&Value>,
    live: Option<&Value>,
    hidden: &[EcoString],
) -> (Option<Value>, Option<Value>) {
    if ![target, live].into_iter().flatten().any(holds_secrets) {
        return (target.cloned(), live.cloned());
    }
    let lists = [target, live].into_iter().flatten().any(|object| !items(object).is_empty());
    if lists {
        return (target.map(|list| mask_list(list, hidden)), live.map(|list| mask_list(list, hidden)));
    }
    let mut sides = Sides::new(target, live);
    sides.mask_section(&["data"], None);
    sides.mask_section(&["metadata", "annotations"], Some(hidden));
    sides.finish(hidden)
}

/// Masks one object by itself.
pub fn mask_one(object: &Value, hidden: &[EcoString]) -> Value {
    mask(Some(object), None, hidden).0.unwrap_or_default()
}

fn mask_list(list: &Value, hidden: &[EcoString]) -> Value {
    if is_core(list, "Secret") {
        return mask_one(list, hidden);
    }
    let secrets_only = is_core(list, "SecretList");
    let mut out = list.clone();
    let listed = out.get_mut("items").filter(|items| !items.is_null());
    if let Some(odd) = listed {
        if !odd.is_seq() {
            *odd = masked_whole(odd);
        }
        for item in odd.as_seq_mut().into_iter().flatten() {
            // Items of a typed list need not say what they are.
            *item = if secrets_only && !is_core(item, "Secret") {
                masked_whole(item)
            } else {
                mask_list(item, hidden)
            };
        }
    }
    out
}

/// Masks everything of a value but its names.
fn masked_whole(value: &Value) -> Value {
    match value.view() {
        View::Map(map) => {
            let member = |(key, value): (&EcoString, &Value)| match key.as_str() {
                "apiVersion" | "kind" | "name" | "namespace" => (key.clone(), value.clone()),
                _ => (key.clone(), masked_whole(value)),
            };
            map.iter().map(member).collect::<Map>().into()
        }
        View::Seq(items) => items.iter().map(masked_whole).collect(),
        View::Null => Value::NULL,
        _ => MASK.into(),
    }
}

/// Both objects and what was last applied to them, in the order in which masks are given out.
struct Sides {
    /// target, live, target's last-applied, live's last-applied
    objects: [Option<Value>; 4],
    unreadable: [bool; 2],
}

impl Sides {
    fn new(target: Option<&Value>, live: Option<&Value>) -> Self {
        let read = |object: Option<&Value>| match object.map(last_applied) {
            Some(Ok(applied)) => (applied.filter(|applied| is_core(applied, "Secret")), false),
            Some(Err(_)) => (None, true),
            None => (None, false),
        };
        let foreign = |object: Option<&Value>, applied: &Option<Value>| {
            // An annotation about something else, or beside what makes annotations unreadable, is no business of a Secret.
            let text = object.and_then(|object| object.at(&["metadata", "annotations"])?.get(LAST_APPLIED));
            applied.is_none() && text.is_some_and(|text| !text.is_null())
        };
        let ((of_target, bad_target), (of_live, bad_live)) = (read(target), read(live));
        let unreadable = [bad_target || foreign(target, &of_target), bad_live || foreign(live, &of_live)];
        let normalized = |object: Option<&Value>| object.map(normalize_secret).map(without_odd_parts);
        let inner = |object: Option<&Value>| {
            let mut object = normalized(object)?;
            // What was applied does not say what was applied before; if it does, nobody reads it.
            if object.at(&["metadata", "annotations"]).is_some_and(|texts| texts.get(LAST_APPLIED).is_some())
            {
                crate::object::set_metadata(&mut object, "annotations", LAST_APPLIED, MASK);
            }
            Some(object)
        };
        let objects =
            [normalized(target), normalized(live), inner(of_target.as_ref()), inner(of_live.as_ref())];
        Self { objects, unreadable }
    }

    /// Masks the values of a map at a path: all of them, or those of some keys.
    fn mask_section(&mut self, path: &[&str], only: Option<&[EcoString]>) {
        let maps = self.objects.iter().flatten().filter_map(|object| object.at(path)?.as_map());
        let keys: BTreeSet<EcoString> = match only {
            Some(only) => only.iter().cloned().collect(),
            None => maps.flat_map(Map::keys).cloned().collect(),
        };
        for key in keys {
            let mut seen: Vec<(Value, String)> = Vec::new();
            for object in self.objects.iter_mut().flatten() {
                let Some(value) = object.at(path).and_then(|map| map.get(&key)).cloned() else { continue };
                let mask = match seen.iter().find(|(known, _)| *known == value) {
                    Some((_, mask)) => mask.clone(),
                    None => {
                        let mask = format!("{MASK}{}", LONGER.repeat(seen.len()));
                        seen.push((value, mask.clone()));
                        mask
                    }
                };
                if let Some(map) = object.at_mut(path).and_then(Value::as_map_mut) {
                    map.insert(key.clone(), mask);
                }
            }
        }
    }

    fn finish(self, hidden: &[EcoString]) -> (Option<Value>, Option<Value>) {
        let hide_all = hidden.iter().any(|key| key == LAST_APPLIED);
        let [target, live, of_target, of_live] = self.objects;
        let [bad_target, bad_live] = self.unreadable;
        let write = |object: Option<Value>, applied: Option<Value>, bad: bool| {
            let mut object = object?;
            if applied.is_some() || bad {
                let text =
                    applied.filter(|_| !hide_all && !bad).and_then(|applied| json::to_string(&applied).ok());
                crate::object::set_metadata(
                    &mut object,
                    "annotations",
                    LAST_APPLIED,
                    text.unwrap_or(MASK.into()),
                );
            }
            Some(object)
        };
        (write(target, of_target, bad_target), write(live, of_live, bad_live))
    }
}

/// Masks whatever is there instead of what belongs there: data that is no map, plain data that did not move, metadata
/// and annotations of another form, and fields that no Secret has.
fn without_odd_parts(mut secret: Value) -> Value {
    let Some(map) = secret.as_map_mut() else { return secret };
    for (key, part) in map.iter_mut().filter(|(_, part)| !part.is_null()) {
        match key.as_str() {
            "apiVersion" | "kind" => {}
            "data" | "metadata" if part.is_map() => {}
            "type" | "immutable" if part.is_scalar() => {}
            "data" | "stringData" | "metadata" => *part = MASK.into(),
            _ => *part = masked_whole(part),
        }
    }
    if let Some(annotations) = secret.at_mut(&["metadata", "annotations"]).filter(|part| !part.is_null())
        && !annotations.is_map()
    {
        *annotations = MASK.into();
    }
    secret
}
