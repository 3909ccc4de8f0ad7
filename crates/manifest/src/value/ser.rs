//! Values out of typed models.

use super::{Map, Value, ValueError};
use crate::EcoString;
use serde::ser::{self, Error, Serialize, Serializer};

/// Makes a typed model a value; what is not there (`None`, `()`) is null.
///
/// ```
/// use trueup_manifest::{to_value, yaml};
///
/// #[derive(serde::Serialize)]
/// struct Port { name: &'static str, port: u16 }
///
/// let value = to_value(&vec![Port { name: "http", port: 80 }])?;
/// assert_eq!(yaml::to_string(&value)?, "- name: http\n  port: 80\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_value<T: Serialize + ?Sized>(model: &T) -> Result<Value, ValueError> {
    model.serialize(ToValue)
}

struct ToValue;

/// A sequence being made, under the name of its variant if it belongs to one.
struct ToSeq {
    items: Vec<Value>,
    variant: Option<&'static str>,
}

/// A map being made, under the name of its variant if it belongs to one.
struct ToMap {
    map: Map,
    key: EcoString,
    variant: Option<&'static str>,
}

fn wrapped(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(name) => Value::from(Map::from_iter([(name, value)])),
        None => value,
    }
}

impl Serializer for ToValue {
    type Ok = Value;
    type Error = ValueError;
    type SerializeSeq = ToSeq;
    type SerializeTuple = ToSeq;
    type SerializeTupleStruct = ToSeq;
    type SerializeTupleVariant = ToSeq;
    type SerializeMap = ToMap;
    type SerializeStruct = ToMap;
    type SerializeStructVariant = ToMap;

    fn serialize_bool(self, b: bool) -> Result<Value, ValueError> {
        Ok(b.into())
    }

    fn serialize_i8(self, i: i8) -> Result<Value, ValueError> {
        Ok(i64::from(i).into())
    }

    fn serialize_i16(self, i: i16) -> Result<Value, ValueError> {
        Ok(i64::from(i).into())
    }

    fn serialize_i32(self, i: i32) -> Result<Value, ValueError> {
        Ok(i.into())
    }

    fn serialize_i64(self, i: i64) -> Result<Value, ValueError> {
        Ok(i.into())
    }

    fn serialize_u8(self, u: u8) -> Result<Value, ValueError> {
        Ok(i64::from(u).into())
    }

    fn serialize_u16(self, u: u16) -> Result<Value, ValueError> {
        Ok(i64::from(u).into())
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
        Ok(Value::from(EcoString::from(c)))
    }

    fn serialize_str(self, text: &str) -> Result<Value, ValueError> {
        Ok(text.into())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, ValueError> {
        Ok(bytes.iter().map(|byte| Value::from(i64::from(*byte))).collect())
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
        variant: &'static str,
    ) -> Result<Value, ValueError> {
        Ok(variant.into())
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
        variant: &'static str,
        value: &T,
    ) -> Result<Value, ValueError> {
        Ok(wrapped(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<ToSeq, ValueError> {
        // A length that is wrong must not cost memory.
        Ok(ToSeq { items: Vec::with_capacity(len.unwrap_or_default().min(1024)), variant: None })
    }

    fn serialize_tuple(self, len: usize) -> Result<ToSeq, ValueError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<ToSeq, ValueError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<ToSeq, ValueError> {
        Ok(ToSeq { items: Vec::new(), variant: Some(variant) })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<ToMap, ValueError> {
        Ok(ToMap { map: Map::new(), key: EcoString::new(), variant: None })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<ToMap, ValueError> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<ToMap, ValueError> {
        Ok(ToMap { map: Map::new(), key: EcoString::new(), variant: Some(variant) })
    }
}

impl ToSeq {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.items.push(value.serialize(ToValue)?);
        Ok(())
    }

    fn finish(self) -> Result<Value, ValueError> {
        Ok(wrapped(self.variant, self.items.into()))
    }
}

impl ser::SerializeSeq for ToSeq {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.push(value)
    }

    fn end(self) -> Result<Value, ValueError> {
        self.finish()
    }
}

impl ser::SerializeTuple for ToSeq {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.push(value)
    }

    fn end(self) -> Result<Value, ValueError> {
        self.finish()
    }
}

impl ser::SerializeTupleStruct for ToSeq {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.push(value)
    }

    fn end(self) -> Result<Value, ValueError> {
        self.finish()
    }
}

impl ser::SerializeTupleVariant for ToSeq {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.push(value)
    }

    fn end(self) -> Result<Value, ValueError> {
        self.finish()
    }
}

impl ToMap {
    fn insert<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ValueError> {
        self.map.insert(key, value.serialize(ToValue)?);
        Ok(())
    }

    fn finish(self) -> Result<Value, ValueError> {
        Ok(wrapped(self.variant, self.map.into()))
    }
}

impl ser::SerializeMap for ToMap {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ValueError> {
        let key = key.serialize(ToValue)?;
        let text = if key.is_null() { None } else { key.scalar_text() };
        self.key = text.ok_or_else(|| ValueError::custom(format_args!("a {} is no key", key.type_name())))?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.map.insert(std::mem::take(&mut self.key), value.serialize(ToValue)?);
        Ok(())
    }

    fn end(self) -> Result<Value, ValueError> {
        self.finish()
    }
}

impl ser::SerializeStruct for ToMap {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), ValueError> {
        self.insert(key, value)
    }

    fn end(self) -> Result<Value, ValueError> {
        self.finish()
    }
}

impl ser::SerializeStructVariant for ToMap {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), ValueError> {
        self.insert(key, value)
    }

    fn end(self) -> Result<Value, ValueError> {
        self.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn models_become_values() {
        #[derive(serde::Serialize)]
        enum Shape {
            Point,
            Circle(f64),
            Box { width: u8 },
        }
        let model = (
            Some(1),
            None::<i32>,
            BTreeMap::from([(true, 'c')]),
            [Shape::Point, Shape::Circle(0.5), Shape::Box { width: 3 }],
        );
        let json = crate::json::to_string(&to_value(&model).unwrap()).unwrap();
        assert_eq!(json, r#"[1,null,{"true":"c"},["Point",{"Circle":0.5},{"Box":{"width":3}}]]"#);
        assert!(to_value(&BTreeMap::from([(vec![1], 1)])).is_err());
    }
}
