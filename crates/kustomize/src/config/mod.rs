//! Transformer configuration: which fields each transformer touches, by default and by `configurations`.

mod crds;
mod definitions;
#[rustfmt::skip]
mod defaults;
mod read;

pub(crate) use crds::config_of_crds;
pub(crate) use definitions::{parse_crds, parse_openapi};
pub(crate) use read::config_of_document;

use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{FieldSpec, FieldSpecs, PathTree};
use crate::ids::{Gvk, compare_joined};
use defaults::Spec;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// A kind, and the fields of others that hold names of its resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BackReference {
    pub(crate) gvk: Gvk,
    pub(crate) referrers: Vec<FieldSpec>,
}

/// The fields of every transformer.
#[derive(Clone, Debug, Default)]
pub(crate) struct TransformerConfig {
    pub(crate) name_prefix: Arc<FieldSpecs>,
    pub(crate) name_suffix: Arc<FieldSpecs>,
    pub(crate) namespace: Arc<FieldSpecs>,
    pub(crate) common_labels: Arc<FieldSpecs>,
    pub(crate) labels: Arc<FieldSpecs>,
    pub(crate) template_labels: Arc<FieldSpecs>,
    pub(crate) common_annotations: Arc<FieldSpecs>,
    pub(crate) name_reference: Arc<Vec<BackReference>>,
    pub(crate) var_reference: Arc<FieldSpecs>,
    pub(crate) images: Arc<FieldSpecs>,
    pub(crate) replicas: Arc<FieldSpecs>,
    referrers: ReferrerCache,
}

/// Which fields of a kind refer to which kinds; worked out once for each kind.
#[derive(Debug, Default)]
struct ReferrerCache(Mutex<BTreeMap<Gvk, Arc<Referrers>>>);

/// The kinds that are referred to, and the fields that do so.
#[derive(Debug)]
pub(crate) struct Referrers {
    pub(crate) pairs: Vec<(Gvk, FieldSpec)>,
    pub(crate) paths: PathTree,
}

impl Clone for ReferrerCache {
    /// A copy is made to be changed, so it starts empty.
    fn clone(&self) -> Self {
        Self::default()
    }
}

static DEFAULT: LazyLock<Arc<TransformerConfig>> = LazyLock::new(|| {
    let back_reference = |&(group, version, kind, specs): &(&str, &str, &str, &[Spec])| BackReference {
        gvk: Gvk { group: group.into(), version: version.into(), kind: kind.into() },
        referrers: field_specs(specs),
    };
    Arc::new(TransformerConfig {
        name_prefix: Arc::new(field_specs(defaults::NAME_PREFIX).into()),
        name_suffix: Arc::new(field_specs(defaults::NAME_SUFFIX).into()),
        namespace: Arc::new(field_specs(defaults::NAMESPACE).into()),
        common_labels: Arc::new(field_specs(defaults::COMMON_LABELS).into()),
        labels: Arc::new(field_specs(defaults::LABELS).into()),
        template_labels: Arc::new(field_specs(defaults::TEMPLATE_LABELS).into()),
        common_annotations: Arc::new(field_specs(defaults::COMMON_ANNOTATIONS).into()),
        name_reference: Arc::new(defaults::NAME_REFERENCE.iter().map(back_reference).collect()),
        var_reference: Arc::new(field_specs(defaults::VAR_REFERENCE).into()),
        images: Arc::new(field_specs(defaults::IMAGES).into()),
        replicas: Arc::new(field_specs(defaults::REPLICAS).into()),
        referrers: ReferrerCache::default(),
    })
});

fn field_specs(specs: &[Spec]) -> Vec<FieldSpec> {
    let spec = |&(group, version, kind, path, create): &Spec| {
        let gvk = Gvk { group: group.into(), version: version.into(), kind: kind.into() };
        FieldSpec::new(gvk, path.into(), create)
    };
    specs.iter().map(spec).collect()
}

static EMPTY: LazyLock<Arc<TransformerConfig>> = LazyLock::new(Arc::default);

/// What nearly every build begins with.
static DEFAULT_OVER_EMPTY: LazyLock<Result<TransformerConfig>> =
    LazyLock::new(|| TransformerConfig::default().with(&DEFAULT));

