//! The walk: a value against a schema.

use super::document::{Document, TYPES, Target};
use super::equal::{equals, number_of, type_name};
use super::formats;
use super::problem::{Problem, quote};
use crate::error::{Error, ErrorKind, Result};
use std::collections::BTreeSet;
use trueup_manifest::{self as manifest, Map, View};
use trueup_template::{Text, Value};

/// How deep schemas may be inside of schemas on the way to a value.
const MAX_DEPTH: usize = 150;

/// Checks a value against the whole document; nothing if it fits.
pub(super) fn check(document: &Document, value: &Value, steps: &mut u64) -> Result<Option<Problem>> {
    let mut walk = Walk { document, steps, at: Vec::new(), active: Vec::new(), depth: 0 };
    let base = document.url();
    walk.schema(&document.root, &base, value, false).map(Result::err)
}

/// What a schema has left unlooked at, where somebody asks for it.
#[derive(Default)]
pub(super) struct Unseen {
    pub(super) properties: BTreeSet<Text>,
    pub(super) items: BTreeSet<usize>,
}

impl Unseen {
    /// Keeps what the other one has not seen either.
    pub(super) fn meet(&mut self, other: &Self) {
        self.properties.retain(|name| other.properties.contains(name));
        self.items.retain(|index| other.items.contains(index));
    }
}

/// How checking a value ended: what is unseen of it, or what does not fit.
pub(super) type Checked = std::result::Result<Unseen, Problem>;

pub(super) struct Walk<'d, 's> {
    pub(super) document: &'d Document,
    steps: &'s mut u64,
    /// The way to the value.
    pub(super) at: Vec<String>,
    /// The schemas that look at this very value.
    active: Vec<*const manifest::Value>,
    depth: usize,
}

/// What is found while one schema looks at one value.
pub(super) struct Here<'v> {
    pub(super) schema: &'v Map,
    pub(super) base: &'v str,
    pub(super) unseen: Unseen,
    pub(super) problems: Vec<Problem>,
}

impl Here<'_> {
    pub(super) fn add(&mut self, problem: Option<Problem>) {
        self.problems.extend(problem);
    }

    /// Returns a whole number that a keyword has.
    pub(super) fn count(&self, keyword: &str) -> Option<f64> {
        self.number(keyword).filter(|number| number.fract() == 0.0)
    }

    /// Returns a number that a keyword has.
    pub(super) fn number(&self, keyword: &str) -> Option<f64> {
        self.schema.get(keyword).and_then(manifest::Value::as_f64)
    }
}

