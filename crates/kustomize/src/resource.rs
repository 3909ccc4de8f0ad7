//! A resource: a document, and what the build knows about it.
//!
//! Upstream keeps that knowledge in annotations while it builds. Here it is data; [`Resource::with_annotations`] writes it
//! down where a patch could see it.

use crate::declared::Declared;
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::wrong_kind;
use crate::ids::{Gvk, Kind, ResId};
use crate::kustomization::StringMap;
use crate::trace::Version;
use crate::{node, steps};
use ecow::EcoString;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use trueup_manifest::{KeyKind, Map, ScalarStyle, Value};
use trueup_schema::kustomize::Schema;

const DOMAIN: &str = "internal.config.kubernetes.io/";
pub(crate) const ORIGIN: &str = "config.kubernetes.io/origin";
pub(crate) const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";
pub(crate) const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

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

/// Whether the history holds what a build annotation says; the others are left where they are until the end.
fn is_history(key: &str) -> bool {
    key.strip_prefix(DOMAIN).is_some_and(|name| {
        matches!(
            name,
            "previousKinds"
                | "previousNames"
                | "previousNamespaces"
                | "prefixes"
                | "suffixes"
                | "allowNameChange"
                | "allowKindChange"
                | "generatorBehavior"
                | "needsHashSuffix"
                | "helm-generated"
        )
    })
}

/// What a generator asks for when its resource exists already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Behavior {
    #[default]
    Unspecified,
    Create,
    Replace,
    Merge,
}

impl Behavior {
    pub(crate) fn of(text: &str) -> Self {
        match text {
            "replace" => Self::Replace,
            "merge" => Self::Merge,
            "create" => Self::Create,
            _ => Self::Unspecified,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Merge => "merge",
        }
    }
}

/// Name, namespace and kind that a resource had before a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Previous {
    pub(crate) name: EcoString,
    pub(crate) namespace: EcoString,
    pub(crate) kind: EcoString,
}

/// What a build knows about a resource besides its document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct History {
    pub(crate) previous: Vec<Previous>,
    pub(crate) prefixes: Vec<EcoString>,
    pub(crate) suffixes: Vec<EcoString>,
    /// What the generator asks for; `None` for what no generator made.
    pub(crate) behavior: Option<Behavior>,
    pub(crate) needs_hash: bool,
    pub(crate) allow_name_change: bool,
    pub(crate) allow_kind_change: bool,
    pub(crate) helm_generated: bool,
    /// Ids without a name, which upstream records by halves: it notes nothing that is empty.
    pub(crate) unnamed: Vec<Previous>,
    /// Names of the variables that read from this resource.
    pub(crate) variables: Vec<EcoString>,
    /// The last identity given to a shared scalar.
    pub(crate) cells: u32,
}

/// A document and its history. A clone is three reference counts.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    /// Null once it has been deleted.
    pub(crate) value: Value,
    /// Where it was declared; nothing while nobody said.
    pub(crate) declared: Option<Arc<Declared>>,
    /// What made it what it is, while the build is traced.
    pub(crate) trace: Option<Arc<Vec<Version>>>,
    history: Arc<History>,
    /// The kind it had when it was made; it holds for as long as the document says so.
    kind: Arc<Kind>,
}

impl Resource {
    /// Makes a resource of a document, reading the build annotations it may carry.
    pub(crate) fn new(value: Value) -> Self {
        let kind = Arc::new(Kind::of(text_field(&value, "apiVersion"), text_field(&value, "kind")));
        Self::of_kind(value, kind)
    }

    /// Makes resources of the documents of one file, most of which are of few kinds.
    pub(crate) fn list(documents: Vec<Value>) -> Vec<Self> {
        const FEW: usize = 8;
        let mut kinds: Vec<Arc<Kind>> = Vec::new();
        let resources = documents.into_iter().map(|value| {
            let known = kinds.iter().find(|kind| kind.is_of(&value)).cloned();
            let Some(kind) = known else {
                let resource = Self::new(value);
                kinds.truncate(FEW - 1);
                kinds.push(Arc::clone(&resource.kind));
                return resource;
            };
            Self::of_kind(value, kind)
        });
        resources.collect()
    }

    fn of_kind(value: Value, kind: Arc<Kind>) -> Self {
        /// What nearly all resources begin with.
        static NONE: LazyLock<Arc<History>> = LazyLock::new(Arc::default);
        let mut resource = Self { value, declared: None, trace: None, history: Arc::clone(&NONE), kind };
        resource.take_annotations();
        resource
    }

    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    pub(crate) fn history_mut(&mut self) -> &mut History {
        Arc::make_mut(&mut self.history)
    }

    pub(crate) fn set_history(&mut self, history: Arc<History>) {
        self.history = history;
    }

