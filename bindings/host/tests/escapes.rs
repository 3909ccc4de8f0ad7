//! However a path is spelt, nothing outside the root is read: not by a tree, not by a build.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use trueup_host::{ReadOptions, open_directory, read_directory};
use trueup_manifest::{FileTree, Value, json};

const CANARY: &str = "the-canary";

/// Ways to say "above", as file systems, shells, browsers and archives have been fooled with.
const UP: &[&str] = &[
    "..",
    "../.",
    "./..",
    ".//..",
    "..//",
    "../",
    "a/../..",
    "a/b/../../..",
    "%2e%2e",
    "%2e.",
    "..%2f",
    "%252e%252e",
    "..\\",
    "..\\..",
    "\u{ff0e}\u{ff0e}",
    "..\u{2215}",
    "..\u{2044}",
    "\u{2024}\u{2024}",
    ".\u{200b}.",
    "..\u{0}",
    "..\n",
    "..\t",
    " ..",
    ".. ",
    "...",
    "....//",
    "..;",
    "..%00",
    "..%c0%af",
    "..%ef%bc%8f",
];

/// What stands before it.
const START: &[&str] =
    &["", "/", "//", "./", "inside/", "file://", "C:", "\\\\server\\", "~/", "out/", "out/../", "loop/"];

fn spellings(secret: &Path) -> Vec<String> {
    let mut all: Vec<String> = vec![secret.display().to_string(), format!("file://{}", secret.display())];
    for start in START {
        for up in UP {
            for times in 1..3 {
                let climb = vec![*up; times].join("/");
                all.push(format!("{start}{climb}/secret.yaml"));
            }
        }
    }
    all
}

#[test]
fn no_spelling_leaves_the_root() {
    let above = tempfile::tempdir().unwrap();
    let root = above.path().join("root");
    std::fs::create_dir_all(root.join("inside/a/b")).unwrap();
    let secret = above.path().join("secret.yaml");
    let object = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {CANARY}\n");
    std::fs::write(&secret, &object).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(above.path(), root.join("out")).unwrap();
        symlink("..", root.join("inside/out")).unwrap();
        symlink("../..", root.join("inside/a/out")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
    }
    let options = ReadOptions::default();
    let trees = [read_directory(&root, &options).unwrap(), open_directory(&root, &options)];
    let spellings = spellings(&secret);
    assert!(spellings.len() >= 200);
    for tree in &trees {
        for spelling in &spellings {
            assert_hidden(tree, spelling);
        }
    }
}

fn assert_hidden(tree: &FileTree, spelling: &str) {
    for path in [spelling.to_owned(), format!("inside/{spelling}"), format!("inside/a/{spelling}")] {
        if let Ok(bytes) = tree.read(&path) {
            assert!(!String::from_utf8_lossy(bytes).contains(CANARY), "`{path}` is read");
        }
    }
    for built in builds(tree, spelling).into_iter().flatten() {
        assert!(!built.contains(CANARY), "`{spelling}` is built");
    }
}

/// What comes out when a path stands in the fields that load something.
fn builds(tree: &FileTree, spelling: &str) -> Vec<Option<String>> {
    let quoted = json::to_string(&Value::from(spelling)).unwrap();
    let fields = [
        format!("resources: [{quoted}]\n"),
        format!("components: [{quoted}]\n"),
        format!("transformers: [{quoted}]\n"),
        format!("configMapGenerator: [{{name: m, files: [{quoted}]}}]\n"),
        format!("configMapGenerator: [{{name: m, envs: [{quoted}]}}]\n"),
    ];
    let build = |kustomization: String| {
        let tree = tree.with_file("inside/kustomization.yaml", kustomization).ok()?;
        trueup::kustomize::build(&tree, "inside", &Default::default()).ok()?.to_yaml().ok()
    };
    fields.into_iter().map(build).collect()
}

/// Without this, the test above would pass if nothing were ever read.
#[test]
fn what_is_inside_is_read() {
    let object = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {CANARY}\n");
    let tree = FileTree::from_files([("inside/a/secret.yaml", object)]).unwrap();
    assert!(tree.read("inside/x/../a/secret.yaml").is_ok());
    let built = builds(&tree, "./b/../a//secret.yaml");
    assert!(built.iter().flatten().any(|text| text.contains(CANARY)));
}
