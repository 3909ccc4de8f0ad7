//! helm
use crate::function::Function;
pub(crate) fn table() -> impl Iterator<Item = (&'static str, Function)> {
    [].into_iter()
}