impl<'d> Walk<'d, '_> {
    /// Checks a value inside of the current one.
    pub(super) fn inside(
        &mut self,
        schema: &manifest::Value,
        base: &str,
        value: &Value,
        token: String,
    ) -> Result<Option<Problem>> {
        self.at.push(token);
        let checked = self.other(schema, base, value);
        self.at.pop();
        checked
    }

    /// Checks another value at the same place, such as the name of a property.
    pub(super) fn other(
        &mut self,
        schema: &manifest::Value,
        base: &str,
        value: &Value,
    ) -> Result<Option<Problem>> {
        let active = std::mem::take(&mut self.active);
        let checked = self.schema(schema, base, value, false);
        self.active = active;
        checked.map(Result::err)
    }

    /// Checks the current value.
    pub(super) fn schema(
        &mut self,
        schema: &manifest::Value,
        base: &str,
        value: &Value,
        wants_unseen: bool,
    ) -> Result<Checked> {
        *self.steps = self.steps.checked_sub(1).ok_or_else(|| {
            Error::new(ErrorKind::Limit, "checking values against schemas takes too many steps")
        })?;
        let map = match schema.view() {
            View::Bool(false) => return Ok(Err(Problem::new(&self.at, "false schema"))),
            View::Map(map) if !map.is_empty() => map,
            _ => return Ok(Ok(Unseen::default())),
        };
        let address = std::ptr::from_ref(schema);
        if self.active.contains(&address) {
            return Ok(Err(Problem::new(&self.at, "the schema refers to itself for the same value")));
        }
        if self.depth >= MAX_DEPTH {
            let message = format!("schemas lead to each other more than {MAX_DEPTH} levels deep");
            return Err(Error::new(ErrorKind::Limit, message));
        }
        self.active.push(address);
        self.depth += 1;
        let checked = self.keywords(map, base, value, wants_unseen);
        self.depth -= 1;
        self.active.pop();
        checked
    }

    fn keywords(&mut self, map: &Map, base: &str, value: &Value, wants_unseen: bool) -> Result<Checked> {
        let own_base = self.document.base_of(map, base);
        let base = own_base.as_deref().unwrap_or(base);
        let draft = self.document.draft;
        let reference = map.get("$ref").and_then(manifest::Value::as_str);
        let unseen = unseen_of(map, value, draft, wants_unseen);
        let mut here = Here { schema: map, base, unseen, problems: Vec::new() };
        // Beside a reference nothing counts in older drafts.
        if let Some(reference) = reference.filter(|_| draft < 2019) {
            let problem = self.reference(reference, &mut here, value)?;
            return Ok(problem.map_or_else(|| Ok(here.unseen), Err));
        }
        if let Some(problem) = self.value_itself(map, value) {
            return Ok(Err(problem));
        }
        if let Some(reference) = reference {
            let problem = self.reference(reference, &mut here, value)?;
            here.add(problem);
        }
        match value {
            Value::Map(object) => self.object(object, &mut here)?,
            Value::List(list) => self.array(list.items(), &mut here)?,
            Value::Str(text) => self.text(text, &mut here)?,
            value => {
                if let Some(number) = number_of(value) {
                    self.number(number, &mut here);
                }
            }
        }
        if draft >= 2019 {
            for keyword in ["$recursiveRef", "$dynamicRef"] {
                if let Some(reference) = map.get(keyword).and_then(manifest::Value::as_str) {
                    let problem = self.reference(reference, &mut here, value)?;
                    here.add(problem);
                }
            }
        }
        self.conditions(&mut here, value)?;
        if draft >= 2019 {
            self.unevaluated(&mut here, value)?;
        }
        let problem = Problem::of(&self.at, here.problems);
        Ok(problem.map_or_else(|| Ok(here.unseen), Err))
    }

    /// What ends the check at once: the type, the constant, the alternatives, the format.
    fn value_itself(&self, map: &Map, value: &Value) -> Option<Problem> {
        let problem = |text: String| Some(Problem::new(&self.at, text));
        if let Some(types) = map.get("type") {
            let wanted: Vec<&str> = match types.as_seq() {
                Some(items) => items.iter().filter_map(manifest::Value::as_str).collect(),
                None => types.as_str().into_iter().collect(),
            };
            let got = type_name(value);
            let whole = || number_of(value).is_some_and(|number| number.fract() == 0.0);
            let fits = wanted.contains(&got) || (wanted.contains(&"integer") && whole());
            if !wanted.is_empty() && !fits {
                let known = TYPES.iter().filter(|name| wanted.contains(name)).copied();
                let wanted = known.collect::<Vec<_>>().join(" or ");
                return problem(format!("got {got}, want {wanted}"));
            }
        }
        if let Some(wanted) = map.get("const").filter(|_| self.document.draft >= 6)
            && !equals(value, wanted)
        {
            return problem(match wanted.is_scalar() {
                true => format!("value must be {}", shown(wanted)),
                false => "'const' failed".to_owned(),
            });
        }
        if let Some(wanted) = map.get("enum").and_then(manifest::Value::as_seq)
            && !wanted.iter().any(|wanted| equals(value, wanted))
        {
            let all: Vec<String> = wanted.iter().map(shown).collect();
            return problem(match (wanted.iter().all(manifest::Value::is_scalar), all.as_slice()) {
                (false, _) => "'enum' failed".to_owned(),
                (true, [one]) => format!("value must be {one}"),
                (true, all) => format!("value must be one of {}", all.join(", ")),
            });
        }
        // Newer drafts take formats for remarks.
        if self.document.draft < 2019
            && let Some(format) = map.get("format").and_then(manifest::Value::as_str)
            && let Value::Str(text) = value
        {
            let text = text.to_str_lossy();
            if let Err(why) = formats::check(format, &text) {
                return problem(format!("{} is not valid {format}: {why}", quote(&text)));
            }
        }
        None
    }

    /// Checks the value against what a reference leads to.
    fn reference(&mut self, reference: &str, here: &mut Here<'_>, value: &Value) -> Result<Option<Problem>> {
        let document: &'d Document = self.document;
        let (target, base) = document.resolve(here.base, reference)?;
        let Target::Schema(target) = target else { return Ok(None) };
        let wants = !here.unseen.properties.is_empty() || !here.unseen.items.is_empty();
        Ok(match self.schema(target, &base, value, wants)? {
            Ok(unseen) => {
                here.unseen.meet(&unseen);
                None
            }
            Err(problem) => Some(problem.referred(&self.at)),
        })
    }

    /// Checks the current value against another schema for it.
    pub(super) fn also(
        &mut self,
        schema: &manifest::Value,
        here: &mut Here<'_>,
        value: &Value,
    ) -> Result<Option<Problem>> {
        let wants = !here.unseen.properties.is_empty() || !here.unseen.items.is_empty();
        Ok(match self.schema(schema, here.base, value, wants)? {
            Ok(unseen) => {
                here.unseen.meet(&unseen);
                None
            }
            Err(problem) => Some(problem),
        })
    }

    fn conditions(&mut self, here: &mut Here<'_>, value: &Value) -> Result<()> {
        let schema = here.schema;
        let list = |keyword: &str| schema.get(keyword).and_then(manifest::Value::as_seq).unwrap_or_default();
        if let Some(not) = schema.get("not")
            && self.also(not, here, value)?.is_none()
        {
            here.add(Some(Problem::new(&self.at, "'not' failed")));
        }
        let mut problems = Vec::new();
        for all in list("allOf") {
            problems.extend(self.also(all, here, value)?);
        }
        if !problems.is_empty() {
            here.add(Some(Problem::new(&self.at, "'allOf' failed").because(problems)));
        }
        self.any_of(list("anyOf"), here, value)?;
        self.one_of(list("oneOf"), here, value)?;
        if self.document.draft >= 7
            && let Some(condition) = schema.get("if")
        {
            let branch = if self.also(condition, here, value)?.is_none() { "then" } else { "else" };
            if let Some(branch) = schema.get(branch) {
                let problem = self.also(branch, here, value)?;
                here.add(problem);
            }
        }
        Ok(())
    }

    fn any_of(&mut self, schemas: &[manifest::Value], here: &mut Here<'_>, value: &Value) -> Result<()> {
        let (mut matched, mut problems) = (schemas.is_empty(), Vec::new());
        for any in schemas {
            match self.also(any, here, value)? {
                Some(problem) => problems.push(problem),
                None => matched = true,
            }
            if matched && here.unseen.properties.is_empty() && here.unseen.items.is_empty() {
                break;
            }
        }
        if !matched {
            here.add(Some(Problem::new(&self.at, "'anyOf' failed").because(problems)));
        }
        Ok(())
    }

    fn one_of(&mut self, schemas: &[manifest::Value], here: &mut Here<'_>, value: &Value) -> Result<()> {
        let (mut matched, mut problems) = (None, Vec::new());
        for (index, one) in schemas.iter().enumerate() {
            match (self.also(one, here, value)?, matched) {
                (Some(problem), None) => problems.push(problem),
                (Some(_), Some(_)) => {}
                (None, None) => matched = Some(index),
                (None, Some(first)) => {
                    let text = format!("'oneOf' failed, subschemas {first}, {index} matched");
                    here.add(Some(Problem::new(&self.at, text)));
                    break;
                }
            }
        }
        if matched.is_none() && !schemas.is_empty() {
            here.add(Some(Problem::new(&self.at, "'oneOf' failed, none matched").because(problems)));
        }
        Ok(())
    }

    fn unevaluated(&mut self, here: &mut Here<'_>, value: &Value) -> Result<()> {
        if let (Value::Map(object), Some(schema)) = (value, here.schema.get("unevaluatedProperties")) {
            for name in std::mem::take(&mut here.unseen.properties) {
                if let Some(value) = object.get(name.as_bytes()) {
                    let problem = self.inside(schema, here.base, &value, name.to_str_lossy().into_owned())?;
                    here.add(problem);
                }
            }
        }
        if let (Value::List(list), Some(schema)) = (value, here.schema.get("unevaluatedItems")) {
            for index in std::mem::take(&mut here.unseen.items) {
                if let Some(value) = list.get(index) {
                    let problem = self.inside(schema, here.base, value, index.to_string())?;
                    here.add(problem);
                }
            }
        }
        Ok(())
    }
}

