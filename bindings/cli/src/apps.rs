//! `trueup apps`: the Applications of one ApplicationSet.

use crate::arguments::{Apps, Output};
use crate::output::{Console, Failure, Finding, absolute};
use crate::repository::Repository;
use std::path::{Path, PathBuf};
use trueup::World;
use trueup::appset::reconcile::{PlanOptions, plan};
use trueup::appset::{Error, Explanation, Fact, explain, validate};
use trueup::manifest::json;
use trueup::manifest::{Diagnostic, Object, Value, to_value, yaml};

pub(crate) fn run(command: &Apps, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let file = absolute(&command.file)?;
    let root = command.repository.clone().unwrap_or_else(|| repository_of(&file));
    let repository = Repository::read(&root, command.facts.as_deref(), None)?;
    let inside = file.strip_prefix(&repository.root).unwrap_or(&file).to_string_lossy().into_owned();
    let found = trueup::discover(&repository.tree);
    let sets: Vec<_> = found.application_sets.into_iter().filter(|set| set.file == inside.as_str()).collect();
    if sets.is_empty() {
        let here =
            |diagnostic: &Diagnostic| diagnostic.locations.iter().any(|place| place.file == inside.as_str());
        let reasons: Vec<_> = found.diagnostics.into_iter().filter(here).collect();
        if !reasons.is_empty() {
            return Err(Failure::diagnostics(reasons, repository.tree.clone()));
        }
        let message = format!("there is no ApplicationSet in `{}`", command.file.display());
        return Err(Failure::message("cli/no-application-set", message));
    }
    let facts = trueup::world_facts(&repository.world, &found.projects);
    let live = live_applications(&repository.world);
    let mut applications: Vec<(Value, String)> = Vec::new();
    let mut explanations: Vec<Explanation> = Vec::new();
    let mut notes: Vec<Diagnostic> = Vec::new();
    for set in sets {
        let evaluation = trueup::appset::evaluate(&set.value, &facts)
            .map_err(|error| Failure::diagnostics(vec![error.to_diagnostic()], repository.tree.clone()))?;
        if let Some(name) = &command.explain {
            let validation = validate(Object::new(&set.value).name(), &evaluation, &facts);
            let mut explanation = explain(&evaluation, &validation, name);
            explanation = match &live {
                Some(live) => {
                    let live = Fact::Known(live.as_slice());
                    let plan = plan(&set.value, &evaluation, &validation, live, &facts, &policies());
                    let failure = |error: Error| {
                        Failure::diagnostics(vec![error.to_diagnostic()], repository.tree.clone())
                    };
                    explanation.with_plan(&plan.map_err(failure)?)
                }
                None => explanation.with_unknown("the facts do not have what runs in Argo CD's own cluster"),
            };
            explanations.push(explanation);
        }
        notes.extend(evaluation.diagnostics);
        let generated = evaluation.applications.into_iter();
        applications.extend(generated.map(|generated| (generated.application, generated.origin.to_string())));
    }
    let text = match command.explain {
        Some(_) => show_explanations(&explanations, command.output)?,
        None => show(applications, command.output)?,
    };
    console.print(&text)?;
    console.diagnostics(notes.iter(), &repository.tree);
    Ok(Finding::Nothing)
}

/// The Applications that exist, if somebody looked into the cluster that Argo CD runs in.
fn live_applications(world: &World) -> Option<Vec<Value>> {
    let live = world.cluster("https://kubernetes.default.svc", "in-cluster")?.live.as_ref()?;
    let is_application = |object: &&Value| {
        let object = Object::new(object);
        object.kind() == "Application" && object.group() == "argoproj.io"
    };
    Some(live.iter().filter(is_application).cloned().collect())
}

/// An ApplicationSet's own policy counts, as it does unless the controller is told otherwise.
fn policies() -> PlanOptions {
    let mut options = PlanOptions::default();
    options.policy_override = true;
    options
}

fn show(applications: Vec<(Value, String)>, output: Output) -> Result<String, Failure> {
    let failure = |message: String| Failure::message("cli/output", message);
    let name = |application: &Value| {
        let name = application.at(&["metadata", "name"]).and_then(Value::as_str);
        name.unwrap_or_default().to_owned()
    };
    let documents = || applications.iter().map(|(application, _)| application.clone());
    match output {
        Output::Text => {
            let width =
                applications.iter().map(|(application, _)| name(application).len()).max().unwrap_or(0);
            let line =
                |(application, origin): &(Value, String)| format!("{:width$}  {origin}\n", name(application));
            Ok(applications.iter().map(line).collect())
        }
        Output::Markdown => Ok(applications
            .iter()
            .map(|(application, origin)| format!("- `{}`: {origin}\n", name(application)))
            .collect()),
        Output::Json => json::to_string_with(&documents().collect(), &crate::output::json_style())
            .map(|text| text + "\n")
            .map_err(|error| failure(error.to_string())),
        Output::Yaml => {
            let texts = documents()
                .map(|document| yaml::to_string(&document).map_err(|error| failure(error.to_string())));
            Ok(texts.collect::<Result<Vec<_>, _>>()?.join("---\n"))
        }
    }
}

/// One explanation for each ApplicationSet of the file.
fn show_explanations(explanations: &[Explanation], output: Output) -> Result<String, Failure> {
    let failure = |message: String| Failure::message("cli/output", message);
    if matches!(output, Output::Text | Output::Markdown) {
        return Ok(explanations.iter().map(ToString::to_string).collect());
    }
    let documents: Result<Vec<Value>, _> = explanations.iter().map(to_value).collect();
    let documents = documents.map_err(|error| failure(error.to_string()))?;
    if output == Output::Json {
        return json::to_string_with(&documents.into(), &crate::output::json_style())
            .map(|text| text + "\n")
            .map_err(|error| failure(error.to_string()));
    }
    let texts = documents
        .iter()
        .map(|document| yaml::to_string(document).map_err(|error| failure(error.to_string())));
    Ok(texts.collect::<Result<Vec<_>, _>>()?.join("---\n"))
}

/// The nearest directory above that is a git checkout or has facts; else the file's own.
fn repository_of(file: &Path) -> PathBuf {
    let parent = file.parent().unwrap_or(Path::new("/"));
    let is_root = |directory: &&Path| directory.join(".git").exists() || directory.join(".trueup").is_dir();
    parent.ancestors().find(is_root).unwrap_or(parent).to_path_buf()
}
