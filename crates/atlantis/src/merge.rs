//! What holds for a project in the end: its own settings over the repository's over the server's, where the server lets them.

use crate::error::{AtlantisError, ErrorKind};
use crate::project::Project;
use crate::repo::RepoConfig;
use crate::server::{POLICIES_PASSED, RepoSettings, ServerConfig, silence_problem};
use crate::settings::{AutoDiscover, RepoLocks};
use crate::version::Version;
use crate::workflow::Workflow;
use serde::Serialize;
use std::collections::BTreeSet;
use trueup_manifest::EcoString;
use trueup_manifest::yaml::{PathStep, go_quote};

/// What holds for a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EffectiveProject {
    /// Its directory; `.` is the root.
    pub dir: EcoString,
    /// Its workspace.
    pub workspace: EcoString,
    /// Its name; empty for none.
    pub name: EcoString,
    /// Whether it is planned by itself.
    pub autoplan_enabled: bool,
    /// What must hold before a plan.
    pub plan_requirements: Vec<EcoString>,
    /// What must hold before an apply.
    pub apply_requirements: Vec<EcoString>,
    /// What must hold before an import.
    pub import_requirements: Vec<EcoString>,
    /// What is done in each stage.
    pub workflow: Workflow,
    /// The names of the projects that must be applied before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<EcoString>,
    /// Groups run in ascending order.
    pub execution_order_group: i64,
    /// `terraform` or `opentofu`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terraform_distribution: Option<EcoString>,
    /// The version to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terraform_version: Option<Version>,
    /// Whether a merge removes the source branch.
    pub delete_source_branch_on_merge: bool,
    /// When it is locked: `on_plan`, `on_apply` or `disabled`.
    pub repo_locks: EcoString,
    /// Whether policies are checked.
    pub policy_check: bool,
    /// Whether a tool other than conftest checks policies.
    pub custom_policy_check: bool,
    /// The commands whose comments are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub silence_pr_comments: Vec<EcoString>,
}

/// What a server must allow for a configuration to be accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// What `allowed_overrides` must name.
    pub allowed_overrides: Vec<EcoString>,
    /// Whether `allow_custom_workflows` must be true.
    pub allow_custom_workflows: bool,
    /// The workflows that must be defined on the server.
    pub server_workflows: Vec<EcoString>,
}

/// Returns what a server must allow for a configuration to be accepted.
///
/// ```
/// use trueup_atlantis::{RepoConfig, RepoQuestion, ServerConfig, ServerFlags, needs};
///
/// let text = b"version: 3\nprojects:\n- {dir: a, workflow: default, apply_requirements: [approved]}\n";
/// let server = ServerConfig::built_in(ServerFlags::default().with_allow_everything(true));
/// let config = RepoConfig::parse(text, &server, &RepoQuestion::default())?;
/// assert_eq!(needs(&config).allowed_overrides, ["workflow", "apply_requirements"]);
/// # Ok::<(), trueup_atlantis::AtlantisError>(())
/// ```
pub fn needs(config: &RepoConfig) -> Needs {
    let mut needs = Needs { allow_custom_workflows: !config.workflows.is_empty(), ..Needs::default() };
    let mut names = BTreeSet::new();
    for project in &config.projects {
        for key in keys_set(project) {
            if !needs.allowed_overrides.iter().any(|known| known == key) {
                needs.allowed_overrides.push(key.into());
            }
        }
        names.extend(
            project
                .workflow
                .iter()
                .filter(|name| *name != "default" && !config.workflows.contains_key(name.as_str())),
        );
    }
    needs.server_workflows = names.into_iter().cloned().collect();
    needs
}

/// The keys of a project for which the server must be asked, in the order in which it is.
fn keys_set(project: &Project) -> impl Iterator<Item = &'static str> {
    [
        ("workflow", project.workflow.is_some()),
        ("apply_requirements", project.apply_requirements.is_some()),
        ("plan_requirements", project.plan_requirements.is_some()),
        ("import_requirements", project.import_requirements.is_some()),
        ("delete_source_branch_on_merge", project.delete_source_branch_on_merge.is_some()),
        ("repo_locking", project.repo_locking.is_some()),
        ("repo_locks", project.repo_locks.is_some()),
        ("custom_policy_check", project.custom_policy_check.is_some()),
        ("silence_pr_comments", project.silence_pr_comments.is_some()),
    ]
    .into_iter()
    .filter_map(|(key, is_set)| is_set.then_some(key))
}

/// What the server's entries say about a repository, key by key.
pub(crate) struct Resolved<'a> {
    server: &'a ServerConfig,
    plan_requirements: &'a [EcoString],
    apply_requirements: &'a [EcoString],
    import_requirements: &'a [EcoString],
    workflow: &'a str,
    allowed_workflows: &'a [EcoString],
    allowed_overrides: &'a [EcoString],
    allow_custom_workflows: bool,
    delete_source_branch_on_merge: bool,
    repo_locks: EcoString,
    policy_check: bool,
    custom_policy_check: bool,
    silence_pr_comments: &'a [EcoString],
    pub(crate) autodiscover: Option<&'a AutoDiscover>,
}

