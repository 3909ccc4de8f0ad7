//! JavaScript's values as the facade's data.

use crate::handles::{Comparison, Manifest, Manifests, Plan, Report, Template, Tree};
use crate::raw::{Js, Raw};
use napi::bindgen_prelude::{FromNapiValue, TypeName, Uint8Array, ValidateNapiValue};
use napi::{ValueType, sys};
use std::fmt;
use trueup::api::{Data, Error};
use trueup::manifest::{EcoString, Number, Resolved, ScalarStyle, SourceScalar, Value};

/// How deep objects and arrays may nest.
const MAX_DEPTH: usize = 200;

/// The largest integer up to which every one has a number of its own.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// What JavaScript handed over, or why it cannot be used.
pub struct Incoming(pub(crate) Result<Data, Error>);

impl TypeName for Incoming {
    fn type_name() -> &'static str {
        "unknown"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ValidateNapiValue for Incoming {}

impl FromNapiValue for Incoming {
    unsafe fn from_napi_value(env: sys::napi_env, value: Js) -> napi::Result<Self> {
        // SAFETY: napi calls this within a call of this environment.
        let raw = unsafe { Raw::new(env) };
        let object = raw.global().and_then(|global| raw.property(global, raw.make("Object").ok()?));
        let prototype = object.and_then(|object| raw.property(object, raw.make("prototype").ok()?));
        let mut reader = Reader { raw, object_prototype: prototype, buffer: Vec::new() };
        Ok(Self(reader.read(value, None)))
    }
}

/// Where a value stands: the way from the outermost, for messages and against cycles.
struct Place<'p> {
    outer: Option<&'p Place<'p>>,
    container: Js,
    step: Step<'p>,
    depth: usize,
}

enum Step<'p> {
    Key(&'p EcoString),
    Position(u32),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            outer.fmt(f)?;
        }
        match self.step {
            Step::Key(key) if self.outer.is_none() => f.write_str(key),
            Step::Key(key) => write!(f, ".{key}"),
            Step::Position(position) => write!(f, "[{position}]"),
        }
    }
}

struct Reader {
    raw: Raw,
    object_prototype: Option<Js>,
    buffer: Vec<u8>,
}

type At<'p> = Option<&'p Place<'p>>;

impl Reader {
    fn read(&mut self, value: Js, at: At<'_>) -> Result<Data, Error> {
        let unreadable = || wrong(at, "cannot be read");
        match self.raw.type_of(value) {
            sys::ValueType::napi_undefined | sys::ValueType::napi_null => Ok(Data::NULL),
            sys::ValueType::napi_boolean => {
                self.raw.get::<bool>(value).map(|boolean| Data::Value(boolean.into())).ok_or_else(unreadable)
            }
            sys::ValueType::napi_number => {
                self.raw.get::<f64>(value).map(|number| Data::Value(of_number(number))).ok_or_else(unreadable)
            }
            sys::ValueType::napi_string => {
                self.text(value).map(|text| Data::Value(text.into())).ok_or_else(unreadable)
            }
            sys::ValueType::napi_bigint => self
                .raw
                .digits(value)
                .map(|digits| Data::Value(of_digits(digits)))
                .ok_or_else(|| wrong(at, "is too big")),
            sys::ValueType::napi_object => self.raw.scoped(|| self.read_object(value, at)),
            sys::ValueType::napi_function => Err(wrong(at, "is a function, which is no data")),
            sys::ValueType::napi_symbol => Err(wrong(at, "is a symbol, which is no data")),
            _ => Err(wrong(at, "is no data")),
        }
    }

    fn text(&mut self, value: Js) -> Option<EcoString> {
        self.raw.text(value, &mut self.buffer)?;
        Some(match std::str::from_utf8(&self.buffer) {
            Ok(text) => text.into(),
            Err(_) => String::from_utf8_lossy(&self.buffer).as_ref().into(),
        })
    }

    fn read_object(&mut self, object: Js, at: At<'_>) -> Result<Data, Error> {
        let depth = at.map_or(0, |place| place.depth) + 1;
        if depth > MAX_DEPTH {
            let cycle = std::iter::successors(at, |place| place.outer)
                .any(|place| self.raw.same(place.container, object));
            let what = if cycle { "a value contains itself" } else { "a value is nested too deep" };
            return Err(Error::request(what).with_help(format!("at most {MAX_DEPTH} levels are read")));
        }
        if self.raw.is_array(object) {
            return self.read_array(object, at, depth);
        }
        let prototype = self.raw.prototype(object).ok_or_else(|| wrong(at, "cannot be read"))?;
        if self.is_plain(prototype) {
            return self.read_map(object, at, depth);
        }
        if self.raw.is_typed_array(object) {
            let bytes = self.raw.get::<Uint8Array>(object);
            let bytes =
                bytes.ok_or_else(|| wrong(at, "is a typed array, of which only Uint8Array is data"))?;
            return Ok(Data::Bytes(bytes.to_vec()));
        }
        self.read_handle(object).ok_or_else(|| {
            let class = self.class_of(object).unwrap_or_default();
            wrong(at, &format!("is an object of the class `{class}`, which is no plain data"))
        })
    }

