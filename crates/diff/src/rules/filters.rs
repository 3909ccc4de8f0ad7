//! Which kinds Argo CD does not look at: `resource.exclusions` and `resource.inclusions` of its config map.

use super::texts;
use crate::object::{group_of, kind_of};
use trueup_manifest::{Diagnostic, EcoString, Glob, Value};

/// What Argo CD never looks at: (group, kinds; all of the group when there are none).
const ALWAYS: [(&str, &[&str]); 4] =
    [("events.k8s.io", &[]), ("metrics.k8s.io", &[]), ("", &["Event"]), ("coordination.k8s.io", &["Lease"])];

/// Which kinds take no part, by cluster.
///
/// What is excluded stays out even where it is included. Where inclusions name a cluster, only what they include takes
/// part there.
///
/// ```
/// use trueup_diff::rules::Settings;
/// let data = r#"{"resource.exclusions": "- apiGroups: ['*.cilium.io']\n  kinds: [CiliumIdentity]\n"}"#;
/// let settings = Settings::from_config_map(&serde_json::from_str(data).unwrap()).unwrap();
/// assert!(settings.filters.excludes("v2.cilium.io", "CiliumIdentity", "https://kubernetes.default.svc"));
/// assert!(settings.filters.excludes("", "Event", "any"));
/// assert!(!settings.filters.excludes("", "Service", "any"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Filters {
    exclusions: Vec<Filter>,
    inclusions: Vec<Filter>,
}

/// One entry; an empty list of a part matches everything.
#[derive(Clone, Debug)]
struct Filter {
    groups: Vec<Glob>,
    kinds: Vec<EcoString>,
    clusters: Vec<Glob>,
}

impl Filter {
    fn from_value(entry: &Value) -> Self {
        let globs = |key| texts(entry.get(key)).iter().map(|glob| Glob::lenient(glob)).collect();
        Self { groups: globs("apiGroups"), kinds: texts(entry.get("kinds")), clusters: globs("clusters") }
    }

    fn is_about(&self, cluster: &str) -> bool {
        any(&self.clusters, |glob| glob.matches(cluster))
    }

    fn matches(&self, group: &str, kind: &str, cluster: &str) -> bool {
        any(&self.groups, |glob| glob.matches(group))
            && any(&self.kinds, |own| own == "*" || own == kind)
            && self.is_about(cluster)
    }
}

fn any<T>(list: &[T], matches: impl Fn(&T) -> bool) -> bool {
    list.is_empty() || list.iter().any(matches)
}

impl Filters {
    pub(super) fn new(exclusions: &Value, inclusions: &Value) -> Self {
        let entries = |list: &Value| -> Vec<Filter> {
            list.as_seq().unwrap_or_default().iter().map(Filter::from_value).collect()
        };
        Self { exclusions: entries(exclusions), inclusions: entries(inclusions) }
    }

    /// Tells whether a kind takes no part in a cluster, which is named by its server.
    pub fn excludes(&self, group: &str, kind: &str, cluster: &str) -> bool {
        let always = ALWAYS.iter().any(|(own, kinds)| *own == group && any(kinds, |own| *own == kind));
        let listed = |list: &[Filter]| list.iter().any(|filter| filter.matches(group, kind, cluster));
        always
            || listed(&self.exclusions)
            || (!listed(&self.inclusions) && self.inclusions.iter().any(|filter| filter.is_about(cluster)))
    }

    /// Tells whether an object takes no part in a cluster.
    pub fn excludes_object(&self, object: &Value, cluster: &str) -> bool {
        self.excludes(group_of(object), kind_of(object), cluster)
    }

    /// Takes what is excluded out of what an Application wants, and says so.
    pub fn retain(&self, desired: &mut Vec<Value>, cluster: &str) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        desired.retain(|object| {
            let excluded = self.excludes_object(object, cluster);
            if excluded {
                let name = object.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or_default();
                let (group, kind) = (group_of(object), kind_of(object));
                let message = format!("Resource {group}/{kind} {name} is excluded in the settings");
                diagnostics.push(Diagnostic::warning("diff/excluded-resource", message));
            }
            !excluded
        });
        diagnostics
    }
}
