//! Another version of a value.

use crate::values::Maker;
use trueup_manifest::{Map, Value};
use trueup_schema::{Shape, TypeRef};

/// What tells an item of a list from others: a server takes none without it.
const IDENTITIES: [&str; 12] = [
    "name",
    "port",
    "containerPort",
    "protocol",
    "uid",
    "type",
    "ip",
    "key",
    "mountPath",
    "devicePath",
    "topologyKey",
    "whenUnsatisfiable",
];

impl Maker<'_> {
    /// Changes a value here and there; `likely` is how many of a hundred places change.
    pub(crate) fn mutated(
        &mut self,
        value: &Value,
        ty: Option<TypeRef<'_>>,
        likely: usize,
        depth: usize,
    ) -> Value {
        if let Some(map) = value.as_map() {
            return self.mutated_map(map, ty, likely, depth).into();
        }
        if let Some(items) = value.as_seq() {
            return self.mutated_list(items, ty, likely, depth);
        }
        if !self.rng.chance(likely) {
            return value.clone();
        }
        if self.rng.chance(30)
            && let Some(same) = self.respelled(value)
        {
            return same;
        }
        match ty {
            Some(ty) => self.value(ty, depth),
            None => self.any(depth),
        }
    }

    fn mutated_map(&mut self, map: &Map, ty: Option<TypeRef<'_>>, likely: usize, depth: usize) -> Map {
        let mut out = Map::new();
        for (key, value) in map {
            let identity = depth == 0 && matches!(key.as_str(), "apiVersion" | "kind");
            let named = depth == 1 && matches!(key.as_str(), "name" | "namespace");
            if identity || named {
                out.insert(key.clone(), value.clone());
                continue;
            }
            let kept = depth == 0 || (self.oddity == 0 && IDENTITIES.contains(&key.as_str()));
            if !kept && self.rng.chance(likely / 3) {
                if self.rng.chance(15) {
                    out.insert(key.clone(), Value::NULL);
                }
                continue;
            }
            let below = ty.and_then(|ty| ty.field(key).map(|field| field.ty()).or_else(|| ty.map()?.item));
            out.insert(key.clone(), self.mutated(value, below, likely, depth + 1));
        }
        if self.rng.chance(likely * 2) {
            self.budget = self.budget.max(10);
            self.added(&mut out, ty, depth);
        }
        out
    }

    /// Adds a member that is not there.
    fn added(&mut self, map: &mut Map, ty: Option<TypeRef<'_>>, depth: usize) {
        let fields: Vec<_> = ty.map(|ty| ty.fields().collect()).unwrap_or_default();
        let absent: Vec<_> = fields.iter().filter(|field| !map.contains_key(field.name())).collect();
        if let Some(field) = self.rng.choose(&absent) {
            if field.name() != "managedFields" && field.name() != "deletionTimestamp" {
                let value = self.field(field, depth + 1);
                map.insert(field.name(), value);
            }
        } else if fields.is_empty() && depth > 0 && ty.is_none_or(|ty| ty.shape() != Shape::Struct) {
            let value = self.member(ty.and_then(|ty| ty.item()), depth + 1);
            map.insert(self.rng.pick(&["new", "a", "b", "app"]), value);
        }
    }

    fn mutated_list(
        &mut self,
        items: &[Value],
        ty: Option<TypeRef<'_>>,
        likely: usize,
        depth: usize,
    ) -> Value {
        let item_ty = ty.and_then(|ty| ty.item());
        let mut out = Vec::new();
        for item in items {
            if self.rng.chance(likely / 3) {
                continue;
            }
            out.push(self.mutated(item, item_ty, likely, depth + 1));
            if self.oddity > 0 && self.rng.chance(likely / 12) {
                out.push(item.clone());
            }
        }
        if self.rng.chance(likely) {
            self.budget = self.budget.max(10);
            let made = match ty {
                Some(ty) => self.value(ty, depth),
                None => self.any(depth),
            };
            let at = self.rng.below(out.len() + 1);
            if let Some(made) = made.as_seq().and_then(|made| made.first()) {
                out.insert(at, made.clone());
            }
        }
        if self.rng.chance(likely) {
            self.rng.shuffle(&mut out);
        }
        out.into()
    }

    /// Writes the same thing another way.
    fn respelled(&mut self, value: &Value) -> Option<Value> {
        let text = match value.as_str() {
            Some(text) => text,
            None => {
                let number = value.as_number()?.as_f64();
                let small = number.abs() < 1e15;
                return Some(if value.as_i64().is_some() || !small {
                    number.into()
                } else {
                    (number as i64).into()
                });
            }
        };
        Some(match text {
            "1" => "1000m".into(),
            "1000m" => "1".into(),
            "1Gi" => "1024Mi".into(),
            "1024Mi" => "1Gi".into(),
            "0.1" => "100m".into(),
            "1k" => "1000".into(),
            "80" => 80.into(),
            "true" => true.into(),
            _ => return None,
        })
    }
}
