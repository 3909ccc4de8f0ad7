//! What must hold for every change, and configurations that are meant to hurt: they end in a clear error or in an answer.
#![expect(
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use trueup_atlantis::*;
use trueup_manifest::{EcoString, FileTree};

const CONFIG: &str = "\
version: 3
autodiscover: {mode: enabled, ignore_paths: ['tmp/**', '{a,b}/x']}
allowed_regexp_prefixes: [dev]
repo_locks: {mode: on_apply}
projects:
- &first
  name: network
  dir: infra/network
  workspace: production
  branch: /main|release/
  terraform_version: v1.6.4
  autoplan: {when_modified: ['*.tf', '!x.tf', '../modules/**/*.tf'], enabled: true}
  apply_requirements: [approved, mergeable]
  execution_order_group: 2
- <<: *first
  name: data
  dir: infra/data
  workflow: custom
  depends_on: [network]
- dir: envs/*
workflows:
  custom:
    plan: {steps: [init, {plan: {extra_args: [-lock=false]}}, {run: {command: make, output: [hide, {filter_regex: 'a.*'}]}}]}
    apply: {steps: [{env: {name: A, command: date, shell: bash, shellArgs: [-c]}}, apply]}
";

const SERVER: &str = "\
repos:
- id: /.*/
  branch: /main/
  allowed_overrides: [workflow, apply_requirements, repo_locks]
  allow_custom_workflows: true
  apply_requirements: [approved]
  autodiscover: {mode: auto, ignore_paths: ['x/**']}
workflows:
  w: {plan: {steps: [init]}}
policies: {owners: {users: [a]}, policy_sets: [{name: a, path: b, source: local}]}
metrics: {statsd: {host: localhost, port: 8125}}
";

/// A small generator with a fixed seed.
struct Generator(u64);

impl Generator {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.next(words.len())]
    }
}

fn tree() -> FileTree {
    let module = "module \"m\" {\n  source = \"../modules/a\"\n}\n";
    FileTree::from_files([
        ("infra/network/main.tf", module),
        ("infra/data/main.tf", ""),
        ("infra/modules/a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\n"),
        ("infra/modules/b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\n"),
        ("envs/one/main.tf", ""),
        ("envs/two/terragrunt.hcl", ""),
        ("envs/three/readme.md", ""),
        ("tmp/x/main.tf", ""),
    ])
    .unwrap()
}

fn server() -> ServerConfig {
    ServerConfig::built_in(ServerFlags::default().with_allow_everything(true))
}

fn parse(text: &[u8]) -> Result<RepoConfig, AtlantisError> {
    let tree = tree();
    let question = RepoQuestion { tree: Some(&tree), repo_id: "github.com/org/repo", branch: Some("main") };
    RepoConfig::parse(text, &server(), &question)
}

fn plan(config: &RepoConfig, changed: &[EcoString], modules: &str) -> Result<Autoplan, AtlantisError> {
    let mut flags = AutoplanFlags::default();
    flags.modules = modules.into();
    autoplan(&AutoplanQuestion {
        tree: &tree(),
        config,
        server: &server(),
        repo_id: "github.com/org/repo",
        changed,
        flags: &flags,
    })
}

#[test]
fn the_configuration_is_read() {
    let config = parse(CONFIG.as_bytes()).unwrap();
    let names: Vec<_> = config.projects.iter().map(|project| project.dir.as_str()).collect();
    assert_eq!(names, ["infra/network", "infra/data", "envs/one", "envs/two"]);
    assert_eq!(
        config.projects[1].apply_requirements.as_ref().unwrap().len(),
        2,
        "what `<<` brings in counts"
    );
    assert!(ServerConfig::parse(SERVER.as_bytes(), "repos.yaml", ServerFlags::default()).is_ok());
}

