//! Which projects a change plans, and why.

use crate::error::{AtlantisError, ErrorKind};
use crate::merge::{EffectiveProject, Resolved};
use crate::modules::{BadWorkspace, ModuleUsers, cloud_workspace, project_of};
use crate::path;
use crate::patterns::Patterns;
use crate::project::Project;
use crate::repo::RepoConfig;
use crate::server::ServerConfig;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::yaml::go_quote;
use trueup_manifest::{Diagnostic, EcoString, FileTree};

/// The patterns of files whose change counts where projects are discovered, unless the server says otherwise.
pub const DEFAULT_FILE_LIST: &str = "**/*.tf,**/*.tf.json,**/*.tfvars,**/*.tfvars.json,**/*.tofu,**/*.tofu.json,**/terragrunt.hcl,**/.terraform.lock.hcl";

/// What is asked: a change, and what it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct AutoplanQuestion<'a> {
    /// The files of the repository after the change.
    pub tree: &'a FileTree,
    /// The repository's configuration; the default one if it has none.
    pub config: &'a RepoConfig,
    /// The server's configuration.
    pub server: &'a ServerConfig,
    /// The repository, as `host/owner/name`.
    pub repo_id: &'a str,
    /// The changed files, from the root, deleted ones among them.
    pub changed: &'a [EcoString],
    /// How the server is started.
    pub flags: &'a AutoplanFlags,
}

/// How the server is started, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AutoplanFlags {
    /// Whether projects are discovered, where no configuration says: `auto`, `enabled` or `disabled`.
    pub autodiscover_mode: EcoString,
    /// The patterns of files whose change counts where projects are discovered, with commas between.
    pub file_list: EcoString,
    /// The patterns of files that make a directory a project whose modules are followed, with commas between; empty: none is.
    pub modules: EcoString,
    /// `terraform` or `opentofu`.
    pub distribution: EcoString,
}

impl Default for AutoplanFlags {
    fn default() -> Self {
        Self {
            autodiscover_mode: "auto".into(),
            file_list: DEFAULT_FILE_LIST.into(),
            modules: EcoString::new(),
            distribution: "terraform".into(),
        }
    }
}

/// Which projects a change plans.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Autoplan {
    /// The projects to plan: by group, in each group those of the configuration first.
    pub plan: Vec<Planned>,
    /// The projects that the change affects and that are not planned by themselves.
    pub disabled: Vec<Planned>,
    /// The projects that the change affects and that are gone.
    pub gone: Vec<EcoString>,
    /// The changed files that affect no project.
    pub unclaimed: Vec<EcoString>,
    /// What could not be found out.
    pub warnings: Vec<Diagnostic>,
}

/// A project that a change affects.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Planned {
    /// What holds for it.
    #[serde(flatten)]
    pub project: EffectiveProject,
    /// Who named it.
    pub source: ProjectSource,
    /// What made it affected: at least one reason.
    pub because: Vec<Because>,
}

/// Who named a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProjectSource {
    /// The repository's configuration.
    Config,
    /// Nobody; it was found by a changed file.
    Discovered,
}

/// Why a change affects a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The changed file.
    pub file: EcoString,
    /// What it is to the project.
    pub rule: Rule,
}

/// What a changed file is to a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// It matches this pattern of `when_modified`.
    WhenModified(EcoString),
    /// It is in this directory, whose modules the project uses.
    Module(EcoString),
    /// It is in the list of files that count, with the pattern, and this is the project it belongs to.
    FileList(EcoString),
}

impl std::fmt::Display for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.rule {
            Rule::WhenModified(pattern) => write!(f, "{} matches `{pattern}` of when_modified", self.file),
            Rule::Module(directory) => write!(f, "{} is in module {directory}", self.file),
            Rule::FileList(pattern) => write!(f, "{} matches `{pattern}` of the file list", self.file),
        }
    }
}

