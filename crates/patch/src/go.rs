//! Values as Go programs see them: integers and floats are different types, and `%v` prints them its way.

use ecow::EcoString;
use trueup_manifest::{Map, Number, Value, View};

/// The dynamic type of a decoded JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Nil,
    Bool,
    Int,
    Float,
    String,
    Slice,
    Map,
}

impl Kind {
    pub(crate) fn of(value: &Value) -> Self {
        match value.view() {
            View::Null => Self::Nil,
            View::Bool(_) => Self::Bool,
            View::Number(Number::Int(_)) => Self::Int,
            View::Number(_) => Self::Float,
            View::String(_) => Self::String,
            View::Seq(_) => Self::Slice,
            View::Map(_) => Self::Map,
        }
    }

    /// Returns the type as `%s` of its reflection prints it.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Nil => "%!s(<nil>)",
            Self::Bool => "bool",
            Self::Int => "int64",
            Self::Float => "float64",
            Self::String => "string",
            Self::Slice => "[]interface {}",
            Self::Map => "map[string]interface {}",
        }
    }

    pub(crate) fn is_container(self) -> bool {
        matches!(self, Self::Slice | Self::Map)
    }
}

/// Deep equality that tells `1` from `1.0`.
pub(crate) fn deep_equal(a: &Value, b: &Value) -> bool {
    if a.same(b) {
        return true;
    }
    match (a.view(), b.view()) {
        (View::Number(x), View::Number(y)) => number_equal(x, y),
        (View::Seq(x), View::Seq(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| deep_equal(x, y)),
        (View::Map(x), View::Map(y)) => map_equal(x, y),
        (View::Seq(_) | View::Map(_) | View::Number(_), _) => false,
        _ => a == b,
    }
}

fn map_equal(x: &Map, y: &Map) -> bool {
    x.same(y)
        || (x.len() == y.len()
            && x.iter().all(|(key, value)| y.get(key).is_some_and(|other| deep_equal(value, other))))
}

fn number_equal(x: Number, y: Number) -> bool {
    match (x, y) {
        (Number::Int(x), Number::Int(y)) => x == y,
        (Number::Int(_), _) | (_, Number::Int(_)) => false,
        _ => x.as_f64() == y.as_f64(),
    }
}

/// Equality of two interface values: nothing for containers, which Go refuses to compare.
pub(crate) fn scalar_equal(a: &Value, b: &Value) -> Option<bool> {
    match (Kind::of(a), Kind::of(b)) {
        (x, y) if x != y => Some(false),
        (x, _) if x.is_container() => None,
        _ => Some(deep_equal(a, b)),
    }
}

/// Prints a value as `%v` does.
pub(crate) fn print(value: &Value) -> EcoString {
    match value.view() {
        View::Null => "<nil>".into(),
        View::Bool(b) => if b { "true" } else { "false" }.into(),
        View::Number(n) => print_number(n).into(),
        View::String(s) => s.into(),
        View::Seq(items) => {
            let items: Vec<EcoString> = items.iter().map(print).collect();
            ecow::eco_format!("[{}]", items.join(" "))
        }
        View::Map(map) => print_map(map),
    }
}

/// Prints a map as `%v` does: keys sorted.
pub(crate) fn print_map(map: &Map) -> EcoString {
    let mut sorted = map.clone();
    sorted.sort_keys();
    let members: Vec<String> = sorted.iter().map(|(key, value)| format!("{key}:{}", print(value))).collect();
    ecow::eco_format!("map[{}]", members.join(" "))
}

/// Prints a number as `%v` does: floats in the shortest form, with an exponent below 1e-4 and from 1e6 on.
pub(crate) fn print_number(number: Number) -> String {
    match number {
        Number::Float(float) if float.is_nan() => "NaN".into(),
        Number::Float(float) if float.is_infinite() => if float > 0.0 { "+Inf" } else { "-Inf" }.into(),
        // Beyond 64 signed bits Go holds a float.
        Number::UInt(uint) => Number::Float(uint as f64).to_string(),
        number => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_in_go() {
        let cases = [
            (1e6, "1e+06"),
            (1e21, "1e+21"),
            (0.5, "0.5"),
            (-1.25e-5, "-1.25e-05"),
            (3.0, "3"),
            (-0.0, "-0"),
        ];
        for (float, text) in cases {
            assert_eq!(print_number(Number::Float(float)), text);
        }
        // Of two equally near spellings Go takes the even one.
        assert_eq!(print_number(Number::Float(0.233_631_134_033_203_13)), "0.23363113403320312");
        assert_eq!(print_number(Number::UInt(u64::MAX)), "1.8446744073709552e+19");
    }

    #[test]
    fn integers_are_not_floats() {
        assert!(!deep_equal(&Value::from(1), &Value::from(1.0)));
        assert_eq!(scalar_equal(&Value::from(1), &Value::from("1")), Some(false));
        assert_eq!(scalar_equal(&Map::new().into(), &Map::new().into()), None);
    }
}
