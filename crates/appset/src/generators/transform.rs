//! One entry: its template, its generators, its selector.

use super::{
    Context, Sets, clusters, decision, git, list, matrix, merge, plugin, pull_request, scm, selector,
};
use crate::error::{Error, Failure};
use crate::model::{self, named};
use crate::parameters::{ParameterSet, Parameters};
use crate::render::{Compiler, Mode, Node, Renderer};
use crate::template;
use trueup_manifest::{EcoString, Value};

/// The generators of an entry, in the order in which they run.
const GENERATORS: [&str; 9] = [
    "list",
    "clusters",
    "git",
    "scmProvider",
    "clusterDecisionResource",
    "pullRequest",
    "matrix",
    "merge",
    "plugin",
];

/// An entry of `spec.generators`, or a child of a matrix or merge, decoded as a top-level entry.
pub(crate) struct Entry {
    pub(crate) section: Value,
    /// Where it is, as in `spec.generators[0].matrix.generators[1]`.
    pub(crate) path: EcoString,
}

/// What one generator of an entry gives.
pub(crate) struct Transformed {
    pub(crate) sets: Vec<ParameterSet>,
    /// What the selector of an entry of the ApplicationSet left out.
    pub(crate) excluded: Vec<ParameterSet>,
    /// The generator's template over the ApplicationSet's; only for entries of the ApplicationSet.
    pub(crate) template: Option<Value>,
}

/// What an entry gives, and its first failure: Argo CD runs the other generators of the entry all the same.
pub(crate) struct Outcome {
    pub(crate) results: Vec<Transformed>,
    pub(crate) failure: Option<Failure>,
}

/// An entry whose strings may be filled from another generator's parameters, compiled once for all of its rows.
pub(crate) struct Prepared<'a> {
    entry: &'a Entry,
    node: Node,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(context: &Context<'_>, entry: &'a Entry) -> Self {
        let compiler = Compiler { renderer: context.renderer, mode: Mode::Generator };
        Self { entry, node: compiler.compile(&entry.section, named("ApplicationSetGenerator")) }
    }

    /// Returns true if no row's parameters change it.
    pub(crate) fn is_fixed(&self) -> bool {
        self.node.is_fixed()
    }

    /// Runs the entry with another generator's parameters.
    pub(crate) fn run(&self, context: &Context<'_>, parameters: &Parameters) -> Outcome {
        if parameters.is_empty() {
            return run_with(context, self.entry, Ok(&self.entry.section), None);
        }
        // The selector is read before, and an entry without generators interpolates nothing.
        let options = context.renderer.check_options();
        match options.and_then(|()| self.node.render(context.renderer, parameters)) {
            Ok(section) => run_with(context, self.entry, Ok(&decision::interpolated(section)), None),
            Err(failure) => {
                let failure = failure.within("failed to replace parameters in generator: ");
                run_with(context, self.entry, Err(failure), None)
            }
        }
    }
}

/// Runs an entry of the ApplicationSet.
pub(crate) fn transform(context: &Context<'_>, entry: &Entry, template: &Value) -> Outcome {
    run_with(context, entry, Ok(&entry.section), Some(template))
}

/// Runs a child of a merge, or the first of a matrix.
pub(crate) fn transform_child(context: &Context<'_>, entry: &Entry) -> Outcome {
    run_with(context, entry, Ok(&entry.section), None)
}

