//! One entry of `projects`.

use crate::decode::{Decoded, Node};
use crate::doublestar;
use crate::path::clean;
use crate::problem::{Problem, Problems, refuse};
use crate::settings::{RepoLocks, check_requirements};
use crate::version::Version;
use serde::Serialize;
use trueup_manifest::EcoString;
use trueup_manifest::yaml::go_quote;
use trueup_template::Regex;

/// A project of a repository's configuration, as it is written; absent is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Project {
    /// Its directory, cleaned; `.` is the root.
    pub dir: EcoString,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<EcoString>,
    /// Its Terraform workspace.
    pub workspace: EcoString,
    /// The expression that the base branch of a pull request must match, without its slashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<EcoString>,
    /// The workflow that it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow: Option<EcoString>,
    /// `terraform` or `opentofu`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terraform_distribution: Option<EcoString>,
    /// The version to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terraform_version: Option<Version>,
    /// When it is planned by itself.
    pub autoplan: ProjectAutoplan,
    /// What must hold before a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_requirements: Option<Vec<EcoString>>,
    /// What must hold before an apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_requirements: Option<Vec<EcoString>>,
    /// What must hold before an import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import_requirements: Option<Vec<EcoString>>,
    /// The names of the projects that must be applied before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<EcoString>,
    /// Groups run in ascending order.
    pub execution_order_group: i64,
    /// Whether a merge removes the source branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_source_branch_on_merge: Option<bool>,
    /// The older way to switch locks off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo_locking: Option<bool>,
    /// When the project is locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo_locks: Option<RepoLocks>,
    /// Whether policies are checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_check: Option<bool>,
    /// Whether a tool other than conftest checks policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_policy_check: Option<bool>,
    /// The commands whose comments are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silence_pr_comments: Option<Vec<EcoString>>,
    /// Which entry of `projects` it comes from; those of one pattern share it.
    #[serde(skip)]
    pub entry: usize,
}

/// When a project is planned by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProjectAutoplan {
    /// The patterns of files, relative to the project, whose change plans it.
    pub when_modified: Vec<EcoString>,
    /// Whether it is planned by itself at all.
    pub enabled: bool,
}

impl Default for ProjectAutoplan {
    fn default() -> Self {
        let patterns =
            ["**/*.tf*", "**/*.tofu", "**/*.tofu.json", "**/terragrunt.hcl", "**/.terraform.lock.hcl"];
        Self { when_modified: patterns.map(EcoString::from).to_vec(), enabled: true }
    }
}

/// A project before it is checked.
#[derive(Clone, Debug)]
pub(crate) struct RawProject {
    pub(crate) dir: Option<EcoString>,
    pub(crate) name: Option<EcoString>,
    branch: Option<EcoString>,
    workspace: Option<EcoString>,
    version: Option<EcoString>,
    /// What needs no check, and what is filled in later.
    rest: Project,
}

const FIELDS: [&str; 19] = [
    "name",
    "branch",
    "dir",
    "workspace",
    "workflow",
    "terraform_distribution",
    "terraform_version",
    "autoplan",
    "plan_requirements",
    "apply_requirements",
    "import_requirements",
    "depends_on",
    "delete_source_branch_on_merge",
    "repo_locking",
    "repo_locks",
    "execution_order_group",
    "policy_check",
    "custom_policy_check",
    "silence_pr_comments",
];

impl RawProject {
    /// Reads an entry of `projects`.
    pub(crate) fn decode(node: &Node<'_>, entry: usize) -> Decoded<Self> {
        node.fields("a project", &FIELDS)?;
        let text = |key| node.optional(key, Node::text);
        let texts = |key| node.optional(key, Node::texts);
        let flag = |key| node.optional(key, Node::flag);
        Ok(Self {
            dir: text("dir")?,
            name: text("name")?,
            branch: text("branch")?,
            workspace: text("workspace")?,
            version: text("terraform_version")?,
            rest: Project {
                dir: EcoString::new(),
                name: None,
                workspace: EcoString::new(),
                branch: None,
                workflow: text("workflow")?,
                terraform_distribution: text("terraform_distribution")?,
                terraform_version: None,
                autoplan: node.optional("autoplan", autoplan)?.unwrap_or_default(),
                plan_requirements: texts("plan_requirements")?,
                apply_requirements: texts("apply_requirements")?,
                import_requirements: texts("import_requirements")?,
                depends_on: texts("depends_on")?.unwrap_or_default(),
                execution_order_group: node
                    .optional("execution_order_group", Node::integer)?
                    .unwrap_or_default(),
                delete_source_branch_on_merge: flag("delete_source_branch_on_merge")?,
                repo_locking: flag("repo_locking")?,
                repo_locks: node.optional("repo_locks", RepoLocks::decode)?,
                policy_check: flag("policy_check")?,
                custom_policy_check: flag("custom_policy_check")?,
                silence_pr_comments: texts("silence_pr_comments")?,
                entry,
            },
        })
    }

    /// Returns which entry of `projects` it comes from.
    pub(crate) fn entry(&self) -> usize {
        self.rest.entry
    }

    /// Returns the pattern, if the directory is one.
    pub(crate) fn pattern(&self) -> Option<&EcoString> {
        self.dir.as_ref().filter(|dir| doublestar::is_pattern(dir))
    }

