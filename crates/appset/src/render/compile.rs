//! Documents into nodes, by their Go types.

use super::Renderer;
use super::node::{Key, Node};
use crate::model::{Shape, Ty};
use trueup_manifest::{EcoString, Map, Value, View};

/// What a document is rendered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// An Application.
    Application,
    /// A generator: `values` that cannot be rendered yet stay as they are.
    Generator,
}

/// Compiles documents.
pub(crate) struct Compiler<'a> {
    pub(crate) renderer: &'a Renderer,
    pub(crate) mode: Mode,
}

/// The generators whose `values` are rendered late.
const WITH_VALUES: [&str; 6] = [
    "ClusterGenerator",
    "GitGenerator",
    "SCMProviderGenerator",
    "DuckTypeGenerator",
    "PullRequestGenerator",
    "PluginGenerator",
];

/// Filling a generator in turns the lists that a filter does not have into empty ones, and with them it is one of branches.
const FILTER: &str = "SCMProviderGeneratorFilter";
const PATHS: [&str; 2] = ["pathsExist", "pathsDoNotExist"];

fn empty_list(name: &'static str) -> (Key, Node) {
    (Key::Fixed(name.into()), Node::Fixed(Vec::<Value>::new().into()))
}

impl Compiler<'_> {
    /// Compiles a decoded document of a type. Fields are rendered in the order of the Go type, so that the first error is Go's.
    pub(crate) fn compile(&self, document: &Value, ty: Ty) -> Node {
        match (ty.shape(), document.view()) {
            (Shape::Raw, _) => match self.raw(document) {
                fixed @ Node::Fixed(_) => fixed,
                node => Node::Raw(Box::new(node)),
            },
            (Shape::Struct(fields), View::Map(map)) => {
                let member = |name: &'static str, field_ty: Ty| {
                    let document = map.get(name)?;
                    let late =
                        self.mode == Mode::Generator && name == "values" && WITH_VALUES.contains(&ty.name());
                    let node = if late { self.values(document) } else { self.compile(document, field_ty) };
                    Some((Key::Fixed(name.into()), node))
                };
                let mut members: Vec<_> =
                    fields.iter().filter_map(|field| member(field.name, field.ty)).collect();
                if self.mode == Mode::Generator && ty.name() == FILTER {
                    members.extend(PATHS.into_iter().filter(|name| map.get(name).is_none()).map(empty_list));
                }
                join(members)
            }
            (Shape::Map(item), View::Map(map)) => {
                join(map.iter().map(|(key, value)| (self.key(key), self.compile(value, item))).collect())
            }
            (Shape::List(item), View::Seq(items)) => {
                seq(items.iter().map(|value| self.compile(value, item)).collect(), document)
            }
            _ => self.scalar(document),
        }
    }

    /// Compiles a document of its own: null members vanish, numbers become floats.
    fn raw(&self, document: &Value) -> Node {
        match document.view() {
            View::Map(map) => {
                let members = map.iter().filter(|(_, value)| !value.is_null());
                join(members.map(|(key, value)| (self.key(key), self.raw(value))).collect())
            }
            View::Seq(items) => seq(items.iter().map(|value| self.raw(value)).collect(), document),
            View::Number(number) => Node::Fixed(float(number.as_f64())),
            _ => self.scalar(document),
        }
    }

    fn scalar(&self, document: &Value) -> Node {
        match document.as_eco_str() {
            Some(text) if self.renderer.is_templated(text) => Node::Text(text.clone()),
            _ => Node::Fixed(document.clone()),
        }
    }

    fn key(&self, key: &EcoString) -> Key {
        match self.renderer.is_templated(key) {
            true => Key::Template(key.clone()),
            false => Key::Fixed(key.clone()),
        }
    }

    fn values(&self, document: &Value) -> Node {
        let entries = document.as_map().into_iter().flatten();
        let text = |value: &Value| value.as_eco_str().cloned().unwrap_or_default();
        let values: Vec<_> = entries.map(|(key, value)| (key.clone(), text(value))).collect();
        match values.iter().any(|(_, text)| self.renderer.is_templated(text)) {
            true => Node::Values(values),
            false => Node::Fixed(document.clone()),
        }
    }
}

/// A whole float is written as an integer, as Go's JSON encoder does below 1e21.
fn float(float: f64) -> Value {
    let whole = float.trunc() == float && float.abs() < 9e15;
    if whole { Value::from(float as i64) } else { Value::from(float) }
}

fn seq(items: Vec<Node>, document: &Value) -> Node {
    let fixed = items.iter().map(|item| match item {
        Node::Fixed(value) => Some(value.clone()),
        _ => None,
    });
    match fixed.collect::<Option<Vec<_>>>() {
        Some(values) if values.is_empty() => Node::Fixed(document.clone()),
        Some(values) => Node::Fixed(values.into()),
        None => Node::Seq(items),
    }
}

fn join(members: Vec<(Key, Node)>) -> Node {
    let fixed = members.iter().map(|member| match member {
        (Key::Fixed(key), Node::Fixed(value)) => Some((key.clone(), value.clone())),
        _ => None,
    });
    match fixed.collect::<Option<Map>>() {
        Some(map) => Node::Fixed(map.into()),
        None => Node::Map(members),
    }
}