fn run_with(
    context: &Context<'_>,
    entry: &Entry,
    section: Result<&Value, Failure>,
    base: Option<&Value>,
) -> Outcome {
    let selector = match selector::PostSelector::new(entry.section.get("selector")) {
        Ok(selector) => selector,
        Err(error) => {
            let failure = Failure::new(format!("error parsing label selector: {error}"));
            return Outcome { results: Vec::new(), failure: Some(failure) };
        }
    };
    let mut outcome = Outcome { results: Vec::new(), failure: None };
    for name in GENERATORS {
        let Some(own) = entry.section.get(name) else { continue };
        let path = EcoString::from(format!("{}.{name}", entry.path));
        let result = section.clone().and_then(|section| {
            let Some(generator) = section.get(name) else { return Err(super::EMPTY.into()) };
            run(context, name, generator, &path)
        });
        match result {
            Ok(all) => {
                let kept = |set: &ParameterSet| {
                    selector.as_ref().is_none_or(|selector| selector.matches(&set.parameters))
                };
                let (sets, mut excluded): (Vec<_>, Vec<_>) = all.into_iter().partition(kept);
                if base.is_none() {
                    excluded.clear();
                }
                let template = base.map(|base| template::over(own.get("template"), base));
                outcome.results.push(Transformed { sets, excluded, template });
            }
            Err(failure) => {
                let end = failure.is_final();
                outcome.failure = Some(match outcome.failure.take() {
                    // What is not known goes before what is: it may change everything.
                    Some(first) if !end && !matches!(failure, Failure::Unknown) => first,
                    _ => failure,
                });
                if end {
                    break;
                }
            }
        }
    }
    outcome
}

fn run(context: &Context<'_>, name: &str, section: &Value, path: &EcoString) -> Sets {
    context.count_run()?;
    let sets = match name {
        "list" => list::generate(context, section, path),
        "clusters" => clusters::generate(context, section, path),
        "git" => git::generate(context, section, path),
        "scmProvider" => scm::generate(context, section, path),
        "clusterDecisionResource" => decision::generate(context, section, path),
        "pullRequest" => pull_request::generate(context, section, path),
        "plugin" => plugin::generate(context, section, path),
        "matrix" => return matrix::generate(context, section, path),
        "merge" => return merge::generate(context, section, path),
        _ => Ok(Vec::new()),
    }?;
    context.count(sets.len())?;
    Ok(sets)
}

/// Returns the children of a matrix or merge as entries; their own matrix and merge sections are read here.
pub(crate) fn children(section: &Value, path: &EcoString) -> Vec<Result<Entry, Failure>> {
    let child = |(index, child): (usize, &Value)| {
        let path = EcoString::from(format!("{path}.generators[{index}]"));
        let mut section = child.clone();
        for (name, ty, prefix) in [
            ("matrix", "NestedMatrixGenerator", ""),
            ("merge", "NestedMergeGenerator", "error converting to nested merge generator: "),
        ] {
            let Some(nested) = child.get(name) else { continue };
            let decoded =
                model::decode(nested, named(ty)).map_err(|error| Failure::new(error).within(prefix))?;
            if let Some(section) = section.as_map_mut() {
                section.insert(name, decoded);
            }
        }
        Ok(Entry { section, path })
    };
    model::items(section, &["generators"]).iter().enumerate().map(child).collect()
}

/// Returns the sets of a child entry, which must have exactly one generator.
pub(crate) fn only(outcome: Outcome) -> Sets {
    if let Some(failure) = outcome.failure {
        return Err(failure.within("child generator returned an error on parameter generation: "));
    }
    let mut results = outcome.results.into_iter();
    match (results.next(), results.next()) {
        (None, _) => Err("child generator generated no parameters".into()),
        (Some(_), Some(_)) => Err("found more than one generator in matrix.Generators".into()),
        (Some(result), None) => Ok(result.sets),
    }
}

/// Returns a generator entry (such as `{git: {…}}`) with its strings rendered with another generator's parameters.
///
/// # Errors
/// No generator; a template that fails.
pub fn interpolate(generator: &Value, parameters: &Parameters, renderer: &Renderer) -> Result<Value, Error> {
    if generator.is_null() {
        return Err(Failure::from("generator is empty").generate(""));
    }
    let decoded = model::decode(generator, named("ApplicationSetGenerator"))
        .map_err(|message| Error::Document { message })?;
    if parameters.is_empty() {
        return Ok(decoded);
    }
    let node =
        Compiler { renderer, mode: Mode::Generator }.compile(&decoded, named("ApplicationSetGenerator"));
    let rendered = node.render(renderer, parameters);
    rendered.map_err(|failure| failure.within("failed to replace parameters in generator: ").generate(""))
}
