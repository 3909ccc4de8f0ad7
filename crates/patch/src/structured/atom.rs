//! Which part of a type a value meets: the map, the scalar or the list.

use super::path::{PathElement, ScalarValue, show};
use super::{Problem, Problems};
use ecow::EcoString;
use trueup_manifest::{Map, Value, View};
use trueup_schema::{ListType, Relation, Scalar, TypeRef};

/// The parts of a type that are still possible, after a look at the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    map: bool,
    scalar: bool,
    list: bool,
}

/// The part that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Map,
    Scalar,
    List,
}

impl Atom {
    fn of(ty: TypeRef<'_>) -> Self {
        Self { map: ty.map().is_some(), scalar: ty.scalar() != Scalar::Nothing, list: ty.list().is_some() }
    }

    /// Narrows the type to what the value is, where the type allows it. An absent value or null narrows nothing.
    pub(super) fn deduce(ty: TypeRef<'_>, value: Option<&Value>) -> Self {
        let all = Self::of(ty);
        let none = Self { map: false, scalar: false, list: false };
        match value.map(Value::view) {
            Some(View::Bool(_) | View::Number(_) | View::String(_)) if all.scalar => {
                Self { scalar: true, ..none }
            }
            Some(View::Seq(_)) if all.list => Self { list: true, ..none },
            Some(View::Map(_)) if all.map => Self { map: true, ..none },
            _ => all,
        }
    }

    pub(super) fn part(self, ty: TypeRef<'_>) -> Result<Part, Problems> {
        match self {
            Self { map: true, .. } => Ok(Part::Map),
            Self { scalar: true, .. } => Ok(Part::Scalar),
            Self { list: true, .. } => Ok(Part::List),
            _ => Err(vec![Problem::new(format!("schema error: no type found matching: {}", type_name(ty)))]),
        }
    }
}

fn type_name(ty: TypeRef<'_>) -> &str {
    ty.name().unwrap_or("inlined type")
}

/// Returns what is wrong with a scalar, if anything.
pub(super) fn scalar_problem(ty: TypeRef<'_>, value: Option<&Value>, side: &str) -> Option<Problem> {
    let value = value?;
    let fits = match (ty.scalar(), value.view()) {
        (_, View::Null) => true,
        (Scalar::Numeric, view) => matches!(view, View::Number(_)),
        (Scalar::String, view) => matches!(view, View::String(_)),
        (Scalar::Boolean, view) => matches!(view, View::Bool(_)),
        (Scalar::Untyped, view) => !matches!(view, View::Seq(_) | View::Map(_)),
        (Scalar::Nothing, _) => false,
    };
    let expected = match ty.scalar() {
        Scalar::Numeric => "numeric (int or float)",
        Scalar::String => "string",
        Scalar::Boolean => "boolean",
        Scalar::Untyped | Scalar::Nothing => "any scalar",
    };
    (!fits).then(|| Problem::new(format!("{side}expected {expected}, got {}", show(value))))
}

/// Returns the step that identifies an item of a list.
pub(super) fn list_step(list: &ListType<'_>, item: &Value) -> Result<PathElement, String> {
    if list.relation != Relation::Associative {
        return Err("invalid indexing of non-associative list".into());
    }
    if list.keys().len() > 0 {
        return key_step(list, item);
    }
    match item.view() {
        View::Map(_) => Err("associative list without keys has an element that's a map type".into()),
        View::Seq(_) => Err("not supported: associative list with lists as elements".into()),
        View::Null => Err("associative list without keys has an element that's an explicit null".into()),
        _ => Ok(PathElement::Value(ScalarValue::of(item))),
    }
}

fn key_step(list: &ListType<'_>, item: &Value) -> Result<PathElement, String> {
    let map = match item.view() {
        View::Map(map) => map,
        View::Null => return Err("associative list with keys may not have a null element".into()),
        _ => return Err("associative list with keys may not have non-map elements".into()),
    };
    let mut fields: Vec<(EcoString, ScalarValue)> = Vec::with_capacity(list.keys().len());
    for name in list.keys() {
        if let Some(value) = map.get(name) {
            fields.push((name.into(), ScalarValue::of(value)));
        } else if list.item.map().is_none() {
            let reason = "associative list may not have non-map types";
            return Err(format!("couldn't find default value for {name}: {reason}"));
        } else if let Some(default) = list.item.field(name).and_then(|field| field.default()) {
            fields.push((name.into(), ScalarValue::of(&default)));
        }
    }
    if fields.is_empty() {
        let keys: Vec<&str> = list.keys().collect();
        return Err(format!(
            "associative list with keys has an element that omits all key fields {keys:?} (and doesn't have default values for any key fields)"
        ));
    }
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(PathElement::Key(fields))
}

/// Returns the items of a list; null and absent are no list.
pub(super) fn items(value: Option<&Value>) -> Option<&[Value]> {
    value?.as_seq()
}

/// Returns the members of a map; null and absent are no map.
pub(super) fn members(value: Option<&Value>) -> Option<&Map> {
    value?.as_map()
}
