//! The history as annotations, which is how upstream keeps it: written down where a patch could see it, read back, cleaned up.

use super::history::{Behavior, History, Previous, is_history, previous_ids};
use super::texts::{data_map, fresh_string, is_repeated};
use super::{DOMAIN, ORIGIN, Resource, TRANSFORMATIONS};
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::wrong_kind;
use crate::kustomization::StringMap;
use crate::node;
use ecow::EcoString;
use std::sync::Arc;
use trueup_manifest::{Map, Value};

/// The annotations that a build never prints.
const BUILD_ANNOTATIONS: [&str; 19] = [
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
    "internal.config.kubernetes.io/helm-generated",
];

impl Resource {
    /// Forgets what upstream keeps in annotations.
    pub(crate) fn forget_history(&mut self) {
        let history = self.history_mut();
        *history = History {
            variables: std::mem::take(&mut history.variables),
            cells: history.cells,
            ..History::default()
        };
    }

    /// The document with the build annotations that upstream would have put there by now.
    pub(crate) fn with_annotations(&self) -> Value {
        let mut copy = self.clone();
        for (key, text) in self.build_annotations() {
            copy.set_annotation(key, &text);
        }
        copy.value
    }

    /// The document as messages show it: JSON, upstream's own annotations included.
    pub(crate) fn as_json(&self) -> String {
        let mut copy = self.clone();
        copy.value = self.with_annotations();
        let annotations = copy.annotations();
        copy.set_annotations(&annotations);
        trueup_manifest::json::to_string(&copy.value).unwrap_or_default()
    }

    fn build_annotations(&self) -> Vec<(&'static str, String)> {
        let History { previous, unnamed, prefixes, suffixes, .. } = &*self.history;
        let join = |texts: Vec<&str>| texts.join(",");
        let ids = |part: fn(&Previous) -> &EcoString| {
            let texts = previous.iter().chain(unnamed).map(|id| part(id).as_str());
            join(texts.filter(|text| !text.is_empty()).collect())
        };
        let mut result = vec![
            ("internal.config.kubernetes.io/previousNames", ids(|id| &id.name)),
            ("internal.config.kubernetes.io/previousNamespaces", ids(|id| &id.namespace)),
            ("internal.config.kubernetes.io/previousKinds", ids(|id| &id.kind)),
            ("internal.config.kubernetes.io/prefixes", join(prefixes.iter().map(|p| &**p).collect())),
            ("internal.config.kubernetes.io/suffixes", join(suffixes.iter().map(|s| &**s).collect())),
        ];
        let flags = [
            ("internal.config.kubernetes.io/needsHashSuffix", self.history.needs_hash),
            ("internal.config.kubernetes.io/allowNameChange", self.history.allow_name_change),
            ("internal.config.kubernetes.io/allowKindChange", self.history.allow_kind_change),
        ];
        result.extend(flags.iter().filter(|(_, on)| *on).map(|(key, _)| (*key, "enabled".to_owned())));
        if let Some(behavior) = self.history.behavior {
            result.push(("internal.config.kubernetes.io/generatorBehavior", behavior.name().into()));
        }
        if self.history.helm_generated {
            result.push(("internal.config.kubernetes.io/helm-generated", "true".to_owned()));
        }
        result.retain(|(_, text)| !text.is_empty());
        result
    }

    /// Reads the build annotations of the document into the history, and removes them from the document.
    pub(crate) fn take_annotations(&mut self) {
        let annotations = self.value.at(&["metadata", "annotations"]).and_then(Value::as_map);
        if !annotations.is_some_and(|map| map.keys().any(|key| key.starts_with(DOMAIN))) {
            return;
        }
        let texts = self.annotations();
        let get = |key: &str| texts.get(format!("{DOMAIN}{key}").as_str());
        let csv = |key| get(key).map(|text| text.split(',').map(EcoString::from).collect::<Vec<_>>());
        let history = History {
            previous: previous_ids(csv("previousNames"), csv("previousNamespaces"), csv("previousKinds")),
            prefixes: csv("prefixes").unwrap_or_default(),
            suffixes: csv("suffixes").unwrap_or_default(),
            behavior: get("generatorBehavior").map(|text| Behavior::of(text)),
            needs_hash: get("needsHashSuffix").is_some_and(|text| text == "enabled"),
            allow_name_change: get("allowNameChange").is_some_and(|text| text == "enabled"),
            allow_kind_change: get("allowKindChange").is_some_and(|text| text == "enabled"),
            helm_generated: get("helm-generated").is_some_and(|text| text == "true"),
            unnamed: self.history.unnamed.clone(),
            variables: self.history.variables.clone(),
            cells: self.history.cells,
        };
        self.history = Arc::new(history);
        if let Some(map) = self.value.at_mut(&["metadata", "annotations"]).and_then(Value::as_map_mut) {
            map.retain(|key, _| !is_history(key));
        }
    }