    /// Returns a copy in another directory, without a name.
    pub(crate) fn in_directory(&self, dir: EcoString) -> Self {
        Self { dir: Some(dir), name: None, ..self.clone() }
    }

    /// Refuses a name that has no place beside the directory.
    pub(crate) fn check_name_with_pattern(&self) -> Result<(), Problem> {
        if self.name.as_deref().is_some_and(doublestar::is_pattern) {
            return refuse(
                "name: cannot contain glob pattern characters ('*', '?', '['); glob expansion is only supported in the 'dir' field",
            );
        }
        if self.name.is_some() && self.pattern().is_some() {
            return refuse(
                "name: cannot be used with glob patterns in 'dir'; glob patterns expand to multiple projects which cannot share the same name",
            );
        }
        Ok(())
    }

    /// Checks the fields.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        self.check_name_with_pattern()?;
        let rest = &self.rest;
        let mut problems = Problems::default();
        problems.check("dir", check_dir(self.dir.as_deref().unwrap_or_default()));
        problems.check("workspace", check_workspace(self.workspace.as_deref().unwrap_or_default()));
        for (key, list) in [
            ("plan_requirements", &rest.plan_requirements),
            ("apply_requirements", &rest.apply_requirements),
            ("import_requirements", &rest.import_requirements),
        ] {
            problems.check(key, check_requirements(key, list.as_deref().unwrap_or_default()));
        }
        problems.check("terraform_distribution", check_distribution(rest.terraform_distribution.as_deref()));
        problems.check("terraform_version", self.version.as_deref().map_or(Ok(()), check_version));
        problems.check("name", self.name.as_deref().map_or(Ok(()), check_name));
        problems
            .check("branch", self.branch.as_deref().map_or(Ok(()), |branch| check_slashed(branch).map(drop)));
        problems.result()
    }

    /// Returns the project, which has been checked.
    pub(crate) fn project(self) -> Project {
        let inner = |branch: EcoString| branch.strip_prefix('/')?.strip_suffix('/').map(EcoString::from);
        Project {
            dir: clean(&format!("./{}", self.dir.unwrap_or_default())),
            name: self.name,
            workspace: self.workspace.filter(|name| !name.is_empty()).unwrap_or_else(|| "default".into()),
            branch: self.branch.and_then(inner),
            terraform_version: self.version.and_then(|version| Version::parse(&version).ok()),
            ..self.rest
        }
    }
}

fn autoplan(node: &Node<'_>) -> Decoded<ProjectAutoplan> {
    node.fields("autoplan", &["when_modified", "enabled"])?;
    let defaults = ProjectAutoplan::default();
    Ok(ProjectAutoplan {
        when_modified: node.optional("when_modified", Node::texts)?.unwrap_or(defaults.when_modified),
        enabled: node.optional("enabled", Node::flag)?.unwrap_or(true),
    })
}

fn check_dir(dir: &str) -> Result<(), Problem> {
    if dir.is_empty() {
        return refuse("cannot be blank");
    }
    if dir.contains("..") {
        return refuse("cannot contain '..'");
    }
    if doublestar::is_pattern(dir) && !doublestar::is_valid(dir) {
        return refuse(format!("invalid glob pattern {}", go_quote(dir)));
    }
    Ok(())
}

/// Checks the name of a workspace, which becomes an argument of Terraform and a part of paths.
pub(crate) fn check_workspace(name: &str) -> Result<(), Problem> {
    let problem = if name.contains(['/', '\\']) {
        "cannot contain '/' or '\\'"
    } else if name.contains("..") {
        "cannot contain '..'"
    } else if name == "." {
        "cannot be '.'"
    } else if name.starts_with('-') {
        "cannot start with '-'"
    } else if name.starts_with('~') {
        "cannot start with '~'"
    } else if name.contains('$') {
        "cannot contain '$'"
    } else if name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        "cannot contain whitespace or control characters"
    } else {
        return Ok(());
    };
    refuse(problem)
}

/// A name must survive in a URL as it is, but for its slashes.
fn check_name(name: &str) -> Result<(), Problem> {
    if name.is_empty() {
        return refuse("if set cannot be empty");
    }
    if name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '/')) {
        return Ok(());
    }
    refuse(format!("{} is not allowed: must contain only URL safe characters", go_quote(name)))
}

fn check_distribution(name: Option<&str>) -> Result<(), Problem> {
    match name {
        None | Some("terraform" | "opentofu") => Ok(()),
        Some(other) => refuse(format!(
            "'{other}' is not a valid terraform_distribution, only 'terraform' and 'opentofu' are supported"
        )),
    }
}

fn check_version(version: &str) -> Result<(), Problem> {
    match Version::parse(version) {
        Ok(_) => Ok(()),
        Err(reason) => refuse(format!("version {} could not be parsed: {reason}", go_quote(version))),
    }
}

/// Reads an expression between slashes.
pub(crate) fn check_slashed(text: &str) -> Result<Regex, Problem> {
    // A lone `/` begins and ends with a slash; upstream crashes on it.
    let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let Some(inner) = inner else { return refuse("regex must begin and end with a slash '/'") };
    match Regex::new(inner.as_bytes()) {
        Ok(regex) => Ok(regex),
        Err(reason) => refuse(format!("parsing: {text}: {reason}")),
    }
}
