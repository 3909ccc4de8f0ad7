//! Objects against schemas.

use super::check::{Here, Walk};
use super::problem::{Problem, count, quote, quote_all};
use crate::error::Result;
use trueup_manifest::{self as manifest, View};
use trueup_template::{Map, Value};

impl Walk<'_, '_> {
    pub(super) fn object(&mut self, object: &Map, here: &mut Here<'_>) -> Result<()> {
        let size = object.len();
        if let Some(least) = here.count("minProperties").filter(|least| (size as f64) < *least) {
            here.add(Some(Problem::new(&self.at, count("minProperties", size, least))));
        }
        if let Some(most) = here.count("maxProperties").filter(|most| (size as f64) > *most) {
            here.add(Some(Problem::new(&self.at, count("maxProperties", size, most))));
        }
        let missing = missing(object, here.schema.get("required"));
        match missing.as_slice() {
            [] => {}
            [one] => here.add(Some(Problem::new(&self.at, format!("missing property {}", quote(one))))),
            several => {
                let names = quote_all(several.iter().copied());
                here.add(Some(Problem::new(&self.at, format!("missing properties {names}"))));
            }
        }
        self.dependencies(object, here)?;
        self.properties(object, here)?;
        if self.document.draft >= 6 {
            self.property_names(object, here)?;
        }
        if self.document.draft >= 2019 {
            let dependent = here.schema.get("dependentSchemas").and_then(manifest::Value::as_map);
            for (name, schema) in dependent.into_iter().flat_map(manifest::Map::iter) {
                if object.contains_key(name.as_bytes()) {
                    let problem = self.also(schema, here, &Value::Map(object.clone()))?;
                    here.add(problem);
                }
            }
            self.dependent_required("dependentRequired", object, here);
        }
        Ok(())
    }

    fn properties(&mut self, object: &Map, here: &mut Here<'_>) -> Result<()> {
        let schema = here.schema;
        let known = schema.get("properties").and_then(manifest::Value::as_map);
        let patterns = schema.get("patternProperties").and_then(manifest::Value::as_map);
        let additional = schema.get("additionalProperties");
        let mut refused = Vec::new();
        for (name, value) in object.entries() {
            let text = name.to_str_lossy();
            let mut seen = false;
            if let Some(schema) = known.and_then(|known| known.get(&text)) {
                seen = true;
                let problem = self.inside(schema, here.base, &value, text.clone().into_owned())?;
                here.add(problem);
            }
            for (pattern, schema) in patterns.into_iter().flat_map(manifest::Map::iter) {
                if self.document.matches(pattern, "patternProperties", name.as_bytes())? {
                    seen = true;
                    let problem = self.inside(schema, here.base, &value, text.clone().into_owned())?;
                    here.add(problem);
                }
            }
            match additional.map(manifest::Value::view) {
                Some(View::Bool(false)) if !seen => refused.push(text.clone().into_owned()),
                Some(View::Map(_)) if !seen => {
                    let Some(schema) = additional else { continue };
                    let problem = self.inside(schema, here.base, &value, text.clone().into_owned())?;
                    here.add(problem);
                }
                _ => {}
            }
            if seen {
                here.unseen.properties.remove(&name);
            }
        }
        if !refused.is_empty() {
            let names = quote_all(refused.iter().map(String::as_str));
            here.add(Some(Problem::new(&self.at, format!("additional properties {names} not allowed"))));
        }
        Ok(())
    }

    fn property_names(&mut self, object: &Map, here: &mut Here<'_>) -> Result<()> {
        let Some(schema) = here.schema.get("propertyNames") else { return Ok(()) };
        for name in object.keys() {
            let text = name.to_str_lossy().into_owned();
            let checked = self.other(schema, here.base, &Value::Str(name))?;
            if let Some(cause) = checked {
                let problem = Problem::new(&self.at, format!("invalid propertyName {}", quote(&text)));
                here.add(Some(problem.because(vec![cause])));
            }
        }
        Ok(())
    }

    fn dependencies(&mut self, object: &Map, here: &mut Here<'_>) -> Result<()> {
        let dependencies = here.schema.get("dependencies").and_then(manifest::Value::as_map);
        for (name, schema) in dependencies.into_iter().flat_map(manifest::Map::iter) {
            if !schema.is_seq() && object.contains_key(name.as_bytes()) {
                let problem = self.also(schema, here, &Value::Map(object.clone()))?;
                here.add(problem);
            }
        }
        self.dependent_required("dependencies", object, here);
        Ok(())
    }

    fn dependent_required(&self, keyword: &str, object: &Map, here: &mut Here<'_>) {
        let required = here.schema.get(keyword).and_then(manifest::Value::as_map);
        for (name, wanted) in required.into_iter().flat_map(manifest::Map::iter) {
            if !object.contains_key(name.as_bytes()) {
                continue;
            }
            let missing = missing(object, Some(wanted));
            if !missing.is_empty() {
                let names = quote_all(missing);
                let text = format!("properties {names} required, if {} exists", quote(name));
                here.add(Some(Problem::new(&self.at, text)));
            }
        }
    }
}

/// The names of a list that an object does not have.
fn missing<'s>(object: &Map, required: Option<&'s manifest::Value>) -> Vec<&'s str> {
    let names = required.and_then(manifest::Value::as_seq).unwrap_or_default();
    let names = names.iter().filter_map(manifest::Value::as_str);
    names.filter(|name| !object.contains_key(name.as_bytes())).collect()
}
