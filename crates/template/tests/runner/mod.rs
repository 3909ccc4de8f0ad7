//! Runs the cases of a conformance directory: arrays of template, data, options and the answer that Go gave.

#![expect(unreachable_pub, reason = "the runner is also read by other programs")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a malformed case is a broken corpus")]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value as Json;
use std::path::Path;
use trueup_template::{
    Elem, Error, Functions, IntType, List, Map, MapElem, Options, Template, TemplateSet, Text, Time,
    UintType, Value,
};

/// Runs every case of every `*.json` file in a directory.
pub fn run_dir(dir: &Path) -> Vec<(String, Result<(), String>)> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().flat_map(|file| run_file(file)).collect()
}

fn run_file(file: &Path) -> Vec<(String, Result<(), String>)> {
    let text = std::fs::read_to_string(file).unwrap();
    let cases: Vec<Json> = serde_json::from_str(&text).unwrap();
    cases.iter().map(|case| (case["name"].as_str().unwrap_or_default().to_owned(), run_case(case))).collect()
}

/// Runs one case: the output must be equal, or the error text whole.
pub fn run_case(case: &Json) -> Result<(), String> {
    let outcome = render(case);
    let expected = match (&case["expected"], &case["expected_b64"]) {
        (Json::String(text), _) => Some(text.as_bytes().to_vec()),
        (_, Json::String(encoded)) => Some(base64(encoded)),
        _ => None,
    };
    match (outcome, expected) {
        (Ok(got), Some(expected)) if got == expected => Ok(()),
        (Ok(got), Some(expected)) => Err(format!("expected {}\n     got {}", show(&expected), show(&got))),
        (Ok(got), None) => Err(format!("expected the error {}\n     got {}", case["error"], show(&got))),
        (Err(error), Some(expected)) => {
            Err(format!("expected {}\n     got the error {error}", show(&expected)))
        }
        (Err(error), None) => {
            let wanted = case["error"].as_str().unwrap_or_default();
            if whole(&error.to_string()) == whole(wanted) {
                return Ok(());
            }
            Err(format!("expected the error {wanted}\n     got the error {error}"))
        }
    }
}

/// Go's limit on the depth of templates is its own; ours is an option.
fn whole(error: &str) -> String {
    let phrase = "exceeded maximum template depth (";
    match error.split_once(phrase) {
        Some((before, _)) => format!("{before}{phrase}…)"),
        None => error.to_owned(),
    }
}

fn show(bytes: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(bytes))
}

/// Renders a case.
pub fn render(case: &Json) -> Result<Vec<u8>, Error> {
    let options = &case["options"];
    let functions = functions(options["funcs"].as_str().unwrap_or("builtin"));
    let mut set = TemplateSet::new(&functions);
    if let Some([left, right]) = options["delims"].as_array().map(Vec::as_slice) {
        set.delims(left.as_str().unwrap(), right.as_str().unwrap());
    }
    for define in case["defines"].as_array().into_iter().flatten() {
        set.parse(define["name"].as_str().unwrap(), define["text"].as_str().unwrap())?;
    }
    let name = options["template_name"].as_str().unwrap_or("t");
    // The time at which the answer was recorded; of old ones only the day counts.
    let now = case["now"].as_i64().unwrap_or(1_795_435_200);
    let mut render = Options::default().at(Time::from_unix(now, 0)).seed(1);
    if let Some(missing) = options["missingkey"].as_str() {
        render = render.apply(&[format!("missingkey={missing}")])?;
    }
    let main = set.parse(name, case["template"].as_str().unwrap())?;
    let template: Template = match options["execute"].as_str() {
        Some(name) => set.named(name)?,
        None => set.template(&main)?,
    };
    let data = case.get("data").map_or(Value::Nil, value);
    template.render_bytes(&data, &render)
}

fn functions(name: &str) -> Functions {
    use std::sync::OnceLock;
    static SETS: OnceLock<[Functions; 4]> = OnceLock::new();
    let [builtin, sprig, argocd, helm] = SETS.get_or_init(|| {
        let builtin = Functions::builtin;
        [builtin(), builtin().with_sprig(), builtin().with_argocd(), builtin().with_helm()]
    });
    match name {
        "sprig" => sprig.clone(),
        "argocd" => argocd.clone(),
        "helm" => helm.clone(),
        _ => builtin.clone(),
    }
}

/// Reads a value: JSON whose numbers are floats, and `{"$go:TYPE": …}` for everything else.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(number) => Value::Float(number.as_f64().unwrap()),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => json_list(items.iter().map(value).collect()),
        Json::Object(map) => {
            let only = map.iter().next().filter(|_| map.len() == 1);
            if let Some((kind, content)) = only.and_then(|(kind, c)| Some((kind.strip_prefix("$go:")?, c))) {
                return typed(kind, content);
            }
            Value::Map(Map::from_iter(map.iter().map(|(key, item)| (key.as_str(), value(item)))))
        }
    }
}

fn json_list(items: Vec<Value>) -> Value {
    Value::List(List::of(Elem::Any, items))
}

fn typed(kind: &str, content: &Json) -> Value {
    let text = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    let int = |json: &Json| json.as_i64().unwrap_or_else(|| text(json).parse().unwrap());
    let items = || content.as_array().unwrap().iter();
    match kind {
        "int" => Value::int(int(content)),
        "int8" => Value::Int(IntType::Int8, int(content)),
        "int16" => Value::Int(IntType::Int16, int(content)),
        "int32" => Value::Int(IntType::Int32, int(content)),
        "int64" => Value::int64(int(content)),
        "uint" => Value::Uint(UintType::Uint, text(content).parse().unwrap()),
        "uint8" => Value::Uint(UintType::Uint8, text(content).parse().unwrap()),
        "uint16" => Value::Uint(UintType::Uint16, text(content).parse().unwrap()),
        "uint32" => Value::Uint(UintType::Uint32, text(content).parse().unwrap()),
        "uint64" => Value::Uint(UintType::Uint64, text(content).parse().unwrap()),
        "float64" => Value::Float(match content.as_str() {
            Some("NaN") => f64::NAN,
            Some("+Inf") => f64::INFINITY,
            Some("-Inf") => f64::NEG_INFINITY,
            Some(text) => text.parse().unwrap(),
            None => content.as_f64().unwrap(),
        }),
        "[]string" => Value::string_list(items().map(|item| item.as_str().unwrap())),
        "[]int" => {
            Value::List(List::appended(Elem::Int, items().map(|item| Value::int(int(item))).collect()))
        }
        "map[string]string" => Value::string_map(
            content.as_object().unwrap().iter().map(|(k, v)| (k.as_str(), v.as_str().unwrap())),
        ),
        "time" => Value::from(Time::parse_rfc3339(content.as_str().unwrap()).unwrap()),
        "bytes" => Value::List(List::bytes(&base64(content.as_str().unwrap()))),
        "nil-list" => Value::List(List::nil(Elem::Any)),
        "nil-map" => Value::Map(Map::nil(MapElem::Any)),
        "string-b64" => Value::Str(Text::from_bytes(&base64(content.as_str().unwrap()))),
        other => panic!("unknown kind {other}"),
    }
}

fn base64(text: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text).unwrap()
}
