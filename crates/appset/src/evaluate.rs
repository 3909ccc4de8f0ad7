//! The pipeline: generators, templates, patch.

use crate::error::{Error, Failure};
use crate::facts::{Facts, MemoryFacts, Need};
use crate::generators::{Context, Entry, Transformed, transform};
use crate::model::{self, flag, named, texts};
use crate::options::Options;
use crate::parameters::{Origin, ParameterSet, Parameters};
use crate::render::{Renderer, Use, references};
use crate::template::{ApplicationTemplate, set_namespace};
use crate::{patch, security, unrecognized};
use serde::Serialize;
use std::sync::Arc;
use trueup_manifest::argocd::Application;
use trueup_manifest::{Diagnostic, EcoString, Value, ValueError, from_value};

/// What an ApplicationSet gives.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Evaluation {
    /// The Applications, in the order in which they are generated; before validation.
    pub applications: Vec<Generated>,
    /// What is worth knowing besides.
    pub diagnostics: Vec<Diagnostic>,
    /// The errors that [`Options::keep_going`] passed over: Argo CD would stop at the first and do nothing.
    pub errors: Vec<Error>,
    /// What the selectors of generators left out.
    pub excluded: Vec<Excluded>,
    /// How much each entry of `spec.generators` gives, in their order.
    pub generators: Vec<GeneratorYield>,
    /// What was taken for granted, with the reason why it is not known: nothing is to be deleted on this ground.
    pub assumptions: Vec<(Need, String)>,
}

/// A parameter set that the selector of its generator left out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Excluded {
    /// The name that its Application would have had; empty if that cannot be rendered.
    pub name: EcoString,
    /// The generator and row that it comes from.
    pub origin: Arc<Origin>,
}

/// How much an entry of `spec.generators` gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GeneratorYield {
    /// The entry, as in `spec.generators[0]`.
    pub generator: EcoString,
    /// How many parameter sets it gives.
    pub sets: usize,
    /// How many more its selector left out.
    pub excluded: usize,
}

/// A generated Application.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The Application.
    pub application: Value,
    /// The generator and row that it comes from.
    pub origin: Arc<Origin>,
    /// The parameters it was rendered with.
    pub parameters: Parameters,
    /// The templated fields and the parameters they read; the same for all Applications of one template.
    pub fields: Arc<[Use]>,
}

impl Generated {
    /// Returns the name.
    pub fn name(&self) -> &str {
        model::text(&self.application, &["metadata", "name"])
    }

    /// Returns the Application as a typed model.
    ///
    /// # Errors
    /// None for what an evaluation made.
    pub fn to_application(&self) -> Result<Application, ValueError> {
        from_value(&self.application)
    }
}

impl Evaluation {
    /// Returns the Application of a name; of several the first.
    pub fn application(&self, name: &str) -> Option<&Generated> {
        self.applications.iter().find(|generated| generated.name() == name)
    }
}

/// Evaluates an ApplicationSet with the controller's default settings.
///
/// As in Argo CD, one generator or render that fails is the result: nothing is to be created, updated or deleted then.
///
/// # Errors
/// The first error, in Argo CD's words; [`Error::UnknownFacts`] with all that is missing.
pub fn evaluate(application_set: &Value, facts: &dyn Facts) -> Result<Evaluation, Error> {
    evaluate_with(application_set, facts, &Options::default())
}

/// Evaluates an ApplicationSet.
///
/// With [`Options::keep_going`] errors become diagnostics beside what did work; facts that are not known and limits stay errors.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_with(
    application_set: &Value,
    facts: &dyn Facts,
    options: &Options,
) -> Result<Evaluation, Error> {
    let outcome = evaluate_all(application_set, facts, options)?;
    match outcome.missing.is_empty() {
        true => outcome.result,
        false => Err(Error::UnknownFacts { needs: outcome.missing }),
    }
}

/// What an evaluation gives, and what it asked for and was not told.
struct Outcome {
    result: Result<Evaluation, Error>,
    missing: Vec<(Need, String)>,
    assumed: Vec<(Need, String)>,
}

