//! Generators: entries of `spec.generators` into parameter sets.

mod clusters;
mod decision;
mod filters;
mod git;
mod list;
mod matrix;
mod merge;
mod plugin;
mod pull_request;
mod scm;
mod selector;
mod transform;
mod values;

pub(crate) use clusters::{LOCAL_NAME, LOCAL_SERVER};
pub use filters::{filter_pull_requests, filter_repositories};
pub use transform::interpolate;
pub(crate) use transform::{Entry, Transformed, transform};
pub use values::append_values;

use crate::error::Failure;
use crate::facts::{Fact, Facts, GitContent, Need};
use crate::model;
use crate::options::Options;
use crate::parameters::{Origin, ParameterSet, Parameters, Row};
use crate::render::Renderer;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::{EcoString, Value};

/// The directories of repositories and revisions.
type Directories = BTreeMap<(EcoString, EcoString), Arc<[EcoString]>>;

/// What all generators of one evaluation share.
pub(crate) struct Context<'a> {
    /// The ApplicationSet, decoded.
    pub(crate) set: &'a Value,
    pub(crate) facts: &'a dyn Facts,
    pub(crate) options: &'a Options,
    pub(crate) renderer: &'a Renderer,
    /// What was asked and not known, each with the reason.
    pub(crate) missing: RefCell<Vec<(Need, String)>>,
    /// What was taken for granted.
    pub(crate) assumed: RefCell<Vec<(Need, String)>>,
    /// How many parameter sets there are so far.
    made: Cell<usize>,
    /// How many generator sections were evaluated so far.
    runs: Cell<usize>,
    /// The sorted directories of revisions.
    directories: RefCell<Directories>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        set: &'a Value,
        facts: &'a dyn Facts,
        options: &'a Options,
        renderer: &'a Renderer,
    ) -> Self {
        Self {
            set,
            facts,
            options,
            renderer,
            missing: RefCell::default(),
            assumed: RefCell::default(),
            made: Cell::new(0),
            runs: Cell::new(0),
            directories: RefCell::default(),
        }
    }

    pub(crate) fn name(&self) -> &'a str {
        model::text(self.set, &["metadata", "name"])
    }

    pub(crate) fn is_go(&self) -> bool {
        self.renderer.is_go()
    }

    /// Returns the data of a fact, or records that it is not known.
    pub(crate) fn require<T>(&self, fact: Fact<T>, need: impl FnOnce() -> Need) -> Result<T, Failure> {
        match fact {
            Fact::Known(data) => Ok(data),
            Fact::Unknown(reason) => {
                record(&self.missing, need(), reason);
                Err(Failure::Unknown)
            }
        }
    }

    /// Records that something was taken for granted.
    pub(crate) fn assume(&self, need: Need, reason: String) {
        record(&self.assumed, need, reason);
    }

    /// Counts parameter sets before they are built.
    pub(crate) fn count(&self, sets: usize) -> Result<(), Failure> {
        self.options.cancel.advance(sets)?;
        let limit = self.options.limits.max_parameter_sets;
        let total = self.made.get().saturating_add(sets);
        self.made.set(total);
        if total > limit { Err(Failure::Limit("parameter sets", limit)) } else { Ok(()) }
    }

    /// Counts the evaluation of one generator section.
    fn count_run(&self) -> Result<(), Failure> {
        self.options.cancel.step()?;
        let limit = self.options.limits.max_generator_runs;
        self.runs.set(self.runs.get().saturating_add(1));
        if self.runs.get() > limit { Err(Failure::Limit("generator evaluations", limit)) } else { Ok(()) }
    }

    /// Checks a product of sizes against the limit without counting it.
    pub(crate) fn check_product(&self, first: usize, second: usize) -> Result<(), Failure> {
        let limit = self.options.limits.max_parameter_sets;
        match first.checked_mul(second) {
            Some(product) if product <= limit => Ok(()),
            _ => Err(Failure::Limit("parameter sets", limit)),
        }
    }
}

fn record(list: &RefCell<Vec<(Need, String)>>, need: Need, reason: String) {
    let mut list = list.borrow_mut();
    if !list.iter().any(|(known, _)| *known == need) {
        list.push((need, reason));
    }
}

/// A parameter set of a generator that is no combination.
pub(crate) fn row(generator: &EcoString, row: Row, parameters: Parameters) -> ParameterSet {
    let origin = Origin::of_row(generator.clone(), row, parameters.clone());
    ParameterSet { parameters, origin: Arc::new(origin) }
}

/// What a generator section gives.
pub(crate) type Sets = Result<Vec<ParameterSet>, Failure>;

/// The error of a generator object that is not there.
pub(crate) const EMPTY: &str = "ApplicationSet is empty";

/// Returns the directories of a revision, sorted segment by segment, without hidden ones.
pub(crate) fn directories(
    context: &Context<'_>,
    repository: &str,
    revision: &str,
    content: &GitContent,
) -> Arc<[EcoString]> {
    let key = (EcoString::from(repository), EcoString::from(revision));
    if let Some(known) = context.directories.borrow().get(&key) {
        return known.clone();
    }
    let sorted: Arc<[EcoString]> =
        git::list_directories(content, context.options.include_hidden_directories).into();
    context.directories.borrow_mut().insert(key, sorted.clone());
    sorted
}