#[test]
fn broken_configurations_end_in_errors_with_a_place() {
    let odd = [
        "",
        "~",
        "[]",
        "{}",
        "0",
        "-1",
        "1e99",
        "true",
        "'*'",
        "[[[",
        "\"\u{7f}\"",
        "/(/",
        "!!binary x",
        "*first",
        "..",
        "\t",
    ];
    for text in [CONFIG, SERVER] {
        let check = |text: &str| {
            for error in [
                parse(text.as_bytes()).err(),
                ServerConfig::parse(text.as_bytes(), "repos.yaml", ServerFlags::default()).err(),
            ]
            .into_iter()
            .flatten()
            {
                assert!(!error.to_string().is_empty());
                assert!(error.position().is_none_or(|position| position.offset <= text.len()));
            }
        };
        for end in 0..text.len() {
            check(&text[..end]);
        }
        // Every word in turn is something else.
        let words: Vec<(usize, usize)> = text
            .match_indices(|c: char| c.is_alphanumeric())
            .map(|(at, _)| (at, text[at..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - at)))
            .collect();
        for (at, length) in words.into_iter().step_by(3) {
            for word in odd {
                check(&format!("{}{word}{}", &text[..at], &text[at + length..]));
            }
        }
    }
}

#[test]
fn every_changed_file_is_claimed_or_not_and_every_project_says_why() {
    let mut generator = Generator(7);
    let files = [
        "infra/network/main.tf",
        "infra/network/x.tf",
        "infra/modules/a/main.tf",
        "infra/modules/b/main.tf",
        "envs/one/new.tf",
        "envs/four/gone.tf",
        "readme.md",
        "tmp/x/main.tf",
        "infra/data/deep/x.tf",
        "other/env/prod.tfvars",
    ];
    let config = parse(CONFIG.as_bytes()).unwrap();
    for _ in 0..300 {
        let changed: Vec<EcoString> = (0..generator.next(5)).map(|_| generator.pick(&files).into()).collect();
        let modules = generator.pick(&["", "**/*.tf"]);
        let answer = plan(&config, &changed, modules).unwrap();
        let planned = || answer.plan.iter().chain(&answer.disabled);
        assert!(planned().all(|planned| !planned.because.is_empty()));
        let claimed: BTreeSet<_> =
            planned().flat_map(|planned| &planned.because).map(|because| &because.file).collect();
        let unclaimed: BTreeSet<_> = answer.unclaimed.iter().collect();
        assert!(claimed.is_disjoint(&unclaimed));
        assert_eq!(claimed.union(&unclaimed).copied().collect::<BTreeSet<_>>(), changed.iter().collect());
        assert!(answer.plan.is_sorted_by_key(|planned| planned.project.execution_order_group));
        // The order of the changes changes no project, and more changes lose none.
        let names = |answer: &Autoplan| {
            answer.plan.iter().map(|planned| planned.project.dir.clone()).collect::<BTreeSet<_>>()
        };
        let reversed: Vec<_> = changed.iter().rev().cloned().collect();
        assert_eq!(names(&answer), names(&plan(&config, &reversed, modules).unwrap()));
        let more: Vec<_> = changed.iter().cloned().chain([generator.pick(&files).into()]).collect();
        assert!(names(&answer).is_subset(&names(&plan(&config, &more, modules).unwrap())));
        let with_modules = names(&plan(&config, &changed, "**/*.tf").unwrap());
        assert!(names(&answer).is_subset(&with_modules));
    }
}