fn evaluate_all(application_set: &Value, facts: &dyn Facts, options: &Options) -> Result<Outcome, Error> {
    let set = read(application_set)?;
    let renderer = renderer(&set, options);
    let context = Context::new(&set, facts, options, &renderer);
    let mut run = Run { context: &context, errors: Vec::new(), evaluation: Evaluation::default() };
    run.all();
    let Run { errors, mut evaluation, .. } = run;
    let (missing, assumed) = (context.missing.take(), context.assumed.take());
    evaluation.assumptions.clone_from(&assumed);
    let is_final =
        |error: &&Error| matches!(error, Error::Limit { .. } | Error::Panic { .. } | Error::Cancelled);
    // A panic ends the controller's work, whatever failed before it.
    let end = errors.iter().find(is_final).or(errors.first().filter(|_| !options.keep_going));
    if let Some(error) = end {
        return Ok(Outcome { result: Err(error.clone()), missing, assumed });
    }
    evaluation.diagnostics.extend(errors.iter().map(Error::to_diagnostic));
    evaluation.errors = errors;
    evaluation.diagnostics.extend(renderer.take_notes());
    evaluation.diagnostics.extend(unrecognized::unrecognized_generators(application_set).diagnostic());
    security::inspect(&set, facts, &mut evaluation);
    Ok(Outcome { result: Ok(evaluation), missing, assumed })
}

/// Lists the facts that an evaluation asks for and that are not known yet.
///
/// A host fetches them, adds them and asks again, until there are none: the second child of a matrix can depend on what the
/// first one found. AppProjects are among them where git generators look at their rules. When the list is empty, [`evaluate`]
/// has the result or says what is wrong.
pub fn needs(application_set: &Value, facts: &dyn Facts, options: &Options) -> Vec<Need> {
    let Ok(outcome) = evaluate_all(application_set, facts, options) else { return Vec::new() };
    outcome.missing.into_iter().chain(outcome.assumed).map(|(need, _)| need).collect()
}

/// Lists the facts of the first round: those that depend on no other.
pub fn first_needs(application_set: &Value, options: &Options) -> Vec<Need> {
    needs(application_set, &MemoryFacts::new(), options)
}

/// Returns the parameter sets of all generators, without rendering anything.
///
/// # Errors
/// The first error of a generator.
pub fn parameter_sets(
    application_set: &Value,
    facts: &dyn Facts,
    options: &Options,
) -> Result<Vec<ParameterSet>, Error> {
    let set = read(application_set)?;
    let renderer = renderer(&set, options);
    let context = Context::new(&set, facts, options, &renderer);
    let mut sets = Vec::new();
    let mut first = None;
    for entry in entries(&set) {
        let outcome = transform(&context, &entry, &Value::NULL);
        sets.extend(outcome.results.into_iter().flat_map(|result| result.sets));
        let end = outcome.failure.as_ref().is_some_and(Failure::is_final);
        first = first.or(outcome.failure.map(|failure| failure.generate(entry.path.clone())));
        if end {
            break;
        }
    }
    let needs = context.missing.take();
    match first {
        _ if !needs.is_empty() => Err(Error::UnknownFacts { needs }),
        Some(error) => Err(error),
        None => Ok(sets),
    }
}

/// Reads an ApplicationSet as Go's decoder does.
pub(crate) fn read(application_set: &Value) -> Result<Value, Error> {
    if !application_set.is_map() {
        let message = format!("expected an ApplicationSet, found a {}", application_set.type_name());
        return Err(Error::Document { message });
    }
    model::decode(application_set, named("ApplicationSet")).map_err(|message| Error::Document { message })
}

pub(crate) fn renderer(set: &Value, options: &Options) -> Renderer {
    if !flag(set, &["spec", "goTemplate"]) {
        return Renderer::fasttemplate();
    }
    let names: Vec<&str> = texts(set, &["spec", "goTemplateOptions"]).collect();
    Renderer::go_template_with(&names, options.limits.template, |mut inner| {
        inner.clock.clone_from(&options.clock);
        inner.random.clone_from(&options.random);
        inner.cancel = options.cancel.clone();
        inner
    })
}