impl ServerConfig {
    /// Returns what holds for a project of a repository's configuration.
    pub fn effective(&self, project: &Project, config: &RepoConfig, repo_id: &str) -> EffectiveProject {
        self.resolve(repo_id).project(project, config)
    }

    /// Returns what holds for a project that no configuration names.
    pub fn discovered(&self, repo_id: &str, dir: &str, workspace: &str) -> EffectiveProject {
        self.resolve(repo_id).discovered(dir, workspace)
    }

    /// Refuses a configuration that sets what the server does not let it set; the path leads to it.
    pub(crate) fn allows(
        &self,
        config: &RepoConfig,
        repo_id: &str,
    ) -> Result<(), (AtlantisError, Vec<PathStep>)> {
        let resolved = self.resolve(repo_id);
        let key_of = |project: &Project, key: &str| vec!["projects".into(), project.entry.into(), key.into()];
        for project in &config.projects {
            for key in keys_set(project) {
                if !resolved.allowed_overrides.iter().any(|allowed| allowed == key) {
                    let message = format!(
                        "repo config not allowed to set '{key}' key: server-side config needs 'allowed_overrides: [{key}]'"
                    );
                    return Err((AtlantisError::new(ErrorKind::NotAllowed, message), key_of(project, key)));
                }
            }
            for command in project.silence_pr_comments.iter().flatten() {
                if let Some(problem) = silence_problem(command) {
                    let error = AtlantisError::new(ErrorKind::Invalid, problem);
                    return Err((error, key_of(project, "silence_pr_comments")));
                }
            }
        }
        if !config.workflows.is_empty() && !resolved.allow_custom_workflows {
            let message = "repo config not allowed to define custom workflows: server-side config needs 'allow_custom_workflows: true'";
            return Err((AtlantisError::new(ErrorKind::NotAllowed, message), vec!["workflows".into()]));
        }
        let asked =
            || config.projects.iter().filter_map(|project| Some((project, project.workflow.as_ref()?)));
        for (project, name) in asked() {
            if !config.workflows.contains_key(name) && !self.workflows.contains_key(name) {
                let message = format!("workflow {} is not defined anywhere", go_quote(name));
                let error = AtlantisError::new(ErrorKind::UndefinedWorkflow, message);
                return Err((error, key_of(project, "workflow")));
            }
        }
        if resolved.allowed_workflows.is_empty() {
            return Ok(());
        }
        for (project, name) in asked() {
            // As upstream has it: the first project with a workflow of the repository's own ends the check.
            if resolved.allow_custom_workflows && config.workflows.contains_key(name) {
                break;
            }
            if !resolved.allowed_workflows.contains(name) {
                let message = format!("workflow '{name}' is not allowed for this repo");
                return Err((
                    AtlantisError::new(ErrorKind::NotAllowed, message),
                    key_of(project, "workflow"),
                ));
            }
        }
        Ok(())
    }

    /// Resolves what the entries say about a repository: of those that set a key the last one decides.
    pub(crate) fn resolve(&self, repo_id: &str) -> Resolved<'_> {
        let entries: Vec<&RepoSettings> = self.matching(repo_id).map(|(_, repo)| repo).collect();
        let entries = entries.as_slice();
        let list = |of: fn(&RepoSettings) -> Option<&Vec<EcoString>>| {
            last(entries, of).map_or(&[][..], Vec::as_slice)
        };
        let flag = |of: fn(&RepoSettings) -> Option<bool>| {
            entries.iter().rev().find_map(|repo| of(repo)).unwrap_or_default()
        };
        let locking = entries.iter().rev().find_map(|repo| repo.repo_locking);
        let locks = last(entries, |repo| repo.repo_locks.as_ref());
        Resolved {
            server: self,
            plan_requirements: list(|repo| repo.plan_requirements.as_ref()),
            apply_requirements: list(|repo| repo.apply_requirements.as_ref()),
            import_requirements: list(|repo| repo.import_requirements.as_ref()),
            workflow: last(entries, |repo| repo.workflow.as_ref()).map_or("default", EcoString::as_str),
            allowed_workflows: list(|repo| repo.allowed_workflows.as_ref()),
            allowed_overrides: list(|repo| repo.allowed_overrides.as_ref()),
            allow_custom_workflows: flag(|repo| repo.allow_custom_workflows),
            delete_source_branch_on_merge: flag(|repo| repo.delete_source_branch_on_merge),
            repo_locks: match (locking, locks) {
                (Some(false), _) => "disabled".into(),
                (_, Some(locks)) => locks.mode.clone(),
                (_, None) => RepoLocks::default().mode,
            },
            policy_check: flag(|repo| repo.policy_check),
            custom_policy_check: flag(|repo| repo.custom_policy_check),
            silence_pr_comments: list(|repo| repo.silence_pr_comments.as_ref()),
            autodiscover: last(entries, |repo| repo.autodiscover.as_ref()),
        }
    }
}