/// Returns which projects a change plans.
///
/// ```
/// use trueup_atlantis::*;
/// use trueup_manifest::FileTree;
///
/// let tree = FileTree::from_files([("network/main.tf", ""), ("modules/vpc/main.tf", "")]).unwrap();
/// let text = b"version: 3\nprojects:\n- dir: network\n  autoplan: {when_modified: ['*.tf', '../modules/**/*.tf']}\n";
/// let server = ServerConfig::default();
/// let config = RepoConfig::parse(text, &server, &RepoQuestion { tree: Some(&tree), ..RepoQuestion::default() })?;
/// let answer = autoplan(&AutoplanQuestion {
///     tree: &tree,
///     config: &config,
///     server: &server,
///     repo_id: "github.com/org/repo",
///     changed: &["modules/vpc/main.tf".into(), "README.md".into()],
///     flags: &AutoplanFlags::default(),
/// })?;
/// assert_eq!(answer.plan[0].project.dir, "network");
/// assert_eq!(answer.plan[0].because[0].to_string(), "modules/vpc/main.tf matches `../modules/**/*.tf` of when_modified");
/// assert_eq!(answer.unclaimed, ["README.md"]);
/// # Ok::<(), trueup_atlantis::AtlantisError>(())
/// ```
///
/// # Errors
/// [`AtlantisError`] for a pattern that cannot be read and for a Terraform Cloud workspace whose name is refused.
pub fn autoplan(question: &AutoplanQuestion<'_>) -> Result<Autoplan, AtlantisError> {
    let resolved = question.server.resolve(question.repo_id);
    let mut answer = Autoplan::default();
    let modules = module_users(question, &mut answer)?;
    let changes = Changes::new(question.changed, &modules);
    let mut affected = Vec::new();
    for project in &question.config.projects {
        let because = reasons(&changes, project)?;
        let by_module = because.iter().any(|because| matches!(because.rule, Rule::Module(_)));
        if because.is_empty() {
            continue;
        }
        if !by_module && !question.tree.is_directory(path::in_tree(&project.dir)) {
            answer.gone.push(project.dir.clone());
            continue;
        }
        let project = resolved.project(project, question.config);
        affected.push(Planned { project, source: ProjectSource::Config, because });
    }
    if discovers(question, &resolved) {
        discover(question, &resolved, &modules, &mut affected, &mut answer)?;
    }
    let claimed: BTreeSet<&EcoString> =
        affected.iter().flat_map(|planned| &planned.because).map(|because| &because.file).collect();
    answer.unclaimed = question.changed.iter().filter(|file| !claimed.contains(file)).cloned().collect();
    affected.sort_by_key(|planned| planned.project.execution_order_group);
    (answer.plan, answer.disabled) =
        affected.into_iter().partition(|planned| planned.project.autoplan_enabled);
    Ok(answer)
}

fn module_users(
    question: &AutoplanQuestion<'_>,
    answer: &mut Autoplan,
) -> Result<ModuleUsers, AtlantisError> {
    let patterns = &question.flags.modules;
    if patterns.is_empty() {
        return Ok(ModuleUsers::default());
    }
    let read = Patterns::new(patterns.split(',')).map_err(|reason| bad_list(patterns, reason))?;
    Ok(ModuleUsers::find(question.tree, &read).unwrap_or_else(|diagnostic| {
        let note = "no project is planned for a change in its modules until the file can be read";
        let Diagnostic { message, locations, .. } = *diagnostic;
        let mut warning = Diagnostic::warning("atlantis/unreadable-module", message).because(note);
        warning.locations = locations;
        answer.warnings.push(warning);
        ModuleUsers::default()
    }))
}

fn bad_list(patterns: &str, reason: &str) -> AtlantisError {
    AtlantisError::new(ErrorKind::Pattern, format!("parsing patterns `{patterns}`: {reason}"))
}

/// The changed files, found by directory and by the modules that they belong to.
struct Changes<'a> {
    files: &'a [EcoString],
    /// Positions, sorted by path.
    by_path: Vec<usize>,
    /// The positions of the files in the modules that a project uses.
    by_user: BTreeMap<EcoString, BTreeSet<usize>>,
}

impl<'a> Changes<'a> {
    fn new(files: &'a [EcoString], modules: &ModuleUsers) -> Self {
        let mut by_path: Vec<usize> = (0..files.len()).collect();
        by_path.sort_by_key(|at| files.get(*at));
        let mut by_user: BTreeMap<EcoString, BTreeSet<usize>> = BTreeMap::new();
        for (at, file) in files.iter().enumerate() {
            for user in modules.of(&path::directory(file)) {
                by_user.entry(user.clone()).or_default().insert(at);
            }
        }
        Self { files, by_path, by_user }
    }

    /// Returns the positions of the files that a project's patterns could match, and of those in its modules.
    fn candidates(&self, project: &Project) -> BTreeSet<usize> {
        let of_modules = self.by_user.get(&project.dir).into_iter().flatten().copied();
        let leads_out = project.autoplan.when_modified.iter().any(|pattern| pattern.contains(".."));
        let dir = project.dir.as_str();
        if leads_out || dir == "." || dir.contains(['*', '?', '[', ']', '\\']) {
            return (0..self.files.len()).collect();
        }
        let path_at = |at: &usize| self.files.get(*at).map_or("", EcoString::as_str);
        let start = self.by_path.partition_point(|at| path_at(at) < dir);
        let near = self.by_path.iter().skip(start).take_while(|at| path_at(at).starts_with(dir));
        of_modules.chain(near.copied()).collect()
    }
}

