//! Decoding into a Go struct and encoding again, without the struct.

use super::quantity::canonical_quantity;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use trueup_manifest::{Map, Number, Value, View};
use trueup_schema::time::{Precision, canonical};
use trueup_schema::{Field, Shape, TypeRef};

/// What to do with a field that the type does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// The whole object cannot be read.
    Fail,
    /// It is dropped.
    Drop,
}

/// Returns the value as the type writes it, with the keys it has, or nothing if it cannot be read.
///
/// An untouched part is shared with the input.
pub(crate) fn round_trip(ty: TypeRef<'_>, value: &Value, unknown: Unknown) -> Option<Value> {
    if value.is_null() {
        return Some(zero(ty));
    }
    match ty.shape() {
        Shape::Any | Shape::Raw => Some(value.clone()),
        Shape::Struct => strukt(ty, value.as_map()?, value, unknown),
        Shape::Map => members(ty, value.as_map()?, value, unknown),
        Shape::List => list(ty, value.as_seq()?, value, unknown),
        Shape::String => value.as_str().map(|_| value.clone()),
        Shape::Boolean => value.as_bool().map(|_| value.clone()),
        Shape::Integer => integer(value),
        Shape::Number => value.as_number().map(|_| value.clone()),
        Shape::Quantity => quantity(value),
        Shape::IntOrString => {
            if value.as_str().is_some() {
                Some(value.clone())
            } else {
                integer(value)
            }
        }
        Shape::Time => same_or(value, canonical(value.as_str()?, Precision::Seconds)?),
        Shape::MicroTime => same_or(value, canonical(value.as_str()?, Precision::Micros)?),
        Shape::Bytes => bytes(value),
    }
}

fn same_or(value: &Value, text: ecow::EcoString) -> Option<Value> {
    Some(if *value == text.as_str() { value.clone() } else { text.into() })
}

fn strukt(ty: TypeRef<'_>, map: &Map, whole: &Value, unknown: Unknown) -> Option<Value> {
    let mut out: Option<Map> = None;
    for (key, value) in map {
        let field = ty.field_folded(key);
        let kept = match (field, unknown) {
            (None, Unknown::Fail) => return None,
            (None, Unknown::Drop) => None,
            (Some(field), _) => encoded(field, value, unknown)?,
        };
        let renamed = field.is_some_and(|field| field.name() != key);
        let out_key = match field {
            Some(field) if renamed && unknown == Unknown::Drop => Some(field.name()),
            // A field spelled in another case is read, written in its own, and then not found.
            _ if renamed => None,
            _ => Some(key.as_str()),
        };
        match (kept, out_key) {
            (Some(kept), Some(_)) if !renamed && kept.same(value) => {}
            (Some(kept), Some(name)) => {
                let out = out.get_or_insert_with(|| map.clone());
                if renamed {
                    out.remove(key);
                }
                out.insert(name, kept);
            }
            _ => {
                out.get_or_insert_with(|| map.clone()).remove(key);
            }
        }
    }
    Some(out.map_or_else(|| whole.clone(), Value::from))
}

/// Outer nothing: it cannot be read. Inner nothing: it is not written.
#[expect(clippy::option_option, reason = "two questions, each with its own no")]
fn encoded(field: Field<'_>, value: &Value, unknown: Unknown) -> Option<Option<Value>> {
    if value.is_null() && field.is_pointer() {
        return Some((!field.omits_empty()).then_some(Value::NULL));
    }
    let kept = round_trip(field.ty(), value, unknown)?;
    let empty = if field.is_pointer() { kept.is_null() } else { is_empty_value(field.ty(), &kept) };
    let zero = field.omits_zero() && kept.is_null();
    Some((!(zero || (field.omits_empty() && empty))).then_some(kept))
}

/// Tells whether Go leaves the value out of a field that omits what is empty.
fn is_empty_value(ty: TypeRef<'_>, value: &Value) -> bool {
    if ty.shape() == Shape::Struct {
        return false;
    }
    match value.view() {
        View::Null => !matches!(ty.shape(), Shape::Time | Shape::MicroTime | Shape::Raw),
        View::Bool(b) => !b && ty.shape() == Shape::Boolean,
        View::Number(n) => matches!(ty.shape(), Shape::Integer | Shape::Number) && n == Number::Int(0),
        View::String(s) => s.is_empty() && matches!(ty.shape(), Shape::String | Shape::Bytes),
        View::Seq(items) => items.is_empty() && ty.shape() == Shape::List,
        View::Map(map) => map.is_empty() && ty.shape() == Shape::Map,
    }
}