impl TransformerConfig {
    /// Whether another one says the same.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let (own, others) = (&self.name_reference, &other.name_reference);
        self.lists().into_iter().zip(other.lists()).all(|(a, b)| Arc::ptr_eq(a, b) || ***a == ***b)
            && (Arc::ptr_eq(own, others) || own == others)
    }

    fn lists(&self) -> [&Arc<FieldSpecs>; 10] {
        [
            &self.name_prefix,
            &self.name_suffix,
            &self.namespace,
            &self.common_labels,
            &self.labels,
            &self.template_labels,
            &self.common_annotations,
            &self.var_reference,
            &self.images,
            &self.replicas,
        ]
    }

    /// The built-in configuration.
    pub(crate) fn built_in() -> Arc<Self> {
        Arc::clone(&DEFAULT)
    }

    /// The configuration without anything. Merging into it drops specs that an earlier one covers.
    pub(crate) fn empty() -> Arc<Self> {
        Arc::clone(&EMPTY)
    }

    /// Adds what another configuration has.
    pub(crate) fn merge(self: Arc<Self>, other: &Arc<Self>) -> Result<Arc<Self>> {
        if Arc::ptr_eq(&self, other) {
            return Ok(self);
        }
        if Arc::ptr_eq(&self, &EMPTY) && Arc::ptr_eq(other, &DEFAULT) {
            return DEFAULT_OVER_EMPTY.clone().map(Arc::new);
        }
        Self::clone(&self).with(other).map(Arc::new)
    }

    /// The fields of a kind that hold names of other resources, in the order in which they are updated.
    pub(crate) fn referrers_of(&self, kind: &Gvk) -> Arc<Referrers> {
        let mut known = self.referrers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(kind) {
            return Arc::clone(found);
        }
        let pairs = self.name_reference.iter().flat_map(|reference| {
            let specs = reference.referrers.iter().filter(|spec| kind.is_selected(&spec.gvk));
            specs.map(|spec| (reference.gvk.clone(), spec.clone().for_any_kind()))
        });
        let pairs: Vec<_> = pairs.collect();
        let paths = PathTree::new(pairs.iter().map(|(_, spec)| spec));
        let found = Arc::new(Referrers { pairs, paths });
        known.insert(kind.clone(), Arc::clone(&found));
        found
    }

    fn with(mut self, other: &Self) -> Result<Self> {
        let merged = &mut self;
        let failed =
            |what: &'static str| move |error: Error| error.wrap(format!("failed to merge {what} fieldSpec"));
        merge_lists(&mut merged.name_prefix, &other.name_prefix).map_err(failed("NamePrefix"))?;
        merge_lists(&mut merged.name_suffix, &other.name_suffix).map_err(failed("NameSuffix"))?;
        merge_lists(&mut merged.namespace, &other.namespace).map_err(failed("NameSpace"))?;
        merge_lists(&mut merged.common_annotations, &other.common_annotations)
            .map_err(failed("CommonAnnotations"))?;
        merge_lists(&mut merged.common_labels, &other.common_labels).map_err(failed("CommonLabels"))?;
        merge_lists(&mut merged.labels, &other.labels).map_err(failed("Labels"))?;
        merge_lists(&mut merged.template_labels, &other.template_labels).map_err(failed("TemplateLabels"))?;
        merge_lists(&mut merged.var_reference, &other.var_reference).map_err(failed("VarReference"))?;
        for reference in other.name_reference.iter() {
            merged.add_name_reference(reference).map_err(failed("NameReference"))?;
        }
        merge_lists(&mut merged.images, &other.images).map_err(failed("Images"))?;
        merge_lists(&mut merged.replicas, &other.replicas).map_err(failed("Replicas"))?;
        merged.sort();
        Ok(self)
    }

    fn add_name_reference(&mut self, other: &BackReference) -> Result<()> {
        let mut found = false;
        let own = Arc::make_mut(&mut self.name_reference);
        for reference in own.iter_mut().filter(|reference| reference.gvk == other.gvk) {
            merge_specs(&mut reference.referrers, &other.referrers)?;
            found = true;
        }
        if !found {
            own.push(other.clone());
        }
        Ok(())
    }

    fn sort(&mut self) {
        let lists = [
            &mut self.name_prefix,
            &mut self.name_suffix,
            &mut self.namespace,
            &mut self.common_labels,
            &mut self.labels,
            &mut self.template_labels,
            &mut self.common_annotations,
            &mut self.var_reference,
            &mut self.images,
            &mut self.replicas,
        ];
        for list in lists {
            FieldSpecs::edit(list).sort_by(|a, b| compare_kinds(&a.gvk, &b.gvk));
        }
        Arc::make_mut(&mut self.name_reference).sort_by(|a, b| compare_kinds(&a.gvk, &b.gvk));
    }
}

/// As [`merge_specs`], for a list that may be shared.
fn merge_lists(specs: &mut Arc<FieldSpecs>, others: &[FieldSpec]) -> Result<()> {
    merge_specs(FieldSpecs::edit(specs), others)
}

/// Adds the specs that are not there yet.
///
/// # Errors
/// When a spec is there with another `create`.
pub(crate) fn merge_specs(specs: &mut Vec<FieldSpec>, others: &[FieldSpec]) -> Result<()> {
    others.iter().try_for_each(|other| merge_spec(specs, other))
}

/// As [`merge_specs`], for one.
pub(crate) fn merge_spec(specs: &mut Vec<FieldSpec>, other: &FieldSpec) -> Result<()> {
    match specs.iter().find(|spec| spec.gvk.is_selected(&other.gvk) && spec.path == other.path) {
        Some(spec) if spec.create != other.create => {
            Err(Error::new(ErrorKind::Configuration, "conflicting fieldspecs"))
        }
        Some(_) => Ok(()),
        None => {
            specs.push(other.clone());
            Ok(())
        }
    }
}

const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// The kinds that come first, and those that come last, in the order that is called legacy.
pub(crate) fn default_order() -> (&'static [&'static str], &'static [&'static str]) {
    (&FIRST, &LAST)
}

fn compare_kinds(a: &Gvk, b: &Gvk) -> Ordering {
    let rank = |gvk: &Gvk| {
        let first = FIRST.iter().position(|kind| *kind == gvk.kind);
        let last = || LAST.iter().position(|kind| *kind == gvk.kind).map_or(0, |at| at as i64 + 1);
        first.map_or_else(last, |at| at as i64 - FIRST.len() as i64)
    };
    rank(a).cmp(&rank(b)).then_with(|| compare_joined(&a.sort_parts(), &b.sort_parts()))
}
