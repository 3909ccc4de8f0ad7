//! An object together with its type.

use super::compare::{Changes, Walk};
use super::remove::{self, Mode};
use super::set::FieldSet;
use super::{Problem, Problems, field_set, merge, validate};
use trueup_manifest::Value;
use trueup_schema::TypeRef;

/// An object does not fit its type.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", problems_text(.problems))]
pub struct TypedError {
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

fn problems_text(problems: &[Problem]) -> String {
    match problems {
        [problem] => problem.to_string(),
        _ => problems.iter().fold("errors:".to_owned(), |text, problem| format!("{text}\n  {problem}")),
    }
}

fn checked<T>(value: T, problems: Problems) -> Result<T, TypedError> {
    if problems.is_empty() { Ok(value) } else { Err(TypedError { problems }) }
}

/// An object together with its type. Cloning is O(1).
#[derive(Clone, Debug)]
pub struct Typed<'t> {
    pub(super) value: Value,
    pub(super) ty: TypeRef<'t>,
}

impl<'t> Typed<'t> {
    /// Checks that an object fits a type.
    ///
    /// # Errors
    /// Unknown fields, wrong scalars, list items without keys, duplicates in sets and keyed lists.
    pub fn new(value: Value, ty: TypeRef<'t>) -> Result<Self, TypedError> {
        let problems = validate::validate(ty, &value, false);
        checked(Self { value, ty }, problems)
    }

    /// As [`Typed::new`], with duplicates allowed: live objects may have them.
    ///
    /// # Errors
    /// As [`Typed::new`], duplicates aside.
    pub fn with_duplicates(value: Value, ty: TypeRef<'t>) -> Result<Self, TypedError> {
        let problems = validate::validate(ty, &value, true);
        checked(Self { value, ty }, problems)
    }

    /// Returns the object.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the object.
    pub fn into_value(self) -> Value {
        self.value
    }

    /// Returns the type.
    pub fn ty(&self) -> TypeRef<'t> {
        self.ty
    }

    /// Returns the fields it has.
    ///
    /// # Errors
    /// When the schema lacks a type the object meets.
    pub fn field_set(&self) -> Result<FieldSet, TypedError> {
        let mut set = FieldSet::new();
        let problems = field_set::collect(self.ty, &self.value, &mut Vec::new(), &mut set);
        checked(set, problems)
    }

    /// Merges another object of the same type into this one; where both have a field, the other's wins.
    ///
    /// # Errors
    /// When a value fits the type on neither side, or the other has duplicates.
    pub fn merge(&self, other: &Self) -> Result<Self, TypedError> {
        let (value, problems) = merge::merge(self.ty, Some(&self.value), Some(&other.value));
        checked(Self { value: value.unwrap_or_default(), ty: self.ty }, problems)
    }

    /// Compares with another object of the same type.
    ///
    /// # Errors
    /// When a value fits the type on neither side, or list items lack keys.
    pub fn compare(&self, other: &Self) -> Result<Changes, TypedError> {
        let mut walk = Walk { changes: Changes::default(), path: Vec::new() };
        let problems = walk.compare(self.ty, (Some(&self.value), Some(&other.value)));
        checked(walk.changes, problems)
    }

    /// Returns the object without the fields of a set; null when nothing is left.
    #[must_use]
    pub fn remove(&self, set: &FieldSet) -> Self {
        Self { value: remove::apply(Some(self.ty), &self.value, set, Mode::Remove), ty: self.ty }
    }

    /// Returns the object with only the fields of a set; null when nothing is left.
    #[must_use]
    pub fn extract(&self, set: &FieldSet) -> Self {
        Self { value: remove::apply(Some(self.ty), &self.value, set, Mode::Extract), ty: self.ty }
    }
}