    pub(crate) fn shared_history(&self) -> Arc<History> {
        Arc::clone(&self.history)
    }

    pub(crate) fn is_deleted(&self) -> bool {
        node::is_empty(&self.value)
    }

    pub(crate) fn kind(&self) -> EcoString {
        text_field(&self.value, "kind")
    }

    pub(crate) fn api_version(&self) -> EcoString {
        text_field(&self.value, "apiVersion")
    }

    pub(crate) fn gvk(&self) -> Arc<Gvk> {
        Arc::clone(self.kind_now().gvk())
    }

    fn kind_now(&self) -> Arc<Kind> {
        steps::count();
        if self.kind.is_of(&self.value) {
            return Arc::clone(&self.kind);
        }
        Arc::new(Kind::of(self.api_version(), self.kind()))
    }

    pub(crate) fn name(&self) -> EcoString {
        meta_text(&self.value, "name")
    }

    pub(crate) fn namespace(&self) -> EcoString {
        meta_text(&self.value, "namespace")
    }

    pub(crate) fn cur_id(&self, schema: &Schema) -> ResId {
        self.kind_now().id(self.name(), self.namespace(), schema)
    }

    /// The id it was loaded under.
    pub(crate) fn org_id(&self, schema: &Schema) -> ResId {
        self.prev_ids().next().unwrap_or_else(|| self.cur_id(schema))
    }

    /// The ids it had, oldest first.
    pub(crate) fn prev_ids(&self) -> impl Iterator<Item = ResId> {
        let gvk = if self.history.previous.is_empty() { Arc::default() } else { self.gvk() };
        let of_kind = move |kind: &EcoString| match gvk.kind == *kind {
            true => Arc::clone(&gvk),
            false => Arc::new(Gvk { kind: kind.clone(), ..Gvk::clone(&gvk) }),
        };
        self.history.previous.iter().map(move |previous| ResId {
            gvk: of_kind(&previous.kind),
            name: previous.name.clone(),
            namespace: previous.namespace.clone(),
            cluster_scoped: false,
        })
    }

    /// Whether upstream can read the ids back that it recorded: one name, namespace and kind for each.
    fn has_sound_history(&self) -> bool {
        let commas = |text: &str| text.matches(',').count();
        let previous = &self.history.previous;
        let even =
            |id: &Previous| commas(&id.name) == commas(&id.namespace) && commas(&id.name) == commas(&id.kind);
        let full = |id: &Previous| !id.kind.is_empty() || previous.len() == 1;
        previous.is_empty()
            || (self.history.unnamed.is_empty() && previous.iter().all(|id| even(id) && full(id)))
    }

    /// Every id it had and has.
    pub(crate) fn any_ids(&self, schema: &Schema) -> impl Iterator<Item = ResId> {
        self.prev_ids().chain(std::iter::once(self.cur_id(schema)))
    }

    /// Whether it has, or had, a name.
    pub(crate) fn had_name(&self, name: &str) -> bool {
        steps::count();
        self.history.previous.iter().any(|id| id.name == name)
            || self.value.at(&["metadata", "name"]).is_some_and(|value| match value.as_str() {
                Some(text) => text == name,
                None => node::text(value) == name,
            })
    }

    /// Remembers the current id.
    ///
    /// # Errors
    /// When the annotations are a list, where upstream cannot keep it.
    pub(crate) fn store_previous_id(&mut self, schema: &Schema) -> Result<()> {
        self.store_previous(self.cur_id(schema))
    }

    /// Remembers an id.
    ///
    /// # Errors
    /// When the annotations are a list, where upstream cannot keep it.
    pub(crate) fn store_previous(&mut self, id: ResId) -> Result<()> {
        self.make_room()?;
        let namespace = id.effective_namespace().into();
        let previous = Previous { namespace, name: id.name, kind: id.gvk.kind.clone() };
        let history = self.history_mut();
        let list = if previous.name.is_empty() { &mut history.unnamed } else { &mut history.previous };
        push_exact(list, previous);
        self.check_history()
    }

    /// Refuses a history that upstream cannot read back.
    pub(crate) fn check_history(&self) -> Result<()> {
        if self.has_sound_history() {
            return Ok(());
        }
        let message =
            "number of previous names, number of previous namespaces, number of previous kinds not equal";
        Err(Error::new(ErrorKind::IdConflict, message))
    }

    /// Upstream keeps the id in three annotations. Before it sets each, it takes out the first `annotations` that holds nothing;
    /// then the first that is left holds something.
    fn drop_empty_annotations(&mut self) {
        const ROUNDS: usize = 3;
        let Some(meta) = self.value.get_mut("metadata").and_then(Value::as_map_mut) else { return };
        let is_empty = |value: &Value| value.is_scalar() || node::is_empty(value);
        let filled = usize::from(meta.get("annotations").is_some_and(is_empty));
        let (mut position, mut dropped) = (0, 0);
        meta.retain_values("annotations", |value| {
            let drops = dropped < ROUNDS && position != filled && is_empty(value);
            dropped += usize::from(drops);
            position += 1;
            !drops
        });
    }

