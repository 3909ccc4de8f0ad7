//! The functions of sprig 3.3, by family.

mod args;
mod coerce;
mod crypto;
mod dates;
mod defaults;
mod dicts;
mod encoding;
mod lists;
mod merge;
mod numbers;
mod paths;
mod random;
mod reflection;
mod regexes;
mod strings;
mod urls;
mod versions;
mod words;

use crate::function::Function;

/// Returns the functions with their names.
pub(crate) fn table() -> impl Iterator<Item = (&'static str, Function)> {
    let families = [
        strings::table(),
        words::table(),
        numbers::table(),
        defaults::table(),
        lists::table(),
        dicts::table(),
        merge::table(),
        dates::table(),
        encoding::table(),
        regexes::table(),
        paths::table(),
        urls::table(),
        versions::table(),
        reflection::table(),
        crypto::table(),
        random::table(),
    ];
    families.into_iter().flatten()
}
