//! Values of a type: mostly right, sometimes odd.

use crate::rng::Rng;
use trueup_manifest::{Map, Value};
use trueup_schema::{Field, Kind, Shape, TypeRef, kubernetes};

pub(crate) const WORDS: [&str; 12] =
    ["a", "b", "c", "nginx", "1", "true", "80", "x-1", "TCP", "UDP", "", "a/b~c"];
const QUANTITIES: [&str; 18] = [
    "1", "1000m", "0.1", "100m", "1Gi", "1024Mi", "1.5Gi", "500m", "1e3", "0", "0.5", "12E", "1k", "1000",
    "2000Ki", "0.0001", "-1", "64Mi",
];
const TIMES: [&str; 5] = [
    "2020-01-01T00:00:00Z",
    "2020-01-01T02:00:00+02:00",
    "2020-01-01T00:00:00.123456Z",
    "2021-02-03T04:05:06.000000Z",
    "soon",
];
const KEYS: [&str; 7] = ["a", "b", "app", "example.io/x", "1", "UDP", "x-1"];

/// Makes values.
#[derive(Debug)]
pub(crate) struct Maker<'r> {
    /// Where chance comes from.
    pub(crate) rng: &'r mut Rng,
    /// How often something odd stands somewhere, of a thousand places.
    pub(crate) oddity: usize,
    /// How many values may still be made.
    pub(crate) budget: usize,
}

impl<'r> Maker<'r> {
    /// Returns a maker.
    pub(crate) fn new(rng: &'r mut Rng, oddity: usize) -> Self {
        Self { rng, oddity, budget: 120 }
    }

    /// Makes an object of a kind.
    pub(crate) fn object(&mut self, kind: Kind<'_>) -> Value {
        let mut object = self.strukt(kind.ty(), 0);
        object.insert("apiVersion", kind.api_version());
        object.insert("kind", kind.name());
        self.name(&mut object);
        object.into()
    }

    /// Makes an object of a kind that nothing is known about.
    pub(crate) fn custom(&mut self, api_version: &str, kind: &str) -> Value {
        let mut object = Map::from_iter([("apiVersion", api_version), ("kind", kind)]);
        for key in ["spec", "data", "status", "extra"] {
            if self.rng.chance(60) {
                object.insert(key, self.any(0));
            }
        }
        self.name(&mut object);
        object.into()
    }

    fn name(&mut self, object: &mut Map) {
        let metadata = object.get_or_insert_with("metadata", || Map::new().into());
        if let Some(metadata) = metadata.as_map_mut() {
            metadata.insert("name", "n");
            metadata.remove("namespace");
            if self.rng.chance(40) {
                metadata.insert("namespace", "ns");
            }
            metadata.remove("managedFields");
            metadata.remove("deletionTimestamp");
        }
    }

    /// Makes a value of a type.
    pub(crate) fn value(&mut self, ty: TypeRef<'_>, depth: usize) -> Value {
        self.budget = self.budget.saturating_sub(1);
        if self.rng.below(1000) < self.oddity {
            return self.odd(depth);
        }
        match ty.shape() {
            Shape::Struct => self.strukt(ty, depth).into(),
            Shape::Map => {
                let count = if self.budget == 0 { 0 } else { self.rng.below(4) };
                let item = ty.item();
                let members = (0..count).map(|_| (self.rng.pick(&KEYS), self.member(item, depth + 1)));
                members.collect::<Map>().into()
            }
            Shape::List => self.list(ty, depth, None),
            Shape::String => self.rng.pick(&WORDS).into(),
            Shape::Integer => {
                self.rng.choose(&[0_i64, 1, 2, 3, 80, 443, 8080, 53, -1]).copied().unwrap_or_default().into()
            }
            Shape::Number => 1.5.into(),
            Shape::Boolean => self.rng.chance(50).into(),
            Shape::Quantity => match self.rng.below(8) {
                0 => (self.rng.below(3000) as i64).into(),
                1 => 0.5.into(),
                _ => self.rng.pick(&QUANTITIES).into(),
            },
            Shape::IntOrString => {
                if self.rng.chance(50) {
                    80.into()
                } else {
                    self.rng.pick(&["80", "http", "25%", ""]).into()
                }
            }
            Shape::Time | Shape::MicroTime => self.rng.pick(&TIMES).into(),
            Shape::Bytes => self.rng.pick(&["YQ==", "", "Yg==", "YQ", "not base64", "YQ\n==", "YR=="]).into(),
            Shape::Any | Shape::Raw => self.any(depth + 1),
        }
    }

    /// Makes a member of a map.
    pub(crate) fn member(&mut self, ty: Option<TypeRef<'_>>, depth: usize) -> Value {
        match ty {
            Some(ty) => self.value(ty, depth),
            None => self.any(depth),
        }
    }