/// Returns every reason why the change affects a configured project.
fn reasons(changes: &Changes<'_>, project: &Project) -> Result<Vec<Because>, AtlantisError> {
    let written = &project.autoplan.when_modified;
    let rooted = written.iter().map(|pattern| {
        let pattern = pattern.trim();
        match pattern.strip_prefix('!') {
            Some(excluded) => format!("!{}", path::join(&project.dir, excluded)),
            None => path::join(&project.dir, pattern).into(),
        }
    });
    let patterns = Patterns::new(rooted).map_err(|reason| {
        let list = written.join(" ");
        let message = format!("matching modified files with patterns: [{list}]: {reason}");
        AtlantisError::new(ErrorKind::Pattern, message)
    })?;
    let in_modules = changes.by_user.get(&project.dir);
    let mut because = Vec::new();
    for at in changes.candidates(project) {
        let Some(file) = changes.files.get(at) else { continue };
        let rule = if in_modules.is_some_and(|positions| positions.contains(&at)) {
            Rule::Module(path::directory(file))
        } else if let Some(pattern) = patterns.find(file).and_then(|at| written.get(at)) {
            Rule::WhenModified(pattern.clone())
        } else {
            continue;
        };
        because.push(Because { file: file.clone(), rule });
    }
    Ok(because)
}

/// Tells whether projects are discovered: as the server says, else the repository, else the flag.
fn discovers(question: &AutoplanQuestion<'_>, resolved: &Resolved<'_>) -> bool {
    let setting = resolved.autodiscover.or(question.config.autodiscover.as_ref());
    let mode = setting.map_or(&question.flags.autodiscover_mode, |setting| &setting.mode);
    match mode.as_str() {
        "" | "auto" => question.config.projects.is_empty(),
        mode => mode == "enabled",
    }
}

/// Finds the projects that the changed files belong to and that no configuration names.
fn discover(
    question: &AutoplanQuestion<'_>,
    resolved: &Resolved<'_>,
    modules: &ModuleUsers,
    affected: &mut Vec<Planned>,
    answer: &mut Autoplan,
) -> Result<(), AtlantisError> {
    let list: Vec<&str> =
        question.flags.file_list.split(',').filter(|pattern| !pattern.trim().is_empty()).collect();
    let patterns = Patterns::new(&list).map_err(|reason| bad_list(&question.flags.file_list, reason))?;
    let mut found: Vec<EcoString> = Vec::new();
    let mut reasons: BTreeMap<EcoString, Vec<Because>> = BTreeMap::new();
    for file in question.changed {
        let Some(pattern) = patterns.find(file).filter(|_| !is_ignored(file)).and_then(|at| list.get(at))
        else {
            continue;
        };
        let own = project_of(question.tree, file);
        let directory = path::directory(file);
        let rule = match &own {
            Some(_) => Rule::FileList(pattern.trim().into()),
            None => Rule::Module(directory.clone()),
        };
        let users = modules.of(&directory).filter(|_| own.is_none()).cloned();
        for project in own.iter().cloned().chain(users) {
            if !reasons.contains_key(&project) {
                found.push(project.clone());
            }
            reasons.entry(project).or_default().push(Because { file: file.clone(), rule: rule.clone() });
        }
    }
    let server_ignores = resolved.autodiscover.filter(|setting| setting.ignore_paths.is_some());
    let ignoring = server_ignores.or(question.config.autodiscover.as_ref());
    let configured: BTreeSet<&EcoString> =
        question.config.projects.iter().map(|project| &project.dir).collect();
    for directory in found {
        if configured.contains(&directory) || ignoring.is_some_and(|setting| setting.ignores(&directory)) {
            continue;
        }
        if !question.tree.is_directory(path::in_tree(&directory)) {
            answer.gone.push(directory);
            continue;
        }
        let workspace = cloud_workspace(question.tree, &directory, question.flags.distribution == "opentofu")
            .map_err(|bad| bad_workspace(&directory, &bad))?;
        affected.push(Planned {
            project: resolved.discovered(&directory, &workspace),
            source: ProjectSource::Discovered,
            because: reasons.remove(&directory).unwrap_or_default(),
        });
    }
    Ok(())
}

/// State files and the configuration of a linter never count.
fn is_ignored(file: &str) -> bool {
    file.contains("terraform.tfstate") || file.contains("tflint.hcl")
}

fn bad_workspace(directory: &str, bad: &BadWorkspace) -> AtlantisError {
    let (name, file) = (go_quote(&bad.name), go_quote(&bad.file));
    let message = format!(
        "looking for Terraform Cloud workspace from configuration in '{directory}': invalid Terraform Cloud workspace name {name} in {file}: {}",
        bad.problem
    );
    AtlantisError::new(ErrorKind::Workspace, message)
}
