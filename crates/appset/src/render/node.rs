//! Documents with templates in them, compiled once and rendered often.

use super::{Renderer, references};
use crate::error::Failure;
use crate::parameters::Parameters;
use serde::Serialize;
use trueup_manifest::{Diagnostic, EcoString, Map, Value};

/// A document whose templated strings are known; what has none is shared by all renders.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Fixed(Value),
    Text(EcoString),
    Seq(Vec<Node>),
    /// Members; keys may be templates too.
    Map(Vec<(Key, Node)>),
    /// A document of its own, whose errors say so.
    Raw(Box<Node>),
    /// The `values` of a generator: what cannot be rendered yet stays.
    Values(Vec<(EcoString, EcoString)>),
}

#[derive(Clone, Debug)]
pub(crate) enum Key {
    Fixed(EcoString),
    Template(EcoString),
}

/// A templated field and the parameters it reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Use {
    /// The field, as in `spec.source.path`.
    pub field: EcoString,
    /// The template.
    pub template: EcoString,
    /// The parameters that the template reads.
    pub parameters: Vec<EcoString>,
}

impl Node {
    /// Returns true if every render gives the same.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// Renders the document.
    pub(crate) fn render(&self, renderer: &Renderer, parameters: &Parameters) -> Result<Value, Failure> {
        match self {
            Self::Fixed(value) => Ok(value.clone()),
            Self::Text(template) => renderer.render(template, parameters).map(Value::from),
            Self::Seq(items) => {
                let items: Result<Vec<_>, _> =
                    items.iter().map(|item| item.render(renderer, parameters)).collect();
                items.map(Value::from)
            }
            Self::Map(members) => {
                let mut out = Map::with_capacity(members.len());
                for (key, member) in members {
                    let value = member.render(renderer, parameters)?;
                    let key = match key {
                        Key::Fixed(key) => key.clone(),
                        Key::Template(template) => renderer.render(template, parameters)?,
                    };
                    insert(&mut out, key, value, renderer);
                }
                Ok(out.into())
            }
            Self::Raw(node) => node
                .render(renderer, parameters)
                .map_err(|failure| failure.within("failed to deeply replace JSON field contents: ")),
            Self::Values(values) => {
                let entry = |(key, template): &(EcoString, EcoString)| {
                    Ok((key.clone(), renderer.render_known(key, template, parameters)?))
                };
                values.iter().map(entry).collect::<Result<Map, Failure>>().map(Value::from)
            }
        }
    }

    /// Lists the templated fields.
    pub(crate) fn uses(&self, renderer: &Renderer) -> Vec<Use> {
        let mut uses = Vec::new();
        self.collect("", renderer.is_go(), &mut uses);
        uses
    }

    fn collect(&self, path: &str, go: bool, uses: &mut Vec<Use>) {
        let mut add = |field: &str, template: &EcoString| {
            let parameters = references(template, go);
            uses.push(Use { field: field.into(), template: template.clone(), parameters });
        };
        match self {
            Self::Fixed(_) => {}
            Self::Text(template) => add(path, template),
            Self::Seq(items) => {
                for (position, item) in items.iter().enumerate() {
                    item.collect(&format!("{path}[{position}]"), go, uses);
                }
            }
            Self::Map(members) => {
                for (key, member) in members {
                    let (Key::Fixed(name) | Key::Template(name)) = key;
                    let dot = if path.is_empty() { "" } else { "." };
                    let path = format!("{path}{dot}{name}");
                    if let Key::Template(template) = key {
                        uses.push(Use {
                            field: format!("{path} (key)").into(),
                            template: template.clone(),
                            parameters: references(template, go),
                        });
                    }
                    member.collect(&path, go, uses);
                }
            }
            Self::Raw(node) => node.collect(path, go, uses),
            Self::Values(values) => {
                values.iter().for_each(|(key, template)| add(&format!("{path}.{key}"), template));
            }
        }
    }
}

fn insert(out: &mut Map, key: EcoString, value: Value, renderer: &Renderer) {
    if out.contains_key(&key) {
        renderer.note(
            Diagnostic::warning(
                "appset/ambiguous-key",
                format!("two templated keys of one map both become `{key}`"),
            )
            .help("Argo CD keeps either of them, at random"),
        );
    }
    out.insert(key, value);
}
