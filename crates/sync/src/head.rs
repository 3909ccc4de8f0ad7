//! What an object says first: its identity and its annotations, read in one pass.

use crate::hooks::{HELM_HOOK, HOOK, ObjectOptions, SYNC_OPTIONS};
use ecow::EcoString;
use trueup_manifest::{Gvk, Map, Value};

/// The beginning of an object. Whatever is absent or of the wrong type is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Head<'a> {
    pub(crate) api_version: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) annotations: Option<&'a Map>,
}

impl<'a> Head<'a> {
    pub(crate) fn of(object: &'a Value) -> Self {
        let mut head = Self::default();
        let text = |value: &'a Value| value.as_str().unwrap_or_default();
        for (key, value) in object.as_map().into_iter().flatten() {
            match key.as_str() {
                "apiVersion" => head.api_version = text(value),
                "kind" => head.kind = text(value),
                "metadata" => head.read_metadata(value),
                _ => {}
            }
        }
        head
    }

    fn read_metadata(&mut self, metadata: &'a Value) {
        for (key, value) in metadata.as_map().into_iter().flatten() {
            match key.as_str() {
                "name" => self.name = value.as_str().unwrap_or_default(),
                "namespace" => self.namespace = value.as_str().unwrap_or_default(),
                "annotations" => self.annotations = value.as_map().filter(|map| !map.is_empty()),
                _ => {}
            }
        }
    }

    pub(crate) fn group(&self) -> &'a str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    pub(crate) fn gvk(&self) -> Gvk {
        Gvk::new(self.api_version, self.kind)
    }

    /// Returns true if there is no hook annotation at all, as there nearly never is.
    pub(crate) fn is_plain(&self) -> bool {
        self.annotations.is_none_or(|map| !map.contains_key(HOOK) && !map.contains_key(HELM_HOOK))
    }

    /// The text of the sync options; empty if there are none.
    pub(crate) fn options(&self) -> EcoString {
        let text = self.annotations.and_then(|map| map.get(SYNC_OPTIONS)).and_then(Value::as_eco_str);
        text.cloned().unwrap_or_default()
    }

    pub(crate) fn object_options(&self) -> ObjectOptions<'a> {
        let text = self.annotations.and_then(|map| map.get(SYNC_OPTIONS)).and_then(Value::as_str);
        ObjectOptions::text(text.unwrap_or_default())
    }
}
