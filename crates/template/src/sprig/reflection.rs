//! Types and kinds.

use super::args::{A, Family, S, any, fixed, text};
use crate::value::Value;

pub(super) fn table() -> Family {
    vec![
        ("typeOf", fixed(&[A], |_, a| Ok(type_of(any(a, 0)).into()))),
        ("typeIs", fixed(&[S, A], |_, a| Ok((text(a, 0) == type_of(any(a, 1))).into()))),
        (
            "typeIsLike",
            fixed(&[S, A], |_, a| {
                let (wanted, ty) = (text(a, 0), type_of(any(a, 1)));
                Ok((wanted == ty || ty.strip_prefix('*') == Some(&*wanted)).into())
            }),
        ),
        ("kindOf", fixed(&[A], |_, a| Ok(any(a, 0).kind().name().into()))),
        ("kindIs", fixed(&[S, A], |_, a| Ok((text(a, 0) == any(a, 1).kind().name()).into()))),
    ]
}

fn type_of(value: &Value) -> String {
    value.type_name().into_owned()
}
