//! Schemas made at run time.

use crate::cursor::TypeRef;
use crate::model::{
    FieldRow, KindRow, NONE, NodeRow, PatchRow, PatchStrategy, Relation, Scalar, Schema, Shape,
};
use ecow::EcoString;
use std::borrow::Cow;
use std::collections::BTreeMap;
use trueup_manifest::{Value, View};

/// Builds a [`Schema`] from nodes, types and kinds.
///
/// A node is made with [`SchemaBuilder::reserve`] and filled with one of the `set_*` calls, so that types may refer to
/// themselves.
#[derive(Clone, Debug)]
pub struct SchemaBuilder {
    names: BTreeMap<EcoString, u32>,
    order: Vec<EcoString>,
    nodes: Vec<NodeRow>,
    fields: Vec<FieldRow>,
    keys: Vec<u32>,
    key_sets: Vec<(u32, u32)>,
    patches: Vec<PatchRow>,
    kinds: Vec<KindRow>,
    types: BTreeMap<EcoString, u32>,
    imported: BTreeMap<u32, Node>,
}

/// A node of a schema under construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node(u32);

/// A field of a struct under construction.
#[derive(Clone, Debug)]
pub struct NewField {
    /// Its name.
    pub name: EcoString,
    /// Its type.
    pub node: Node,
    /// How it takes part in a strategic merge patch.
    pub strategy: PatchStrategy,
    /// Its merge key.
    pub merge_key: Option<EcoString>,
    /// Its default; scalars and empty maps are kept.
    pub default: Option<Value>,
    /// Whether Go holds it by a pointer.
    pub pointer: bool,
}

impl NewField {
    /// Returns a field without merge rules and default.
    pub fn new(name: impl Into<EcoString>, node: Node) -> Self {
        let strategy = PatchStrategy::default();
        Self { name: name.into(), node, strategy, merge_key: None, default: None, pointer: false }
    }
}

impl Default for SchemaBuilder {
    fn default() -> Self {
        Self {
            names: BTreeMap::new(),
            order: Vec::new(),
            nodes: Vec::new(),
            fields: Vec::new(),
            keys: Vec::new(),
            key_sets: vec![(0, 0)],
            patches: Vec::new(),
            kinds: Vec::new(),
            types: BTreeMap::new(),
            imported: BTreeMap::new(),
        }
    }
}

impl SchemaBuilder {
    /// Returns a builder without types.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a new node that allows nothing yet.
    pub fn reserve(&mut self) -> Node {
        self.nodes.push(NodeRow::EMPTY);
        Node(index(self.nodes.len() - 1))
    }

    /// Returns the node of a named type, reserving it on first use.
    pub fn named(&mut self, name: &str) -> Node {
        if let Some(node) = self.types.get(name) {
            return Node(*node);
        }
        let node = self.reserve();
        let type_name = self.name(name);
        self.edit(node, |row| row.type_name = type_name);
        self.types.insert(name.into(), node.0);
        node
    }

    /// Returns true if a type of this name was reserved.
    pub fn has_type(&self, name: &str) -> bool {
        self.types.contains_key(name)
    }

    /// Says what a node is as Go sees it.
    pub fn set_shape(&mut self, node: Node, shape: Shape) {
        self.edit(node, |row| row.shape = shape);
    }

    /// Says which scalar a node allows.
    pub fn set_scalar(&mut self, node: Node, scalar: Scalar) {
        self.edit(node, |row| row.scalar = scalar);
    }

    /// Says that a node may be a list.
    pub fn set_list(&mut self, node: Node, item: Node, relation: Relation, keys: &[EcoString]) {
        let key_set = self.key_set(keys);
        self.edit(node, |row| {
            row.list = item.0;
            row.list_relation = relation;
            row.key_set = key_set;
        });
    }

    /// Says that a node may be a map, with members of one type besides its fields.
    pub fn set_map(&mut self, node: Node, item: Option<Node>, relation: Relation) {
        self.edit(node, |row| {
            row.is_map = true;
            row.map = item.map_or(NONE, |item| item.0);
            row.map_relation = relation;
        });
    }

    /// Gives a node its fields; of two with one name the last counts.
    pub fn set_fields(&mut self, node: Node, fields: Vec<NewField>) {
        let sorted: BTreeMap<EcoString, NewField> =
            fields.into_iter().map(|field| (field.name.clone(), field)).collect();
        let rows: Vec<FieldRow> = sorted.into_values().map(|field| self.field_row(field)).collect();
        let (start, len) = (index(self.fields.len()), index(rows.len()));
        self.fields.extend(rows);
        self.edit(node, |row| {
            row.is_map = true;
            row.fields_start = start;
            row.fields_len = len;
        });
    }

    /// Makes a node a copy of another one, with another relation where one is given.
    pub fn copy(&mut self, to: Node, from: Node, relation: Option<Relation>) {
        let source = self.nodes.get(from.0 as usize).copied().unwrap_or(NodeRow::EMPTY);
        self.edit(to, |row| *row = source);
        let Some(relation) = relation else { return };
        self.edit(to, |row| match relation {
            Relation::Atomic => (row.list_relation, row.map_relation) = (relation, relation),
            Relation::Associative => row.list_relation = relation,
            Relation::Granular => row.map_relation = relation,
        });
    }

