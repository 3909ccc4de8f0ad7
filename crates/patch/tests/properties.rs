//! What must hold for every pair of documents, checked over generated ones, and that nothing hostile breaks it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use trueup_manifest::{Map, Value};
use trueup_patch::{json_patch, merge_patch, strategic, structured};
use trueup_schema::{TypeRef, kubernetes};

/// A small generator with a fixed seed: the same documents on every machine.
struct Generator(u64);

impl Generator {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words.get(self.next(words.len() as u64) as usize).copied().unwrap_or("a")
    }

    fn any(&mut self, depth: u32) -> Value {
        match self.next(if depth > 3 { 5 } else { 8 }) {
            0 => Value::NULL,
            1 => Value::from(self.next(3) as i64),
            2 => Value::from(1.5),
            3 => Value::from(self.next(2) == 0),
            4 => self.pick(&["", "a", "b", "$patch"]).into(),
            5 => (0..self.next(4)).map(|_| self.any(depth + 1)).collect(),
            _ => self.map(depth),
        }
    }

    fn map(&mut self, depth: u32) -> Value {
        let keys =
            ["a", "b", "c/~", "$patch", "$retainKeys", "$setElementOrder/a", "$deleteFromPrimitiveList/a"];
        let few = if depth == 0 { 3 } else { keys.len() };
        (0..self.next(4)).map(|_| (self.pick(&keys[..few]), self.any(depth + 1))).collect::<Map>().into()
    }

    /// A pod with lists of every kind; no repeated keys.
    fn pod(&mut self) -> Value {
        let mut containers = Vec::new();
        for name in ["app", "log", "web"] {
            if self.next(3) > 0 {
                let mut container = Map::from_iter([("name", name)]);
                container.insert("image", self.pick(&["x:1", "x:2"]));
                let env =
                    (0..self.next(3)).map(|at| Value::from(Map::from_iter([("name", format!("E{at}"))])));
                container.insert("env", env.collect::<Value>());
                container.insert(
                    "args",
                    (0..self.next(3)).map(|_| Value::from(self.pick(&["a", "b"]))).collect::<Value>(),
                );
                containers.push(Value::from(container));
            }
        }
        if self.next(2) == 0 {
            containers.reverse();
        }
        let mut spec = Map::from_iter([("containers", Value::from(containers))]);
        spec.insert("nodeName", self.pick(&["n1", "n2"]));
        let finalizers: Value =
            ["p", "q"].into_iter().filter(|_| self.next(2) == 0).map(Value::from).collect();
        let metadata = Map::from_iter([("name", Value::from("pod")), ("finalizers", finalizers)]);
        Map::from_iter([("metadata", Value::from(metadata)), ("spec", spec.into())]).into()
    }
}

fn pod_type() -> TypeRef<'static> {
    kubernetes::schema().kind("v1", "Pod").unwrap().ty()
}

#[test]
fn a_json_patch_leads_where_it_should() {
    let mut generator = Generator(1);
    for _ in 0..3000 {
        let (from, to) = (generator.map(0), generator.map(0));
        let patch = json_patch::diff(&from, &to);
        assert_eq!(
            json_patch::apply(&from, &patch, &json_patch::Options::default()).unwrap(),
            to,
            "{from:?} {patch:?}"
        );
        assert!(json_patch::diff(&from, &from.clone()).is_empty());
    }
}

#[test]
fn a_merge_patch_leads_where_it_should_when_there_are_no_nulls() {
    let mut generator = Generator(2);
    for _ in 0..3000 {
        let strip = |value: Value| merge_patch::apply(&Map::new().into(), &value).unwrap();
        let (from, to) = (strip(generator.map(0)), strip(generator.map(0)));
        let patch = merge_patch::create(&from, &to).unwrap();
        assert_eq!(merge_patch::apply(&from, &patch).unwrap(), to);
        assert!(merge_patch::create(&from, &from).unwrap().as_map().unwrap().is_empty());
    }
}

#[test]
fn a_strategic_patch_leads_where_it_should() {
    let mut generator = Generator(3);
    for _ in 0..2000 {
        let (from, to) = (generator.pod(), generator.pod());
        let patch = strategic::create_two_way(&from, &to, pod_type(), &[]).unwrap();
        assert_eq!(strategic::apply(&from, &patch, pod_type()).unwrap(), to, "{from:?} {patch:?}");
    }
}

#[test]
fn comparing_and_merging_agree() {
    let mut generator = Generator(4);
    for _ in 0..1000 {
        let typed = |value| structured::Typed::new(value, pod_type()).unwrap();
        let (from, to) = (typed(generator.pod()), typed(generator.pod()));
        assert!(from.compare(&from).unwrap().is_empty());
        let changes = from.compare(&to).unwrap();
        let back = to.compare(&from).unwrap();
        assert_eq!(
            (&changes.added, &changes.removed, &changes.modified),
            (&back.removed, &back.added, &back.modified)
        );
        let merged = from.merge(&to).unwrap();
        assert!(merged.compare(&to).unwrap().added.is_empty());
        let set = to.field_set().unwrap();
        assert_eq!(structured::FieldSet::from_fields_v1(&set.to_fields_v1()).unwrap(), set);
    }
}

#[test]
fn nothing_hostile_breaks_it() {
    let mut generator = Generator(5);
    for _ in 0..5000 {
        let [a, b, c] = [(); 3].map(|()| generator.any(0));
        let _ = strategic::apply(&a, &b, pod_type());
        let _ = strategic::create_two_way(&a, &b, pod_type(), &[]);
        let _ = strategic::create_three_way([&a, &b, &c], pod_type(), strategic::OnConflict::Fail, &[]);
        let _ = merge_patch::create_three_way(&a, &b, &c);
        let _ = merge_patch::apply(&a, &b);
        for dialect in [json_patch::Dialect::V4, json_patch::Dialect::V5] {
            if let Ok(operations) = json_patch::decode(&b, dialect) {
                let _ = json_patch::apply(&a, &operations, &json_patch::Options::of(dialect));
            }
        }
        let _ = structured::FieldSet::from_fields_v1(&a);
        let object =
            Map::from_iter([("metadata", Value::from(Map::from_iter([("managedFields", a.clone())])))])
                .into();
        let _ = structured::managers_of(&object);
        if let (Ok(a), Ok(b)) = (structured::Typed::new(a, pod_type()), structured::Typed::new(b, pod_type()))
        {
            let _ = (a.merge(&b), a.compare(&b), a.field_set());
        }
    }
}

#[test]
fn copying_is_limited() {
    let operation = |op: &str| {
        let parts = [("op", op), ("from", "/a"), ("path", "/a/-")];
        json_patch::Operation(Map::from_iter(parts))
    };
    let document: Value = Map::from_iter([("a", Value::from(vec![Value::from(1)]))]).into();
    let mut options = json_patch::Options::default();
    let doubling: Vec<_> = (0..100).map(|_| operation("copy")).collect();
    assert!(json_patch::apply(&document, &doubling, &options).unwrap_err().to_string().contains("copy"));
    // The first copy adds the list and its item.
    options.max_copied_nodes = 2;
    assert!(json_patch::apply(&document, &doubling[..1], &options).is_ok());
    options.max_copied_nodes = 1;
    assert!(json_patch::apply(&document, &doubling[..1], &options).is_err());
}
