//! Cursors into a schema: kinds, types, fields.

use crate::model::{FieldRow, KindRow, NONE, NodeRow, PatchStrategy, Relation, Scalar, Schema, Shape};
use trueup_manifest::{Map, Value};

impl Schema {
    /// Returns a kind.
    pub fn kind(&self, api_version: &str, kind: &str) -> Option<Kind<'_>> {
        let row = |row: &KindRow| (self.name(row.api_version), self.name(row.kind));
        let at = self.kinds.binary_search_by(|candidate| row(candidate).cmp(&(api_version, kind))).ok()?;
        self.kinds.get(at).map(|row| Kind { schema: self, row: *row })
    }

    /// Returns the kind of an object, by its `apiVersion` and `kind`.
    pub fn kind_of(&self, object: &Value) -> Option<Kind<'_>> {
        self.kind(object.get("apiVersion")?.as_str()?, object.get("kind")?.as_str()?)
    }

    /// Returns all kinds, sorted by apiVersion and kind.
    pub fn kinds(&self) -> impl Iterator<Item = Kind<'_>> {
        self.kinds.iter().map(|row| Kind { schema: self, row: *row })
    }

    /// Returns a type by its name: `core/v1.PodSpec` in the built-in tables, the definition's name elsewhere.
    pub fn type_named(&self, name: &str) -> Option<TypeRef<'_>> {
        let at = self.types.binary_search_by(|(candidate, _)| self.name(*candidate).cmp(name)).ok()?;
        self.types.get(at).map(|(_, node)| TypeRef { schema: self, node: *node })
    }
}

/// A kind and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Kind<'a> {
    schema: &'a Schema,
    row: KindRow,
}

impl<'a> Kind<'a> {
    /// Returns the apiVersion.
    pub fn api_version(&self) -> &'a str {
        self.schema.name(self.row.api_version)
    }

    /// Returns the kind's name.
    pub fn name(&self) -> &'a str {
        self.schema.name(self.row.kind)
    }

    /// Returns the type of its objects.
    pub fn ty(&self) -> TypeRef<'a> {
        TypeRef { schema: self.schema, node: self.row.node }
    }

    /// Returns true if clients hold it in a typed struct, as client-go's scheme does.
    pub fn is_typed(&self) -> bool {
        self.row.flags & KindRow::TYPED != 0
    }

    /// Returns true if the structured-merge-diff schema covers it.
    pub fn is_structured(&self) -> bool {
        self.row.flags & KindRow::STRUCTURED != 0
    }

    /// Returns whether its objects live in a namespace; nothing for lists and options.
    pub fn is_namespaced(&self) -> Option<bool> {
        (self.row.flags & KindRow::OBJECT != 0).then_some(self.row.flags & KindRow::CLUSTER == 0)
    }
}

/// A cursor on a type.
#[derive(Clone, Copy, Debug)]
pub struct TypeRef<'a> {
    schema: &'a Schema,
    node: u32,
}

/// What a list type says.
#[derive(Clone, Copy, Debug)]
pub struct ListType<'a> {
    schema: &'a Schema,
    key_set: u32,
    /// The type of the items.
    pub item: TypeRef<'a>,
    /// How the items belong together.
    pub relation: Relation,
}

/// What a map type says.
#[derive(Clone, Copy, Debug)]
pub struct MapType<'a> {
    /// The type of members that are no known fields, if there may be any.
    pub item: Option<TypeRef<'a>>,
    /// How the members belong together.
    pub relation: Relation,
}

impl<'a> TypeRef<'a> {
    /// Returns a type that allows nothing.
    pub(crate) fn open(schema: &'a Schema) -> Self {
        Self { schema, node: NONE }
    }

    pub(crate) fn id(&self) -> u32 {
        self.node
    }

