//! `trueup explain`: which file and line gave a field its value.

#![expect(clippy::unwrap_used, reason = "a test: it works on files, and fails loudly")]

mod directory;

use directory::{Directory, trueup};

const FILES: [(&str, &str); 3] = [
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

fn explain(directory: &Directory, arguments: &[&str]) -> (Option<i32>, String, String) {
    trueup(&directory.0, &[&["explain"], arguments].concat())
}

#[test]
fn every_line_that_set_a_field_is_named() {
    let directory = Directory::of("explain-lines", &FILES);
    let (code, out, err) = explain(&directory, &["prod", "Pod/web", "spec.containers[app].image"]);
    let wanted = "Pod/prod-web  spec.containers[app].image = web:v2
  base/web.yaml:7            web:v1  resources
  prod/kustomization.yaml:4  web:v2  images[0]
";
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), wanted, ""));
    let (_, again, _) =
        explain(&directory, &["prod", "pod/prod-web", "/spec/containers/0/image", "-o", "json"]);
    assert!(
        again.contains("\"file\": \"prod/kustomization.yaml\"") && again.contains("\"line\": 4"),
        "{again}"
    );
}

#[test]
fn no_secret_is_shown() {
    let directory = Directory::of("explain-secret", &FILES);
    for field in ["data.token", "data", "", "metadata"] {
        for output in ["text", "json"] {
            let (code, out, err) = explain(&directory, &["prod", "Secret/key", field, "-o", output]);
            assert_eq!(code, Some(0), "{err}");
            // As it is, and in base64.
            assert!(!out.contains("canary") && !out.contains("Y2FuYXJ5"), "{out}");
        }
    }
}

#[test]
fn what_is_not_there_is_an_error() {
    let directory = Directory::of("explain-errors", &FILES);
    for (arguments, words) in [
        (["prod", "Pod/other", "spec"], "the build has no `Pod/other`"),
        (["prod", "web", "spec"], "is not KIND/NAME"),
        (["prod", "Pod/web", "spec.nothing"], "has no field `spec.nothing`"),
        (["prod", "Pod/web", "spec..x"], "has an empty step"),
        (["nowhere", "Pod/web", "spec"], "there is no Application `nowhere`, nor a directory of this name"),
        (["no/where", "Pod/web", "spec"], "no/where"),
    ] {
        let (code, _, err) = explain(&directory, &arguments);
        assert!(code == Some(1) && err.contains(words), "{arguments:?}: {err}");
    }
}

/// The example repository, and what a field of one of its Applications is told to be.
fn of_example(arguments: &[&str]) -> (Option<i32>, String, String) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    trueup(&root, &[&["explain", "--repository", "examples/platform-configs"], arguments].concat())
}

#[test]
fn an_application_is_explained_by_its_name() {
    let field = "spec.template.spec.containers[checkout].image";
    let (code, out, err) = of_example(&["checkout-production", "Deployment/checkout", field]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = out.lines().collect();
    assert!(
        lines.first().is_some_and(|line| line.ends_with(" = registry.example.com:5000/shop/checkout:1.5.4")),
        "{out}"
    );
    let last = lines.last().unwrap();
    assert!(
        last.starts_with("  services/checkout/overlays/production/kustomization.yaml:10 ")
            && last.ends_with("  images[0]"),
        "{out}"
    );
    let (code, _, err) = of_example(&["checkout-prodution", "Deployment/checkout", field]);
    assert!(code == Some(1) && err.contains("did you mean `checkout-production`?"), "{err}");
    let (code, _, err) = of_example(&["checkout-production", "Deployment/other"]);
    assert!(code == Some(1) && err.contains("the build has no `Deployment/other`"), "{err}");
}