    fn strukt(&mut self, ty: TypeRef<'_>, depth: usize) -> Map {
        let mut out = Map::new();
        let fields: Vec<Field<'_>> = ty.fields().collect();
        let likely = match depth {
            0 => 70,
            1 => 30,
            _ if fields.len() <= 4 => 60,
            _ => 300 / fields.len().max(1),
        };
        for field in fields {
            let important =
                matches!(field.name(), "spec" | "template" | "containers" | "ports" | "data" | "metadata");
            let chance = if important {
                85
            } else if field.name() == "status" {
                25
            } else {
                likely
            };
            if self.budget == 0 || depth > 12 || !self.rng.chance(chance) {
                continue;
            }
            let value = self.field(&field, depth + 1);
            out.insert(field.name(), value);
        }
        if self.rng.below(1000) < self.oddity {
            out.insert(self.rng.pick(&["unknown", "Spec", "METADATA"]), self.any(depth + 1));
        }
        out
    }

    /// Makes the value of a field.
    pub(crate) fn field(&mut self, field: &Field<'_>, depth: usize) -> Value {
        match field.ty().shape() {
            Shape::List if self.rng.below(1000) >= self.oddity => {
                self.list(field.ty(), depth, field.merge_key())
            }
            _ => self.value(field.ty(), depth),
        }
    }

    fn list(&mut self, ty: TypeRef<'_>, depth: usize, merge_key: Option<&str>) -> Value {
        let Some(item) = ty.item() else { return Vec::new().into() };
        let count = if self.budget == 0 { 0 } else { self.rng.pick(&[0, 1, 1, 2, 2, 3, 4]) };
        let mut items: Vec<Value> = (0..count).map(|_| self.value(item, depth + 1)).collect();
        let keys: Vec<&str> = ty.list().map(|list| list.keys().collect()).unwrap_or_default();
        for (at, value) in items.iter_mut().enumerate() {
            for key in merge_key.iter().chain(&keys) {
                self.key(value, item, key, at);
            }
        }
        items.into()
    }

    /// Sets a key by which an item is matched; rarely one that another has, or none.
    fn key(&mut self, value: &mut Value, item: TypeRef<'_>, key: &str, at: usize) {
        let Some(map) = value.as_map_mut() else { return };
        let Some(field) = item.field(key) else { return };
        let at = if self.oddity > 0 && self.rng.chance(6) { 0 } else { at };
        match field.ty().shape() {
            Shape::Integer => map.insert(key, [80_i64, 443, 8080, 53].get(at).copied().unwrap_or(1)),
            Shape::String if key == "protocol" => match self.rng.below(3) {
                0 => map.remove(key),
                1 => map.insert(key, "TCP"),
                _ => map.insert(key, "UDP"),
            },
            Shape::String => map.insert(key, ["a", "b", "c", "d"].get(at).copied().unwrap_or("e")),
            _ => None,
        };
        // A server takes no owner without a uid, whatever happens to other keys.
        if self.oddity > 0 && key != "uid" && self.rng.chance(2) {
            map.remove(key);
        }
    }

    /// Makes whatever comes to mind.
    pub(crate) fn any(&mut self, depth: usize) -> Value {
        self.budget = self.budget.saturating_sub(1);
        match self.rng.below(if depth > 4 || self.budget == 0 { 6 } else { 10 }) {
            0 => (self.rng.below(3) as i64).into(),
            1 => self.rng.choose(&[1.0, 1.5, 2.0, 1e20]).copied().unwrap_or_default().into(),
            2 => self.rng.chance(50).into(),
            3 | 4 => self.rng.pick(&WORDS).into(),
            5 => Value::NULL,
            6 | 7 => (0..self.rng.below(4)).map(|_| self.any(depth + 1)).collect(),
            _ => (0..self.rng.below(4))
                .map(|_| (self.rng.pick(&KEYS), self.any(depth + 1)))
                .collect::<Map>()
                .into(),
        }
    }

    /// Makes something that does not belong.
    pub(crate) fn odd(&mut self, depth: usize) -> Value {
        match self.rng.below(6) {
            0 => Value::NULL,
            1 => Map::new().into(),
            2 => Vec::new().into(),
            3 => "".into(),
            4 => 0.into(),
            // Some readers of numbers take what does not fit for zero.
            _ => Some(self.any(depth + 3))
                .filter(|value| value.as_f64().is_none_or(|f| f < 1e15))
                .unwrap_or_default(),
        }
    }
}

/// Kinds that people have most of.
const COMMON: [(&str, &str); 17] = [
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("v1", "Service"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "Pod"),
    ("v1", "Endpoints"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "ServiceAccount"),
    ("batch/v1", "CronJob"),
    ("batch/v1", "Job"),
    ("networking.k8s.io/v1", "Ingress"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
];

/// Of two groups fields are open in our tables that are structs in Go.
fn is_asked_for(kind: &Kind<'_>) -> bool {
    let odd = ["storagemigration", "internal"].iter().any(|group| kind.api_version().starts_with(group));
    kind.is_typed() && kind.is_namespaced().is_some() && !odd
}

/// Picks a built-in kind: a common one, or any that a manifest may hold.
pub(crate) fn kind(rng: &mut Rng) -> Kind<'static> {
    let schema = kubernetes::schema();
    if rng.chance(60) {
        let (api_version, name) = rng.pick(&COMMON);
        if let Some(kind) = schema.kind(api_version, name) {
            return kind;
        }
    }
    let kinds: Vec<Kind<'static>> = schema.kinds().filter(|kind| is_asked_for(kind)).collect();
    let fallback = schema.kinds().next();
    rng.choose(&kinds).copied().or(fallback).unwrap_or_else(|| kind(rng))
}
