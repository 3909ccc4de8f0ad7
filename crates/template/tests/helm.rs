//! Helm's functions on data, where the shared corpus is present: charts of one template that uses nothing but its values.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a malformed case is a broken corpus; tests read their fixtures and say what fails"
)]

use serde_json::Value as Json;
use std::path::Path;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_template::{Error, Functions, Map, Options, TemplateSet, Value};

/// Renders a template with the values that a chart would have.
fn render(template: &str, values: &str) -> Result<String, Error> {
    let values = yaml::parse(values.as_bytes(), &ParseOptions::kubernetes()).unwrap();
    let data = Value::Map(Map::from_iter([("Values", Value::from_manifest(&values))]));
    let functions = Functions::builtin().with_helm();
    let mut set = TemplateSet::new(&functions);
    let main = set.parse("app/templates/t.txt", template)?;
    // Helm takes out what text/template writes for what is missing.
    Ok(set.template(&main)?.render(&data, &Options::default())?.replace("<no value>", ""))
}

/// What fails is left to charts, whose errors Helm words anew.
#[test]
fn functions_on_data() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/helm/data-functions.json");
    let Ok(text) = std::fs::read_to_string(Path::new(path)) else { return };
    let cases: Vec<Json> = serde_json::from_str(&text).unwrap();
    let mut failures = 0;
    for case in &cases {
        let Some(expected) = case["expected"]["app/templates/t.txt"].as_str() else { continue };
        let file = |name: &str| case["files"][name].as_str().unwrap();
        let got = render(file("templates/t.txt"), file("values.yaml"));
        if got.as_ref().ok().map(String::as_str) != Some(expected) {
            failures += 1;
            println!("{}: expected {expected:?}\n     got {got:?}", case["name"]);
        }
    }
    assert_eq!(failures, 0, "of {}", cases.len());
}

/// Go reads on after a number out of range: what stands around it is there, and so is the error.
#[test]
fn json_around_numbers_out_of_range() {
    let json = |text: &str| render("{{ fromJson .Values }}|{{ fromJsonArray .Values }}", text);
    let json = |text: &str| json(&format!("'{text}'")).unwrap();
    assert_eq!(
        json(r#"{"a":1e999,"b":[1,1e999,{"c":-1e999}],"d":2}"#),
        "map[Error:json: cannot unmarshal number 1e999 into Go value of type float64 a:<nil> b:[1 <nil> map[c:<nil>]] d:2]\
         |[json: cannot unmarshal object into Go value of type []interface {}]"
    );
    assert_eq!(
        json("1e999"),
        "map[Error:json: cannot unmarshal number into Go value of type map[string]interface {}]\
         |[json: cannot unmarshal number into Go value of type []interface {}]"
    );
    assert_eq!(
        json("[1e999]"),
        "map[Error:json: cannot unmarshal array into Go value of type map[string]interface {}]\
         |[json: cannot unmarshal number 1e999 into Go value of type float64]"
    );
}

/// Answers of Go programs that call the libraries with which Helm is built.
#[test]
fn written_as_the_libraries_do() {
    let text = |template: &str| render(template, "").unwrap_or_else(|error| error.to_string());
    let pretty = r#"{{ dict "on" "off" "1:30" "1:20" "a10" 1e6 "a2" 0.0 "n" nil "l" (list 1.5 "a\nb" (list 1)) | toYamlPretty }}"#;
    assert_eq!(
        text(pretty),
        "\"1:30\": \"1:20\"\na2: 0\na10: 1e+06\nl:\n  - 1.5\n  - |-\n    a\n    b\n  - - 1\n\"n\": null\n\"on\": \"off\""
    );
    assert_eq!(text(r#"{{ "\xff\xfe" | toYamlPretty }}"#), "!!binary //4=");
    assert_eq!(text(r#"{{ list (mulf 1e308 10.0) | toYamlPretty }}"#), "- .inf");
    let own = r#"{{ $d := dict }}{{ $_ := set $d "x" $d }}{{ $_ := set $d "y" $d }}{{ $d | toYamlPretty }}"#;
    assert!(text(own).ends_with("a value is nested too deep for YAML"), "{}", text(own));
    assert_eq!(text(r#"{{ toToml (list (dict "a" 1) 2) }}"#), "[{a = 1}, 2]");
    assert_eq!(
        text(r#"{{ toToml (list (dict "a" 1 "z" nil)) }}"#),
        "toml: top-level values must be Go maps or structs"
    );
    assert_eq!(text(r#"{{ toToml (list 1 (dict "a" 1 "z" nil)) }}"#), "[1, {a = 1, }]");
    assert!(text("{{ toToml nil }}").ends_with("reflect: call of reflect.Value.Type on zero Value"));
    let times = "a = 1979-05-27\nb = 07:32:00\nc = 1979-05-27T07:32:00\nd = 1979-05-27T07:32:00.5Z\n";
    assert_eq!(text(&format!("{{{{ fromToml {times:?} | toToml }}}}")), times);
    let shown = "map[a:1979-05-27 00:00:00 +0000 date-local b:0000-01-01 07:32:00 +0000 time-local";
    assert!(text(&format!("{{{{ fromToml {times:?} }}}}")).starts_with(shown));
}