/// What nobody has looked at yet, if this schema or one around it asks for that.
fn unseen_of(map: &Map, value: &Value, draft: u32, wanted: bool) -> Unseen {
    let mut unseen = Unseen::default();
    if draft < 2019 {
        return unseen;
    }
    match value {
        Value::Map(object) => {
            let asks = wanted || map.contains_key("unevaluatedProperties");
            if asks && !map.contains_key("additionalProperties") {
                unseen.properties = object.keys().into_iter().collect();
            }
        }
        Value::List(list) => {
            let asks = wanted || map.contains_key("unevaluatedItems");
            let tuple = if draft >= 2020 { "prefixItems" } else { "items" };
            let seen = map.get(tuple).and_then(manifest::Value::as_seq).map_or(0, <[_]>::len);
            let all = match draft {
                2019 => {
                    map.get("items").is_some_and(|items| !items.is_seq())
                        || map.contains_key("additionalItems")
                }
                _ => map.contains_key("items"),
            };
            if asks && !all {
                unseen.items = (seen..list.len()).collect();
            }
        }
        _ => {}
    }
    unseen
}

/// Shows a scalar of a schema.
fn shown(value: &manifest::Value) -> String {
    match value.view() {
        View::String(text) => quote(text),
        View::Null => "<nil>".to_owned(),
        View::Seq(_) | View::Map(_) => "value".to_owned(),
        _ => value.scalar_text().unwrap_or_default().to_string(),
    }
}
