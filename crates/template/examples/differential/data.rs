//! The data that templates are given.

use super::random::Choices;
use serde_json::{Map, Value as Json, json};

/// Returns data with every kind of value under known names, and a random tree under `r`.
pub(crate) fn data(choices: &mut Choices) -> Json {
    if choices.chance(2) {
        return choices
            .pick(&[
                json!(null),
                json!([1, "a"]),
                json!("text"),
                json!(3),
                json!(true),
                json!({}),
                json!({"$go:nil-map": null}),
                json!({"$go:map[string]string": {"name": "x"}}),
            ])
            .clone();
    }
    let name = choices.text(&["bob", "Web-1", "", "日本", "a_b.C"]);
    let float = *choices.pick(&[1.5, -0.25, 1e6, 1_234_567.0, 1e-7, 100_000.0, 0.0, 1e21]);
    let mut data: Map<String, Json> = serde_json::from_str(FIXED).unwrap_or_default();
    let own = [
        ("name", name.into()),
        ("n", choices.below(10).into()),
        ("f", float.into()),
        ("i", json!({"$go:int": choices.below(9)})),
        ("r", tree(choices, 3)),
    ];
    data.extend(own.map(|(key, value)| (key.to_owned(), value)));
    data.into()
}

/// What is the same in all data.
const FIXED: &str = r#"{
    "i64": {"$go:int64": 7}, "i32": {"$go:int32": -3}, "u8": {"$go:uint8": 200}, "u64": {"$go:uint64": "18446744073709551615"},
    "i8": {"$go:int8": -128}, "i16": {"$go:int16": 300}, "u": {"$go:uint": 5}, "u16": {"$go:uint16": 9}, "u32": {"$go:uint32": 11},
    "t": true, "no": false, "nil": null, "e": "", "l": ["a", "b", "c"], "el": [], "m": {"k": "v", "a": 1, "z": {"y": "deep"}, "n": null},
    "em": {}, "nested": [[1, 2], [], [3]], "users": [{"n": "x", "age": 3}, {"n": "y", "age": 5}], "il": {"$go:[]int": [3, 1, 2]},
    "sl": {"$go:[]string": ["p", "q", "a", "p"]}, "ss": {"$go:map[string]string": {"app": "web", "env": "prod"}}, "big": 12345678901234567890.0,
    "tm": {"$go:time": "2024-03-01T12:34:56.789Z"}, "by": {"$go:bytes": "aGk="},
    "nl": {"$go:nil-list": null}, "nm": {"$go:nil-map": null}, "utf": "é日𝄞", "bad": {"$go:string-b64": "Yf9i"}, "nan": {"$go:float64": "NaN"},
    "inf": {"$go:float64": "-Inf"}, "deep": {"a": {"b": {"c": [1, {"d": "e"}]}}}, "mixed": [0, "", null, false, [], {}, "x", 1, 1, "x"]
}"#;

/// Returns a random document.
fn tree(choices: &mut Choices, depth: usize) -> Json {
    let kind = if depth == 0 { choices.below(6) } else { choices.below(12) };
    match kind {
        0 => Json::Null,
        1 => choices.chance(50).into(),
        2 => json!(choices.below(2000) as f64 / 8.0 - 50.0),
        3 => json!({"$go:int": choices.below(100)}),
        4 | 5 => choices.text(&["", "x", "y z", "1", "true", "é", "a: b", "line\nbreak", "<&>"]).into(),
        6..9 => (0..choices.below(4)).map(|_| tree(choices, depth - 1)).collect(),
        _ => {
            let member = |choices: &mut Choices| {
                (choices.text(&["a", "b", "c", "k"]).to_owned(), tree(choices, depth - 1))
            };
            (0..=choices.below(3)).map(|_| member(choices)).collect::<Map<_, _>>().into()
        }
    }
}
