//! From charts and values to the texts of the template files.

mod objects;
mod report;

use crate::chart::{Chart, is_partial};
use crate::error::{Error, Result};
use crate::options::{Lookup, Options};
use ecow::EcoString;
use objects::Template;
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::{Location, Position, Span};
use trueup_template::{Functions, Map, MapElem, MissingKey, TemplateSet, Text, Ty, Value};

/// What Go's templates write for nothing, which Helm cuts out.
const NO_VALUE: &str = "<no value>";

/// The texts of the files, by their names.
pub(crate) type Files = BTreeMap<EcoString, String>;

/// Renders every file of the charts that is no partial.
pub(crate) fn render(chart: &Chart, values: &Map, options: &Options) -> Result<Files> {
    let templates = objects::templates(chart, values, options);
    let mut names: Vec<&EcoString> = templates.keys().collect();
    // The deepest first, and of equally deep ones the last.
    names.sort_by_key(|name| std::cmp::Reverse((name.matches('/').count(), *name)));
    let mut set = TemplateSet::new(&functions(options));
    set.nesting(options.limits.templates.nesting);
    for name in &names {
        let Some(template) = templates.get(*name) else { continue };
        set.parse(name, &String::from_utf8_lossy(&template.text))
            .map_err(|error| report::parse_error(name, &error, &templates))?;
    }
    let mut run = trueup_template::Options::default().limits(options.limits.templates);
    run.missing_key = MissingKey::Zero;
    (run.clock, run.random) = (options.clock.clone(), options.random.clone());
    run.cancel = options.cancel.clone();
    let mut session = set.session(&run);
    let mut files = Files::new();
    for name in names.into_iter().filter(|name| !is_partial(name)) {
        let Some(template) = templates.get(name) else { continue };
        template.data.insert("Template", about(name, &template.base_path));
        let data = Value::Map(template.data.with_elem(MapElem::Values));
        let text =
            session.render_bytes(name, &data).map_err(|error| report::exec_error(&error, &templates))?;
        let text = String::from_utf8(text)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        files.insert(name.clone(), if text.contains(NO_VALUE) { text.replace(NO_VALUE, "") } else { text });
    }
    Ok(files)
}

fn about(name: &str, base_path: &str) -> Value {
    let about = Map::of(MapElem::Values);
    about.insert("Name", name);
    about.insert("BasePath", base_path);
    about.into()
}

fn functions(options: &Options) -> Functions {
    let functions = Functions::builtin().with_helm();
    let Some(lookup) = options.lookup.clone() else { return functions };
    const PARAMS: &[Ty] = &[Ty::String, Ty::String, Ty::String, Ty::String];
    functions.with("lookup", PARAMS, move |args| look_up(&lookup, args))
}

fn look_up(lookup: &Arc<dyn Lookup>, args: &[Value]) -> Result<Value, String> {
    let text = |at: usize| match args.get(at) {
        Some(Value::Str(text)) => text.to_str_lossy(),
        _ => "".into(),
    };
    let found = lookup.lookup(&text(0), &text(1), &text(2), &text(3))?;
    Ok(found.map_or_else(
        || Map::new().into(),
        |object| Value::from_manifest_with(&object, trueup_template::Numbers::Integers),
    ))
}

/// Returns a text of a file's bytes.
pub(crate) fn text_of(bytes: &[u8]) -> Text {
    Text::from_bytes(bytes)
}

/// Tells whether a file is a chart's notes, and not a manifest: Helm looks at the end of the path only.
pub(crate) fn is_notes(name: &str) -> bool {
    name.ends_with("NOTES.txt")
}

/// Says which templates a message is about.
pub(crate) type Templates = BTreeMap<EcoString, Template>;

/// The error of a template, placed in the file it came from.
pub(crate) fn placed(
    error: Error,
    name: &str,
    line: usize,
    column: Option<usize>,
    templates: &Templates,
) -> Error {
    let file = templates.get(name).map_or_else(|| name.into(), |template| template.origin.clone());
    let place = Position { offset: 0, line, column: column.map_or(1, |column| column + 1) };
    error.at(Location::span(file, Span { start: place, end: place }))
}
