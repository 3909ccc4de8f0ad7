//! What runs in a cluster, indexed by who tracks it and by what it is.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use trueup_diff::ObjectKey;
use trueup_diff::rules::Settings;
use trueup_diff::tracking::Tracking;
use trueup_manifest::{EcoString, Object, ResourceKey, Value};
use trueup_schema::{Schema, openapi};

pub(super) struct LiveIndex<'w> {
    objects: &'w [Value],
    /// The types of custom kinds, as the CRDs in the cluster say.
    types: Option<Schema>,
    by_application: BTreeMap<EcoString, Vec<&'w Value>>,
    by_key: BTreeMap<ResourceKey, &'w Value>,
}

impl<'w> LiveIndex<'w> {
    /// Indexes what takes part; what the settings exclude Argo CD does not see.
    pub(super) fn new(objects: &'w [Value], server: &str, settings: &Settings) -> Self {
        let (tracking, types) = (&settings.tracking, types_of(objects.iter()));
        let (by_application, by_key) = (BTreeMap::new(), BTreeMap::new());
        let mut index = Self { objects, types, by_application, by_key };
        for object in objects.iter().filter(|object| !settings.filters.excludes_object(object, server)) {
            index.by_key.insert(Object::new(object).key(), object);
            // A copy that took another object's mark along belongs to nobody.
            if let Some(application) =
                tracking.app_name(object).filter(|_| tracking.is_self_reference(None, object))
            {
                index.by_application.entry(application).or_default().push(object);
            }
        }
        index
    }

    /// Everything in the cluster.
    pub(super) fn objects(&self) -> &'w [Value] {
        self.objects
    }

    /// The types of custom kinds in the cluster, and of those that some objects define.
    pub(super) fn types(&self, objects: &[Value]) -> Option<Cow<'_, Schema>> {
        if objects.iter().any(is_crd) {
            return types_of(self.objects.iter().chain(objects)).map(Cow::Owned);
        }
        self.types.as_ref().map(Cow::Borrowed)
    }

    /// The keys of everything that an Application has, and of some more.
    pub(super) fn managed(&self, more: &[ResourceKey]) -> BTreeSet<ObjectKey> {
        let tracked = self.by_application.values().flatten().map(|object| ObjectKey::of(object));
        let more = more.iter().cloned().map(|key| ObjectKey {
            group: key.group,
            kind: key.kind,
            namespace: key.namespace,
            name: key.name,
        });
        tracked.chain(more).collect()
    }

    /// The Application that the live object with this key says it belongs to.
    pub(super) fn owner(&self, key: &ResourceKey, tracking: &Tracking) -> Option<EcoString> {
        let object = self.by_key.get(key)?;
        tracking.app_name(object).filter(|_| tracking.is_self_reference(None, object))
    }

    /// The namespace of that name.
    pub(super) fn namespace(&self, name: &str) -> Option<&'w Value> {
        let key = ResourceKey { kind: "Namespace".into(), name: name.into(), ..ResourceKey::default() };
        self.by_key.get(&key).copied()
    }

    /// The objects that an Application tracks, and those that stand where it wants one.
    pub(super) fn of(&self, application: &str, desired: &[Value]) -> Vec<Value> {
        let tracked = self.by_application.get(application).into_iter().flatten();
        let mut found: BTreeMap<ResourceKey, &Value> =
            tracked.map(|object| (Object::new(object).key(), *object)).collect();
        for wanted in desired {
            let key = Object::new(wanted).key();
            if let Some(object) = self.by_key.get(&key) {
                found.insert(key, object);
            }
        }
        found.into_values().cloned().collect()
    }
}

fn is_crd(object: &Value) -> bool {
    object.get("kind").and_then(Value::as_str) == Some("CustomResourceDefinition")
}

fn types_of<'v>(objects: impl Iterator<Item = &'v Value>) -> Option<Schema> {
    let crds: Vec<&Value> = objects.filter(|object| is_crd(object)).collect();
    (!crds.is_empty()).then(|| openapi::parse(crds))
}
