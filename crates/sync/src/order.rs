//! The order of tasks: phase, wave, kind, name; then dependencies moved in front of what needs them.

use crate::hooks::Phase;
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::{Object, ResourceKey, Value};

/// The kinds that have a place, first to last. Whatever else there is comes after them.
const KINDS: [&str; 35] = [
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
];

/// Returns where a kind stands among others: negative for the kinds that have a place, 0 for all others.
///
/// ```
/// use trueup_sync::kind_weight;
///
/// assert!(kind_weight("Namespace") < kind_weight("Deployment"));
/// assert_eq!(kind_weight("PaymentGateway"), 0);
/// ```
pub fn kind_weight(kind: &str) -> i32 {
    (-35..0).zip(KINDS).find(|(_, known)| *known == kind).map_or(0, |(weight, _)| weight)
}

/// One thing to put in order.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// The phase; a dependency takes the phase of what needs it.
    pub phase: Phase,
    /// The wave; a dependency takes the wave of what needs it.
    pub wave: i64,
    /// The kind, as the object writes it.
    pub kind: EcoString,
    /// The name, as the object writes it.
    pub name: EcoString,
    /// What this object provides and needs; nothing for a prune.
    pub needs: Option<Needs>,
    /// Why it stands here, if that is not its own phase and wave.
    pub moved_before: Option<usize>,
    /// The caller's number.
    pub index: usize,
}

/// What a target provides and needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    is_namespace: bool,
    namespace: EcoString,
    group: EcoString,
    provides: Option<(EcoString, EcoString)>,
}

impl Needs {
    /// Reads what a target provides and needs.
    pub fn of(target: &Value) -> Self {
        Self::known(&Object::new(target).key(), target)
    }

    /// Reads what a target with this key provides and needs.
    pub(crate) fn known(key: &ResourceKey, target: &Value) -> Self {
        let may_provide = key.kind == "CustomResourceDefinition";
        let provides = if may_provide { crd_kind(target) } else { None };
        Self {
            is_namespace: key.kind == "Namespace" && key.group.is_empty(),
            namespace: key.namespace.clone(),
            group: key.group.clone(),
            provides: provides.map(|(group, kind)| (group.into(), kind.into())),
        }
    }
}

/// Returns true for a Namespace.
pub(crate) fn is_namespace(object: &Value) -> bool {
    let object = Object::new(object);
    object.kind() == "Namespace" && object.group().is_empty()
}

/// Returns true for a CustomResourceDefinition.
pub(crate) fn is_crd(object: &Value) -> bool {
    let object = Object::new(object);
    object.kind() == "CustomResourceDefinition" && object.group() == "apiextensions.k8s.io"
}

/// Returns the group and kind that a CustomResourceDefinition defines.
pub(crate) fn crd_kind(object: &Value) -> Option<(&str, &str)> {
    if !is_crd(object) {
        return None;
    }
    let text = |path: &[&str]| object.at(path).and_then(Value::as_str);
    Some((text(&["spec", "group"])?, text(&["spec", "names", "kind"])?))
}

/// Puts tasks in order.
///
/// Sorted by phase, wave, kind and name (ties keep the given order); then each Namespace, and after that each
/// CustomResourceDefinition, that comes later than the first object that needs it is moved directly in front of that object
/// and takes its phase and wave.
pub fn sort(tasks: &mut Vec<Ordered>) {
    // Weights are looked up once per task, and only small keys are moved while sorting.
    let mut keys: Vec<_> = tasks
        .iter()
        .enumerate()
        .map(|(place, task)| (task.phase, task.wave, kind_weight(&task.kind), task.name.as_str(), place))
        .collect();
    keys.sort_unstable();
    let places: Vec<usize> = keys.into_iter().map(|(.., place)| place).collect();
    let mut slots: Vec<Option<Ordered>> = tasks.drain(..).map(Some).collect();
    tasks.extend(places.into_iter().filter_map(|place| slots.get_mut(place).and_then(Option::take)));
    move_dependencies(
        tasks,
        |task, needs| needs.is_namespace.then(|| ("", task.name.as_str())),
        |_, needs| (!needs.namespace.is_empty()).then_some(("", needs.namespace.as_str())),
    );
    move_dependencies(
        tasks,
        |_, needs| needs.provides.as_ref().map(|(group, kind)| (group.as_str(), kind.as_str())),
        |task, needs| Some((needs.group.as_str(), task.kind.as_str())),
    );
}

type Key<'a> = Option<(&'a str, &'a str)>;

fn move_dependencies(
    tasks: &mut Vec<Ordered>,
    provides: impl for<'a> Fn(&'a Ordered, &'a Needs) -> Key<'a>,
    refers: impl for<'a> Fn(&'a Ordered, &'a Needs) -> Key<'a>,
) {
    let mut first: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut anchors: Vec<(usize, usize)> = Vec::new();
    for (position, task) in tasks.iter().enumerate() {
        let Some(needs) = &task.needs else { continue };
        if let Some(key) = provides(task, needs) {
            if let Some(anchor) = first.get(&key) {
                anchors.push((position, *anchor));
            }
        } else if let Some(key) = refers(task, needs) {
            first.entry(key).or_insert(position);
        }
    }
    if anchors.is_empty() {
        return;
    }
    let mut moved: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (position, anchor) in &anchors {
        moved.entry(*anchor).or_default().push(*position);
    }
    let mut slots: Vec<Option<Ordered>> = tasks.drain(..).map(Some).collect();
    for position in 0..slots.len() {
        let Some(anchor) = slots.get(position).and_then(Option::as_ref) else { continue };
        let (phase, wave, index) = (anchor.phase, anchor.wave, anchor.index);
        for dependency in moved.remove(&position).unwrap_or_default() {
            if let Some(mut task) = slots.get_mut(dependency).and_then(Option::take) {
                (task.phase, task.wave, task.moved_before) = (phase, wave, Some(index));
                tasks.push(task);
            }
        }
        tasks.extend(slots.get_mut(position).and_then(Option::take));
    }
}
