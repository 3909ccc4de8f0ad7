//! Variables: `$(NAME)` in the fields that may hold one.

use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{self, Create, FieldSpec};
use crate::kustomization::Var;
use crate::limits::Growth;
use crate::node::{self, Tag};
use crate::path;
use crate::resmap::ResMap;
use ecow::EcoString;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{KeyKind, ScalarStyle, Value, View};

/// The value of a variable.
#[derive(Clone, Debug)]
enum Found {
    Text(EcoString),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// A map or a list, which no field can take.
    Container,
}

/// Expands the variables in the fields of the specs; returns the names of those never used.
pub(crate) fn expand(
    map: &mut ResMap,
    vars: &BTreeMap<EcoString, Var>,
    specs: &[FieldSpec],
    growth: &mut Growth,
) -> Result<Vec<EcoString>> {
    let mut values = BTreeMap::new();
    for var in vars.values() {
        values.insert(var.name.clone(), value_of(map, var)?);
    }
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let mut expander = Expander { values, used: BTreeSet::new(), writes: Vec::new(), growth };
    for resource in &mut map.list {
        for spec in specs {
            let set =
                fieldspec::apply(&resource.value, spec, Create::No, &mut |field| expander.field(field))?;
            if let Some(value) = set {
                resource.value = value;
            }
            for (cell, value) in std::mem::take(&mut expander.writes) {
                if let Some(value) = node::set_cell(&resource.value, cell, &value) {
                    resource.value = value;
                }
            }
        }
    }
    let Expander { values, used, .. } = expander;
    Ok(values.into_keys().filter(|name| !used.contains(name)).collect())
}

fn show(var: &Var) -> String {
    let object = &var.object;
    format!("{{{} {} {{{}}}}}", var.name, object.resolved_gvk(), var.field_path)
}

fn value_of(map: &ResMap, var: &Var) -> Result<Found> {
    let source = map.list.iter().find(|resource| resource.history().variables.contains(&var.name));
    let Some(source) = source else {
        return Err(Error::new(
            ErrorKind::Variable,
            format!("var '{}' cannot be mapped to a field in the set of known resources", show(var)),
        ));
    };
    let missing = || {
        let message = format!("field specified in var '{}' not found in corresponding resource", show(var));
        Error::new(ErrorKind::Variable, message)
    };
    let path = split_indices(path::split_smart(&var.field_path, '.'));
    // Upstream's own annotations are among them.
    let document =
        if var.field_path.starts_with("metadata") { source.with_annotations() } else { source.value.clone() };
    let field = path::lookup(&document, &path).ok().flatten().ok_or_else(missing)?;
    let text = node::text(field);
    Ok(match (field.is_scalar(), node::tag(field)) {
        (false, _) => Found::Container,
        (true, Tag::Int) => Found::Int(path::number(&text).ok_or_else(missing)?),
        (true, Tag::Float) => Found::Float(field.as_f64().ok_or_else(missing)?),
        (true, Tag::Bool) => Found::Bool(field.as_bool().ok_or_else(missing)?),
        _ => Found::Text(text),
    })
}

/// Takes `ports[0]` apart.
fn split_indices(parts: Vec<String>) -> Vec<String> {
    let mut result = Vec::with_capacity(parts.len());
    for part in parts {
        let indexed = part.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
        match indexed.filter(|(_, index)| !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit())) {
            Some((name, index)) => {
                result.extend((!name.is_empty()).then(|| name.to_owned()));
                result.push(index.to_owned());
            }
            None => result.push(part),
        }
    }
    result
}

struct Expander<'g> {
    values: BTreeMap<EcoString, Found>,
    used: BTreeSet<EcoString>,
    writes: Vec<(u32, Value)>,
    growth: &'g mut Growth,
}

