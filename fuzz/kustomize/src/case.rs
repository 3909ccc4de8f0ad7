//! A case: a tree, the directory to build and the flags.

use crate::features::{Feature, Features};
use crate::layer;
use crate::node::{Node, Style, write};
use crate::noise;
use crate::rng::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// Flags of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    /// `--reorder`, empty when it is not given.
    pub(crate) reorder: &'static str,
    /// `--load-restrictor LoadRestrictionsNone`.
    pub(crate) unrestricted: bool,
    /// `--enable-managedby-label`.
    pub(crate) managed_by: bool,
}

/// One build to compare.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The files by path.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// The directory to build.
    pub(crate) run: String,
    /// The flags.
    pub(crate) flags: Flags,
}

impl Case {
    /// Returns true if a file may set the schema, which a loop must reset around the build.
    pub(crate) fn sets_schema(&self) -> bool {
        let needle = b"openapi";
        self.files
            .values()
            .any(|bytes| bytes.windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle)))
    }
}

/// A resource that a directory gives, as far as the generator can tell.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// `apiVersion`.
    pub(crate) api: String,
    /// `kind`.
    pub(crate) kind: String,
    /// The name in its file.
    pub(crate) origin: String,
    /// The name that it has by now.
    pub(crate) name: String,
    /// The namespace in its file.
    pub(crate) origin_namespace: String,
    /// The namespace that it has by now.
    pub(crate) namespace: String,
    /// The document.
    pub(crate) node: Node,
}

/// A directory with a kustomization, and what it gives.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// The directory.
    pub(crate) dir: String,
    /// What it gives.
    pub(crate) known: Vec<Known>,
}

/// The state of generation.
pub(crate) struct Builder {
    /// Randomness.
    pub(crate) rng: Rng,
    /// What this case may use.
    pub(crate) features: Features,
    /// Files so far.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Counts generated names.
    pub(crate) counter: usize,
    /// Kinds and names that the case has.
    pub(crate) taken: BTreeSet<(String, String)>,
    /// Components so far, which more than one layer may list.
    pub(crate) components: Vec<String>,
    /// A prefix that the next layer must have, so that it can stand beside another on the same bases.
    pub(crate) apart: &'static str,
}

impl Builder {
    /// Returns true if the case may use it and chance wills it.
    pub(crate) fn wants(&mut self, feature: Feature, percent: usize) -> bool {
        self.features.has(feature) && self.rng.chance(percent * 2 / 3)
    }

    /// Returns true if awkward values may appear.
    pub(crate) fn odd(&self) -> bool {
        self.features.has(Feature::Awkward)
    }

    /// Writes documents in a random style.
    pub(crate) fn spell(&mut self, documents: &[Node]) -> String {
        let mut style = Style::random(&mut self.rng);
        if self.features.has(Feature::Anchors) && self.rng.chance(50) {
            style.anchors = self.rng.range(1, 12);
        }
        let mut out = String::new();
        let structure = self.features.has(Feature::Structure);
        for (at, document) in documents.iter().enumerate() {
            if at == 0 && structure && self.rng.chance(20) {
                out.push_str("---\n");
            }
            if at > 0 {
                let separators = [
                    "---\n",
                    "---\n",
                    "---\n",
                    "--- # next\n",
                    "---\n---\n",
                    "---\n# empty\n---\n",
                    "--- \n",
                ];
                out.push_str(if structure { self.rng.pick(&separators) } else { "---\n" });
            }
            out.push_str(&write(document, &style, &mut self.rng));
        }
        if structure && self.rng.chance(10) {
            out.push_str(self.rng.pick(&["---\n", "# foot\n", "\n\n", "...\n", "---\nnull\n"]));
        }
        out
    }

    /// Takes a kind and name for a new resource; false if there is one already, but for a rare chance.
    pub(crate) fn take(&mut self, kind: &str, name: &str) -> bool {
        self.taken.insert((kind.to_owned(), name.to_owned())) || self.rng.chance(1)
    }

