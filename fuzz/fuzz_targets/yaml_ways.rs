//! The fast way and the full way read the same, spelling and style included.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trueup_manifest::yaml::{self, ParseOptions, V3Style};
use trueup_manifest::{Value, View};

fuzz_target!(|text: &str| {
    // A comment with an odd line break means nothing, but makes the text be read the full way.
    let text = format!("{text}\n");
    let full = format!("{text}#\r");
    for options in [ParseOptions::kyaml(), ParseOptions::kubernetes(), ParseOptions::kubernetes_strict()] {
        if let Ok(fast) = yaml::parse(text.as_bytes(), &options) {
            let full =
                yaml::parse(full.as_bytes(), &options).expect("the full way reads what the fast way reads");
            assert_eq!(spelled(&fast), spelled(&full));
            let style = V3Style::default();
            assert_eq!(yaml::to_string_v3(&fast, &style), yaml::to_string_v3(&full, &style));
        }
    }
});

fn spelled(value: &Value) -> String {
    match value.view() {
        View::Seq(items) => items.iter().map(spelled).collect(),
        View::Map(map) => map
            .iter()
            .map(|(key, value)| format!("{key:?} {:?} {}", map.key_kind(key), spelled(value)))
            .collect(),
        view => format!("{view:?} {:?} {:?} {:?};", value.scalar_text(), value.style(), value.source()),
    }
}
