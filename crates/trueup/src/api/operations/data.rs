//! Handles as plain data.

use super::table;
use crate::api::shape::{Input, Type, input};
use crate::api::{Context, Data, Error};
use trueup_manifest::Value;

table! {
    /// Returns anything as plain data in which handles are told by a key of their own, such as `$tree`.
    "data.plain": Anything => plain => Value;
}

input! {
    /// Anything.
    struct Anything {
        /// Plain data, or a handle.
        value: Any,
    }
}

/// Plain data, or a handle.
#[derive(Clone, Debug)]
pub(crate) struct Any(Data);

impl Input for Any {
    fn ty() -> Type {
        Type::Any
    }

    fn read(data: Data, _: &dyn Fn() -> String) -> Result<Self, Error> {
        Ok(Self(data))
    }
}

fn plain(request: Anything, _: &Context) -> Result<Value, Error> {
    Ok(request.value.0.plain())
}
