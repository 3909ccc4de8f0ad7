//! Name references: fields that hold the name of another resource follow that resource when it is renamed.

use crate::config::{Referrers, TransformerConfig};
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{self, Create, FieldSpec};
use crate::go_syntax::go_type;
use crate::ids::{Gvk, NOT_A_NAMESPACE, ResId};
use crate::items;
use crate::node;
use crate::resmap::ResMap;
use crate::resource::{Resource, push_exact};
use crate::steps;
use ecow::EcoString;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Map, Value, View, yaml};
use trueup_schema::kustomize::Schema;

/// Updates every reference to a resource that has been renamed or moved.
pub(crate) fn fix_references(map: &mut ResMap, config: &TransformerConfig, schema: &Schema) -> Result<()> {
    let index = Index::new(&map.list, schema);
    let mut changes: Vec<(usize, Value)> = Vec::new();
    for (at, resource) in map.list.iter().enumerate() {
        let referrers = config.referrers_of(&resource.org_id(schema).gvk);
        let namespaces =
            if referrers.pairs.is_empty() { BTreeSet::new() } else { subject_namespaces(resource)? };
        let referrer = Referrer { at, resource, namespaces, index: &index, list: &map.list, schema };
        if let Some(value) = referrer.update(&referrers)? {
            changes.push((at, value));
        }
    }
    for (at, value) in changes {
        if let Some(resource) = map.list.get_mut(at) {
            resource.value = value;
        }
    }
    Ok(())
}

/// The namespaces of the service accounts that a role binding names.
fn subject_namespaces(resource: &Resource) -> Result<BTreeSet<EcoString>> {
    let mut namespaces = BTreeSet::new();
    if resource.kind() != "RoleBinding" {
        return Ok(namespaces);
    }
    let subjects = resource.value.get("subjects").and_then(Value::as_seq).unwrap_or_default();
    for subject in subjects {
        let subject = subject.as_map().ok_or_else(|| not_a(subject, "map[string]interface {}"))?;
        let (Some(namespace), Some(kind)) = (subject.get("namespace"), subject.get("kind")) else { continue };
        if go_string(kind).ok_or_else(|| not_a(kind, "string"))? != "ServiceAccount" {
            continue;
        }
        let Some(namespace) = go_string(namespace) else {
            let id = crate::resource::display_id(&resource.value);
            let message = format!("Invalid Input: namespace is blank for resource {:?}\n", id.to_string());
            return Err(Error::new(ErrorKind::AmbiguousReference, message));
        };
        namespaces.insert(namespace.into());
    }
    Ok(namespaces)
}

/// The text of what Go reads as a string; a time is none.
fn go_string(value: &Value) -> Option<&str> {
    value.as_str().filter(|_| go_type(value) == "string")
}

/// The complaint about a part of a subject, over which upstream panics.
fn not_a(value: &Value, wanted: &str) -> Error {
    let message = format!("interface conversion: interface {{}} is {}, not {wanted}", go_type(value));
    Error::new(ErrorKind::InvalidManifest, message)
}

/// What referring needs to know about each resource, and who had a name.
struct Index {
    ids: Vec<Ids>,
    by_name: BTreeMap<EcoString, Vec<usize>>,
    /// Some that were loaded in a namespace: one for each namespace they are in now.
    by_origin: BTreeMap<EcoString, Vec<usize>>,
}

struct Ids {
    cur: ResId,
    org_namespace: EcoString,
}

impl Ids {
    /// Whether both are in the same namespace now, or in none.
    fn is_placed_like(&self, other: &Self) -> bool {
        self.cur.cluster_scoped == other.cur.cluster_scoped && self.cur.namespace == other.cur.namespace
    }
}

impl Index {
    fn new(list: &[Resource], schema: &Schema) -> Self {
        let mut by_name: BTreeMap<EcoString, Vec<usize>> = BTreeMap::new();
        let mut by_origin: BTreeMap<EcoString, Vec<usize>> = BTreeMap::new();
        let mut ids: Vec<Ids> = Vec::with_capacity(list.len());
        for (at, resource) in list.iter().enumerate() {
            for previous in &resource.history().previous {
                let holders = by_name.entry(previous.name.clone()).or_default();
                if holders.last() != Some(&at) {
                    push_exact(holders, at);
                }
            }
            let cur = resource.cur_id(schema);
            let org_namespace = match resource.prev_ids().next() {
                Some(first) => first.effective_namespace().into(),
                None => cur.effective_namespace().into(),
            };
            let own = Ids { cur, org_namespace };
            let alike = by_origin.entry(own.org_namespace.clone()).or_default();
            if !alike.iter().filter_map(|at| ids.get(*at)).any(|other| other.is_placed_like(&own)) {
                alike.push(at);
            }
            ids.push(own);
        }
        Self { ids, by_name, by_origin }
    }
}

/// One resource whose references are updated.
struct Referrer<'r> {
    at: usize,
    resource: &'r Resource,
    /// Namespaces that a role binding reaches into.
    namespaces: BTreeSet<EcoString>,
    index: &'r Index,
    list: &'r [Resource],
    schema: &'r Schema,
}

