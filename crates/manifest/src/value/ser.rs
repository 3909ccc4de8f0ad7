//! Making a [`Value`] from Rust types.

use super::de::ValueError;
use super::{Map, Value};
use ecow::EcoString;
use serde::ser::{self, Serialize, Serializer};

/// Makes a value from a Rust type.
///
/// ```
/// use trueup_manifest::argocd::ApplicationDestination;
/// use trueup_manifest::{json, to_value};
///
/// let destination = ApplicationDestination { namespace: "shop".into(), ..Default::default() };
/// assert_eq!(json::to_string(&to_value(&destination).unwrap()).unwrap(), r#"{"namespace":"shop"}"#);
/// ```
///
/// # Errors
/// [`ValueError`] when the type refuses, or has map keys that are neither strings, numbers nor booleans.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, ValueError> {
    value.serialize(Writer)
}

struct Writer;

impl Serializer for Writer {
    type Ok = Value;
    type Error = ValueError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    fn serialize_bool(self, b: bool) -> Result<Value, ValueError> {
        Ok(b.into())
    }

    fn serialize_i8(self, i: i8) -> Result<Value, ValueError> {
        Ok(i32::from(i).into())
    }

    fn serialize_i16(self, i: i16) -> Result<Value, ValueError> {
        Ok(i32::from(i).into())
    }

    fn serialize_i32(self, i: i32) -> Result<Value, ValueError> {
        Ok(i.into())
    }

    fn serialize_i64(self, i: i64) -> Result<Value, ValueError> {
        Ok(i.into())
    }

    fn serialize_u8(self, u: u8) -> Result<Value, ValueError> {
        Ok(u32::from(u).into())
    }

    fn serialize_u16(self, u: u16) -> Result<Value, ValueError> {
        Ok(u32::from(u).into())
    }

    fn serialize_u32(self, u: u32) -> Result<Value, ValueError> {
        Ok(u.into())
    }

    fn serialize_u64(self, u: u64) -> Result<Value, ValueError> {
        Ok(u.into())
    }

    fn serialize_f32(self, f: f32) -> Result<Value, ValueError> {
        Ok(f64::from(f).into())
    }

    fn serialize_f64(self, f: f64) -> Result<Value, ValueError> {
        Ok(f.into())
    }

    fn serialize_char(self, c: char) -> Result<Value, ValueError> {
        Ok(EcoString::from(c).into())
    }

    fn serialize_str(self, text: &str) -> Result<Value, ValueError> {
        Ok(text.into())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, ValueError> {
        Ok(bytes.iter().map(|byte| Value::from(u32::from(*byte))).collect())
    }

    fn serialize_none(self) -> Result<Value, ValueError> {
        Ok(Value::NULL)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, ValueError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, ValueError> {
        Ok(Value::NULL)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, ValueError> {
        Ok(Value::NULL)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<Value, ValueError> {
        Ok(name.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, ValueError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<Value, ValueError> {
        Ok(Map::from_iter([(name, value.serialize(self)?)]).into())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, ValueError> {
        // The length is a hint; do not let it reserve more than a page or two.
        Ok(Items { items: Vec::with_capacity(length.unwrap_or(0).min(256)), variant: None })
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, ValueError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items, ValueError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        length: usize,
    ) -> Result<Items, ValueError> {
        Ok(Items { variant: Some(name), ..self.serialize_seq(Some(length))? })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields, ValueError> {
        Ok(Fields { map: Map::new(), key: None, variant: None })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Fields, ValueError> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        length: usize,
    ) -> Result<Fields, ValueError> {
        Ok(Fields { variant: Some(name), ..self.serialize_map(Some(length))? })
    }
}

struct Items {
    items: Vec<Value>,
    variant: Option<&'static str>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), ValueError> {
        self.items.push(item.serialize(Writer)?);
        Ok(())
    }

    fn finish(self) -> Value {
        under(self.variant, self.items.into())
    }
}

struct Fields {
    map: Map,
    key: Option<EcoString>,
    variant: Option<&'static str>,
}

impl Fields {
    fn insert<T: Serialize + ?Sized>(&mut self, key: EcoString, value: &T) -> Result<(), ValueError> {
        self.map.insert(key, value.serialize(Writer)?);
        Ok(())
    }

    fn finish(self) -> Value {
        under(self.variant, self.map.into())
    }
}

fn under(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(name) => Map::from_iter([(name, value)]).into(),
        None => value,
    }
}

impl ser::SerializeSeq for Items {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), ValueError> {
        self.push(item)
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(self.finish())
    }
}

impl ser::SerializeTuple for Items {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), ValueError> {
        self.push(item)
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(self.finish())
    }
}

impl ser::SerializeTupleStruct for Items {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), ValueError> {
        self.push(item)
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(self.finish())
    }
}

impl ser::SerializeTupleVariant for Items {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), ValueError> {
        self.push(item)
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(self.finish())
    }
}

impl ser::SerializeMap for Fields {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ValueError> {
        let key = key.serialize(Writer)?;
        let text = if key.is_null() { None } else { key.scalar_text() };
        self.key = Some(text.ok_or_else(|| {
            <ValueError as ser::Error>::custom(format_args!(
                "a {} cannot be the key of a map",
                key.type_name()
            ))
        })?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        let key =
            self.key.take().ok_or_else(|| <ValueError as ser::Error>::custom("a value without a key"))?;
        self.insert(key, value)
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(self.finish())
    }
}

impl ser::SerializeStruct for Fields {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), ValueError> {
        self.insert(key.into(), value)
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(self.finish())
    }
}

impl ser::SerializeStructVariant for Fields {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), ValueError> {
        self.insert(key.into(), value)
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(self.finish())
    }
}
