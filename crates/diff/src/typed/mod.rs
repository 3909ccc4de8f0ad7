//! What an object looks like after a typed client has read and written it.
//!
//! Quantities get one spelling, times become UTC, empty optional fields vanish; unknown fields and wrong types are
//! found out.

mod quantity;
mod round_trip;
mod subtract;

pub use quantity::canonical_quantity;
pub(crate) use round_trip::{Unknown, encode_base64, is_written_when_zero, round_trip, zero};
pub use subtract::{subtract_extra, subtract_extra_items};

use trueup_manifest::Value;
use trueup_schema::{Kind, kubernetes};

/// Returns the kind of an object if clients hold it in a typed struct.
pub(crate) fn typed_kind(object: &Value) -> Option<Kind<'static>> {
    kubernetes::schema().kind_of(object).filter(Kind::is_typed)
}

/// Returns the object as a typed client writes it, without fields it did not have.
///
/// An object of an unknown kind, with an unknown field or with a value of the wrong type stays as it is.
///
/// ```
/// let pod = r#"{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"resources":{"limits":{"cpu":"1000m"}}}]}}"#;
/// let pod: trueup_manifest::Value = serde_json::from_str(pod).unwrap();
/// let retyped = trueup_diff::typed::retype(&pod);
/// let limits = retyped.at(&["spec", "containers"]).unwrap().item(0).unwrap().at(&["resources", "limits"]).unwrap();
/// assert_eq!(limits.get("cpu").unwrap().as_str(), Some("1"));
/// ```
pub fn retype(object: &Value) -> Value {
    let Some(kind) = typed_kind(object) else { return object.clone() };
    round_trip(kind.ty(), object, Unknown::Fail).unwrap_or_else(|| object.clone())
}