/// Which referral is meant when several candidates are left.
#[derive(Clone, Copy)]
enum Alike {
    ByName,
    ByNameAndNamespace,
}

impl Referrer<'_> {
    fn update(&self, referrers: &Referrers) -> Result<Option<Value>> {
        if !referrers.pairs.is_empty() {
            self.check_api_version()?;
        }
        let mut current: Option<Value> = None;
        let matters = |field: &Value| self.may_set(field);
        let mut next = 0;
        let mut reaching = referrers.paths.reaching(&self.resource.value, &matters).into_iter();
        while let Some(number) = reaching.find(|number| *number >= next) {
            next = number + 1;
            let Some((target, spec)) = referrers.pairs.get(number) else { continue };
            let document = current.as_ref().unwrap_or(&self.resource.value);
            let role = self.role_of(spec, document);
            let updated = fieldspec::apply(document, spec, Create::No, &mut |field| {
                self.set(field, target, role.as_ref())
            });
            let updated = updated.map_err(|error| {
                let id = self.resource.cur_id(self.schema);
                error.wrap(format!("updating name reference in '{}' field of '{id}'", spec.path))
            })?;
            if let Some(updated) = updated {
                // What is there now may be a name that something else had.
                reaching = referrers.paths.reaching(&updated, &matters).into_iter();
                current = Some(updated);
            }
        }
        Ok(current)
    }

    /// Refuses what upstream takes for the API version at one time and not at another: a null that has a text, and one with a group
    /// of nothing, which it puts together again without the slash.
    fn check_api_version(&self) -> Result<()> {
        let Some(value) = self.resource.value.get("apiVersion") else { return Ok(()) };
        let text = node::text(value);
        let (read, again) = match text.strip_prefix('/') {
            _ if node::is_null(value) => ("", text.as_str()),
            Some(version) => (text.as_str(), version),
            None => return Ok(()),
        };
        if read == again {
            return Ok(());
        }
        let message = format!("node-referrerOriginal 'APIVersion' mismatch '{read}' != '{again}'");
        Err(Error::new(ErrorKind::AmbiguousReference, message))
    }

    /// Whether [`Referrer::set`] may do something to a field: change it, or fail.
    fn may_set(&self, field: &Value) -> bool {
        let is_name = |field: &Value| match node::text_in(field) {
            Some(text) => self.index.by_name.contains_key(text),
            None => self.index.by_name.contains_key(&node::text(field)),
        };
        match field.view() {
            View::Map(map) => map.get("name").is_none_or(is_name),
            View::Seq(items) => items.iter().any(|item| item.is_seq() || self.may_set(item)),
            _ => !node::is_null(field) && is_name(field),
        }
    }

    fn set(&self, field: &Value, target: &Gvk, role: Option<&Gvk>) -> Result<Option<Value>> {
        if node::is_null(field) {
            return Ok(None);
        }
        match field.view() {
            View::Map(map) => self.set_map(map, target, role),
            View::Seq(_) => items::edit(field, |item| match item.view() {
                _ if node::is_null(item) => Ok(None),
                View::Map(map) => self.set_map(map, target, role),
                View::Seq(_) => {
                    let message = "a list is expected to be either a string or a map of string";
                    Err(Error::new(ErrorKind::Transformer, message))
                }
                _ => self.set_scalar(item, target, role),
            }),
            _ => self.set_scalar(field, target, role),
        }
    }

    fn set_scalar(&self, field: &Value, target: &Gvk, role: Option<&Gvk>) -> Result<Option<Value>> {
        let old = node::text(field);
        let candidates = self.named(&old);
        let Some(referral) = self.select(candidates, target, role, Alike::ByName)? else { return Ok(None) };
        let name = referral.name();
        Ok((name != old).then(|| node::set_over(field, &node::plain(name))))
    }

    fn set_map(&self, map: &Map, target: &Gvk, role: Option<&Gvk>) -> Result<Option<Value>> {
        let Some(name_field) = map.get("name") else {
            return Err(Error::new(ErrorKind::Transformer, "path config error; no 'name' field in node"));
        };
        let old = node::text(name_field);
        let mut candidates = self.named(&old);
        if let Some(namespace) = map.get("namespace")
            && !candidates.is_empty()
        {
            let namespace = node::text(namespace);
            let by_origin = namespace != NOT_A_NAMESPACE && self.reaches_origin(&namespace);
            candidates.retain(|at| {
                self.index.ids.get(*at).is_some_and(|ids| {
                    if by_origin {
                        ids.org_namespace == namespace
                    } else {
                        ids.cur.effective_namespace() == namespace && namespace != NOT_A_NAMESPACE
                    }
                })
            });
        }
        let Some(referral) = self.select(candidates, target, role, Alike::ByNameAndNamespace)? else {
            return Ok(None);
        };
        let (name, namespace) = (referral.name(), referral.namespace());
        if name == old && namespace.is_empty() {
            return Ok(None);
        }
        let mut map = map.clone();
        node::set_field(&mut map, "name", &node::plain(name));
        if !namespace.is_empty() {
            node::set_field(&mut map, "namespace", &node::plain(namespace));
        }
        Ok(Some(map.into()))
    }

    /// Those that had a name and that this resource may refer to.
    fn named(&self, name: &str) -> Vec<usize> {
        let all = self.index.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        all.iter()
            .copied()
            .filter(|at| self.index.ids.get(*at).is_some_and(|ids| self.reaches(ids)))
            .collect()
    }

    /// Whether this resource could refer to any that was loaded in a namespace.
    fn reaches_origin(&self, namespace: &str) -> bool {
        let some = self.index.by_origin.get(namespace).map(Vec::as_slice).unwrap_or_default();
        some.iter().filter_map(|at| self.index.ids.get(*at)).any(|ids| self.reaches(ids))
    }

    fn own(&self) -> Option<&ResId> {
        self.index.ids.get(self.at).map(|ids| &ids.cur)
    }

    /// Whether this resource could refer to another.
    fn reaches(&self, other: &Ids) -> bool {
        steps::count();
        self.own().is_some_and(|own| {
            own.cluster_scoped
                || other.cur.cluster_scoped
                || own.same_namespace(&other.cur)
                || self.namespaces.contains(&other.cur.namespace)
        })
    }

    /// What `roleRef` refers to, for the specs that are about it.
    fn role_of(&self, spec: &FieldSpec, document: &Value) -> Option<Gvk> {
        if !spec.path.ends_with("roleRef/name") {
            return None;
        }
        let role = document.get("roleRef")?;
        let text = |key: &str| role.get(key).map(node::text);
        Some(Gvk { group: text("apiGroup")?, version: EcoString::new(), kind: text("kind")? })
    }

    fn select(
        &self,
        mut candidates: Vec<usize>,
        target: &Gvk,
        role: Option<&Gvk>,
        alike: Alike,
    ) -> Result<Option<&Resource>> {
        let had = |at: &usize, gvk: &Gvk| {
            self.list.get(*at).is_some_and(|other| other.prev_ids().any(|id| id.gvk.is_selected(gvk)))
        };
        candidates.retain(|at| had(at, target) && role.is_none_or(|role| had(at, role)));
        candidates.retain(|at| self.is_near(*at));
        if let [only] = *candidates {
            return Ok(self.list.get(only));
        }
        candidates.retain(|at| self.list.get(*at).is_some_and(|other| self.same_affixes(other, true)));
        if candidates.len() > 1 {
            candidates.retain(|at| self.list.get(*at).is_some_and(|other| self.same_affixes(other, false)));
        }
        let left: Vec<&Resource> = candidates.iter().filter_map(|at| self.list.get(*at)).collect();
        let Some((first, rest)) = left.split_first() else { return Ok(None) };
        let same = |other: &&Resource| {
            first.name() == other.name()
                && (matches!(alike, Alike::ByName) || first.namespace() == other.namespace())
        };
        if rest.iter().all(same) { Ok(Some(first)) } else { Err(self.ambiguous(&left)) }
    }

    /// Whether a candidate is in the referrer's namespace, or may be in any.
    fn is_near(&self, at: usize) -> bool {
        let (Some(own), Some(other)) = (self.own(), self.index.ids.get(at)) else { return false };
        own.cluster_scoped
            || other.cur.cluster_scoped
            || other.cur.gvk.kind == "ServiceAccount"
            || own.same_namespace(&other.cur)
    }

    fn same_affixes(&self, other: &Resource, allow_empty: bool) -> bool {
        let (own, other) = (self.resource.history(), other.history());
        let same = |a: &[EcoString], b: &[EcoString]| {
            (allow_empty && (a.is_empty() || b.is_empty())) || same_ending(a, b)
        };
        same(&own.prefixes, &other.prefixes) && same(&own.suffixes, &other.suffixes)
    }

    fn ambiguous(&self, candidates: &[&Resource]) -> Error {
        let ids: Vec<_> = candidates.iter().map(|other| other.cur_id(self.schema).to_string()).collect();
        let show = |resource: &Resource| yaml::to_string(&resource.value).unwrap_or_default();
        let mut message = format!("found multiple possible referrals: {}\n", ids.join(", "));
        message +=
            &format!("\n**** Too many possible referral targets to referrer:\n{}\n", show(self.resource));
        for (at, candidate) in candidates.iter().enumerate() {
            message += &format!("--- possible referral {at}:\n{}\n", show(candidate));
        }
        Error::new(ErrorKind::AmbiguousReference, message)
    }
}

/// Whether the shorter list is the end of the longer one; an empty one only of an empty one.
fn same_ending(a: &[EcoString], b: &[EcoString]) -> bool {
    if a.is_empty() || b.is_empty() {
        return a.len() == b.len();
    }
    a.ends_with(b) || b.ends_with(a)
}
