//! Paths to fields as people write them: `spec.template.spec.containers[app].image`.

use crate::yaml::PathStep;
use crate::{EcoString, Pointer, Value, View};
use std::fmt::{self, Write};

/// A path to a field of an object.
///
/// It is written with dots, list items and odd keys in brackets (`metadata.annotations[a.b/c]`, `containers[app]`,
/// `containers[0]`, `env[name=A]`), or as a JSON pointer (`/spec/replicas`). An item is named by its position, by one of its
/// fields, or by the value of the field that tells it apart from the others: its name, key, path or port.
///
/// ```
/// use trueup_manifest::FieldPath;
/// use trueup_manifest::yaml::{self, ParseOptions};
///
/// let pod = yaml::parse(b"containers: [{name: web, image: a}, {name: app, image: b}]\n", &ParseOptions::kyaml())?;
/// for text in ["containers[app].image", "containers[1].image", "/containers/1/image", "containers[name=app].image"] {
///     let path: FieldPath = text.parse()?;
///     let steps = path.resolve(&pod).unwrap();
///     assert_eq!(FieldPath::show(&pod, &steps), "containers[app].image");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath(Vec<EcoString>);

/// A text that is no path to a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("path `{text}` {problem}")]
pub struct FieldPathError {
    /// The text.
    pub text: EcoString,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl std::str::FromStr for FieldPath {
    type Err = FieldPathError;

    /// Reads a path; the empty text is the whole object.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |problem| FieldPathError { text: text.into(), problem };
        if text.starts_with('/') {
            let pointer: Pointer = text.parse().map_err(|_| wrong("is no JSON pointer"))?;
            return Ok(Self(pointer.parts().to_vec()));
        }
        dotted(text).map(Self).map_err(wrong)
    }
}

/// Takes a path with dots and brackets apart.
fn dotted(text: &str) -> Result<Vec<EcoString>, &'static str> {
    let mut steps = Vec::new();
    let mut step = EcoString::new();
    let mut chars = text.chars();
    // Whether a step is being read, and whether it must begin.
    let (mut open, mut due) = (false, false);
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                step.push(chars.next().ok_or("ends with a backslash")?);
                open = true;
            }
            '.' => {
                if open {
                    steps.push(std::mem::take(&mut step));
                } else if due || steps.is_empty() {
                    return Err("has an empty step");
                }
                (open, due) = (false, true);
            }
            '[' => {
                if open {
                    steps.push(std::mem::take(&mut step));
                }
                let rest = chars.as_str();
                let (inside, behind) = rest.split_once(']').ok_or("lacks a closing bracket")?;
                steps.push(inside.into());
                chars = behind.chars();
                (open, due) = (false, false);
            }
            c => {
                step.push(c);
                open = true;
            }
        }
    }
    match (open, due) {
        (true, _) => steps.push(step),
        (false, true) => return Err("ends with a dot"),
        (false, false) => {}
    }
    Ok(steps)
}

impl FieldPath {
    /// Returns the steps, as they were written.
    pub fn steps(&self) -> &[EcoString] {
        &self.0
    }

    /// Returns the keys and positions that lead to the field in a value, if it is there.
    pub fn resolve(&self, value: &Value) -> Option<Vec<PathStep>> {
        let mut steps = Vec::with_capacity(self.0.len());
        let mut value = value;
        for step in &self.0 {
            let (next, taken) = match value.view() {
                View::Map(map) => (map.get(step)?, PathStep::Key(step.clone())),
                View::Seq(items) => {
                    let at = position(items, step)?;
                    (items.get(at)?, PathStep::Index(at))
                }
                _ => return None,
            };
            steps.push(taken);
            value = next;
        }
        Some(steps)
    }

    /// Writes the way to a field of a value, items by what tells them apart.
    pub fn show(value: &Value, steps: &[PathStep]) -> String {
        let mut text = String::new();
        let mut value = Some(value);
        for step in steps {
            match step {
                PathStep::Key(key) => push_key(&mut text, key),
                PathStep::Index(at) => {
                    let items = value.and_then(Value::as_seq).unwrap_or_default();
                    match item_identity(items, *at) {
                        Some((_, name)) => drop(write!(text, "[{name}]")),
                        None => drop(write!(text, "[{at}]")),
                    }
                }
            }
            value = value.and_then(|value| step.of(value));
        }
        text
    }
}