#[test]
fn module_dependants_survive_cycles_depth_and_broken_files() {
    let config = parse(CONFIG.as_bytes()).unwrap();
    let answer = plan(&config, &["infra/modules/b/main.tf".into()], "**/*.tf").unwrap();
    assert_eq!(answer.plan[0].project.name, "network");
    let chain = (0..3000).map(|at| {
        (format!("m{at}/main.tf"), format!("module \"n\" {{\n  source = \"../m{}\"\n}}\n", at + 1))
    });
    let tree = FileTree::from_files(chain.chain([("m3000/main.tf".to_owned(), String::new())])).unwrap();
    let mut flags = AutoplanFlags::default();
    flags.modules = "m0/*.tf".into();
    let (nobody, server, changed) =
        (RepoConfig::default(), ServerConfig::default(), ["m3000/main.tf".into()]);
    let ask = |tree| {
        autoplan(&AutoplanQuestion {
            tree,
            config: &nobody,
            server: &server,
            repo_id: "",
            changed: &changed,
            flags: &flags,
        })
    };
    assert_eq!(ask(&tree).unwrap().plan.len(), 1);
    let broken = tree.with_file("m7/main.tf", "module \"n\" {\n").unwrap();
    let answer = ask(&broken).unwrap();
    assert_eq!(answer.warnings[0].locations[0].to_string(), "m7/main.tf:1:1");
}

#[test]
fn patterns_that_cannot_be_read_are_errors() {
    let config =
        parse(b"version: 3\nprojects:\n- {dir: infra/data, autoplan: {when_modified: ['a', '[']}}\n")
            .unwrap();
    let error = plan(&config, &["x".into()], "").unwrap_err();
    assert_eq!(error.to_string(), "matching modified files with patterns: [a []: syntax error in pattern");
    assert_eq!(plan(&RepoConfig::default(), &[], "[").unwrap_err().code(), "atlantis/bad-pattern");
}

#[test]
fn many_projects_and_files_take_little() {
    let projects: String = (0..2000).map(|at| format!("- {{dir: p{at}, name: n{at}}}\n")).collect();
    let config = parse(format!("version: 3\nprojects:\n{projects}").as_bytes()).unwrap();
    let changed: Vec<EcoString> = (0..2000).map(|at| format!("p{at}/readme.md").into()).collect();
    let answer = plan(&config, &changed, "").unwrap();
    assert_eq!((answer.plan.len(), answer.unclaimed.len()), (0, 2000));
}

#[test]
fn the_configuration_is_found_where_the_server_says() {
    let tree = FileTree::from_files([("atlantis.yaml", "version: 3"), ("ops/a.yaml", "version: 2")]).unwrap();
    let server = b"repos:\n- id: /special/\n  repo_config_file: ops/a.yaml\n";
    let server = ServerConfig::parse(server, "repos.yaml", ServerFlags::default()).unwrap();
    let text = |repo_id| server.repo_config(&tree, repo_id).unwrap().map(|bytes| bytes.to_vec());
    assert_eq!(text("h/o/special"), Some(b"version: 2".to_vec()));
    assert_eq!(text("h/o/other"), Some(b"version: 3".to_vec()));
    let tree = tree.with_file("atlantis.yml", "").unwrap();
    assert!(
        server.repo_config(&tree, "").unwrap_err().to_string().contains("rename using the .yaml extension")
    );
}

#[test]
fn warnings_name_what_upstream_passes_over() {
    let text = "version: 3\nrepo_locks: {mode: always}\nautodiscover: {ignore_paths: ['[']}\nsilence_pr_comments: [plan]\nprojects:\n\
                - {dir: a, name: a, depends_on: [a], autoplan: {when_modified: ['!x', '*']}}\n\
                - {dir: b, name: b, depends_on: [c], policy_check: true}\n- {dir: c, name: c}\n";
    let server = ServerConfig::default();
    let config = RepoConfig::parse(text.as_bytes(), &server, &RepoQuestion::default()).unwrap();
    let codes: Vec<_> = lint(&config, &server, "").into_iter().map(|found| found.code).collect();
    assert_eq!(
        codes,
        [
            "atlantis/bad-pattern",
            "atlantis/unknown-mode",
            "atlantis/ignored-key",
            "atlantis/ignored-key",
            "atlantis/ignored-key",
            "atlantis/idle-exclusion",
            "atlantis/dependency-cycle",
            "atlantis/dependency-in-same-group",
        ]
    );
}
