//! Which type an object has: built in, from the host, or whatever fits.

use trueup_manifest::Value;
use trueup_schema::{Schema, TypeRef, kubernetes, smd};

/// The schemas to look types up in: the built-in one, then the host's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Schemas<'a> {
    pub(crate) host: Option<&'a Schema>,
}

impl<'a> Schemas<'a> {
    pub(crate) fn type_of(&self, object: &Value) -> TypeRef<'a> {
        match self.known(object) {
            Some(ty) => ty,
            None => smd::deduced(),
        }
    }

    /// Returns the type as the cluster serves it, which is what it applies by.
    pub(crate) fn served(&self, object: &Value) -> TypeRef<'a> {
        match self.host.and_then(|host| host.kind_of(object)) {
            Some(kind) => kind.ty(),
            None => self.type_of(object),
        }
    }

    pub(crate) fn known(&self, object: &Value) -> Option<TypeRef<'a>> {
        let built_in = kubernetes::schema().kind_of(object).filter(|kind| kind.is_structured());
        built_in.map(|kind| kind.ty()).or_else(|| Some(self.host?.kind_of(object)?.ty()))
    }
}
