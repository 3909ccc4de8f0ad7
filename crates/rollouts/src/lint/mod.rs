//! What the controller accepts and nobody means.

use trueup_manifest::{Diagnostic, Value};

/// Returns what is odd.
pub fn lint(_objects: &[Value]) -> Vec<Diagnostic> {
    Vec::new()
}
