//! Values as Go's `%v` prints them.

use trueup_template::{List, Text, Value};

/// Returns a value as Go's `%v` prints it: `1e+06`, `<nil>`, `map[a:1 b:2]`, `[x y]`.
///
/// ```
/// use trueup_appset::parameters::value_text;
/// use trueup_template::Value;
///
/// assert_eq!(value_text(&Value::from(1000000.0)), "1e+06");
/// assert_eq!(value_text(&Value::Nil), "<nil>");
/// ```
pub fn value_text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Str(text) => out.push_str(&text.to_str_lossy()),
        Value::Nil => out.push_str("<nil>"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Int(_, i) => out.push_str(&i.to_string()),
        Value::Uint(_, u) => out.push_str(&u.to_string()),
        Value::Float(f) => out.push_str(&float_text(*f)),
        Value::List(list) => write_list(list, out),
        Value::Map(map) => {
            out.push_str("map[");
            for (position, (key, value)) in map.entries().iter().enumerate() {
                if position > 0 {
                    out.push(' ');
                }
                out.push_str(&key.to_str_lossy());
                out.push(':');
                write(value, out);
            }
            out.push(']');
        }
        // Generators make no others.
        other => out.push_str(&other.to_manifest().scalar_text().unwrap_or_default()),
    }
}

fn write_list(list: &List, out: &mut String) {
    out.push('[');
    for (position, item) in list.items().iter().enumerate() {
        if position > 0 {
            out.push(' ');
        }
        write(item, out);
    }
    out.push(']');
}

fn float_text(float: f64) -> String {
    if float.is_nan() {
        return "NaN".to_owned();
    }
    if float.is_infinite() {
        return if float > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    trueup_manifest::Value::from(float).scalar_text().unwrap_or_default().into()
}

/// Returns a text as a value.
pub(crate) fn string(text: impl Into<Text>) -> Value {
    Value::Str(text.into())
}
