//! What is written reads the same, and is written the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Value, View};

fuzz_target!(|text: &[u8]| {
    let Ok(value) = json::parse(text, &JsonOptions::default()) else { return };
    if is_odd(&value) {
        return;
    }
    let Ok(written) = yaml::to_string(&value) else { return };
    let read =
        yaml::parse(written.as_bytes(), &ParseOptions::kubernetes()).expect("what was written can be read");
    assert_eq!(read, value, "{written}");
    assert_eq!(yaml::to_string(&read).as_deref(), Ok(written.as_str()));
    let again = json::to_string(&value).expect("what came from JSON becomes JSON");
    assert_eq!(json::parse(again.as_bytes(), &JsonOptions::default()).as_ref(), Ok(&value));
});

/// Tells whether the reference itself reads something else than it writes: the key `<<`, line breaks other than `\n` in
/// texts, and whole floats beyond 2^53, which it takes for integers.
fn is_odd(value: &Value) -> bool {
    let breaks = |text: &str| text.contains(['\u{85}', '\u{2028}', '\u{2029}', '\u{FEFF}']);
    match value.view() {
        View::String(text) => breaks(text),
        View::Number(number) => number.as_f64().abs() >= 9_007_199_254_740_992.0,
        View::Seq(items) => items.iter().any(is_odd),
        View::Map(map) => map.iter().any(|(key, value)| key == "<<" || breaks(key) || is_odd(value)),
        _ => false,
    }
}
