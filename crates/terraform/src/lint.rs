//! Workflows that look for drift and never find any.

use std::collections::BTreeSet;
use trueup_manifest::yaml::{self, ParseError, ParseOptions, PathStep};
use trueup_manifest::{Diagnostic, EcoString, Location, Value};

/// Returns what is wrong with how a GitHub workflow plans.
///
/// - `terraform/exit-code-lost`: the plan is piped into another program whose exit code counts, since the shell does not set `pipefail`.
/// - `terraform/refresh-off`: a plan that looks for changes is told not to look at what is there.
/// - `terraform/project-not-planned`, `terraform/unknown-project`: the matrix `project` of a job that plans has not the projects given.
///
/// ```
/// use trueup_terraform::lint_workflow;
///
/// let workflow = b"jobs:\n  drift:\n    steps:\n    - run: |\n        terraform plan -detailed-exitcode | tee plan.txt\n        echo $?\n";
/// let found = lint_workflow(".github/workflows/drift.yaml", workflow, None)?;
/// assert_eq!(found[0].code, "terraform/exit-code-lost");
/// assert_eq!(found[0].locations[0].to_string(), ".github/workflows/drift.yaml:4:12");
/// # Ok::<(), trueup_manifest::yaml::ParseError>(())
/// ```
///
/// # Errors
/// [`ParseError`] for what is no YAML. A document that is no workflow has nothing wrong with it.
pub fn lint_workflow(
    file: &str,
    text: &[u8],
    projects: Option<&[EcoString]>,
) -> Result<Vec<Diagnostic>, ParseError> {
    let workflow = yaml::parse(text, &ParseOptions::kyaml())?;
    let mut found = Vec::new();
    let place = |path: &[PathStep]| match yaml::locate(text, 0, path) {
        Some((_, value)) => Location::span(file, value),
        None => Location::file(file),
    };
    for (name, job) in workflow.get("jobs").and_then(Value::as_map).into_iter().flat_map(|jobs| jobs.iter()) {
        let shell_of =
            |value: &Value| value.at(&["defaults", "run", "shell"]).and_then(Value::as_eco_str).cloned();
        let job_shell = shell_of(job).or_else(|| shell_of(&workflow));
        let mut plans = false;
        for (at, step) in job.get("steps").and_then(Value::as_seq).unwrap_or_default().iter().enumerate() {
            let Some(script) = step.get("run").and_then(Value::as_str) else { continue };
            let shell = step.get("shell").and_then(Value::as_eco_str).cloned().or_else(|| job_shell.clone());
            let problems = script_problems(script, shell.as_deref());
            plans |= is_planning(script);
            let path = ["jobs".into(), PathStep::Key(name.clone()), "steps".into(), at.into(), "run".into()];
            found.extend(problems.into_iter().map(|problem| problem.at(place(&path))));
        }
        let matrix = job.at(&["strategy", "matrix", "project"]).and_then(Value::as_seq);
        if let (Some(matrix), Some(projects)) = (matrix.filter(|_| plans), projects) {
            let path = [
                "jobs".into(),
                PathStep::Key(name.clone()),
                "strategy".into(),
                "matrix".into(),
                "project".into(),
            ];
            let planned: BTreeSet<EcoString> = matrix.iter().filter_map(Value::scalar_text).collect();
            found.extend(
                matrix_problems(&planned, projects).into_iter().map(|problem| problem.at(place(&path))),
            );
        }
    }
    Ok(found)
}

fn matrix_problems(planned: &BTreeSet<EcoString>, projects: &[EcoString]) -> Vec<Diagnostic> {
    let missing = projects.iter().filter(|name| !planned.contains(*name)).map(|name| {
        let message = format!("project `{name}` is not in the matrix, so that nobody looks for its drift");
        Diagnostic::warning("terraform/project-not-planned", message)
    });
    let unknown = planned.iter().filter(|name| !projects.contains(name)).map(|name| {
        Diagnostic::warning("terraform/unknown-project", format!("`{name}` in the matrix is no project"))
    });
    missing.chain(unknown).collect()
}

/// Returns the commands of a script, lines that end in a backslash joined.
fn commands(script: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut continues = false;
    for line in script.lines() {
        let part = line.trim().trim_end_matches('\\').trim_end();
        match commands.last_mut().filter(|_| continues) {
            Some(command) => *command += &format!(" {part}"),
            None => commands.push(part.to_owned()),
        }
        continues = line.trim_end().ends_with('\\');
    }
    commands.retain(|command| !command.starts_with('#'));
    commands
}

fn is_plan(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let runs = |word: &str| {
        ["terraform", "tofu", "terragrunt"]
            .iter()
            .any(|tool| word == *tool || word.ends_with(&format!("/{tool}")))
    };
    words
        .iter()
        .position(|word| runs(word))
        .is_some_and(|at| words.iter().skip(at).any(|word| *word == "plan"))
}

fn is_planning(script: &str) -> bool {
    commands(script).iter().any(|command| is_plan(command))
}

fn script_problems(script: &str, shell: Option<&str>) -> Vec<Diagnostic> {
    // GitHub runs `shell: bash` with pipefail, and the default without.
    let has_pipefail = script.contains("pipefail")
        || shell == Some("bash")
        || shell.is_some_and(|shell| shell.contains("pipefail"));
    let mut problems = Vec::new();
    for command in commands(script).iter().filter(|command| is_plan(command)) {
        let wants_code = command.contains("-detailed-exitcode");
        let pipes = command.replace("||", "").contains('|');
        if wants_code && pipes && !has_pipefail {
            let message = "the exit code of the plan is lost: that of the last program in the pipe counts, so that drift is never seen";
            let help =
                "read the plan itself (`terraform show -json`), or set `shell: bash` or `set -o pipefail`";
            problems.push(Diagnostic::warning("terraform/exit-code-lost", message).help(help));
        }
        if wants_code && command.contains("-refresh=false") {
            let message =
                "the plan does not look at what is there (`-refresh=false`), so that drift cannot be seen";
            problems.push(Diagnostic::warning("terraform/refresh-off", message));
        }
    }
    problems
}
