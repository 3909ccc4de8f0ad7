//! What must hold for any three documents: also run by `fuzz/fuzz_targets/patch.rs`.
#![expect(unreachable_pub, reason = "fuzz targets read this file, too")]

use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::{Limits, Value};
use trueup_patch::json_patch::{self, Dialect};
use trueup_patch::{merge_patch, strategic, structured};
use trueup_schema::kubernetes;

/// Reads the lines of the input as up to three JSON documents, and makes and applies every kind of patch.
pub fn patches(input: &[u8]) {
    let mut limits = Limits::default();
    limits.max_bytes = 1 << 16;
    let options = JsonOptions::default().with_limits(limits);
    let mut documents =
        input.split(|byte| *byte == b'\n').map(|line| json::parse(line, &options).unwrap_or_default());
    let mut next = || documents.next().unwrap_or(Value::NULL);
    let (a, b, c) = (next(), next(), next());
    let Some(kind) = kubernetes::schema().kind("v1", "Pod") else { return };
    let ty = kind.ty();
    if let Ok(patch) = strategic::create_two_way(&a, &b, ty, &[]) {
        let _ = strategic::apply(&a, &patch, ty);
    }
    for on_conflict in [strategic::OnConflict::Overwrite, strategic::OnConflict::Fail] {
        if let Ok(patch) = strategic::create_three_way([&a, &b, &c], ty, on_conflict, &[]) {
            let _ = strategic::apply(&c, &patch, ty);
        }
    }
    let _ =
        (strategic::apply(&a, &b, ty), merge_patch::apply(&a, &b), merge_patch::create_three_way(&a, &b, &c));
    if let Ok(patch) = merge_patch::create(&a, &a) {
        assert!(patch.as_map().is_none_or(trueup_manifest::Map::is_empty), "a document differs from itself");
    }
    let operations = json_patch::diff(&a, &b);
    if !a.is_scalar() && !b.is_scalar() {
        let applied = json_patch::apply(&a, &operations, &json_patch::Options::default());
        assert_eq!(applied.as_ref(), Ok(&b), "a patch leads elsewhere");
    }
    for dialect in [Dialect::V4, Dialect::V5] {
        if let Ok(operations) = json_patch::decode(&b, dialect) {
            let _ = json_patch::apply(&a, &operations, &json_patch::Options::of(dialect));
        }
    }
    let typed = (structured::Typed::new(a.clone(), ty), structured::Typed::new(b, ty));
    if let (Ok(a), Ok(b)) = typed {
        let _ = (a.merge(&b), a.compare(&b));
        assert!(a.compare(&a).is_ok_and(|changes| changes.is_empty()), "a value differs from itself");
    }
    let _ = (structured::FieldSet::from_fields_v1(&c), structured::managers_of(&a));
}
