//! What must hold of trees.

use super::*;

fn link(target: &str) -> Entry {
    Entry::Symlink(target.into())
}

fn file(text: &str) -> Entry {
    Entry::File(text.as_bytes().into())
}

#[test]
fn lists_each_name_once() {
    let tree = FileTree::from_files([("a/x", ""), ("a.b", ""), ("a/c/y", ""), ("b/z", "")]).unwrap();
    assert_eq!(tree.list(""), ["a", "a.b", "b"]);
    assert_eq!(tree.list("a"), ["c", "x"]);
    assert!(tree.list("a.b").is_empty());
    assert_eq!(tree.files_below("a").len(), 2);
}

#[test]
fn links_are_followed_inside_only() {
    let tree = FileTree::from_entries([
        ("real/f", file("x")),
        ("dir", link("real")),
        ("deep/link", link("../dir/f")),
        ("out", link("../secret")),
        ("abs", link("/etc/passwd")),
        ("loop1", link("loop2")),
        ("loop2", link("loop1")),
    ])
    .unwrap();
    assert_eq!(tree.read("dir/f").unwrap().as_ref(), b"x");
    assert_eq!(tree.read("deep/link").unwrap().as_ref(), b"x");
    assert!(tree.is_directory("dir"));
    assert_eq!(tree.list("dir"), ["f"]);
    assert!(matches!(tree.read("out"), Err(LookupError::Path(PathError::Escapes { .. }))));
    assert!(matches!(tree.read("abs"), Err(LookupError::Path(PathError::Absolute { .. }))));
    assert!(matches!(tree.read("loop1"), Err(LookupError::TooManyLinks { .. })));
}

#[test]
fn a_link_to_its_own_parent_ends() {
    let tree = FileTree::from_entries([("a/self", link("../a")), ("a/f", file("x"))]).unwrap();
    assert_eq!(tree.read("a/self/self/self/f").unwrap().as_ref(), b"x");
    let deep = format!("a/{}f", "self/".repeat(60));
    assert!(matches!(tree.read(&deep), Err(LookupError::TooManyLinks { .. })));
}

#[test]
fn copies_are_independent() {
    let base = FileTree::from_files([("d/a", "1"), ("d/b", "2"), ("e", "3")]).unwrap();
    assert_eq!(base.without("d").len(), 1);
    let upper = FileTree::from_files([("d/a", "9"), ("n", "")]).unwrap();
    let both = base.overlay(&upper);
    assert_eq!(both.read("d/a").unwrap().as_ref(), b"9");
    assert_eq!((base.len(), both.len()), (3, 4));
}

/// A lazy tree over an eager one, which counts how often it is asked.
struct Counting(FileTree, Arc<std::sync::atomic::AtomicUsize>);

impl FileSource for Counting {
    fn entry(&self, path: &str) -> Result<Option<Entry>, String> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if path == "broken" {
            return Err("disk on fire".to_owned());
        }
        let directory = || self.0.is_directory(path).then_some(Entry::Directory);
        Ok(self.0.0.entries.get(path).cloned().flatten().or_else(directory))
    }

    fn list(&self, directory: &str) -> Result<Vec<EcoString>, String> {
        Ok(self.0.list(directory))
    }
}

#[test]
fn lazy_trees_answer_like_eager_ones_and_ask_once() {
    let eager = FileTree::from_entries([
        ("a/f", file("1")),
        ("a/b/g", file("2")),
        ("link", link("a")),
        ("z", file("3")),
    ])
    .unwrap();
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let lazy = FileTree::lazy(Counting(eager.clone(), asked.clone()));
    for path in ["a/f", "link/b/g", "z", "nope", "a", ""] {
        assert_eq!(lazy.read(path), eager.read(path), "{path}");
        assert_eq!(lazy.is_directory(path), eager.is_directory(path), "{path}");
        assert_eq!(lazy.list(path), eager.list(path), "{path}");
    }
    let once = asked.load(std::sync::atomic::Ordering::Relaxed);
    lazy.read("link/b/g").unwrap();
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), once);
    assert_eq!(lazy.entries(), eager.entries());
    assert!(matches!(lazy.read("broken"), Err(LookupError::Source { .. })));

    let changed = lazy.without("a/b").with_file("a/n", "4").unwrap();
    let expected = eager.without("a/b").with_file("a/n", "4").unwrap();
    assert_eq!(changed.entries(), expected.entries());
    assert!(changed.read("a/b/g").is_err());
    assert_eq!(changed.list("a"), ["f", "n"]);
    assert_eq!(lazy.with_file("a", "a file now").unwrap().files_below("a"), []);
    assert_eq!(lazy.without("").len(), 0);
}