impl fmt::Display for FieldPath {
    /// Writes it with dots, and in brackets what has some itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.0.iter().for_each(|step| push_key(&mut text, step));
        f.write_str(&text)
    }
}

fn push_key(text: &mut String, key: &str) {
    if key.contains(['.', '/', '[']) || key.is_empty() {
        text.extend(["[", key, "]"]);
    } else {
        text.extend([if text.is_empty() { "" } else { "." }, key]);
    }
}

/// The fields by which items of lists are told apart, the first that all have.
const IDENTITIES: [&str; 13] = [
    "name",
    "key",
    "mountPath",
    "devicePath",
    "containerPort",
    "port",
    "ip",
    "topologyKey",
    "uid",
    "path",
    "host",
    "hosts",
    "type",
];

/// Returns the field that tells an item apart from the others of its list, and its text there.
///
/// ```
/// use trueup_manifest::{Value, item_identity};
/// use trueup_manifest::yaml::{self, ParseOptions};
///
/// let ports = yaml::parse(b"[{name: web, port: 80}, {name: dns, port: 53}]\n", &ParseOptions::kyaml())?;
/// let items = ports.as_seq().unwrap_or_default();
/// assert_eq!(item_identity(items, 1), Some(("name", "dns".into())));
/// # Ok::<(), trueup_manifest::yaml::ParseError>(())
/// ```
pub fn item_identity(items: &[Value], position: usize) -> Option<(&'static str, EcoString)> {
    let text = |item: &Value, field: &str| item.get(field).and_then(Value::scalar_text);
    IDENTITIES.iter().find_map(|field| {
        let own = text(items.get(position)?, field)?;
        let alike = items.iter().filter(|item| text(item, field).as_ref() == Some(&own)).count();
        (alike == 1).then_some((*field, own))
    })
}

/// The position of the item that a step names.
fn position(items: &[Value], step: &str) -> Option<usize> {
    let has = |item: &Value, field: &str, wanted: &str| {
        item.get(field).and_then(Value::scalar_text).is_some_and(|text| text == wanted)
    };
    if let Some((field, wanted)) = step.split_once('=')
        && let Some(at) = items.iter().position(|item| has(item, field, wanted))
    {
        return Some(at);
    }
    // `80,TCP`: the first part tells the item apart.
    let first = step.split(',').next().unwrap_or(step);
    let named = |wanted: &str| {
        IDENTITIES.iter().find_map(|field| items.iter().position(|item| has(item, field, wanted)))
    };
    let number = || step.parse().ok().filter(|at| *at < items.len());
    let scalar = || items.iter().position(|item| item.scalar_text().is_some_and(|text| text == step));
    named(step).or_else(|| named(first).filter(|_| first != step)).or_else(scalar).or_else(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{self, ParseOptions};

    #[test]
    fn paths_are_taken_apart() {
        let steps = |text: &str| text.parse::<FieldPath>().map(|path| path.0.join("|"));
        for (text, wanted) in [
            ("", ""),
            ("a.b", "a|b"),
            ("a[b.c/d].e", "a|b.c/d|e"),
            ("a[0][1]", "a|0|1"),
            (r"a\.b.c", "a.b|c"),
            ("/a~1b/0", "a/b|0"),
            ("[x.y].z", "x.y|z"),
        ] {
            assert_eq!(steps(text).as_deref(), Ok(wanted), "{text}");
        }
        for text in [".a", "a..b", "a.", "a[b", "a\\"] {
            assert!(steps(text).is_err(), "{text}");
        }
    }

    #[test]
    fn items_go_by_name_before_position() {
        let value = yaml::parse(
            b"a: [{name: '1'}, {name: '0'}]\nb: [x, y]\nc: [{port: 80, protocol: TCP}]\n",
            &ParseOptions::kyaml(),
        );
        let value = value.unwrap();
        let shown = |text: &str| {
            let path: FieldPath = text.parse().unwrap();
            path.resolve(&value).map(|steps| FieldPath::show(&value, &steps))
        };
        assert_eq!(shown("a[0].name").as_deref(), Some("a[0].name"));
        assert_eq!(shown("b[y]").as_deref(), Some("b[1]"));
        assert_eq!(shown("c[80,TCP].protocol").as_deref(), Some("c[80].protocol"));
        assert_eq!(shown("a[2]"), None);
        assert_eq!(shown("b.x.y"), None);
    }
}