    /// Objects of this realm, of another one, and those without a prototype.
    fn is_plain(&self, prototype: Js) -> bool {
        if self.object_prototype.is_some_and(|plain| self.raw.same(plain, prototype)) {
            return true;
        }
        let is_null = |value| self.raw.type_of(value) == sys::ValueType::napi_null;
        is_null(prototype) || self.raw.prototype(prototype).is_some_and(is_null)
    }

    fn class_of(&mut self, object: Js) -> Option<EcoString> {
        let constructor = self.raw.property(object, self.raw.make("constructor").ok()?)?;
        let name = self.raw.property(constructor, self.raw.make("name").ok()?)?;
        self.text(name)
    }

    fn read_array(&mut self, array: Js, at: At<'_>, depth: usize) -> Result<Data, Error> {
        let length = self.raw.length(array).ok_or_else(|| wrong(at, "cannot be read"))?;
        let mut items = Vec::new();
        for position in 0..length {
            let place = Place { outer: at, container: array, step: Step::Position(position), depth };
            let item = self.raw.element(array, position);
            let item = item.ok_or_else(|| wrong(Some(&place), "cannot be read"))?;
            items.push(self.read(item, Some(&place))?);
        }
        Ok(Data::list(items))
    }

    fn read_map(&mut self, object: Js, at: At<'_>, depth: usize) -> Result<Data, Error> {
        let keys = self.raw.keys(object).ok_or_else(|| wrong(at, "cannot be read"))?;
        let length = self.raw.length(keys).unwrap_or_default();
        let mut entries = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        for position in 0..length {
            let key = self.raw.element(keys, position).ok_or_else(|| wrong(at, "cannot be read"))?;
            let name = self.text(key).ok_or_else(|| wrong(at, "cannot be read"))?;
            let place = Place { outer: at, container: object, step: Step::Key(&name), depth };
            let item = self.raw.property(object, key);
            let item = item.ok_or_else(|| wrong(Some(&place), "cannot be read"))?;
            if self.raw.type_of(item) != sys::ValueType::napi_undefined {
                let item = self.read(item, Some(&place))?;
                entries.push((name, item));
            }
        }
        Ok(Data::map(entries))
    }

    fn read_handle(&self, object: Js) -> Option<Data> {
        let raw = self.raw;
        let handle = None
            .or_else(|| raw.instance(object, |manifest: &Manifest| Data::Manifest(manifest.0.clone())))
            .or_else(|| raw.instance(object, |tree: &Tree| Data::Tree(tree.0.clone())))
            .or_else(|| raw.instance(object, |manifests: &Manifests| Data::Manifests(manifests.0.clone())))
            .or_else(|| raw.instance(object, |template: &Template| Data::Template(template.0.clone())));
        let document = None
            .or_else(|| raw.instance(object, |report: &Report| report.0.clone()))
            .or_else(|| raw.instance(object, |comparison: &Comparison| comparison.0.clone()))
            .or_else(|| raw.instance(object, |plan: &Plan| plan.0.clone()));
        handle.or_else(|| document.map(Data::Document))
    }
}

fn wrong(at: At<'_>, what: &str) -> Error {
    Error::request(match at {
        Some(place) => format!("`{place}` {what}"),
        None => format!("the value {what}"),
    })
}

/// A number of JavaScript: an integer if it is one and every integer of its size has a number of its own.
fn of_number(number: f64) -> Value {
    let is_integer = number.fract() == 0.0 && number.abs() <= MAX_SAFE;
    if is_integer && (number != 0.0 || number.is_sign_positive()) {
        #[expect(clippy::cast_possible_truncation, reason = "an integer of at most 53 bits")]
        let integer = number as i64;
        return integer.into();
    }
    number.into()
}

/// An integer of any size: beyond 64 bits its digits are kept.
fn of_digits(digits: String) -> Value {
    if let Ok(small) = digits.parse::<i64>() {
        return small.into();
    }
    if let Ok(large) = digits.parse::<u64>() {
        return large.into();
    }
    let number = Number::Float(digits.parse().unwrap_or(f64::NAN));
    let (style, resolved) = (ScalarStyle::Plain, Resolved::Number(number));
    Value::from_source(SourceScalar { text: digits.into(), style, tag: None, resolved, cell: 0 })
}
