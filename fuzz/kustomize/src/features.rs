//! Swarm testing: each seed may use a random part of what there is.

use crate::rng::Rng;

/// What a case may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feature {
    Awkward,
    Components,
    Patches,
    JsonPatches,
    LegacyPatches,
    Directives,
    Generators,
    Prefix,
    Namespace,
    Labels,
    Annotations,
    Images,
    Replicas,
    Replacements,
    Vars,
    Configurations,
    Crds,
    OpenApi,
    Sort,
    BuildMetadata,
    Plugins,
    Legacy,
    Lists,
    Errors,
    Noise,
    Workloads,
    References,
    Custom,
    Structure,
    Namespaces,
    Anchors,
    Shapes,
    Deep,
    Outside,
}

/// Every feature, and how many seeds of a hundred have it.
const ALL: &[(Feature, usize)] = &[
    (Feature::Awkward, 45),
    (Feature::Components, 25),
    (Feature::Patches, 50),
    (Feature::JsonPatches, 35),
    (Feature::LegacyPatches, 15),
    (Feature::Directives, 30),
    (Feature::Generators, 45),
    (Feature::Prefix, 55),
    (Feature::Namespace, 40),
    (Feature::Labels, 45),
    (Feature::Annotations, 35),
    (Feature::Images, 30),
    (Feature::Replicas, 20),
    (Feature::Replacements, 30),
    (Feature::Vars, 20),
    (Feature::Configurations, 20),
    (Feature::Crds, 8),
    (Feature::OpenApi, 5),
    (Feature::Sort, 15),
    (Feature::BuildMetadata, 15),
    (Feature::Plugins, 20),
    (Feature::Legacy, 20),
    (Feature::Lists, 12),
    (Feature::Errors, 14),
    (Feature::Noise, 4),
    (Feature::Workloads, 70),
    (Feature::References, 60),
    (Feature::Custom, 50),
    (Feature::Structure, 25),
    (Feature::Namespaces, 30),
    (Feature::Anchors, 12),
    (Feature::Shapes, 7),
    (Feature::Deep, 15),
    (Feature::Outside, 8),
];

/// The features of one case.
#[derive(Clone, Debug)]
pub(crate) struct Features(u64);

impl Features {
    /// Chooses the features of a case.
    pub(crate) fn random(rng: &mut Rng) -> Self {
        let bits = ALL
            .iter()
            .filter(|(_, percent)| rng.chance(*percent))
            .fold(0, |bits, (f, _)| bits | 1 << *f as u64);
        Self(bits)
    }

    /// Returns true if the case may use it.
    pub(crate) fn has(&self, feature: Feature) -> bool {
        self.0 & (1 << feature as u64) != 0
    }

    /// Takes a feature away from what is still to be generated.
    pub(crate) fn clear(&mut self, feature: Feature) {
        self.0 &= !(1 << feature as u64);
    }
}
