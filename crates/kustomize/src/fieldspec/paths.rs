//! The paths of many field specs as one tree, so that one walk through a document tells which of them lead anywhere.

use super::{Create, FieldSpec, Op, Part};
use crate::error::Result;
use crate::{node, steps};
use trueup_manifest::{Value, View};

/// A tree of paths; the first place is its root.
#[derive(Debug, Default)]
pub(crate) struct PathTree(Vec<Place>);

#[derive(Debug, Default)]
struct Place {
    /// The specs whose paths end here.
    ends: Vec<usize>,
    fields: Vec<(Part, usize)>,
}

impl PathTree {
    pub(crate) fn new<'s>(specs: impl IntoIterator<Item = &'s FieldSpec>) -> Self {
        let mut tree = Self(vec![Place::default()]);
        for (number, spec) in specs.into_iter().enumerate() {
            let end = spec.parts.iter().fold(0, |at, part| tree.field(at, part));
            if let Some(place) = tree.0.get_mut(end) {
                place.ends.push(number);
            }
        }
        tree
    }

    /// The place of a field below another place, made if there is none.
    fn field(&mut self, at: usize, part: &Part) -> usize {
        let new = self.0.len();
        let Some(place) = self.0.get_mut(at) else { return at };
        if let Some((_, known)) = place.fields.iter().find(|(known, _)| known == part) {
            return *known;
        }
        place.fields.push((part.clone(), new));
        self.0.push(Place::default());
        new
    }

    /// The numbers of the specs that may do something to a document, in order: those whose walk, which makes nothing, reaches a
    /// field that `matters` or fails.
    pub(crate) fn reaching(&self, document: &Value, matters: &dyn Fn(&Value) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        self.walk(0, document, matters, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Applies an operation to the fields of the specs that the tree is of, in their order, without making any. It must leave alone what does not matter.
    pub(crate) fn apply(
        &self,
        document: &mut Value,
        specs: &[FieldSpec],
        matters: &dyn Fn(&Value) -> bool,
        op: Op<'_>,
    ) -> Result<()> {
        let mut next = 0;
        let mut reaching = self.reaching(document, matters).into_iter();
        while let Some(number) = reaching.find(|number| *number >= next) {
            next = number + 1;
            let Some(spec) = specs.get(number) else { continue };
            if super::change(document, spec, Create::No, op)? {
                // What is there now may matter where the old one did not.
                reaching = self.reaching(document, matters).into_iter();
            }
        }
        Ok(())
    }

    fn walk(&self, at: usize, node: &Value, matters: &dyn Fn(&Value) -> bool, found: &mut Vec<usize>) {
        steps::count();
        let Some(place) = self.0.get(at).filter(|place| !place.fields.is_empty()) else { return };
        match node.view() {
            View::Seq(items) => items.iter().for_each(|item| self.walk(at, item, matters, found)),
            View::Map(map) => {
                for (part, below) in &place.fields {
                    match map.get(&part.name) {
                        _ if part.name.is_empty() || part.is_odd => self.all_below(*below, found),
                        None => {}
                        Some(field) if node::is_null(field) && part.is_list => self.all_below(*below, found),
                        Some(field) => {
                            if matters(field) {
                                found.extend(self.0.get(*below).into_iter().flat_map(|place| &place.ends));
                            }
                            self.walk(*below, field, matters, found);
                        }
                    }
                }
            }
            _ if node::is_null(node) => {}
            _ => place.fields.iter().for_each(|(_, below)| self.all_below(*below, found)),
        }
    }

    fn all_below(&self, at: usize, found: &mut Vec<usize>) {
        let mut pending = vec![at];
        while let Some(place) = pending.pop().and_then(|at| self.0.get(at)) {
            found.extend(&place.ends);
            pending.extend(place.fields.iter().map(|(_, below)| *below));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_manifest::yaml::{self, ParseOptions};

    #[test]
    fn finds_the_specs_that_a_walk_would_stop_at() {
        let paths = ["spec/a", "spec/b/c", "spec/list[]/name", "spec/text/deeper", "spec/gone/x", "spec/b"];
        let specs: Vec<FieldSpec> = paths.iter().map(|path| FieldSpec::of_any(path, false)).collect();
        let tree = PathTree::new(&specs);
        let reaching = |text: &str, matters: &dyn Fn(&Value) -> bool| {
            tree.reaching(&yaml::parse(text.as_bytes(), &ParseOptions::kyaml()).unwrap(), matters)
        };
        let document = "spec: {a: 1, b: {c: 2}, list: [{name: x}, {other: y}], text: word}";
        assert_eq!(reaching(document, &|_| true), [0, 1, 2, 3, 5]);
        // What cannot be walked into is an error, whatever matters.
        assert_eq!(reaching(document, &|_| false), [3]);
        // A null where a list is wanted becomes one.
        assert_eq!(reaching("spec: {list: , text: }", &|_| false), [2]);
        assert!(reaching("spec: ", &|_| true).is_empty());
    }
}
