//! Identity: group, version and kind; resource ids; and when two of them are the same.

use crate::node;
use ecow::EcoString;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;
use trueup_manifest::Value;
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

    /// The parts of the text that breaks ties in every built-in order.
    pub(crate) fn sort_parts(&self) -> [&str; 5] {
        [text_or(&self.group, "~G"), "_", text_or(&self.version, "~V"), "_", text_or(&self.kind, "~K")]
    }
}

/// A text, or what stands for an empty one.
pub(crate) fn text_or<'t>(text: &'t str, default: &'t str) -> &'t str {
    if text.is_empty() { default } else { text }
}

/// Compares two texts that are given in parts.
pub(crate) fn compare_joined(a: &[&str], b: &[&str]) -> Ordering {
    let (mut a, mut b) = (a.iter().map(|part| part.as_bytes()), b.iter().map(|part| part.as_bytes()));
    let (mut left, mut right): (&[u8], &[u8]) = (&[], &[]);
    loop {
        left = if left.is_empty() { a.find(|part| !part.is_empty()).unwrap_or_default() } else { left };
        right = if right.is_empty() { b.find(|part| !part.is_empty()).unwrap_or_default() } else { right };
        let same = left.len().min(right.len());
        let (Some((x, left_rest)), Some((y, right_rest))) =
            (left.split_at_checked(same), right.split_at_checked(same))
        else {
            return Ordering::Equal;
        };
        match x.cmp(y) {
            Ordering::Equal if same == 0 => return left.len().cmp(&right.len()),
            Ordering::Equal => (left, right) = (left_rest, right_rest),
            other => return other,
        }
    }
}

/// What follows from a document's `apiVersion` and `kind`.
#[derive(Debug)]
pub(crate) struct Kind {
    api_version: EcoString,
    kind: EcoString,
    gvk: Arc<Gvk>,
    /// Whether the built-in schema says that it is namespaced.
    namespaced: Option<bool>,
}

impl Kind {
    pub(crate) fn of(api_version: EcoString, kind: EcoString) -> Self {
        let gvk = Gvk::of(&api_version, &kind);
        let namespaced = Schema::built_in().is_namespaced(&gvk.api_version(), &kind);
        Self { api_version, kind, gvk: Arc::new(gvk), namespaced }
    }

    /// Whether a document still says this.
    pub(crate) fn is_of(&self, document: &Value) -> bool {
        let says = |field, text: &str| match document.get(field) {
            Some(value) => node::has_text(value, text),
            None => text.is_empty(),
        };
        says("kind", &self.kind) && says("apiVersion", &self.api_version)
    }

    pub(crate) fn gvk(&self) -> &Arc<Gvk> {
        &self.gvk
    }

    /// The id of a resource of this kind.
    pub(crate) fn id(&self, name: EcoString, namespace: EcoString, schema: &Schema) -> ResId {
        let cluster_scoped = match self.namespaced {
            Some(namespaced) => !namespaced,
            None => !schema.is_built_in() && schema.is_cluster_scoped(&self.gvk.api_version(), &self.kind),
        };
        ResId { gvk: Arc::clone(&self.gvk), name, namespace, cluster_scoped }
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
    pub(crate) gvk: Arc<Gvk>,
    pub(crate) name: EcoString,
    pub(crate) namespace: EcoString,
    /// Known to be cluster-scoped. Previous ids never are: they carry [`NOT_A_NAMESPACE`] instead.
    pub(crate) cluster_scoped: bool,
}

impl ResId {
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
pub(crate) type IdKey = (EcoString, Arc<Gvk>, EcoString);

impl fmt::Display for ResId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &'_ EcoString, default: &'static str| {
            if text.is_empty() { EcoString::from(default) } else { text.clone() }
        };
        write!(f, "{}/{}.{}", self.gvk, or(&self.name, "[noName]"), or(&self.namespace, "[noNs]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_compare_as_the_whole_does() {
        let cases: [&[&str]; 8] =
            [&[], &["a"], &["", "a", "b"], &["ab", ""], &["a", "c"], &["abc"], &["b"], &["ab", "c", "d"]];
        for a in cases {
            for b in cases {
                assert_eq!(compare_joined(a, b), a.concat().cmp(&b.concat()), "{a:?} {b:?}");
            }
        }
    }
}