/// Returns what the last entry that sets a key says.
fn last<'a, T>(entries: &[&'a RepoSettings], of: fn(&'a RepoSettings) -> Option<&'a T>) -> Option<&'a T> {
    entries.iter().rev().find_map(|repo| of(repo))
}

impl Resolved<'_> {
    /// Returns the keys that the repository may set.
    pub(crate) fn allowed_overrides(&self) -> &[EcoString] {
        self.allowed_overrides
    }

    /// Returns what holds for a project that no configuration names.
    pub(crate) fn discovered(&self, dir: &str, workspace: &str) -> EffectiveProject {
        EffectiveProject {
            dir: dir.into(),
            workspace: workspace.into(),
            name: EcoString::new(),
            autoplan_enabled: true,
            plan_requirements: self.plan_requirements.to_vec(),
            apply_requirements: self.apply_requirements.to_vec(),
            import_requirements: self.import_requirements.to_vec(),
            workflow: self.server.workflows.get(self.workflow).cloned().unwrap_or_default(),
            depends_on: Vec::new(),
            execution_order_group: 0,
            terraform_distribution: None,
            terraform_version: None,
            delete_source_branch_on_merge: self.delete_source_branch_on_merge,
            repo_locks: self.repo_locks.clone(),
            policy_check: self.policy_check,
            custom_policy_check: self.custom_policy_check,
            silence_pr_comments: self.silence_pr_comments.to_vec(),
        }
    }

    /// Returns what holds for a project. Keys that may not be set are passed over; the check has refused those that matter.
    pub(crate) fn project(&self, project: &Project, config: &RepoConfig) -> EffectiveProject {
        let mut merged = EffectiveProject {
            name: project.name.clone().unwrap_or_default(),
            autoplan_enabled: project.autoplan.enabled,
            depends_on: project.depends_on.clone(),
            execution_order_group: project.execution_order_group,
            terraform_distribution: project.terraform_distribution.clone(),
            terraform_version: project.terraform_version.clone(),
            ..self.discovered(&project.dir, &project.workspace)
        };
        // In the order in which the server names them: what is required depends on whether policies are checked so far.
        for key in self.allowed_overrides {
            self.override_key(key, project, config, &mut merged);
        }
        merged
    }

    fn override_key(&self, key: &str, project: &Project, config: &RepoConfig, merged: &mut EffectiveProject) {
        match key {
            "plan_requirements" => replace(&mut merged.plan_requirements, project.plan_requirements.as_ref()),
            "apply_requirements" => {
                replace(&mut merged.apply_requirements, project.apply_requirements.as_ref());
                if project.apply_requirements.is_some() && merged.policy_check {
                    merged.apply_requirements.push(POLICIES_PASSED.into());
                }
            }
            "import_requirements" => {
                replace(&mut merged.import_requirements, project.import_requirements.as_ref());
            }
            "workflow" => {
                let Some(name) = &project.workflow else { return };
                let own = config.workflows.get(name).filter(|_| self.allow_custom_workflows);
                replace(&mut merged.workflow, own.or_else(|| self.server.workflows.get(name)));
            }
            "delete_source_branch_on_merge" => {
                let setting = project.delete_source_branch_on_merge.or(config.delete_source_branch_on_merge);
                replace(&mut merged.delete_source_branch_on_merge, setting.as_ref());
            }
            "repo_locking" => match project.repo_locking {
                Some(true) if merged.repo_locks == "disabled" => {
                    merged.repo_locks = RepoLocks::default().mode
                }
                Some(false) => merged.repo_locks = "disabled".into(),
                _ => {}
            },
            "repo_locks" => {
                let locks = project.repo_locks.as_ref().or(config.repo_locks.as_ref());
                replace(&mut merged.repo_locks, locks.map(|locks| &locks.mode));
            }
            "policy_check" => replace(&mut merged.policy_check, project.policy_check.as_ref()),
            "custom_policy_check" => {
                replace(&mut merged.custom_policy_check, project.custom_policy_check.as_ref());
            }
            "silence_pr_comments" => {
                let silenced = project.silence_pr_comments.as_ref().or(config.silence_pr_comments.as_ref());
                replace(&mut merged.silence_pr_comments, silenced);
            }
            _ => {}
        }
    }
}

fn replace<T: Clone>(slot: &mut T, by: Option<&T>) {
    if let Some(by) = by {
        slot.clone_from(by);
    }
}
