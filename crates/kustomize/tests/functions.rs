//! Functions, run by a runner that answers what was recorded of programs run by the real kustomize (`functions/record.sh`).

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests read their fixtures"
)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use trueup_kustomize::{
    ErrorKind, Function, FunctionFailure, FunctionRequest, FunctionRunner, Options, build,
};
use trueup_manifest::FileTree;

/// Checks what a function gets, and answers what it answered.
struct Recorded {
    dir: PathBuf,
    ran: Mutex<Vec<String>>,
}

impl FunctionRunner for Recorded {
    fn run(&self, request: &FunctionRequest<'_>) -> Result<String, FunctionFailure> {
        let Function::Exec(exec) = request.function else { panic!("no executable") };
        assert_eq!(exec.path, "./fn.sh");
        let name = exec.args.first().unwrap();
        let read = |path: String| std::fs::read_to_string(self.dir.join(path));
        let input = read(format!("stdin/{name}.yaml")).unwrap();
        assert_eq!(request.input, input, "what {name} of {} gets", self.dir.display());
        self.ran.lock().unwrap().push(name.to_string());
        let output = read(format!("stdout/{name}.yaml")).unwrap();
        match read(format!("stdout/{name}.failure")) {
            Ok(message) => Err(FunctionFailure { message: message.trim().to_owned(), output }),
            Err(_) => Ok(output),
        }
    }
}

fn read_tree(dir: &Path) -> FileTree {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
    });
    FileTree::from_files(files).unwrap()
}

fn options(functions: Arc<dyn FunctionRunner>) -> Options {
    Options::default().with_plugins(true).with_functions(functions)
}

#[test]
fn functions_get_and_give_what_they_do_upstream() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/functions");
    let mut cases = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let dir = entry.unwrap().path();
        if !dir.join("input").is_dir() {
            continue;
        }
        cases += 1;
        let case = dir.file_name().unwrap().to_string_lossy().into_owned();
        let runner = Arc::new(Recorded { dir: dir.clone(), ran: Mutex::default() });
        let built = build(&read_tree(&dir.join("input")), "", &options(runner.clone()));
        match std::fs::read_to_string(dir.join("expected.yaml")) {
            Ok(expected) => assert_eq!(built.unwrap().to_yaml().unwrap(), expected, "{case}"),
            Err(_) => {
                let expected = std::fs::read_to_string(dir.join("error.txt")).unwrap();
                let first = expected.lines().next().unwrap().trim();
                let error = built.unwrap_err();
                assert!(error.message().contains(first), "{case}: `{error}` lacks `{first}`");
            }
        }
        let recorded = std::fs::read_dir(dir.join("stdin")).map_or(0, Iterator::count);
        assert_eq!(runner.ran.lock().unwrap().len(), recorded, "functions run in {case}");
    }
    assert!(cases >= 15, "only {cases} cases");
}

const CONTAINER: &str = "apiVersion: example.com/v1
kind: Gen
metadata:
  name: gen
  annotations:
    config.kubernetes.io/function: |
      container:
        image: example.com/gen:v1
        network: true
        mounts:
        - {type: bind, src: ./data, dst: /data, rw: true}
        envs: [A=1=2, HOME, LOG_TO_STDERR=false, HOME]
";

fn container_tree() -> FileTree {
    FileTree::from_files([("a/kustomization.yaml", "generators: [gen.yaml]\n"), ("a/gen.yaml", CONTAINER)])
        .unwrap()
}

#[test]
fn a_container_is_handed_over_whole() {
    struct Runner;
    impl FunctionRunner for Runner {
        fn run(&self, request: &FunctionRequest<'_>) -> Result<String, FunctionFailure> {
            let Function::Container(container) = request.function else { panic!("no container") };
            assert_eq!(container.image, "example.com/gen:v1");
            assert!(container.network);
            assert_eq!(container.envs, ["A=1=2", "LOG_TO_STDERR=true", "STRUCTURED_RESULTS=true", "HOME"]);
            let [mount] = container.mounts.as_slice() else { panic!("no mount") };
            assert_eq!((mount.mount_type.as_str(), mount.source.as_str()), ("bind", "./data"));
            assert_eq!((mount.target.as_str(), mount.writable), ("/data", true));
            assert_eq!(request.configured_by, "api: example.com/v1, kind: Gen, name: gen");
            assert_eq!(request.directory, "a");
            assert!(request.tree.is_file("a/gen.yaml"));
            Ok("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n".to_owned())
        }
    }
    let built = build(&container_tree(), "a", &options(Arc::new(Runner))).unwrap();
    assert_eq!(built.iter().map(|manifest| manifest.name()).collect::<Vec<_>>(), ["x"]);
}

#[test]
fn without_a_runner_the_function_and_its_file_are_named() {
    let with_plugins = build(&container_tree(), "a", &Options::default().with_plugins(true)).unwrap_err();
    assert_eq!(with_plugins.kind(), ErrorKind::Unsupported);
    assert!(with_plugins.message().contains("needs a container `example.com/gen:v1`"), "{with_plugins}");
    assert_eq!(with_plugins.locations()[0].to_string(), "a/gen.yaml:2:1");

    let without = build(&container_tree(), "a", &Options::default()).unwrap_err();
    assert_eq!(without.kind(), ErrorKind::Unsupported);
    assert!(without.message().contains("external plugins disabled; unable to load external plugin 'Gen'"));
    assert_eq!(without.locations()[0].to_string(), "a/gen.yaml:2:1");
}

#[test]
fn results_of_a_failing_function_are_reported() {
    struct Fails;
    impl FunctionRunner for Fails {
        fn run(&self, _: &FunctionRequest<'_>) -> Result<String, FunctionFailure> {
            let output = "kind: ResourceList\nitems: []\nresults:\n- message: bad\n  severity: warning\n  field: {path: spec.x}\n";
            Err(FunctionFailure { message: "exit status 1".to_owned(), output: output.to_owned() })
        }
    }
    let error = build(&container_tree(), "a", &options(Arc::new(Fails))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Function);
    let messages: Vec<_> = error.diagnostics().into_iter().map(|diagnostic| diagnostic.message).collect();
    assert_eq!(messages, ["exit status 1", "[warning] spec.x: bad"]);
}
