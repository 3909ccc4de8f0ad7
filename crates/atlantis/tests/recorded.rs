//! What Atlantis itself (commit 078d0a8) answered to made-up configurations, servers and changes: `tests/fixtures/recorded.jsonl`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: it reads files and fails loudly"
)]

use serde_json::{Value as Json, json};
use trueup_atlantis::*;
use trueup_manifest::{EcoString, FileTree};

const REPO: &str = "github.com/org/platform-configs";

#[test]
fn answers_are_those_of_atlantis() {
    let recorded = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/recorded.jsonl");
    let text = std::fs::read_to_string(recorded).unwrap();
    let cases: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(cases.len() >= 300);
    let failed: Vec<String> = cases.iter().filter_map(|case| compare(case).err()).collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

fn compare(case: &Json) -> Result<(), String> {
    let (input, expected) = (&case["input"], &case["output"]);
    match (answer(input), expected["error"].as_str()) {
        (Ok(actual), None) => {
            for key in ["projects", "affected", "discovered", "config_error"] {
                if actual[key] != expected[key] {
                    return Err(format!(
                        "{key}:\n  of {input}\n  expected {}\n       got {}",
                        expected[key], actual[key]
                    ));
                }
            }
            Ok(())
        }
        (Err(error), Some(message)) if fits(&error, message) => Ok(()),
        (Err(error), _) => {
            Err(format!("{input}\n  expected {expected}\n       got {error} at {:?}", error.position()))
        }
        (Ok(_), _) => Err(format!("{input}\n  expected {expected}\n       got no error")),
    }
}

/// The words are Atlantis' own, but for those about YAML, of which the line counts.
fn fits(error: &AtlantisError, message: &str) -> bool {
    let is_yaml = matches!(error.kind(), ErrorKind::Shape | ErrorKind::Syntax);
    if !message.starts_with("yaml: ") && !message.starts_with("go-yaml") {
        return !is_yaml && error.to_string() == message;
    }
    let lines: Vec<usize> =
        message.split("line ").skip(1).filter_map(|rest| rest.split(':').next()?.parse().ok()).collect();
    is_yaml && error.position().is_some_and(|position| lines.contains(&position.line))
}

fn texts(of: &Json) -> Vec<EcoString> {
    of.as_array().into_iter().flatten().filter_map(Json::as_str).map(EcoString::from).collect()
}

/// A workflow with every field of every step.
fn shown(workflow: &Workflow) -> Json {
    let step = |step: &Step| {
        let mut shown = json!({
            "step": step.step, "extra_args": step.extra_args, "output": step.output,
            "command": step.command.clone().unwrap_or_default(), "name": step.name.clone().unwrap_or_default(),
            "value": step.value.clone().unwrap_or_default(), "filter_regexes": step.filter_regexes.len(),
        });
        if let Some(shell) = &step.shell {
            shown["shell"] = json!(shell);
            shown["shell_args"] = json!(step.shell_args);
        }
        shown
    };
    let stage = |steps: &[Step]| steps.iter().map(step).collect::<Vec<_>>();
    json!({
        "name": workflow.name, "plan": stage(&workflow.plan), "apply": stage(&workflow.apply),
        "policy_check": stage(&workflow.policy_check), "import": stage(&workflow.import),
        "state_rm": stage(&workflow.state_rm),
    })
}

fn answer(input: &Json) -> Result<Json, AtlantisError> {
    let flag = |key: &str| input[key].as_bool().unwrap_or_default();
    let flags = ServerFlags::default()
        .with_allow_everything(flag("allow_all"))
        .with_policy_checks(flag("policy_check_enabled"));
    let server = match input["server_config"].as_str() {
        Some(text) => ServerConfig::parse(text.as_bytes(), "repos.yaml", flags)?,
        None => ServerConfig::built_in(flags),
    };
    let files = input["files"].as_object().into_iter().flatten();
    let tree =
        FileTree::from_files(files.map(|(path, text)| (path, text.as_str().unwrap_or_default()))).unwrap();
    let question = RepoQuestion { tree: Some(&tree), repo_id: REPO, branch: input["branch"].as_str() };
    let config =
        RepoConfig::parse(input["config"].as_str().unwrap_or_default().as_bytes(), &server, &question)?;
    let projects: Vec<Json> = config
        .projects
        .iter()
        .map(|project| {
            let merged = server.effective(project, &config, REPO);
            json!({
                "dir": merged.dir, "workspace": merged.workspace, "name": merged.name, "group": merged.execution_order_group,
                "plan": merged.plan_requirements, "apply": merged.apply_requirements,
                "import": merged.import_requirements, "locks": merged.repo_locks, "policy": merged.policy_check,
                "custom": merged.custom_policy_check, "delete": merged.delete_source_branch_on_merge,
                "silence": merged.silence_pr_comments, "when": project.autoplan.when_modified,
                "depends": merged.depends_on, "workflow": shown(&merged.workflow),
                "version": merged.terraform_version.map(|version| version.to_string()).unwrap_or_default(),
            })
        })
        .collect();
    let mut answer = json!({"projects": projects});
    // Discovery is asked for by itself: without projects it is always on.
    let changed = texts(&input["modified_files"]);
    let mut flags = AutoplanFlags::default();
    flags.modules = input["autoplan_modules"].as_str().unwrap_or_default().into();
    let nobody = RepoConfig::default();
    let ask = |config| {
        autoplan(&AutoplanQuestion {
            tree: &tree,
            config,
            server: &ServerConfig::default(),
            repo_id: REPO,
            changed: &changed,
            flags: &flags,
        })
    };
    match ask(&config) {
        Ok(found) => {
            let from_config = |planned: &&Planned| planned.source == ProjectSource::Config;
            let mut affected: Vec<(usize, String)> = Vec::new();
            for planned in found.plan.iter().chain(&found.disabled).filter(from_config) {
                let is_it = |project: &&Project| {
                    project.dir == planned.project.dir
                        && project.workspace == planned.project.workspace
                        && project.name.clone().unwrap_or_default() == planned.project.name
                };
                let at = config.projects.iter().position(|project| is_it(&project)).unwrap();
                affected.push((at, format!("{}|{}", planned.project.dir, planned.project.workspace)));
            }
            affected.sort_unstable();
            answer["affected"] = affected.into_iter().map(|(_, name)| name).collect();
        }
        Err(error) => answer["config_error"] = json!(error.to_string()),
    }
    let mut discovered: Vec<EcoString> =
        ask(&nobody)?.plan.into_iter().map(|planned| planned.project.dir).collect();
    discovered.sort();
    answer["discovered"] = json!(discovered);
    Ok(answer)
}