    /// Upstream keeps the id in annotations, and makes room for it where they are a scalar.
    fn make_room(&mut self) -> Result<()> {
        if is_repeated(&self.value, "annotations") {
            self.drop_empty_annotations();
        }
        let Some(annotations) = self.value.at(&["metadata", "annotations"]) else { return Ok(()) };
        if annotations.as_seq().is_some_and(|items| !items.is_empty()) {
            self.check_pairs("annotations")?;
            return Err(wrong_kind("MappingNode", annotations));
        }
        if annotations.is_scalar()
            && let Some(meta) = self.value.get_mut("metadata").and_then(Value::as_map_mut)
        {
            meta.remove("annotations");
        }
        Ok(())
    }

    pub(crate) fn labels(&self) -> StringMap {
        string_map(&self.value, "labels")
    }

    pub(crate) fn annotations(&self) -> StringMap {
        string_map(&self.value, "annotations")
    }

    pub(crate) fn annotation(&self, key: &str) -> Option<EcoString> {
        annotation(&self.value, key)
    }

    pub(crate) fn set_labels(&mut self, labels: &StringMap) {
        set_string_map(&mut self.value, "labels", labels);
    }

    pub(crate) fn set_annotations(&mut self, annotations: &StringMap) {
        set_string_map(&mut self.value, "annotations", annotations);
    }

    /// Sets one annotation and leaves the others as they are.
    pub(crate) fn set_annotation(&mut self, key: &str, text: &str) {
        set_annotation(&mut self.value, key, text);
    }

    /// Takes another resource's document and what its annotations say of it; keeps who reads from this one.
    pub(crate) fn replace_with(&mut self, other: Self) {
        let (variables, cells) = (self.history.variables.clone(), self.history.cells);
        let trace = self.trace.take();
        *self = other;
        self.trace = trace;
        let history = self.history_mut();
        (history.variables, history.cells) = (variables, cells);
    }

    pub(crate) fn set_kind(&mut self, kind: &str) {
        if let Some(root) = self.value.as_map_mut() {
            node::set_field(root, "kind", &node::plain(kind));
        }
    }

    pub(crate) fn set_api_version(&mut self, api_version: &str) {
        if let Some(root) = self.value.as_map_mut() {
            node::set_field(root, "apiVersion", &node::plain(api_version));
        }
    }

    pub(crate) fn set_name(&mut self, name: &str) {
        self.set_meta("name", name);
    }

    /// Sets the namespace; removes it for the empty one.
    pub(crate) fn set_namespace(&mut self, namespace: &str) {
        if !namespace.is_empty() {
            self.set_meta("namespace", namespace);
        } else if self.value.at(&["metadata", "namespace"]).is_some()
            && let Some(meta) = self.value.get_mut("metadata").and_then(Value::as_map_mut)
        {
            meta.remove("namespace");
        }
    }

