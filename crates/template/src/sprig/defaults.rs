//! Defaults and flow.

use super::args::{A, Family, S, any, fixed, text, variadic};
use super::coerce::is_empty;
use crate::function::{Fault, Function, Ty};
use crate::value::Value;

pub(super) fn table() -> Family {
    vec![
        (
            "default",
            variadic(&[A], A, |_, a| Ok(a.get(1).filter(|v| !is_empty(v)).unwrap_or(any(a, 0)).clone())),
        ),
        ("empty", fixed(&[A], |_, a| Ok(is_empty(any(a, 0)).into()))),
        ("coalesce", Function { dynamic: true, ..variadic(&[], A, |_, a| Ok(first_there(a))) }),
        ("all", variadic(&[], A, |_, a| Ok((!a.iter().any(is_empty)).into()))),
        ("any", variadic(&[], A, |_, a| Ok((!a.iter().all(is_empty)).into()))),
        ("ternary", fixed(&[A, A, Ty::Bool], |_, a| Ok(any(a, usize::from(!any(a, 2).truth())).clone()))),
        ("fail", fixed(&[S], |_, a| Err(Fault::Error(text(a, 0).into_owned())))),
    ]
}

fn first_there(args: &[Value]) -> Value {
    args.iter().find(|arg| !is_empty(arg)).cloned().unwrap_or_default()
}
