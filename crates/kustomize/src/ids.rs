//! Identity: group, version and kind; resource ids; and when two of them are the same.

use ecow::EcoString;
use std::fmt;
use trueup_schema::kustomize::Schema;

/// The namespace that stands for "no namespace, cluster-scoped" among previous namespaces.
pub(crate) const NOT_A_NAMESPACE: &str = "_non_namespaceable_";
const DEFAULT_NAMESPACE: &str = "default";

/// Group, version and kind. As a selector, an empty part matches anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gvk {
    pub(crate) group: EcoString,
    pub(crate) version: EcoString,
    pub(crate) kind: EcoString,
}

impl Gvk {
    pub(crate) fn of(api_version: &str, kind: &str) -> Self {
        let (group, version) = split_api_version(api_version);
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    pub(crate) fn is_selected(&self, selector: &Self) -> bool {
        let matches = |want: &str, have: &str| want.is_empty() || want == have;
        matches(&selector.kind, &self.kind)
            && matches(&selector.group, &self.group)
            && matches(&selector.version, &self.version)
    }

    pub(crate) fn api_version(&self) -> EcoString {
        join_api_version(&self.group, &self.version)
    }

    /// The text that breaks ties in every built-in order.
    pub(crate) fn sort_text(&self) -> String {
        let or = |text: &EcoString, default: &str| {
            if text.is_empty() { default.to_owned() } else { text.to_string() }
        };
        format!("{}_{}_{}", or(&self.group, "~G"), or(&self.version, "~V"), or(&self.kind, "~K"))
    }
}

impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &'_ EcoString, default: &'static str| {
            if text.is_empty() { EcoString::from(default) } else { text.clone() }
        };
        write!(
            f,
            "{}.{}.{}",
            or(&self.kind, "[noKind]"),
            or(&self.version, "[noVer]"),
            or(&self.group, "[noGrp]")
        )
    }
}

/// Splits `group/version`; the core group is empty.
pub(crate) fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

pub(crate) fn join_api_version(group: &str, version: &str) -> EcoString {
    if group.is_empty() { version.into() } else { ecow::eco_format!("{group}/{version}") }
}

/// A resource id: what is unique in one build.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ResId {
    pub(crate) gvk: Gvk,
    pub(crate) name: EcoString,
    pub(crate) namespace: EcoString,
    /// Known to be cluster-scoped. Previous ids never are: they carry [`NOT_A_NAMESPACE`] instead.
    pub(crate) cluster_scoped: bool,
}

impl ResId {
    pub(crate) fn new(gvk: Gvk, name: EcoString, namespace: EcoString, schema: &Schema) -> Self {
        let cluster_scoped = schema.is_cluster_scoped(&gvk.api_version(), &gvk.kind);
        Self { gvk, name, namespace, cluster_scoped }
    }

    pub(crate) fn effective_namespace(&self) -> &str {
        if self.cluster_scoped {
            NOT_A_NAMESPACE
        } else if self.namespace.is_empty() {
            DEFAULT_NAMESPACE
        } else {
            &self.namespace
        }
    }

    pub(crate) fn same_namespace(&self, other: &Self) -> bool {
        self.effective_namespace() == other.effective_namespace()
    }

    /// Equality but for the namespace.
    pub(crate) fn same_but_namespace(&self, other: &Self) -> bool {
        self.name == other.name && self.gvk == other.gvk
    }

    /// Equality as ids: no namespace is the default one, and cluster-scoped kinds have none.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.same_but_namespace(other) && self.same_namespace(other)
    }

    /// The key under which [`ResId::same`] ids are equal.
    pub(crate) fn key(&self) -> IdKey {
        (self.name.clone(), self.gvk.clone(), self.effective_namespace().into())
    }

    /// Whether the id matches a selector whose empty parts match anything.
    pub(crate) fn is_selected_by(&self, selector: &Self) -> bool {
        (selector.name.is_empty() || selector.name == self.name)
            && (selector.namespace.is_empty() || selector.same_namespace(self))
            && self.gvk.is_selected(&selector.gvk)
    }
}

/// See [`ResId::key`].
pub(crate) type IdKey = (EcoString, Gvk, EcoString);

impl fmt::Display for ResId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &'_ EcoString, default: &'static str| {
            if text.is_empty() { EcoString::from(default) } else { text.clone() }
        };
        write!(f, "{}/{}.{}", self.gvk, or(&self.name, "[noName]"), or(&self.namespace, "[noNs]"))
    }
}
