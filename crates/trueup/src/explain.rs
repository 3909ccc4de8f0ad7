//! Why a field of an Application's manifest has its value.

use crate::discover::discover;
use crate::preview::applications::{self, Declared};
use crate::world::World;
use std::sync::Arc;
use trueup_kustomize::{Explanation, Reason};
use trueup_manifest::{Cancel, Diagnostic, FieldPath, FileTree, Value, meant, to_value, yaml};
use trueup_source::Explainer;

/// Returns why a field of a manifest has its value, of an Application of a repository: each file and line that set it, and what the
/// Application itself changes in its kustomization. Nothing that a Secret holds is told.
///
/// `object` is `KIND/NAME` or `NAMESPACE/KIND/NAME`, by the name in the end or the one in its file.
///
/// # Errors
/// Diagnostics: `trueup/no-application`, with what kept ApplicationSets from being evaluated; `source/not-found`; whatever keeps the
/// Application from being rendered.
///
/// ```
/// use trueup::{World, explain};
/// use trueup_manifest::FileTree;
///
/// let tree = FileTree::from_files([
///     ("apps/web.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  project: default\n  source:\n    repoURL: r\n    path: web\n    kustomize:\n      replicas: [{name: web, count: 3}]\n  destination: {name: production, namespace: web}\n"),
///     ("web/kustomization.yaml", "resources: [deployment.yaml]\n"),
///     ("web/deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1}\n"),
/// ])?;
/// let mut world = World::default();
/// world.repositories.push(("r".into(), tree.clone()));
/// let field = "spec.replicas".parse()?;
/// let why = explain(&tree, &world, "web", "Deployment/web", &field, &Default::default()).unwrap();
/// let places: Vec<_> = why.reasons.iter().map(|r| format!("{}:{} {}", r.file, r.line.unwrap_or(0), r.by)).collect();
/// assert_eq!(places, ["web/deployment.yaml:4 resources", "apps/web.yaml:10 spec.source.kustomize.replicas"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(
    tree: &FileTree,
    world: &World,
    application: &str,
    object: &str,
    field: &FieldPath,
    cancel: &Cancel,
) -> Result<Explanation, Vec<Diagnostic>> {
    let discovered = discover(tree);
    let mut diagnostics = Vec::new();
    let all = applications::all(&discovered, world, &mut diagnostics);
    let Some(declared) = all.iter().find(|declared| declared.model.metadata.name == application) else {
        let mut missing =
            Diagnostic::error("trueup/no-application", format!("there is no Application `{application}`"));
        if let Some(known) = meant(application, all.iter().map(|known| known.model.metadata.name.as_str())) {
            missing = missing.help(format!("did you mean `{known}`?"));
        }
        diagnostics.insert(0, missing);
        return Err(diagnostics);
    };
    let options = world.source_options(cancel);
    let explained = Explainer::new(&declared.model, world, &options)
        .and_then(|explainer| explainer.explain(object, field));
    let mut explanation = explained.map_err(|error| error.diagnostics())?.masked();
    for reason in &mut explanation.reasons {
        tell_application(reason, declared, tree);
    }
    Ok(explanation)
}

/// Says where an option of the Application is written, or what made the Application.
pub(crate) fn tell_application(reason: &mut Reason, declared: &Declared, tree: &FileTree) {
    if !reason.file.is_empty() || !reason.by.starts_with("spec.source") {
        return;
    }
    let Some((file, document)) = &declared.written else {
        reason.by = format!("{} of {}", reason.by, declared.origin).into();
        return;
    };
    reason.line = line_of_option(&reason.by, declared, tree.read(file).ok(), *document);
    reason.file = file.clone();
}

fn line_of_option(
    option: &str,
    declared: &Declared,
    text: Option<&Arc<[u8]>>,
    document: usize,
) -> Option<usize> {
    let value: Value = to_value(&declared.model).ok()?;
    let steps = option.parse::<FieldPath>().ok()?.resolve(&value)?;
    yaml::locate(text?, document, &steps).map(|(key, _)| key.start.line)
}