    /// Takes labels, annotations, name, namespace and history over from the resource that this one replaces or merges with.
    ///
    /// A label or annotation without a name cannot be set. Upstream does not look at that error: what it came to is lost, and
    /// what comes behind it stays.
    ///
    /// # Errors
    /// When those of the other are a list that cannot be taken for a map.
    pub(crate) fn take_metadata_from(&mut self, other: &Self) -> Result<()> {
        ["labels", "annotations"].iter().try_for_each(|field| other.check_pairs(field))?;
        let mut labels = other.labels();
        labels.extend(self.labels());
        if labels.contains_key("") {
            self.clear_texts("labels");
            return Ok(());
        }
        self.set_labels(&labels);
        let mut annotations = other.annotations();
        annotations.extend(self.annotations());
        if !self.set_all_annotations(&annotations) {
            return Ok(());
        }
        self.set_name(&other.name());
        self.set_namespace(&other.namespace());
        let needs_hash = self.history.needs_hash && other.history.needs_hash;
        let cells = self.history.cells;
        self.history = Arc::new(History { needs_hash, cells, ..History::clone(&other.history) });
        Ok(())
    }

    /// Sets the annotations; if one has no name, all are lost, and what upstream notes among them, and the answer is false.
    pub(crate) fn set_all_annotations(&mut self, annotations: &StringMap) -> bool {
        let fits = !annotations.contains_key("");
        if fits {
            self.set_annotations(annotations);
        } else {
            self.forget_history();
            self.clear_texts("annotations");
        }
        fits
    }

    /// Leaves nothing in the labels or annotations.
    fn clear_texts(&mut self, field: &str) {
        let Some(meta) = self.value.get_mut("metadata").and_then(Value::as_map_mut) else { return };
        meta.remove(field);
        meta.get_or_insert_with(field, || Map::new().into());
    }

    /// Merges `data` or `binaryData` of another resource under that of this one.
    pub(crate) fn merge_data_from(&mut self, other: &Self) {
        for field in ["data", "binaryData"] {
            let mut merged = data_map(&other.value, field);
            merged.extend(data_map(&self.value, field));
            let Some(root) = self.value.as_map_mut() else { return };
            root.remove(field);
            if merged.is_empty() {
                continue;
            }
            let values = merged.into_iter().map(|(key, text)| (key, fresh_string(&text)));
            root.insert(field, node::fresh_map(values));
        }
    }

    /// Refuses labels or annotations that are a list of odd length, over which upstream panics.
    pub(crate) fn check_pairs(&self, field: &str) -> Result<()> {
        match self.value.at(&["metadata", field]).and_then(Value::as_seq).map(<[Value]>::len) {
            Some(len) if len % 2 == 1 => {
                let message = format!("runtime error: index out of range [{len}] with length {len}");
                Err(Error::new(ErrorKind::InvalidManifest, message))
            }
            _ => Ok(()),
        }
    }

    /// Brings the annotations into the shape in which upstream prints them: strings, without its own.
    ///
    /// # Errors
    /// When upstream cannot set them: they are a list of odd length, or one has no name.
    pub(crate) fn finish(&mut self, keep_origin: bool, keep_transformations: bool) -> Result<()> {
        self.check_pairs("annotations")?;
        if is_repeated(&self.value, "annotations") {
            // Upstream sets them once for each kind that it takes out.
            let rounds = [!self.annotations().is_empty(), !keep_origin, !keep_transformations];
            for _ in 1..rounds.into_iter().filter(|taken| *taken).count() {
                let annotations = self.annotations();
                self.set_annotations(&annotations);
            }
        }
        let mut annotations = self.annotations();
        if annotations.contains_key("") {
            return Err(wrong_kind("ScalarNode", &Map::new().into()));
        }
        annotations.retain(|key, _| {
            !BUILD_ANNOTATIONS.contains(&key.as_str())
                && (keep_origin || key != ORIGIN)
                && (keep_transformations || key != TRANSFORMATIONS)
        });
        if !keep_origin || !keep_transformations || self.had_annotations() {
            self.set_annotations(&annotations);
        }
        Ok(())
    }

    /// Whether upstream would have seen any annotation before it cleaned up.
    fn had_annotations(&self) -> bool {
        !self.annotations().is_empty() || !self.build_annotations().is_empty()
    }
}
