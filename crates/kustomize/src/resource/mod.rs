//! A resource: a document, and what the build knows about it.
//!
//! Upstream keeps that knowledge in annotations while it builds. Here it is data; [`Resource::with_annotations`] writes it
//! down where a patch could see it.

mod annotations;
mod history;
mod texts;

pub(crate) use history::{Behavior, History, Previous};
pub(crate) use texts::{annotation, meta_text, remove_annotation, set_annotation, text_field};

use self::texts::{is_repeated, set_string_map, string_map};
use crate::declared::Declared;
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::wrong_kind;
use crate::ids::{Gvk, Kind, ResId};
use crate::kustomization::StringMap;
use crate::trace::Version;
use crate::{node, steps};
use ecow::EcoString;
use std::sync::{Arc, LazyLock};
use trueup_manifest::{Map, Value};
use trueup_schema::kustomize::Schema;

const DOMAIN: &str = "internal.config.kubernetes.io/";
pub(crate) const ORIGIN: &str = "config.kubernetes.io/origin";
pub(crate) const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";
pub(crate) const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

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
}

/// Adds to a list that stays short.
pub(crate) fn push_exact<T>(list: &mut Vec<T>, item: T) {
    list.reserve_exact(1);
    list.push(item);
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
