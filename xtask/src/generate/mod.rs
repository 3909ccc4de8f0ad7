//! `cargo xtask generate`: what other languages know of the facade, written from its own description.

mod python;
mod typescript;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use trueup::api::{Record, Type, document_record, error_record, operations};

/// Files by their path from the root.
type Files = BTreeMap<PathBuf, String>;

/// Writes the files, or with `check` complains about the first that is not as it should be.
pub(crate) fn run(root: &Path, check: bool) -> Result<(), String> {
    for (path, text) in files() {
        let full = root.join(&path);
        let current = fs::read_to_string(&full).unwrap_or_default();
        if current == text {
            continue;
        }
        if check {
            return Err(format!("{} is stale: run `cargo xtask generate`", path.display()));
        }
        fs::write(&full, text).map_err(|error| format!("{}: {error}", full.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

fn files() -> Files {
    let mut files = Files::new();
    files.extend(python::files());
    files.extend(typescript::files());
    files
}

/// The classes of documents.
const DOCUMENTS: [&str; 3] = ["Report", "Comparison", "Plan"];

/// Which way a value goes: what is taken is described more generously than what is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// A record that has a name of its own in every language.
struct Named {
    record: Record,
    way: Way,
}

/// Every record that operations take or give, but for the requests themselves, by name.
fn records() -> Vec<Named> {
    let mut found = BTreeMap::new();
    for operation in operations() {
        for field in (operation.request().fields)() {
            collect(&field.ty, Way::In, &mut found);
        }
        collect(&operation.answer(), Way::Out, &mut found);
    }
    for class in DOCUMENTS {
        // A document and what it says bear one name; the data is `PlanData`.
        let fields = document_record(class).map(|record| (record.fields)()).unwrap_or_default();
        fields.iter().for_each(|field| collect(&field.ty, Way::Out, &mut found));
    }
    collect(&error_record(), Way::Out, &mut found);
    found.into_values().collect()
}

fn collect(ty: &Type, way: Way, found: &mut BTreeMap<&'static str, Named>) {
    match ty {
        Type::List(item) | Type::Map(item) | Type::Optional(item) => collect(item, way, found),
        Type::Union(types) => types.iter().for_each(|ty| collect(ty, way, found)),
        Type::Record(record) => {
            if let Some(known) = found.get(record.name) {
                assert_eq!(known.way, way, "{} is both taken and given", record.name);
                return;
            }
            found.insert(record.name, Named { record: *record, way });
            (record.fields)().iter().for_each(|field| collect(&field.ty, way, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_committed_is_what_would_be_written() {
        super::run(&crate::root(), true).unwrap();
    }
}
