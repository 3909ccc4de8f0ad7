//! Semantic versions.

use super::args::{Family, S, fixed, text};
use crate::go::semver::{Constraints, Version};
use crate::value::Value;
use std::sync::Arc;

pub(super) fn table() -> Family {
    vec![
        ("semver", fixed(&[S], |_, a| Ok(Value::Version(Arc::new(Version::parse(&text(a, 0))?))))),
        (
            "semverCompare",
            fixed(&[S, S], |_, a| {
                let constraints = Constraints::parse(&text(a, 0))?;
                let version = Version::parse(&text(a, 1))?;
                Ok(constraints.check(&version).into())
            }),
        ),
    ]
}
