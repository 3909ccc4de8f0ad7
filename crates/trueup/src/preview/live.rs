//! What runs in a cluster, indexed by who tracks it and by what it is.

use std::collections::BTreeMap;
use trueup_diff::tracking::Tracking;
use trueup_manifest::{EcoString, Object, ResourceKey, Value};

pub(super) struct LiveIndex<'w> {
    by_application: BTreeMap<EcoString, Vec<&'w Value>>,
    by_key: BTreeMap<ResourceKey, &'w Value>,
}

impl<'w> LiveIndex<'w> {
    pub(super) fn new(objects: &'w [Value], tracking: &Tracking) -> Self {
        let mut index = Self { by_application: BTreeMap::new(), by_key: BTreeMap::new() };
        for object in objects {
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