fn members(ty: TypeRef<'_>, map: &Map, whole: &Value, unknown: Unknown) -> Option<Value> {
    let Some(item) = ty.item() else { return Some(whole.clone()) };
    let mut out: Option<Map> = None;
    for (key, value) in map {
        let kept = round_trip(item, value, unknown)?;
        if !kept.same(value) && kept != *value {
            out.get_or_insert_with(|| map.clone()).insert(key.clone(), kept);
        }
    }
    Some(out.map_or_else(|| whole.clone(), Value::from))
}

fn list(ty: TypeRef<'_>, items: &[Value], whole: &Value, unknown: Unknown) -> Option<Value> {
    let Some(item) = ty.item() else { return Some(whole.clone()) };
    let mut out: Option<Vec<Value>> = None;
    for (at, value) in items.iter().enumerate() {
        let kept = round_trip(item, value, unknown)?;
        if kept.same(value) || kept == *value {
            continue;
        }
        if let Some(place) = out.get_or_insert_with(|| items.to_vec()).get_mut(at) {
            *place = kept;
        }
    }
    Some(out.map_or_else(|| whole.clone(), Value::from))
}

fn integer(value: &Value) -> Option<Value> {
    match value.as_number()? {
        Number::Int(_) => Some(value.clone()),
        Number::UInt(_) => None,
        // Go writes a whole float without a fraction, up to where it takes to exponents.
        Number::Float(f) if f.fract() == 0.0 && f.abs() < 1e18 => Some(Value::from(f as i64)),
        Number::Float(_) => None,
    }
}

fn quantity(value: &Value) -> Option<Value> {
    match value.as_str() {
        Some(text) => same_or(value, canonical_quantity(text.trim())?),
        None => {
            value.as_number()?;
            canonical_quantity(&trueup_manifest::json::to_string(value).ok()?).map(Value::from)
        }
    }
}

/// Standard base64 as Go reads it: padded, line breaks ignored.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical)
        .with_decode_allow_trailing_bits(true),
);

fn bytes(value: &Value) -> Option<Value> {
    if let Some(items) = value.as_seq() {
        // Go reads a list of numbers as bytes, too; null is zero.
        let byte = |item: &Value| if item.is_null() { Some(0) } else { u8::try_from(item.as_i64()?).ok() };
        return items.iter().map(byte).collect::<Option<Vec<u8>>>().map(|bytes| BASE64.encode(bytes).into());
    }
    let text = value.as_str()?;
    let compact: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let decoded = BASE64.decode(&compact).ok()?;
    same_or(value, BASE64.encode(decoded).into())
}

/// Returns what a type writes when it was given null.
pub(crate) fn zero(ty: TypeRef<'_>) -> Value {
    match ty.shape() {
        Shape::Struct => {
            let value = |field: &Field<'_>| if field.is_pointer() { Value::NULL } else { zero(field.ty()) };
            ty.fields()
                .filter(is_written_when_zero)
                .map(|field| (field.name(), value(&field)))
                .collect::<Map>()
                .into()
        }
        Shape::String => "".into(),
        Shape::Boolean => false.into(),
        Shape::Integer | Shape::Number | Shape::IntOrString => 0.into(),
        Shape::Quantity => "0".into(),
        _ => Value::NULL,
    }
}

/// Tells whether Go writes a field that has the zero value of its type.
pub(crate) fn is_written_when_zero(field: &Field<'_>) -> bool {
    !(field.omits_zero() || field.omits_empty() && omits_zero_of(field))
}

fn omits_zero_of(field: &Field<'_>) -> bool {
    field.is_pointer()
        || !matches!(
            field.ty().shape(),
            Shape::Struct
                | Shape::Time
                | Shape::MicroTime
                | Shape::Quantity
                | Shape::IntOrString
                | Shape::Raw
        )
}

/// Writes bytes in standard base64.
pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}