    /// Copies a type and everything below it from another schema.
    ///
    /// Import from one schema only: nodes are remembered by their number.
    pub fn import(&mut self, ty: TypeRef<'_>) -> Node {
        let mut todo = Vec::new();
        let root = self.imported_node(ty, &mut todo);
        while let Some((ty, node)) = todo.pop() {
            let row = *ty.row();
            self.edit(node, |target| {
                *target =
                    NodeRow { list: NONE, map: NONE, key_set: 0, fields_len: 0, type_name: NONE, ..row };
            });
            if let Some(list) = ty.list() {
                let item = self.imported_node(list.item, &mut todo);
                self.set_list(
                    node,
                    item,
                    list.relation,
                    &list.keys().map(EcoString::from).collect::<Vec<_>>(),
                );
            }
            if let Some(map) = ty.map() {
                let item = map.item.map(|item| self.imported_node(item, &mut todo));
                self.set_map(node, item, map.relation);
                let fields = ty.fields().map(|field| NewField {
                    name: field.name().into(),
                    node: self.imported_node(field.ty(), &mut todo),
                    strategy: field.patch_strategy(),
                    merge_key: field.merge_key().map(Into::into),
                    default: field.default(),
                    pointer: field.is_pointer(),
                });
                let fields = fields.collect();
                self.set_fields(node, fields);
            }
        }
        root
    }

    /// Adds a kind. `namespaced` is `None` when it is not known.
    pub fn add_kind(&mut self, api_version: &str, kind: &str, node: Node, namespaced: Option<bool>) {
        let scope = match namespaced {
            None => 0,
            Some(true) => KindRow::OBJECT,
            Some(false) => KindRow::OBJECT | KindRow::CLUSTER,
        };
        let (api_version, kind) = (self.name(api_version), self.name(kind));
        self.kinds.push(KindRow { api_version, kind, node: node.0, flags: scope | KindRow::STRUCTURED });
    }

    /// Returns the schema. Of two kinds with one name the last counts.
    pub fn finish(self) -> Schema {
        let mut names = vec![0];
        let mut text = String::new();
        for name in &self.order {
            text.push_str(name);
            names.push(index(text.len()));
        }
        let by_name =
            |row: &KindRow| (self.order.get(row.api_version as usize), self.order.get(row.kind as usize));
        let kinds: BTreeMap<_, KindRow> = self.kinds.iter().map(|row| (by_name(row), *row)).collect();
        let kinds: Vec<KindRow> = kinds.into_values().collect();
        let type_rows = self.types.iter().filter_map(|(name, node)| Some((*self.names.get(name)?, *node)));
        Schema {
            text: Cow::Owned(text),
            names: Cow::Owned(names),
            types: Cow::Owned(type_rows.collect()),
            nodes: Cow::Owned(self.nodes),
            fields: Cow::Owned(self.fields),
            keys: Cow::Owned(self.keys),
            key_sets: Cow::Owned(self.key_sets),
            patches: Cow::Owned(self.patches),
            kinds: Cow::Owned(kinds),
        }
    }

    fn imported_node<'a>(&mut self, ty: TypeRef<'a>, todo: &mut Vec<(TypeRef<'a>, Node)>) -> Node {
        if let Some(node) = self.imported.get(&ty.id()) {
            return *node;
        }
        let node = self.reserve();
        self.imported.insert(ty.id(), node);
        todo.push((ty, node));
        node
    }

    fn field_row(&mut self, field: NewField) -> FieldRow {
        let default = field.default.as_ref().and_then(default_text).map_or(NONE, |text| self.name(&text));
        let bits = u8::from(field.strategy.merge)
            | u8::from(field.strategy.replace) << 1
            | u8::from(field.strategy.retain_keys) << 2;
        let patch = match (bits, &field.merge_key) {
            (0, None) => NONE,
            (strategy, key) => {
                let key = key.as_ref().map_or(NONE, |key| self.name(key));
                self.patches.push(PatchRow { strategy, key });
                index(self.patches.len() - 1)
            }
        };
        FieldRow {
            name: self.name(&field.name),
            node: field.node.0,
            default,
            patch,
            flags: FieldRow::OMIT_EMPTY | if field.pointer { FieldRow::POINTER } else { 0 },
        }
    }

    fn key_set(&mut self, keys: &[EcoString]) -> u32 {
        if keys.is_empty() {
            return 0;
        }
        let start = index(self.keys.len());
        let ids: Vec<u32> = keys.iter().map(|key| self.name(key)).collect();
        self.keys.extend(ids);
        self.key_sets.push((start, index(keys.len())));
        index(self.key_sets.len() - 1)
    }

    fn name(&mut self, text: &str) -> u32 {
        if let Some(name) = self.names.get(text) {
            return *name;
        }
        let name = index(self.order.len());
        self.order.push(text.into());
        self.names.insert(text.into(), name);
        name
    }

    fn edit(&mut self, node: Node, edit: impl FnOnce(&mut NodeRow)) {
        if let Some(row) = self.nodes.get_mut(node.0 as usize) {
            edit(row);
        }
    }
}

/// Table positions fit 32 bits: a document that overflows them is larger than any input limit.
fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NONE)
}

/// Writes a default as the tables hold it; strings that would need escapes are left out.
fn default_text(value: &Value) -> Option<String> {
    match value.view() {
        View::Bool(b) => Some(b.to_string()),
        View::Number(n) => Some(n.to_string()),
        View::String(s) => Some(format!("\"{s}\"")),
        View::Map(map) if map.is_empty() => Some("{}".to_owned()),
        _ => None,
    }
}
