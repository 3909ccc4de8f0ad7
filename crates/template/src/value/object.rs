//! Values with fields and methods.

use super::{Kind, Text, Value};
use std::borrow::Cow;

/// A Go struct or pointer with fields and methods, as a host gives it to templates.
///
/// Helm's `.Files` and `.Capabilities` are such values.
pub trait Object: Send + Sync {
    /// Returns the Go type, as `%T` prints it.
    fn type_name(&self) -> Cow<'static, str>;

    /// Returns [`Kind::Struct`] or [`Kind::Ptr`].
    fn kind(&self) -> Kind {
        Kind::Struct
    }

    /// Returns the truth of the value.
    fn truth(&self) -> bool {
        true
    }

    /// Returns a field, if there is one of this name.
    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    /// Returns how many arguments a method takes, if there is one of this name.
    fn method(&self, _name: &str) -> Option<usize> {
        None
    }

    /// Calls a method; the error is the message after `error calling NAME: `.
    fn call(&self, name: &str, _args: &[Value]) -> Result<Value, String> {
        Err(format!("{name} is not a method"))
    }

    /// Returns the names and values of the fields, in order.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// Returns the text of a value that has a `String` method.
    fn display(&self) -> Option<Text> {
        None
    }
}
