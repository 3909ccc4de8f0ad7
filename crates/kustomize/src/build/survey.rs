//! What else is wrong: once a build has failed, every part that does not depend on the failure is looked at too.
//!
//! Upstream stops at the first error. Here the first error is the same, and with it come those of other files, bases,
//! components, patches and generators, so that a host can show, or fetch, everything at once.

use super::accumulate::{Accumulated, Target};
use super::{Build, place};
use crate::error::{Error, ErrorKind, Result};
use crate::generate::{Generated, generate};
use crate::load::{Loader, Root};
use crate::plugin;
use ecow::EcoString;
use std::collections::BTreeSet;
use std::sync::Arc;

/// More errors than this are not looked for.
const MAX_ERRORS: usize = 100;

/// What has been found, and which directories have been looked at.
#[derive(Default)]
struct Survey {
    found: Vec<Error>,
    seen: BTreeSet<Root>,
    /// The directories that led here, outermost first.
    chain: Vec<EcoString>,
}

/// Adds to an error those that do not depend on it.
pub(super) fn with_others(error: Error, target: &mut Target, build: &mut Build<'_>) -> Error {
    if matches!(error.kind(), ErrorKind::Limit | ErrorKind::Cancelled) {
        return error;
    }
    let mut survey = Survey::default();
    survey.directory(target, build);
    let mut known: BTreeSet<_> = error.identities().into_iter().collect();
    let mut others = survey.found;
    others.retain(|other| {
        let new = other.identities().into_iter().filter(|identity| known.insert(identity.clone())).count();
        new > 0 && !matches!(other.kind(), ErrorKind::Limit | ErrorKind::Cancelled)
    });
    error.and(others)
}

impl Survey {
    fn note(&mut self, result: Result<()>, target: &Target, field: &str, index: Option<usize>) {
        let Err(error) = result else { return };
        if self.found.len() < MAX_ERRORS {
            let error = error.placed(place::of_field(target, field, index));
            let chain = self.chain.iter().rev();
            self.found.push(chain.fold(error, |error, directory| error.reached_from(directory)));
        }
    }

    fn directory(&mut self, target: &mut Target, build: &mut Build<'_>) {
        if self.found.len() >= MAX_ERRORS || !self.seen.insert(target.loader.key()) {
            return;
        }
        self.chain.push(target.loader.display().into());
        let loaded = Arc::clone(&target.loaded);
        let k = &loaded.kustomization;
        for (index, path) in k.resources.iter().enumerate() {
            let result =
                target.accumulate_resources(&mut Accumulated::default(), std::slice::from_ref(path), build);
            if result.is_err() && self.below(target, path, build) {
                continue;
            }
            self.note(result, target, "resources", Some(index));
        }
        for (index, path) in k.components.iter().enumerate() {
            if !self.below(target, path, build) {
                let opened =
                    target.loader.open_base(path).and_then(|loader| build.load_kustomization(&loader));
                self.note(opened.map(drop), target, "components", Some(index));
            }
        }
        self.settings(target, build);
        self.chain.pop();
    }

    /// Looks at a directory that another one names; returns whether it said anything of it.
    fn below(&mut self, target: &Target, path: &str, build: &mut Build<'_>) -> bool {
        let before = self.found.len();
        let Ok(loader) = target.loader.open_base(path) else { return false };
        let loader: Arc<Loader> = Arc::new(loader);
        let Ok(loaded) = build.load_kustomization(&loader) else { return false };
        let namespace = target.namespace_below();
        let mut inner = Target::new(loader, loaded, None, Vec::new(), namespace);
        self.directory(&mut inner, build);
        self.found.len() > before
    }

    /// Looks at what the other fields name.
    fn settings(&mut self, target: &mut Target, build: &mut Build<'_>) {
        let loaded = Arc::clone(&target.loaded);
        let k = &loaded.kustomization;
        let generators = [
            (Generated::ConfigMap, "configMapGenerator", &k.config_map_generator),
            (Generated::Secret, "secretGenerator", &k.secret_generator),
        ];
        for (what, field, list) in generators {
            for (index, args) in list.iter().enumerate() {
                let made = generate(what, args, &target.loader).map(drop);
                self.note(made, target, field, Some(index));
            }
        }
        for (index, chart) in k.helm_charts.iter().enumerate() {
            let globals = k.helm_globals.clone().unwrap_or_default();
            let chart = target.chart_in_namespace(chart);
            let found = target
                .configure_chart(chart, &globals, build)
                .and_then(|chart| target.find_chart(&chart).map(drop));
            self.note(found, target, "helmCharts", Some(index));
        }
        self.note(target.own_config(k, build).map(drop), target, "configurations", None);
        self.note(target.crd_config(k).map(drop), target, "crds", None);
        let context = target.context(build);
        let strategic = &k.patches_strategic_merge;
        let mut results = Vec::new();
        if !strategic.is_empty() {
            results.push((
                plugin::strategic(strategic, "", context).map(drop),
                "patchesStrategicMerge",
                None,
            ));
        }
        for (index, patch) in k.patches.iter().enumerate() {
            results.push((plugin::patch_entry(patch, context).map(drop), "patches", Some(index)));
        }
        for (index, patch) in k.patches_json6902.iter().enumerate() {
            results.push((plugin::json6902(patch, context).map(drop), "patchesJson6902", Some(index)));
        }
        for (index, entry) in k.replacements.iter().enumerate() {
            let read = plugin::replacements(std::slice::from_ref(entry), context).map(drop);
            results.push((read, "replacements", Some(index)));
        }
        for (result, field, index) in results {
            self.note(result, target, field, index);
        }
        for (field, entries) in
            [("generators", &k.generators), ("transformers", &k.transformers), ("validators", &k.validators)]
        {
            for (index, entry) in entries.iter().enumerate() {
                let role = field.trim_end_matches('s').replace("validator", "transformer");
                let read = target.plugin_resources(std::slice::from_ref(entry), &role, build).map(drop);
                self.note(read, target, field, Some(index));
            }
        }
    }
}
