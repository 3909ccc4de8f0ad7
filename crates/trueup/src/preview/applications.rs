//! The Applications of a repository: those written down and those generated.

use super::facts::WorldFacts;
use crate::discover::Discovered;
use crate::world::World;
use trueup_manifest::argocd::Application;
use trueup_manifest::{Diagnostic, EcoString, Location};

/// An Application and what declared it.
pub(crate) struct Declared {
    pub(crate) model: Application,
    pub(crate) origin: String,
    /// The file it stands in and the document there, if it is not generated.
    pub(crate) written: Option<(EcoString, usize)>,
}

pub(crate) fn all(
    discovered: &Discovered,
    world: &World,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Declared> {
    let facts = WorldFacts::new(world, &discovered.projects);
    let written = discovered.applications.iter();
    let mut all: Vec<Declared> = written
        .map(|found| Declared {
            model: found.object.clone(),
            origin: found.file.to_string(),
            written: Some((found.file.clone(), found.document)),
        })
        .collect();
    for found in &discovered.application_sets {
        let name = &found.object.metadata.name;
        let place = |diagnostic: Diagnostic| diagnostic.at(Location::file(found.file.clone()));
        match trueup_appset::evaluate(&found.value, &facts) {
            Ok(evaluation) => {
                diagnostics.extend(evaluation.diagnostics.iter().cloned().map(place));
                for generated in &evaluation.applications {
                    match generated.to_application() {
                        Ok(model) => {
                            let origin = format!("{name}: {}", generated.origin);
                            all.push(Declared { model, origin, written: None });
                        }
                        Err(error) => {
                            let message = format!("`{}` is no Application: {error}", generated.name());
                            diagnostics.push(place(Diagnostic::error("trueup/application", message)));
                        }
                    }
                }
            }
            Err(error) => {
                let diagnostic = place(error.to_diagnostic());
                diagnostics.push(diagnostic.because(format!("reached from ApplicationSet `{name}`")));
            }
        }
    }
    all
}