impl Expander<'_> {
    fn field(&mut self, field: &Value) -> Result<Option<Value>> {
        if node::is_null(field) {
            return Ok(None);
        }
        match field.view() {
            View::Map(map) => {
                let mut changed = None;
                for (key, value) in map {
                    if !matches!(map.key_kind(key), KeyKind::String | KeyKind::Repeated) {
                        return Err(Error::new(
                            ErrorKind::Variable,
                            format!("invalid map key: value='{key}'"),
                        ));
                    }
                    if let Some(new) = self.scalar(value)? {
                        changed.get_or_insert_with(|| map.clone()).insert(key.clone(), new);
                    }
                }
                Ok(changed.map(Value::from))
            }
            View::Seq(items) => {
                let mut changed: Option<Vec<Value>> = None;
                for (index, item) in items.iter().enumerate() {
                    if !node::is_string(item) {
                        let message = "invalid value type expect a string";
                        return Err(Error::new(ErrorKind::Variable, message));
                    }
                    if let Some(new) = self.scalar(item)?
                        && let Some(slot) = changed.get_or_insert_with(|| items.to_vec()).get_mut(index)
                    {
                        *slot = new;
                    }
                }
                Ok(changed.map(Value::from))
            }
            _ => self.scalar(field),
        }
    }

    /// Expands a string; it loses its style whatever it holds.
    fn scalar(&mut self, field: &Value) -> Result<Option<Value>> {
        if !node::is_string(field) {
            return Ok(None);
        }
        let new = self.replace(&node::text(field))?;
        let cell = node::cell(field);
        if cell == 0 {
            return Ok(Some(new));
        }
        let new = node::with_cell(&new, cell);
        self.writes.push((cell, new.clone()));
        Ok(Some(new))
    }

    fn replace(&mut self, input: &str) -> Result<Value> {
        let mut output = String::with_capacity(input.len());
        let mut rest = input;
        // Behind the last one, none is looked for again and again.
        let last = input.rfind(')').map_or("", |at| input.get(at..).unwrap_or_default()).len();
        while let Some(at) = rest.find('$') {
            let Some((before, tail)) = rest.split_at_checked(at) else { break };
            let after = tail.strip_prefix('$').unwrap_or_default();
            let Some(next) = after.chars().next() else { break };
            output.push_str(before);
            rest = match next {
                '$' => {
                    output.push('$');
                    after.strip_prefix('$').unwrap_or_default()
                }
                '(' => {
                    let inside = after.strip_prefix('(').unwrap_or_default();
                    let is_closed = last > 0 && inside.len() >= last;
                    match is_closed.then(|| inside.split_once(')')).flatten() {
                        Some((name, tail)) => {
                            if input.len() == name.len() + 3
                                && let Some(value) = self.typed(name)
                            {
                                return Ok(value);
                            }
                            output.push_str(&self.text(name)?);
                            tail
                        }
                        None => {
                            output.push_str("$(");
                            inside
                        }
                    }
                }
                other => {
                    output.push('$');
                    output.push(other);
                    after.strip_prefix(other).unwrap_or_default()
                }
            };
        }
        output.push_str(rest);
        Ok(Value::from(output))
    }

    /// The value of a variable that makes up a whole field.
    fn typed(&mut self, name: &str) -> Option<Value> {
        let value = match self.values.get(name)? {
            Found::Text(text) => Value::from(text.clone()),
            Found::Int(i) => Value::from(*i),
            Found::Float(f) => node::scalar(Tag::Float, ScalarStyle::Plain, format!("{f}")),
            Found::Bool(b) => Value::from(*b),
            Found::Container => return None,
        };
        self.used.insert(name.into());
        Some(value)
    }

    fn text(&mut self, name: &str) -> Result<String> {
        let text = match self.values.get(name) {
            Some(Found::Text(text)) => text.to_string(),
            Some(Found::Int(i)) => i.to_string(),
            Some(Found::Float(f)) => Value::from(*f).scalar_text().unwrap_or_default().to_string(),
            Some(Found::Bool(b)) => b.to_string(),
            Some(Found::Container) | None => return Ok(format!("$({name})")),
        };
        self.used.insert(name.into());
        self.growth.take(text.len())?;
        Ok(text)
    }
}
