//! Sets of paths, as managedFields hold them.

use super::path::{Path, PathElement};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Map, Value};
use trueup_schema::TypeRef;

/// A set of paths.
///
/// A path in the set does not bring its ancestors or descendants along: `a.b` may be in it without `a`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSet {
    pub(crate) members: BTreeSet<PathElement>,
    pub(crate) children: BTreeMap<PathElement, FieldSet>,
}

impl FieldSet {
    /// Returns the empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a path. The empty path is the whole object and belongs to nobody.
    pub fn insert(&mut self, path: &[PathElement]) {
        match path {
            [] => {}
            [last] => {
                self.members.insert(last.clone());
            }
            [first, rest @ ..] => self.children.entry(first.clone()).or_default().insert(rest),
        }
    }

    /// Returns true if the path itself is in the set.
    pub fn contains(&self, path: &[PathElement]) -> bool {
        match path {
            [] => true,
            [last] => self.members.contains(last),
            [first, rest @ ..] => self.children.get(first).is_some_and(|child| child.contains(rest)),
        }
    }

    /// Returns true if there is no path in it.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.children.values().all(Self::is_empty)
    }

    /// Returns the number of paths.
    pub fn len(&self) -> usize {
        self.members.len() + self.children.values().map(Self::len).sum::<usize>()
    }

    /// Returns the paths below one step, without that step.
    pub fn below(&self, step: &PathElement) -> Option<&Self> {
        self.children.get(step)
    }

    /// Returns all paths, parents before children of the same level.
    pub fn paths(&self) -> Vec<Path> {
        let mut out = Vec::with_capacity(self.len());
        self.collect(&mut Vec::new(), &mut out);
        out
    }

    fn collect(&self, prefix: &mut Path, out: &mut Vec<Path>) {
        for member in &self.members {
            let mut path = prefix.clone();
            path.push(member.clone());
            out.push(path);
        }
        for (step, child) in &self.children {
            prefix.push(step.clone());
            child.collect(prefix, out);
            prefix.pop();
        }
    }

    /// Returns the paths that are in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut out = self.clone();
        out.extend(other);
        out
    }

    fn extend(&mut self, other: &Self) {
        self.members.extend(other.members.iter().cloned());
        for (step, child) in &other.children {
            match self.children.get_mut(step) {
                Some(mine) => mine.extend(child),
                None => {
                    self.children.insert(step.clone(), child.clone());
                }
            }
        }
    }

    /// Returns the paths that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let children = self.children.iter().filter_map(|(step, child)| {
            let both = child.intersection(other.children.get(step)?);
            (!both.is_empty()).then(|| (step.clone(), both))
        });
        Self {
            members: self.members.intersection(&other.members).cloned().collect(),
            children: children.collect(),
        }
    }

    /// Returns the paths that are in this set and not in the other. Removing a parent leaves its children.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let children = self.children.iter().filter_map(|(step, child)| {
            let rest = match other.children.get(step) {
                Some(other) => child.difference(other),
                None => return Some((step.clone(), child.clone())),
            };
            (!rest.is_empty()).then(|| (step.clone(), rest))
        });
        Self {
            members: self.members.difference(&other.members).cloned().collect(),
            children: children.collect(),
        }
    }

    /// Returns the paths that are in this set and neither in the other nor below one that is.
    #[must_use]
    pub fn recursive_difference(&self, other: &Self) -> Self {
        let children = self.children.iter().filter(|(step, _)| !other.members.contains(*step));
        let children = children.filter_map(|(step, child)| {
            let rest = match other.children.get(step) {
                Some(other) => child.recursive_difference(other),
                None => return Some((step.clone(), child.clone())),
            };
            (!rest.is_empty()).then(|| (step.clone(), rest))
        });
        Self {
            members: self.members.difference(&other.members).cloned().collect(),
            children: children.collect(),
        }
    }

    /// Adds every declared field that lies on the way to a member.
    #[must_use]
    pub fn with_named_fields(&self, ty: Option<TypeRef<'_>>) -> Self {
        let named = |step: &PathElement| match step {
            PathElement::Field(name) => ty.and_then(|ty| ty.field(name)).is_some(),
            _ => false,
        };
        let mut members = self.members.clone();
        members.extend(self.children.keys().filter(|step| named(step)).cloned());
        let below = |step: &PathElement| match step {
            PathElement::Field(name) => ty.and_then(|ty| member_type(ty, name)),
            PathElement::Key(_) => ty.and_then(|ty| ty.list()).map(|list| list.item),
            _ => None,
        };
        let children = self.children.iter();
        let children = children.map(|(step, child)| (step.clone(), child.with_named_fields(below(step))));
        Self { members, children: children.collect() }
    }

    /// Reads the `fieldsV1` form. Steps of unknown kinds are skipped.
    pub fn from_fields_v1(fields: &Value) -> Result<Self, String> {
        match fields.as_map() {
            Some(map) => Ok(read(map)?.0.unwrap_or_default()),
            None if fields.is_null() => Ok(Self::new()),
            None => Err(format!("expected an object, found a {}", fields.type_name())),
        }
    }

    /// Writes the `fieldsV1` form.
    pub fn to_fields_v1(&self) -> Value {
        self.write(false).into()
    }

    fn write(&self, with_self: bool) -> Map {
        let mut out = Map::new();
        if with_self && !(self.members.is_empty() && self.children.is_empty()) {
            out.insert(".", Map::new());
        }
        let steps: BTreeSet<&PathElement> = self.members.iter().chain(self.children.keys()).collect();
        for step in steps {
            let child = self.children.get(step);
            let inner = child.map(|child| child.write(self.members.contains(step))).unwrap_or_default();
            out.insert(step.encode(), inner);
        }
        out
    }
}

/// Returns the set below and whether the node itself is a member: it is when it says so (`.`) or has nothing below.
fn read(map: &Map) -> Result<(Option<FieldSet>, bool), String> {
    let mut set: Option<FieldSet> = None;
    let mut is_member = false;
    for (key, value) in map {
        if key == "." {
            is_member = true;
            continue;
        }
        let Some(step) = PathElement::parse(key)? else { continue };
        let Some(inner) = value.as_map() else {
            return Err(format!("expected an object below {key}, found a {}", value.type_name()));
        };
        let (below, below_is_member) = read(inner)?;
        let set = set.get_or_insert_default();
        if below_is_member {
            set.members.insert(step.clone());
        }
        if let Some(below) = below {
            set.children.insert(step, below);
        }
    }
    let is_member = is_member || set.is_none();
    Ok((set, is_member))
}

/// Returns the type of a member of a map: of the declared field, else of any member.
pub(crate) fn member_type<'a>(ty: TypeRef<'a>, name: &str) -> Option<TypeRef<'a>> {
    ty.field(name).filter(|field| field.is_structured()).map(|field| field.ty()).or_else(|| ty.map()?.item)
}

impl FromIterator<Path> for FieldSet {
    fn from_iter<I: IntoIterator<Item = Path>>(paths: I) -> Self {
        let mut set = Self::new();
        for path in paths {
            set.insert(&path);
        }
        set
    }
}
