//! Field by field: what changed, where, and who owns it.

use crate::server_side::owners_at;
use ecow::EcoString;
use serde::Serialize;
use std::collections::BTreeMap;
use trueup_manifest::{Map, Value};
use trueup_patch::structured::{Path, PathElement, ScalarValue};
use trueup_schema::{ListType, Relation, TypeRef};

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Where: `spec.template.spec.containers[app].image`.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
    /// The live value, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Value>,
    /// The desired value, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired: Option<Value>,
    /// The managers that own the field in the live object, as far as it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub managers: Vec<String>,
}

/// What happened to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Only desired.
    Added,
    /// Only live.
    Removed,
    /// In both, with different values.
    Changed,
}

/// How many changes of one object are listed.
const MAX_CHANGES: usize = 10_000;

pub(super) fn changes(live: &Value, desired: &Value, ty: TypeRef<'_>, owner: Option<&Value>) -> Vec<Change> {
    let mut walk = Walk { out: Vec::new(), text: String::new(), path: Vec::new(), owner };
    if live.is_null() || desired.is_null() {
        walk.record(Some(live).filter(|v| !v.is_null()), Some(desired).filter(|v| !v.is_null()));
    } else {
        walk.values(live, desired, Some(ty));
    }
    walk.out
}

struct Walk<'o> {
    out: Vec<Change>,
    text: String,
    path: Path,
    owner: Option<&'o Value>,
}

type Side<'v> = Option<&'v Value>;

impl Walk<'_> {
    fn values(&mut self, live: &Value, desired: &Value, ty: Option<TypeRef<'_>>) {
        if live.same(desired) || live == desired {
            return;
        }
        if let (Some(live), Some(desired)) = (live.as_map(), desired.as_map()) {
            return self.maps(live, desired, ty);
        }
        if let (Some(live), Some(desired)) = (live.as_seq(), desired.as_seq()) {
            let list = ty.and_then(|ty| ty.list());
            return match list.filter(|list| list.relation == Relation::Associative) {
                Some(list) => self.keyed(live, desired, &list),
                None => self.positions(live, desired, list.map(|list| list.item)),
            };
        }
        self.record(Some(live), Some(desired));
    }

    fn maps(&mut self, live: &Map, desired: &Map, ty: Option<TypeRef<'_>>) {
        let gone = live.keys().filter(|key| !desired.contains_key(key));
        for key in desired.keys().chain(gone) {
            let name = if key.contains(['.', '/', '[']) { format!("[{key}]") } else { key.to_string() };
            let dot = if self.text.is_empty() || name.starts_with('[') { "" } else { "." };
            let below = ty.and_then(|ty| ty.field(key).map(|field| field.ty()).or_else(|| ty.map()?.item));
            let label = format!("{dot}{name}");
            self.step(&label, PathElement::Field(key.clone()), (live.get(key), desired.get(key)), below);
        }
    }

    fn positions(&mut self, live: &[Value], desired: &[Value], item: Option<TypeRef<'_>>) {
        for at in 0..live.len().max(desired.len()) {
            let index = PathElement::Index(i64::try_from(at).unwrap_or(i64::MAX));
            self.step(&format!("[{at}]"), index, (live.get(at), desired.get(at)), item);
        }
    }

    fn keyed(&mut self, live: &[Value], desired: &[Value], list: &ListType<'_>) {
        let index = |items: &[Value]| {
            let mut by_key: BTreeMap<PathElement, Value> = BTreeMap::new();
            let mut order = Vec::with_capacity(items.len());
            for item in items {
                let key = key_of(list, item)?;
                if by_key.insert(key.clone(), item.clone()).is_some() {
                    return None;
                }
                order.push(key);
            }
            Some((by_key, order))
        };
        let (Some((live_items, live_order)), Some((desired_items, desired_order))) =
            (index(live), index(desired))
        else {
            return self.positions(live, desired, Some(list.item));
        };
        let before = self.out.len();
        let gone = live_order.iter().filter(|key| !desired_items.contains_key(*key));
        for key in desired_order.iter().chain(gone) {
            self.step(
                &label_of(key),
                key.clone(),
                (live_items.get(key), desired_items.get(key)),
                Some(list.item),
            );
        }
        if self.out.len() == before && live_order != desired_order {
            self.record(Some(&live.to_vec().into()), Some(&desired.to_vec().into()));
        }
    }

    fn step(
        &mut self,
        label: &str,
        step: PathElement,
        (live, desired): (Side<'_>, Side<'_>),
        ty: Option<TypeRef<'_>>,
    ) {
        let len = self.text.len();
        self.text.push_str(label);
        self.path.push(step);
        match (live, desired) {
            (Some(live), Some(desired)) => self.values(live, desired, ty),
            (None, None) => {}
            _ => self.record(live, desired),
        }
        self.path.pop();
        self.text.truncate(len);
    }

    fn record(&mut self, live: Side<'_>, desired: Side<'_>) {
        if self.out.len() >= MAX_CHANGES {
            return;
        }
        let kind = match (live, desired) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        };
        let managers = self.owner.map(|owner| owners_at(owner, &self.path)).unwrap_or_default();
        self.out.push(Change {
            path: self.text.clone(),
            kind,
            live: live.cloned(),
            desired: desired.cloned(),
            managers: managers.into_iter().collect(),
        });
    }
}

fn key_of(list: &ListType<'_>, item: &Value) -> Option<PathElement> {
    if list.keys().len() == 0 {
        return item.is_scalar().then(|| PathElement::Value(ScalarValue::of(item)));
    }
    let mut fields: Vec<(EcoString, ScalarValue)> = Vec::new();
    for name in list.keys() {
        let value = item.get(name).cloned().or_else(|| list.item.field(name)?.default());
        fields.extend(value.map(|value| (name.into(), ScalarValue::of(&value))));
    }
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    (!fields.is_empty()).then_some(PathElement::Key(fields))
}

/// `[app]`, `[80,TCP]`: the values of the keys, without their names.
fn label_of(key: &PathElement) -> String {
    let text = |value: &ScalarValue| match value {
        ScalarValue::String(text) => text.to_string(),
        other => other.to_string(),
    };
    match key {
        PathElement::Key(fields) => {
            format!("[{}]", fields.iter().map(|(_, value)| text(value)).collect::<Vec<_>>().join(","))
        }
        PathElement::Value(value) => format!("[{}]", text(value)),
        other => other.to_string(),
    }
}
