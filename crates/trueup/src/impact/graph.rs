//! Who reads what: the kustomizations of a tree, what they name, and what a change reaches through them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use trueup_kustomize::{Reference, ReferenceTarget, references};
use trueup_manifest::{EcoString, FileTree, join_path, split_path};

const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The directories with a kustomization, by what they read.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// The directories that name a path as a file, or everything below it.
    by_path: BTreeMap<EcoString, Vec<EcoString>>,
    /// The directories that name another.
    by_directory: BTreeMap<EcoString, Vec<EcoString>>,
}

/// How a change gets somewhere: the changed file, then each directory that reads the one before.
pub(super) type Way = Vec<EcoString>;

impl Graph {
    pub(super) fn of(tree: &FileTree) -> Self {
        let mut directories = BTreeSet::new();
        for (path, _) in tree.files_below("") {
            let (directory, name) = split_path(path);
            if KUSTOMIZATIONS.contains(&name) {
                directories.insert(EcoString::from(directory));
            }
        }
        let mut graph = Self::default();
        for directory in &directories {
            // One that cannot be read is still changed by its own file.
            for reference in references(tree, directory).unwrap_or_default() {
                graph.add(directory, reference, &directories);
            }
            for own in KUSTOMIZATIONS.iter().filter_map(|name| join_path(directory, name).ok()) {
                graph.by_path.entry(own).or_default().push(directory.clone());
            }
        }
        graph
    }

    fn add(&mut self, directory: &EcoString, reference: Reference, directories: &BTreeSet<EcoString>) {
        let (map, path) = match reference.target {
            ReferenceTarget::Directory(path) if directories.contains(&path) => (&mut self.by_directory, path),
            ReferenceTarget::Directory(path)
            | ReferenceTarget::File(path)
            | ReferenceTarget::Everything(path) => (&mut self.by_path, path),
            _ => return,
        };
        map.entry(path).or_default().push(directory.clone());
    }

    /// Whether any kustomization reads a path.
    pub(super) fn reads(&self, path: &str) -> bool {
        ancestors(path).any(|path| self.by_path.contains_key(path))
    }

    /// The directories that changes reach, each with the shortest way there.
    pub(super) fn reached(&self, changed: &[EcoString]) -> BTreeMap<EcoString, Way> {
        let mut reached: BTreeMap<EcoString, Way> = BTreeMap::new();
        let mut pending = VecDeque::new();
        for file in changed {
            for directory in ancestors(file).filter_map(|path| self.by_path.get(path)).flatten() {
                if !reached.contains_key(directory) {
                    reached.insert(directory.clone(), vec![file.clone(), directory.clone()]);
                    pending.push_back(directory.clone());
                }
            }
        }
        while let Some(directory) = pending.pop_front() {
            let way = reached.get(&directory).cloned().unwrap_or_default();
            for user in self.by_directory.get(&directory).into_iter().flatten() {
                if !reached.contains_key(user) {
                    let way = way.iter().chain([user]).cloned().collect();
                    reached.insert(user.clone(), way);
                    pending.push_back(user.clone());
                }
            }
        }
        reached
    }
}

/// A path and the directories that it is in, but for the root.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(above, _)| above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_way_is_told() {
        let tree = FileTree::from_files([
            ("base/kustomization.yaml", "resources: [web.yaml, missing.yaml]\n"),
            ("base/web.yaml", ""),
            ("component/kustomization.yaml", "kind: Component\nresources: [../base]\n"),
            ("over/kustomization.yaml", "resources: [../base]\ncomponents: [../component]\n"),
            ("broken/kustomization.yaml", "resources: {"),
        ])
        .unwrap();
        let graph = Graph::of(&tree);
        let way = |changed: &str, to: &str| {
            graph.reached(&[changed.into()]).get(to).map(|way| way.join(" ")).unwrap_or_default()
        };
        assert_eq!(way("base/web.yaml", "over"), "base/web.yaml base over");
        assert_eq!(way("base/missing.yaml", "base"), "base/missing.yaml base");
        assert_eq!(way("component/Kustomization", "over"), "component/Kustomization component over");
        assert_eq!(way("broken/kustomization.yaml", "broken"), "broken/kustomization.yaml broken");
        assert_eq!(way("README.md", "base"), "");
        assert!(graph.reads("base/web.yaml") && !graph.reads("base/other.yaml"));
    }
}