    /// Adds a file and returns its path as the kustomization of the directory names it.
    pub(crate) fn file(&mut self, dir: &str, name: &str, content: impl Into<Vec<u8>>) -> String {
        if self.wants(Feature::Outside, 25) {
            self.files.insert(join("outside", name), content.into());
            return relative(dir, &join("outside", name));
        }
        self.files.insert(join(dir, name), content.into());
        if self.rng.chance(2) { format!("./{name}") } else { name.to_owned() }
    }

    /// Returns a file name that is new in this case.
    pub(crate) fn fresh(&mut self, stem: &str, extension: &str) -> String {
        self.counter += 1;
        format!("{stem}{}.{extension}", self.counter)
    }
}

/// Returns a path below a directory.
pub(crate) fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") }
}

/// Returns the way from one top directory to another.
pub(crate) fn relative(from: &str, to: &str) -> String {
    if from.is_empty() { to.to_owned() } else { format!("../{to}") }
}

/// Generates the case of a seed.
pub(crate) fn generate(seed: u64) -> Case {
    let mut rng = Rng::new(seed);
    let features = Features::random(&mut rng);
    let mut builder = Builder {
        rng,
        features,
        files: BTreeMap::new(),
        counter: 0,
        taken: BTreeSet::new(),
        components: Vec::new(),
        apart: "",
    };
    let run = layers(&mut builder);
    let unrestricted = if builder.features.has(Feature::Outside) { 60 } else { 6 };
    let flags = Flags {
        reorder: builder.rng.pick(&["", "", "none", "legacy"]),
        unrestricted: builder.rng.chance(unrestricted),
        managed_by: builder.rng.chance(3),
    };
    let mut case = Case { files: builder.files, run, flags };
    if builder.features.has(Feature::Errors) {
        noise::break_something(&mut builder.rng, &mut case);
    }
    if builder.features.has(Feature::Noise) {
        noise::sprinkle(&mut builder.rng, &mut case);
    }
    case
}

/// Writes bases and overlays, and returns the directory of the last.
fn layers(b: &mut Builder) -> String {
    let deep = b.features.has(Feature::Deep);
    let mut layers: Vec<Layer> = Vec::new();
    let bases = if deep { b.rng.range(1, 3) } else { b.rng.range(1, 2) };
    for dir in ["base", "base2", "base3"].into_iter().take(bases) {
        let layer = layer::generate(b, dir, &[], false);
        layers.push(layer);
    }
    let mut run = layers.first().map(|layer| layer.dir.clone()).unwrap_or_default();
    let overlays = if deep { b.rng.range(1, 4) } else { b.rng.pick(&[0, 1, 1, 1, 2]) };
    let names = ["over", "mid", "high", "top"];
    for (at, name) in names.into_iter().take(overlays).enumerate() {
        let last = at + 1 == overlays;
        if deep && !last && b.rng.chance(30) {
            layers = beside(b, &layers);
            continue;
        }
        let dir = if last && b.rng.chance(25) { "" } else { name };
        let layer = layer::generate(b, dir, &layers, last);
        run = if dir.is_empty() { ".".to_owned() } else { dir.to_owned() };
        layers = vec![layer];
    }
    run
}

/// Two layers on the same bases, with prefixes that keep them apart, most of the time.
fn beside(b: &mut Builder, below: &[Layer]) -> Vec<Layer> {
    let mut layers = Vec::new();
    for (dir, prefix) in [("left", "l-"), ("right", "r-")] {
        b.counter += 1;
        b.apart = if b.rng.chance(95) { prefix } else { "" };
        let dir = format!("{dir}{}", b.counter);
        layers.push(layer::generate(b, &dir, below, false));
        b.apart = "";
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_case_again() {
        for seed in 0..50 {
            let (one, two) = (generate(seed), generate(seed));
            assert_eq!((&one.files, &one.run, &one.flags), (&two.files, &two.run, &two.flags));
            assert!(!one.files.is_empty());
        }
    }

    #[test]
    fn seeds_differ() {
        let distinct: std::collections::BTreeSet<_> = (0..50).map(|seed| generate(seed).files).collect();
        assert!(distinct.len() > 45);
    }
}
