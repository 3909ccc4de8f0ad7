//! Runs conformance cases: one JSON file each, `{name, op, …, expect}`.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

#[path = "../../../../tests/conformance/cases.rs"]
mod cases;

pub use cases::Outcome;

use cases::run_each;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;
use trueup_atlantis::*;
use trueup_manifest::{EcoString, FileTree};

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    run_each(dir, run)
}

fn run(case: &Json) -> Outcome {
    let result = match text(case, "op") {
        "parse" => answered(case, parse(case).map(|config| json!({"config": config}))),
        "merge" => answered(case, merge(case)),
        "server" => answered(case, server(case, "").map(|server| shown(&server, repo_id(case)))),
        "autoplan" => answered(case, plan(case)),
        "match_name" => answered(case, match_name(case)),
        "order" => same(&case["expect"], &order(case)),
        "requirements" => same(&case["expect"], &requirements(case)),
        "dependencies" => same(&case["expect"], &dependencies(case)),
        other => return Outcome::Skip(other.to_owned()),
    };
    result.map_or_else(Outcome::Fail, |()| Outcome::Pass)
}

fn text<'a>(of: &'a Json, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_default()
}

fn texts(of: &Json) -> Vec<EcoString> {
    of.as_array().into_iter().flatten().filter_map(Json::as_str).map(EcoString::from).collect()
}

fn repo_id(case: &Json) -> &str {
    case["repo_id"].as_str().unwrap_or("github.com/org/platform-configs")
}

/// Compares, without what a case says about upstream and without empty warnings.
fn same(expected: &Json, actual: &Json) -> Result<(), String> {
    let mut expected = expected.clone();
    if let Some(map) = expected.as_object_mut() {
        map.retain(|key, _| !key.starts_with("upstream"));
    }
    if &expected == actual { Ok(()) } else { Err(format!("expected {expected}\n     got {actual}")) }
}

fn answered(case: &Json, answer: Result<Json, AtlantisError>) -> Result<(), String> {
    let expect = &case["expect"];
    let error = match answer {
        Ok(answer) => return same(expect, &answer),
        Err(error) => error,
    };
    let message = error.to_string();
    let fits = if let Some(expected) = expect["error"].as_str() {
        message == expected
    } else if let Some(prefix) = expect["error_prefix"].as_str() {
        message.starts_with(prefix)
    } else if expect["error_kind"] == "yaml" {
        let line = error.position().map(|position| position.line as u64);
        line == expect["line"].as_u64() && matches!(error.kind(), ErrorKind::Syntax | ErrorKind::Shape)
    } else {
        false
    };
    if fits {
        Ok(())
    } else {
        Err(format!("expected {expect}\n     got {message} at {:?}", error.position()))
    }
}

fn server(case: &Json, absent: &str) -> Result<ServerConfig, AtlantisError> {
    let flag = |key: &str| case[key].as_bool().unwrap_or_default();
    let flags = ServerFlags::default()
        .with_allow_everything(flag("allow_all"))
        .with_policy_checks(flag("policy_check_enabled"));
    match case["server_config"].as_str() {
        None if absent == "built-in" => Ok(ServerConfig::built_in(flags)),
        text => ServerConfig::parse(text.unwrap_or(absent).as_bytes(), "repos.yaml", flags),
    }
}

fn tree(case: &Json) -> FileTree {
    let files = case["files"].as_object().into_iter().flatten();
    FileTree::from_files(files.map(|(path, text)| (path, text.as_str().unwrap_or_default()))).unwrap()
}

fn parse(case: &Json) -> Result<RepoConfig, AtlantisError> {
    let tree = tree(case);
    let Some(config) = case["config"].as_str() else { return Ok(RepoConfig::default()) };
    let question =
        RepoQuestion { tree: Some(&tree), repo_id: repo_id(case), branch: case["branch"].as_str() };
    RepoConfig::parse(config.as_bytes(), &server(case, "built-in")?, &question)
}

fn merge(case: &Json) -> Result<Json, AtlantisError> {
    let (server, config) = (server(case, "built-in")?, parse(case)?);
    let mut merged: Vec<EffectiveProject> =
        config.projects.iter().map(|project| server.effective(project, &config, repo_id(case))).collect();
    if merged.is_empty() {
        merged.push(server.discovered(repo_id(case), "some/dir", "default"));
    }
    Ok(json!({"projects": merged}))
}

/// What the cases look at of the server's configuration.
fn shown(server: &ServerConfig, repo_id: &str) -> Json {
    let repo = |repo: &RepoSettings| {
        let mut shown = json!({
            "id": repo.id,
            "allowed_overrides": repo.allowed_overrides,
            "allowed_workflows": repo.allowed_workflows,
            "plan_requirements": repo.plan_requirements,
            "apply_requirements": repo.apply_requirements,
            "import_requirements": repo.import_requirements,
        });
        for (key, value) in [
            ("allow_custom_workflows", json!(repo.allow_custom_workflows)),
            ("branch", json!(repo.branch)),
            ("workflow", json!(repo.workflow)),
            ("repo_config_file", json!(repo.repo_config_file)),
            ("repo_locks", json!(repo.repo_locks.as_ref().map(|locks| &locks.mode))),
        ] {
            if !value.is_null() {
                shown[key] = value;
            }
        }
        shown
    };
    json!({
        "repo_config_file": server.repo_config_file(repo_id),
        "repos": server.repos.iter().map(repo).collect::<Vec<_>>(),
        "workflows": server.workflows,
    })
}