    fn set_meta(&mut self, field: &str, text: &str) {
        let Some(root) = self.value.as_map_mut() else { return };
        let meta = root.get_or_insert_with("metadata", || Map::new().into());
        if let Some(meta) = meta.as_map_mut() {
            node::set_field(meta, field, &node::plain(text));
        }
    }

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

/// Adds to a list that stays short.
pub(crate) fn push_exact<T>(list: &mut Vec<T>, item: T) {
    list.reserve_exact(1);
    list.push(item);
}

/// An annotation of a document.
pub(crate) fn annotation(document: &Value, key: &str) -> Option<EcoString> {
    document.at(&["metadata", "annotations", key]).map(node::text)
}

/// Sets one annotation of a document and leaves the others as they are.
pub(crate) fn set_annotation(document: &mut Value, key: &str, text: &str) {
    let Some(root) = document.as_map_mut() else { return };
    let meta = root.get_or_insert_with("metadata", || Map::new().into());
    let Some(meta) = meta.as_map_mut() else { return };
    if meta.get("annotations").is_some_and(node::is_empty) {
        meta.remove("annotations");
    }
    let annotations = meta.get_or_insert_with("annotations", || Map::new().into());
    if let Some(map) = annotations.as_map_mut() {
        node::set_field(map, key, &Value::string_with_style(text, ScalarStyle::SingleQuoted));
    }
}

/// Removes one annotation of a document, and the map of annotations when it was the last.
pub(crate) fn remove_annotation(document: &mut Value, key: &str) {
    if annotation(document, key).is_none() {
        return;
    }
    let Some(meta) = document.get_mut("metadata").and_then(Value::as_map_mut) else { return };
    let Some(map) = meta.get_mut("annotations").and_then(Value::as_map_mut) else { return };
    map.remove(key);
    if map.is_empty() {
        meta.remove("annotations");
    }
}

fn previous_ids(
    names: Option<Vec<EcoString>>,
    namespaces: Option<Vec<EcoString>>,
    kinds: Option<Vec<EcoString>>,
) -> Vec<Previous> {
    let (Some(names), Some(namespaces), Some(kinds)) = (names, namespaces, kinds) else { return Vec::new() };
    let rest = namespaces.into_iter().zip(kinds);
    names.into_iter().zip(rest).map(|(name, (namespace, kind))| Previous { name, namespace, kind }).collect()
}

/// The text of a top-level field, empty if there is none.
pub(crate) fn text_field(document: &Value, field: &str) -> EcoString {
    document.get(field).map(node::text).unwrap_or_default()
}

pub(crate) fn meta_text(document: &Value, field: &str) -> EcoString {
    steps::count();
    let value = document.get("metadata").and_then(|meta| meta.get(field));
    value.filter(|value| !node::is_empty(value)).map(node::text).unwrap_or_default()
}

/// The texts of `metadata.labels` or `metadata.annotations`; of a key that occurs twice, the last.
fn string_map(document: &Value, field: &str) -> StringMap {
    let field = document.at(&["metadata", field]);
    let Some(map) = field.and_then(Value::as_map) else {
        // Of a list, upstream takes the items for keys and values in turn.
        let pairs = field.and_then(Value::as_seq).unwrap_or_default().as_chunks::<2>().0;
        return pairs.iter().map(|[key, value]| (node::text(key), node::text(value))).collect();
    };
    let last = |key, value| if map.has_odd_keys() { map.last(key).unwrap_or(value) } else { value };
    map.iter().map(|(key, value)| (key.clone(), node::text(last(key, value)))).collect()
}

fn set_string_map(document: &mut Value, field: &str, texts: &StringMap) {
    if texts.is_empty() && document.at(&["metadata", field]).is_none() && document.get("metadata").is_some() {
        return;
    }
    if is_string_map(document.at(&["metadata", field]), texts) && !is_repeated(document, field) {
        return;
    }
    let Some(root) = document.as_map_mut() else { return };
    let meta = root.get_or_insert_with("metadata", || Map::new().into());
    let Some(meta) = meta.as_map_mut() else { return };
    meta.remove(field);
    if texts.is_empty() {
        return;
    }
    let entries = texts.iter().map(|(key, text)| (key.clone(), fresh_string(text)));
    // A field that was written twice is still there.
    match meta.get_mut(field).and_then(Value::as_map_mut) {
        Some(next) => entries.for_each(|(key, text)| node::set_field(next, &key, &text)),
        None => drop(meta.insert(field, node::fresh_map(entries))),
    }
}

/// Whether a field of the metadata was written more than once.
fn is_repeated(document: &Value, field: &str) -> bool {
    let meta = document.get("metadata").and_then(Value::as_map);
    meta.is_some_and(|meta| meta.key_kind(field) == KeyKind::Repeated)
}

/// A string as upstream writes it into a map.
fn fresh_string(text: &EcoString) -> Value {
    let value = node::string(text.clone());
    node::quoted_if_needed(&value).unwrap_or(value)
}

/// Whether a field already holds exactly these strings in their fresh style and in a fresh map, none of them shared.
fn is_string_map(field: Option<&Value>, texts: &StringMap) -> bool {
    field.and_then(Value::as_map).is_some_and(|map| {
        !(map.is_empty() || map.is_flow() || map.has_commented_keys() || map.has_foot())
            && map.len() == texts.len()
            && map.iter().all(|(key, value)| {
                value.source().is_none()
                    && node::fresh_kind(key) == map.key_kind(key)
                    && texts.get(key).is_some_and(|text| {
                        value.as_str() == Some(text) && value.style() == fresh_string(text).style()
                    })
            })
    })
}

fn data_map(document: &Value, field: &str) -> BTreeMap<EcoString, EcoString> {
    let text = |value: &Value| if node::is_null(value) { EcoString::new() } else { node::text(value) };
    let map = document.get(field).and_then(Value::as_map);
    map.into_iter().flatten().map(|(key, value)| (key.clone(), text(value))).collect()
}

/// The id of a document as messages show it.
pub(crate) fn display_id(document: &Value) -> ResId {
    let gvk = Gvk::of(&text_field(document, "apiVersion"), &text_field(document, "kind"));
    ResId {
        gvk: Arc::new(gvk),
        name: meta_text(document, "name"),
        namespace: meta_text(document, "namespace"),
        cluster_scoped: false,
    }
}