    pub(crate) fn row(&self) -> &'a NodeRow {
        self.schema.node(self.node)
    }

    /// Returns true when both are the same type of the same schema.
    pub fn same(&self, other: &TypeRef<'_>) -> bool {
        self.node == other.node && std::ptr::eq(self.schema, other.schema)
    }

    /// Returns true if it is a type of the built-in schema, which is that of Go structs.
    pub fn is_built_in(&self) -> bool {
        std::ptr::eq(self.schema, crate::kubernetes::schema())
    }

    /// Returns the name, if it is a named type.
    pub fn name(&self) -> Option<&'a str> {
        let name = self.row().type_name;
        (name != NONE).then(|| self.schema.name(name))
    }

    /// Returns what it is.
    pub fn shape(&self) -> Shape {
        self.row().shape
    }

    /// Returns what scalars structured-merge-diff allows here.
    pub fn scalar(&self) -> Scalar {
        self.row().scalar
    }

    /// Returns what is known about it as a list, if it may be one.
    pub fn list(&self) -> Option<ListType<'a>> {
        let row = self.row();
        (row.list != NONE).then_some(ListType {
            schema: self.schema,
            key_set: row.key_set,
            item: TypeRef { schema: self.schema, node: row.list },
            relation: row.list_relation,
        })
    }

    /// Returns what is known about it as a map, if it may be one. Structs are maps.
    pub fn map(&self) -> Option<MapType<'a>> {
        let row = self.row();
        let item = (row.map != NONE).then_some(TypeRef { schema: self.schema, node: row.map });
        row.is_map.then_some(MapType { item, relation: row.map_relation })
    }

    /// Returns the type of a list's items or a map's members.
    pub fn item(&self) -> Option<TypeRef<'a>> {
        self.list().map(|list| list.item).or_else(|| self.map()?.item)
    }

    /// Returns the fields, sorted by name.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = Field<'a>> + use<'a> {
        let schema = self.schema;
        schema.fields_of(self.row()).iter().map(move |row| Field { schema, row: *row })
    }

    /// Returns a field by its exact name.
    pub fn field(&self, name: &str) -> Option<Field<'a>> {
        let fields = self.schema.fields_of(self.row());
        let at = fields.binary_search_by(|row| self.schema.name(row.name).cmp(name)).ok()?;
        fields.get(at).map(|row| Field { schema: self.schema, row: *row })
    }

    /// Returns a field as Go's JSON decoder finds it: by its exact name, else ignoring case.
    pub fn field_folded(&self, name: &str) -> Option<Field<'a>> {
        self.field(name).or_else(|| self.fields().find(|field| field.name().eq_ignore_ascii_case(name)))
    }

    /// Returns the type below a chain of fields; lists and maps on the way are entered.
    pub fn walk(&self, path: &[&str]) -> Option<TypeRef<'a>> {
        path.iter().try_fold(*self, |ty, name| match ty.field(name) {
            Some(field) => Some(field.ty()),
            None => ty.item()?.field(name).map(|field| field.ty()),
        })
    }
}

impl<'a> ListType<'a> {
    /// Returns the fields that identify an item; none in a set of scalars.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &'a str> + Clone + use<'a> {
        let schema = self.schema;
        let (start, len) = schema.key_sets.get(self.key_set as usize).copied().unwrap_or_default();
        let range = start as usize..(start as usize).saturating_add(len as usize);
        schema.keys.get(range).unwrap_or_default().iter().map(move |key| schema.name(*key))
    }
}

/// A field of a struct.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    schema: &'a Schema,
    row: FieldRow,
}

impl<'a> Field<'a> {
    /// Returns its name in JSON.
    pub fn name(&self) -> &'a str {
        self.schema.name(self.row.name)
    }

    /// Returns its type.
    pub fn ty(&self) -> TypeRef<'a> {
        TypeRef { schema: self.schema, node: self.row.node }
    }

    /// Returns true if Go holds it by a pointer.
    pub fn is_pointer(&self) -> bool {
        self.row.flags & FieldRow::POINTER != 0
    }

    /// Returns true if Go leaves it out when it is empty.
    pub fn omits_empty(&self) -> bool {
        self.row.flags & FieldRow::OMIT_EMPTY != 0
    }

    /// Returns true if Go leaves it out when it is zero, empty structs included.
    pub fn omits_zero(&self) -> bool {
        self.row.flags & FieldRow::OMIT_ZERO != 0
    }

    /// Returns true if the structured-merge-diff schema knows it.
    pub fn is_structured(&self) -> bool {
        self.row.flags & FieldRow::ENCODING_ONLY == 0
    }

    /// Returns how it takes part in a strategic merge patch.
    pub fn patch_strategy(&self) -> PatchStrategy {
        let bits = self.schema.patches.get(self.row.patch as usize).map_or(0, |row| row.strategy);
        PatchStrategy { merge: bits & 1 != 0, replace: bits & 2 != 0, retain_keys: bits & 4 != 0 }
    }

    /// Returns the key by which a strategic merge patch matches the items of this list.
    pub fn merge_key(&self) -> Option<&'a str> {
        let row = self.schema.patches.get(self.row.patch as usize)?;
        (row.key != NONE).then(|| self.schema.name(row.key))
    }

    /// Returns the default that structured-merge-diff uses where a list key is absent.
    pub fn default(&self) -> Option<Value> {
        (self.row.default != NONE).then(|| default_value(self.schema.name(self.row.default))).flatten()
    }
}

/// Reads a default: a scalar, or an empty map. The tables hold nothing else.
fn default_value(json: &str) -> Option<Value> {
    match json {
        "{}" => Some(Map::new().into()),
        "true" => Some(true.into()),
        "false" => Some(false.into()),
        _ => match json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(text) => Some(text.into()),
            None => json
                .parse::<i64>()
                .ok()
                .map(Value::from)
                .or_else(|| json.parse::<f64>().ok().map(Value::from)),
        },
    }
}