fn plan(case: &Json) -> Result<Json, AtlantisError> {
    let (tree, server, config) = (tree(case), server(case, "built-in")?, parse(case)?);
    let changed = texts(&case["modified_files"]);
    let mut flags = AutoplanFlags::default();
    if let Some(mode) = case["autodiscover_mode"].as_str() {
        flags.autodiscover_mode = mode.into();
    }
    flags.modules = text(case, "autoplan_modules").into();
    let question = AutoplanQuestion {
        tree: &tree,
        config: &config,
        server: &server,
        repo_id: repo_id(case),
        changed: &changed,
        flags: &flags,
    };
    let answer = autoplan(&question)?;
    let reasons = answer.plan.iter().chain(&answer.disabled);
    assert!(reasons.clone().all(|planned| !planned.because.is_empty()), "a project without a reason");
    let planned = |planned: &Planned| {
        let mut shown = json!({
            "dir": planned.project.dir,
            "workspace": planned.project.workspace,
            "execution_order_group": planned.project.execution_order_group,
            "source": planned.source,
        });
        if !planned.project.name.is_empty() {
            shown["name"] = json!(planned.project.name);
        }
        shown
    };
    let all = |list: &[Planned]| list.iter().map(planned).collect::<Vec<_>>();
    Ok(json!({"plan": all(&answer.plan), "autoplan_disabled": all(&answer.disabled)}))
}

fn match_name(case: &Json) -> Result<Json, AtlantisError> {
    let config = parse(case)?;
    let queries = texts(&case["queries"]);
    let matches = queries.iter().map(|query| {
        let names = config.projects_named(query).into_iter().map(|project| json!(project.name));
        (query.to_string(), Json::from(names.collect::<Vec<_>>()))
    });
    Ok(json!({"matches": matches.collect::<Map<_, _>>()}))
}

fn order(case: &Json) -> Json {
    let project = |json: &Json| Ordered {
        name: text(json, "name").into(),
        execution_order_group: json["execution_order_group"].as_i64().unwrap_or_default(),
        depends_on: texts(&json["depends_on"]),
    };
    let projects: Vec<Ordered> = case["projects"].as_array().into_iter().flatten().map(project).collect();
    let name = |at: &usize| projects[*at].name.as_str();
    if let Some(results) = case["results"].as_object() {
        let flag = |key: &str| case[key].as_bool().unwrap_or_default();
        let fails =
            |project: &Ordered| results.get(project.name.as_str()).is_some_and(|result| result != "ok");
        let (runs, skipped) =
            simulate(&projects, flag("parallel"), flag("abort_on_execution_order_fail"), fails);
        let names = |list: &[usize]| list.iter().map(name).collect::<Vec<_>>();
        return json!({"runs": names(&runs), "skipped": names(&skipped)});
    }
    let groups: Vec<Vec<&str>> =
        groups(&projects).iter().map(|group| group.iter().map(name).collect()).collect();
    let mut answer = json!({"groups": groups});
    let warnings: Vec<String> = order_warnings(&projects).iter().map(ToString::to_string).collect();
    if !warnings.is_empty() {
        answer["warnings"] = json!(warnings);
    }
    answer
}

fn requirements(case: &Json) -> Json {
    let given = &case["facts"];
    let flag = |key: &str| given[key].as_bool().unwrap_or_default();
    let policy = |json: &Json| PolicyStatus {
        name: text(json, "name").into(),
        passed: json["passed"].as_bool().unwrap_or_default(),
        approvals: json["approvals"].as_i64().unwrap_or_default(),
        required: json["required"].as_i64().unwrap_or_default(),
    };
    let facts = RequirementFacts {
        approved: flag("approved"),
        mergeable: flag("mergeable"),
        mergeable_reason: text(given, "mergeable_reason").into(),
        diverged: flag("diverged"),
        policies: given["policies"].as_array().into_iter().flatten().map(policy).collect(),
    };
    let failure = check_requirements(text(case, "command"), &texts(&case["requirements"]), &facts);
    json!({"failure": failure.unwrap_or_default()})
}

fn dependencies(case: &Json) -> Json {
    let statuses = case["statuses"].as_object().into_iter().flatten();
    let statuses: BTreeMap<EcoString, EcoString> = statuses
        .map(|(name, status)| (name.as_str().into(), status.as_str().unwrap_or_default().into()))
        .collect();
    let fails = case["fail_on_missing_dependencies"].as_bool().unwrap_or_default();
    let missing = if fails { MissingDependencies::Fail } else { MissingDependencies::Pass };
    let failure = check_dependencies(&texts(&case["depends_on"]), &statuses, missing);
    json!({"failure": failure.unwrap_or_default()})
}