fn entries(set: &Value) -> impl Iterator<Item = Entry> {
    let generators = model::items(set, &["spec", "generators"]).iter().enumerate();
    generators.map(|(index, section)| Entry {
        section: section.clone(),
        path: EcoString::from(format!("spec.generators[{index}]")),
    })
}

struct Run<'a> {
    context: &'a Context<'a>,
    errors: Vec<Error>,
    evaluation: Evaluation,
}

impl Run<'_> {
    fn all(&mut self) {
        let context = self.context;
        let base = context
            .set
            .at(&["spec", "template"])
            .cloned()
            .unwrap_or_else(|| trueup_manifest::Map::new().into());
        for entry in entries(context.set) {
            let outcome = transform(context, &entry, &base);
            if let Some(failure) = outcome.failure {
                // An entry that failed gives nothing, even where other generators of it did not.
                let end = failure.is_final();
                self.errors.push(failure.generate(entry.path.clone()));
                if end {
                    return;
                }
                continue;
            }
            let count = |of: fn(&Transformed) -> usize| outcome.results.iter().map(of).sum();
            self.evaluation.generators.push(GeneratorYield {
                generator: entry.path.clone(),
                sets: count(|result| result.sets.len()),
                excluded: count(|result| result.excluded.len()),
            });
            for result in outcome.results {
                let merged = result.template.unwrap_or_default();
                self.exclude(model::text(&merged, &["metadata", "name"]), result.excluded);
                let template = ApplicationTemplate::new(context.renderer, &merged, context.set);
                if !self.render(&template, result.sets) {
                    return;
                }
            }
        }
    }

    fn exclude(&mut self, name: &str, excluded: Vec<ParameterSet>) {
        let renderer = self.context.renderer;
        self.evaluation.excluded.extend(excluded.into_iter().map(|set| Excluded {
            name: renderer.render(name, &set.parameters).unwrap_or_default(),
            origin: set.origin,
        }));
    }

    /// Renders one template for its parameter sets; false if it is to end here.
    fn render(&mut self, template: &ApplicationTemplate, sets: Vec<ParameterSet>) -> bool {
        let context = self.context;
        let patch = context.set.at(&["spec", "templatePatch"]).and_then(Value::as_str);
        let mut fields = template.uses.clone();
        fields.extend(patch.filter(|patch| context.renderer.is_templated(patch)).map(|patch| Use {
            field: "spec.templatePatch".into(),
            template: patch.into(),
            parameters: references(patch, context.is_go()),
        }));
        let fields: Arc<[Use]> = fields.into();
        for set in sets {
            match render_one(context, template, patch, &set.parameters) {
                Ok(application) => self.evaluation.applications.push(Generated {
                    application,
                    origin: set.origin,
                    parameters: set.parameters,
                    fields: fields.clone(),
                }),
                Err(failure) => {
                    let end = failure.is_final();
                    // The first error is the result, unless the controller panics over something behind it.
                    if end || context.options.keep_going || self.errors.is_empty() {
                        self.errors.push(failure.render(set.origin.to_string()));
                    }
                    if end {
                        return false;
                    }
                }
            }
        }
        true
    }
}

fn render_one(
    context: &Context<'_>,
    template: &ApplicationTemplate,
    patch: Option<&str>,
    parameters: &Parameters,
) -> Result<Value, Failure> {
    context.options.cancel.step()?;
    let mut application = template.render(context.renderer, parameters)?;
    if let Some(patch) = patch {
        let text = context
            .renderer
            .render(patch, parameters)
            .map_err(|failure| failure.within("error replacing values in templatePatch: "))?;
        application = patch::apply(&application, &text)?;
    }
    set_namespace(&mut application, &model::text(context.set, &["metadata", "namespace"]).into());
    Ok(application)
}
