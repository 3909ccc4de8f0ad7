//! `trueup explain`: which file and line gave a field its value.

#![expect(clippy::unwrap_used, reason = "a test: it works on files, and fails loudly")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A directory of its own that goes with the test.
struct Directory(PathBuf);

impl Directory {
    fn of(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("trueup-cli-explain-{name}-{}", std::process::id()));
        let files = [
            ("base/kustomization.yaml", "resources: [web.yaml]\n"),
            (
                "base/web.yaml",
                "kind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: app\n    image: web:v1\n",
            ),
            (
                "prod/kustomization.yaml",
                "namePrefix: prod-\nresources: [../base]\nimages:\n- name: web\n  newTag: v2\n\
                 secretGenerator:\n- name: key\n  literals: [token=canary-4711]\n",
            ),
        ];
        for (path, text) in files {
            let file = root.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(root)
    }

    fn explain(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
        let output = command.arg("explain").args(arguments).current_dir(&self.0).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_line_that_set_a_field_is_named() {
    let directory = Directory::of("lines");
    let (code, out, err) = directory.explain(&["prod", "Pod/web", "spec.containers[app].image"]);
    let wanted = "Pod/prod-web  spec.containers[app].image = web:v2
  base/web.yaml:7            web:v1  resources
  prod/kustomization.yaml:4  web:v2  images[0]
";
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), wanted, ""));
    let (_, again, _) =
        directory.explain(&["prod", "pod/prod-web", "/spec/containers/0/image", "-o", "json"]);
    assert!(again.contains("\"place\": \"prod/kustomization.yaml:4\""), "{again}");
}

#[test]
fn no_secret_is_shown() {
    let directory = Directory::of("secret");
    for field in ["data.token", "data", "", "metadata"] {
        for output in ["text", "json"] {
            let (code, out, err) = directory.explain(&["prod", "Secret/key", field, "-o", output]);
            assert_eq!(code, Some(0), "{err}");
            // As it is, and in base64.
            assert!(!out.contains("canary") && !out.contains("Y2FuYXJ5"), "{out}");
        }
    }
}

#[test]
fn what_is_not_there_is_an_error() {
    let directory = Directory::of("errors");
    for (arguments, words) in [
        (["prod", "Pod/other", "spec"], "the build has no `Pod/other`"),
        (["prod", "web", "spec"], "is not KIND/NAME"),
        (["prod", "Pod/web", "spec.nothing"], "has no field `spec.nothing`"),
        (["prod", "Pod/web", "spec..x"], "has an empty step"),
        (["nowhere", "Pod/web", "spec"], "nowhere"),
    ] {
        let (code, _, err) = directory.explain(&arguments);
        assert!(code == Some(1) && err.contains(words), "{arguments:?}: {err}");
    }
}
