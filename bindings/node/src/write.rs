//! The facade's data as JavaScript's values.

use crate::failure::Failure;
use crate::handles::{Comparison, Manifest, Manifests, Plan, Report, Template, Tree};
use crate::raw::{Js, Raw};
use napi::bindgen_prelude::{ToNapiValue, TypeName, Uint8Array};
use napi::{ValueType, sys};
use trueup::api::Data;
use trueup::manifest::{Number, Value, View};

/// The largest integer up to which every one has a number of its own.
const MAX_SAFE: i64 = 9_007_199_254_740_991;

/// How many digits an integer may have before it is told as a number.
const MAX_DIGITS: usize = 4300;

/// What JavaScript gets: an answer, or a [`Failure`] that it throws as an error.
pub struct Outgoing(pub(crate) Result<Data, Failure>);

impl Outgoing {
    pub(crate) fn value(value: &Value) -> Self {
        Self(Ok(Data::Value(value.clone())))
    }
}

impl TypeName for Outgoing {
    fn type_name() -> &'static str {
        "unknown"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ToNapiValue for Outgoing {
    unsafe fn to_napi_value(env: sys::napi_env, outgoing: Self) -> napi::Result<Js> {
        // SAFETY: napi calls this within a call of this environment.
        let raw = unsafe { Raw::new(env) };
        match outgoing.0 {
            Ok(data) => write(raw, data),
            Err(failure) => raw.make(failure),
        }
    }
}

fn write(raw: Raw, data: Data) -> napi::Result<Js> {
    match data {
        Data::Value(value) => write_value(raw, &value),
        Data::Bytes(bytes) => raw.make(Uint8Array::from(bytes)),
        Data::Tree(tree) => raw.make(Tree(tree)),
        Data::Template(template) => raw.make(Template(template)),
        Data::Manifests(manifests) => raw.make(Manifests(manifests)),
        Data::Manifest(manifest) => raw.make(Manifest(manifest)),
        Data::Document(document) => match document.kind() {
            "Comparison" => raw.make(Comparison(document)),
            "Plan" => raw.make(Plan(document)),
            _ => raw.make(Report(document)),
        },
        Data::List(items) => {
            let array = raw.array(items.len())?;
            for (position, item) in (0..).zip(items) {
                raw.scoped(|| raw.set_element(array, position, write(raw, item)?))?;
            }
            Ok(array)
        }
        Data::Map(entries) => {
            let object = raw.object()?;
            for (key, item) in entries {
                raw.scoped(|| raw.set(object, &key, write(raw, item)?))?;
            }
            Ok(object)
        }
        other => Err(napi::Error::from_reason(format!("a {} has no form in JavaScript", other.type_name()))),
    }
}

fn write_value(raw: Raw, value: &Value) -> napi::Result<Js> {
    match value.view() {
        View::Null => raw.make(napi::bindgen_prelude::Null),
        View::Bool(boolean) => raw.make(boolean),
        View::Number(number) => write_number(raw, value, number),
        View::String(text) => raw.make(text),
        View::Seq(items) => {
            let array = raw.array(items.len())?;
            raw.scoped(|| {
                let mut items = (0..).zip(items);
                items.try_for_each(|(position, item)| {
                    raw.set_element(array, position, write_value(raw, item)?)
                })
            })?;
            Ok(array)
        }
        View::Map(map) => {
            let object = raw.object()?;
            raw.scoped(|| {
                map.iter().try_for_each(|(key, item)| raw.set(object, key, write_value(raw, item)?))
            })?;
            Ok(object)
        }
    }
}

/// A number where every integer of its size has one of its own, else a bigint.
fn write_number(raw: Raw, value: &Value, number: Number) -> napi::Result<Js> {
    match number {
        #[expect(clippy::cast_precision_loss, reason = "an integer of at most 53 bits")]
        Number::Int(integer) if (-MAX_SAFE..=MAX_SAFE).contains(&integer) => raw.make(integer as f64),
        Number::Int(integer) => raw.make(napi::bindgen_prelude::BigInt::from(integer)),
        Number::UInt(integer) => match i64::try_from(integer) {
            Ok(small) => write_number(raw, value, Number::Int(small)),
            Err(_) => raw.make(napi::bindgen_prelude::BigInt::from(integer)),
        },
        Number::Float(float) => match value.source().and_then(|source| big_integer(&source.text)) {
            Some(digits) => write_digits(raw, digits),
            None => raw.make(float),
        },
    }
}

/// The digits of an integer that no 64 bits can hold.
fn big_integer(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain && !digits.starts_with('0') && text.len() <= MAX_DIGITS)
        .then(|| text.strip_prefix('+').unwrap_or(text))
}

/// Digits as a bigint: words of 64 bits, the lowest first.
fn write_digits(raw: Raw, digits: &str) -> napi::Result<Js> {
    let (sign_bit, digits) = digits.strip_prefix('-').map_or((false, digits), |digits| (true, digits));
    let mut words: Vec<u64> = Vec::new();
    for digit in digits.bytes() {
        let mut carry = u128::from(digit.wrapping_sub(b'0'));
        for word in &mut words {
            let sum = u128::from(*word) * 10 + carry;
            #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
            let low = sum as u64;
            (*word, carry) = (low, sum >> 64);
        }
        if carry > 0 {
            words.push(u64::try_from(carry).unwrap_or_default());
        }
    }
    raw.make(napi::bindgen_prelude::BigInt { sign_bit, words })
}
