//! Applying the rules to an object.

use super::{RuleId, Rules, What};
use crate::object::ObjectKey;
use serde::Serialize;
use trueup_manifest::Value;
#[cfg(feature = "jq")]
use trueup_patch::json_patch::pointer;
use trueup_patch::json_patch::{self, Operation, Options};

/// What a rule did to an object, or why it could not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleNote {
    /// The rule.
    pub rule: RuleId,
    /// JSON pointers to what it took out, or to what a known type writes in another way. Empty if it could not be applied.
    pub removed: Vec<String>,
    /// Why it could not be applied.
    pub error: Option<String>,
}

/// An object after the rules.
#[derive(Clone, Debug)]
pub struct Normalized {
    /// The object.
    pub object: Value,
    /// What the rules did, those that changed something or failed only.
    pub notes: Vec<RuleNote>,
    /// Why the rest of the rules was not applied, if so. A comparison goes on with what there is, a sync must not.
    pub error: Option<String>,
}

impl Rules {
    /// Applies every rule that matches, in order: the Application's, then the system's, then known types.
    ///
    /// A rule that fails leaves the object as it was before it. An object without a kind has no known types.
    pub fn normalize(&self, object: &Value) -> Normalized {
        let key = ObjectKey::of(object);
        let mut out = Normalized { object: object.clone(), notes: Vec::new(), error: None };
        let mut last = None;
        for removal in self.removals.iter().filter(|removal| removal.matches(&key)) {
            match apply(&removal.what, &out.object) {
                Ok(None) => {}
                Ok(Some((changed, removed))) => {
                    out.object = changed;
                    last = Some(removal);
                    out.notes.push(RuleNote { rule: removal.id.clone(), removed, error: None });
                }
                Err(error) => {
                    let error = Some(error);
                    out.notes.push(RuleNote { rule: removal.id.clone(), removed: Vec::new(), error });
                }
            }
        }
        if let Some(last) = last.filter(|_| !has_kind(&out.object)) {
            out.stop(&last.id, "Object 'Kind' is missing".into());
            return out;
        }
        for known in self.known_types.iter().filter(|known| known.matches(&key)) {
            match known.apply(&mut out.object) {
                Ok(false) => {}
                Ok(true) => {
                    let removed = vec![known.pointer()];
                    out.notes.push(RuleNote { rule: known.id.clone(), removed, error: None });
                }
                Err(error) => {
                    out.stop(&known.id, error);
                    return out;
                }
            }
        }
        out
    }
}

impl Normalized {
    /// Notes a rule after which no other is applied.
    fn stop(&mut self, rule: &RuleId, error: String) {
        self.error = Some(error.clone());
        self.notes.push(RuleNote { rule: rule.clone(), removed: Vec::new(), error: Some(error) });
    }
}

fn has_kind(object: &Value) -> bool {
    object.get("kind").and_then(Value::as_str).is_some_and(|kind| !kind.is_empty())
}

type Change = Option<(Value, Vec<String>)>;

fn apply(what: &What, object: &Value) -> Result<Change, String> {
    match what {
        What::Pointer(pointer) => remove_pointer(object, pointer),
        #[cfg(feature = "jq")]
        What::Jq(path) => remove_jq(object, path),
        What::Invalid(reason) => Err(reason.clone()),
    }
}

fn remove_pointer(object: &Value, path: &str) -> Result<Change, String> {
    let patch = [Operation::remove(path)];
    match json_patch::apply(object, &patch, &Options::default()) {
        Ok(changed) => Ok(Some((changed, vec![path.to_owned()]))),
        Err(error) => {
            let text = error.to_string();
            let absent =
                ["Unable to remove nonexistent key", "remove operation does not apply: doc is missing path"];
            if absent.iter().any(|absence| text.contains(absence)) { Ok(None) } else { Err(text) }
        }
    }
}

#[cfg(feature = "jq")]
fn remove_jq(object: &Value, path: &super::jq::JqPath) -> Result<Change, String> {
    use super::jq::Step;
    let deleted = path.delete(object)?;
    let pointer = |path: &Vec<Step>| {
        let step = |step: &Step| match step {
            Step::Key(key) => pointer::escape(key).to_string(),
            Step::Index(index) => index.to_string(),
            Step::Range(from, to) => {
                let end = |end: &Option<isize>| end.map(|end| end.to_string()).unwrap_or_default();
                format!("{}:{}", end(from), end(to))
            }
        };
        path.iter().map(|part| format!("/{}", step(part))).collect::<String>()
    };
    let removed: Vec<String> = deleted.paths.iter().map(pointer).collect();
    let changed = deleted.object;
    if !changed.is_map() {
        return Err("JQ patch did not return an object".into());
    }
    let unchanged = changed.same(object) || changed == *object;
    Ok((!unchanged).then_some((changed, removed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_manifest::Map;
    use trueup_patch::json_patch::pointer;

    fn pointer_of(keys: &[&str]) -> String {
        keys.iter().map(|key| format!("/{}", pointer::escape(key))).collect()
    }

    #[test]
    fn an_absent_pointer_is_nothing_and_a_bad_one_is_noted() {
        let object: Value = Map::from_iter([("list", Value::from(vec![Value::from(1)]))]).into();
        assert_eq!(remove_pointer(&object, &pointer_of(&["a", "b/c"])), Ok(None));
        assert_eq!(remove_pointer(&object, "/nothing"), Ok(None));
        assert!(remove_pointer(&object, "/list/-").is_err());
        assert!(remove_pointer(&object, "/list/0").unwrap().is_some());
    }
}
