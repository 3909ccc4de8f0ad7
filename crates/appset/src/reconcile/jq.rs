//! jq path expressions: removing what they point at.

use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Ctx, Filter, Vars, data, unwrap_valr};
use jaq_json::{Val, read};
use std::fmt::Display;
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::{EcoString, Value};

type Program = Filter<data::JustLut<Val>>;

/// A compiled `del(…)` of a path expression.
pub(super) struct Deletion(Program);

/// What an expression may not use: what runs without end, and what reads anything but the document.
///
/// Argo CD stops an expression after a second; an engine without a clock has to refuse it before.
const REFUSED: [&str; 20] = [
    "def",
    "range",
    "repeat",
    "while",
    "until",
    "recurse",
    "limit",
    "foreach",
    "reduce",
    "input",
    "inputs",
    "env",
    "now",
    "halt",
    "halt_error",
    "debug",
    "stderr",
    "getpath",
    "import",
    "include",
];

/// How long an expression may be.
const MAX_LENGTH: usize = 4096;

impl Deletion {
    /// Compiles an expression.
    ///
    /// # Errors
    /// An expression that is none, or that uses what is refused.
    pub(super) fn new(expression: &str) -> Result<Self, String> {
        if expression.len() > MAX_LENGTH {
            return Err(format!("jq expression of more than {MAX_LENGTH} bytes is not supported"));
        }
        if let Some(word) = words(expression).find(|word| REFUSED.contains(word)) {
            return Err(format!("jq function `{word}` is not supported in `{expression}`"));
        }
        let failed = |error: &dyn Display| format!("jq expression `{expression}`: {error}");
        let code = format!("del({expression})");
        let arena = Arena::default();
        let loader = Loader::new(jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()));
        let modules = loader
            .load(&arena, File { code: code.as_str(), path: () })
            .map_err(|_| failed(&"it does not parse"))?;
        let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
        let compiled = jaq_core::Compiler::default().with_funs(functions).compile(modules);
        compiled.map(Self).map_err(|errors| {
            let unknown = errors.iter().flat_map(|(_, names)| names).map(|(name, _)| (*name).to_owned());
            failed(&format_args!("undefined: {}", unknown.collect::<Vec<_>>().join(", ")))
        })
    }

    /// Returns the document without what the expression points at; nothing if the expression fails on it, as Argo CD goes on then.
    pub(super) fn apply(&self, document: &Value) -> Option<Value> {
        let text = json::to_string(document).ok()?;
        let input = read::parse_single(text.as_bytes()).ok()?;
        let context = Ctx::<data::JustLut<Val>>::new(&self.0.lut, Vars::new([]));
        let mut outputs = self.0.id.run((context, input)).map(unwrap_valr);
        let output = outputs.next()?.ok()?;
        if outputs.next().is_some() {
            return None;
        }
        json::parse(output.to_string().as_bytes(), &JsonOptions::default()).ok()
    }
}

/// Returns the words of an expression outside of its strings that are no field names.
fn words(expression: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let outside = expression.split('"').step_by(2);
    outside.flat_map(move |text| text.split(move |c: char| !is_word(c) && c != '.'))
}

/// Compiles expressions; the error is a message.
pub(super) fn compile(expressions: &[EcoString]) -> Result<Vec<Deletion>, String> {
    expressions.iter().map(|expression| Deletion::new(expression)).collect()
}
