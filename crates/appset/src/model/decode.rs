//! Documents as Go's JSON decoder reads them into Argo CD's types: unknown fields vanish, null is absent, types are checked.

use super::types::{Shape, Ty};
use trueup_manifest::{EcoString, Map, Number, Value, View};

/// Returns what Go's decoder makes of a document: known fields only, without nulls.
///
/// # Errors
/// The text of Go's first type error.
pub(crate) fn decode(document: &Value, ty: Ty) -> Result<Value, String> {
    let mut decoder = Decoder { path: Vec::new(), owner: None };
    decoder.value(document, ty)
}

struct Decoder<'a> {
    path: Vec<&'a str>,
    owner: Option<&'static str>,
}

impl<'a> Decoder<'a> {
    fn value(&mut self, document: &'a Value, ty: Ty) -> Result<Value, String> {
        match (ty.shape(), document.view()) {
            (Shape::Raw, _) => Ok(document.clone()),
            (shape, View::Null) => Ok(zero(shape)),
            (Shape::String | Shape::Time, View::String(_)) | (Shape::Boolean, View::Bool(_)) => {
                Ok(document.clone())
            }
            (Shape::Integer, View::Number(number)) => self.integer(number, ty),
            (Shape::IntOrString, View::Number(_) | View::String(_)) => Ok(document.clone()),
            (Shape::List(item), View::Seq(items)) => items
                .iter()
                .map(|document| self.value(document, item))
                .collect::<Result<Vec<_>, _>>()
                .map(Into::into),
            (Shape::Map(item), View::Map(map)) => {
                let entry = |(key, document): (&'a EcoString, &'a Value)| {
                    self.path.push(key);
                    let value = self.value(document, item);
                    self.path.pop();
                    Ok((key.clone(), value?))
                };
                Ok(map.iter().map(entry).collect::<Result<Map, String>>()?.into())
            }
            (Shape::Struct(_), View::Map(map)) => self.fields(map, ty),
            _ => Err(self.mismatch(kind_name(document), ty)),
        }
    }

    fn fields(&mut self, map: &'a Map, ty: Ty) -> Result<Value, String> {
        let outer = self.owner.replace(ty.name());
        let mut out = Map::with_capacity(map.len());
        for (name, document) in map {
            let Some(field) = ty.field(name) else { continue };
            if document.is_null() {
                continue;
            }
            self.path.push(field.name);
            let value = self.value(document, field.ty)?;
            self.path.pop();
            out.insert(field.name, value);
        }
        self.owner = outer;
        Ok(out.into())
    }

    fn integer(&self, number: Number, ty: Ty) -> Result<Value, String> {
        match number.as_i64() {
            Some(integer) => Ok(integer.into()),
            None => Err(self.mismatch(&format!("number {number}"), ty)),
        }
    }

    fn mismatch(&self, found: &str, ty: Ty) -> String {
        let ty = ty.go_name();
        let ty = ty.trim_start_matches('*');
        match self.owner {
            Some(owner) if !self.path.is_empty() => {
                format!(
                    "json: cannot unmarshal {found} into Go struct field {owner}.{} of type {ty}",
                    self.path.join(".")
                )
            }
            _ => format!("json: cannot unmarshal {found} into Go value of type {ty}"),
        }
    }
}

fn zero(shape: Shape) -> Value {
    match shape {
        Shape::String => "".into(),
        Shape::Integer => 0.into(),
        Shape::Boolean => false.into(),
        Shape::Struct(_) => Map::new().into(),
        _ => Value::NULL,
    }
}

fn kind_name(document: &Value) -> &'static str {
    match document.view() {
        View::Null => "null",
        View::Bool(_) => "bool",
        View::Number(_) => "number",
        View::String(_) => "string",
        View::Seq(_) => "array",
        View::Map(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::super::named;
    use super::*;

    fn read(json: &str) -> Result<Value, String> {
        decode(&serde_json::from_str(json).unwrap(), named("Application"))
    }

    #[test]
    fn unknown_fields_and_nulls_vanish() {
        let value = read(r#"{"x":1,"spec":{"project":"p","source":null,"SOURCES":[{"repoUrl":"r","y":2}]}}"#)
            .unwrap();
        let expected: Value =
            serde_json::from_str(r#"{"spec":{"project":"p","sources":[{"repoURL":"r"}]}}"#).unwrap();
        assert_eq!(value, expected);
    }

    #[test]
    fn type_errors_read_as_in_go() {
        let error = read(r#"{"spec":{"source":{"repoURL":5}}}"#).unwrap_err();
        assert_eq!(
            error,
            "json: cannot unmarshal number into Go struct field ApplicationSource.spec.source.repoURL of type string"
        );
        assert_eq!(
            read("\"x\"").unwrap_err(),
            "json: cannot unmarshal string into Go value of type v1alpha1.Application"
        );
    }
}
