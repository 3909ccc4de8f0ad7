//! Nothing panics, and the limits hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::yaml::{self, ParseOptions};

fuzz_target!(|text: &[u8]| {
    for options in [ParseOptions::kyaml(), ParseOptions::kubernetes(), ParseOptions::kubernetes_strict()] {
        match yaml::parse_stream(text, &options) {
            Ok(documents) => assert!(documents.len() <= options.limits.max_documents),
            Err(error) => assert!(error.position().offset <= text.len()),
        }
        let _ = yaml::parse(text, &options);
    }
    let _ = yaml::locate(text, 0, &["a".into(), 0.into(), "b".into()]);
    let _ = json::parse(text, &JsonOptions::default());
});
