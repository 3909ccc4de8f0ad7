//! A repository's configuration: `atlantis.yaml`.

use crate::decode::{self, Decoded, Node};
use crate::doublestar::DirPattern;
use crate::error::{AtlantisError, ErrorKind};
use crate::modules::is_project;
use crate::path;
use crate::problem::{Problem, Problems, refuse};
use crate::project::{Project, RawProject};
use crate::server::ServerConfig;
use crate::settings::{AutoDiscover, RepoLocks};
use crate::workflow::{self, RawWorkflow, Workflow};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::yaml::{PathStep, go_quote};
use trueup_manifest::{EcoString, FileTree};
use trueup_template::Regex;

/// What a repository's configuration says, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RepoConfig {
    /// 2 or 3.
    pub version: i64,
    /// The projects, in document order, without those for other branches.
    pub projects: Vec<Project>,
    /// The workflows that it defines.
    pub workflows: BTreeMap<EcoString, Workflow>,
    /// Whether projects are found that it does not name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autodiscover: Option<AutoDiscover>,
    /// Whether a pull request is merged when everything is applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automerge: Option<bool>,
    /// Whether the plans of a group run side by side; policy checks, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_plan: Option<bool>,
    /// Whether the applies of a group run side by side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_apply: Option<bool>,
    /// Whether a merge removes the source branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_source_branch_on_merge: Option<bool>,
    /// How comments are acknowledged.
    pub emoji_reaction: EcoString,
    /// What an expression that names several projects must start with; nothing for no rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_regexp_prefixes: Vec<EcoString>,
    /// Whether a failing group ends a parallel run.
    pub abort_on_execution_order_fail: bool,
    /// When projects are locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo_locks: Option<RepoLocks>,
    /// The commands whose comments are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silence_pr_comments: Option<Vec<EcoString>>,
}

/// What a repository's configuration is read with.
#[derive(Clone, Copy, Debug, Default)]
pub struct RepoQuestion<'a> {
    /// The files of the repository, in which directories written as patterns are looked for; with `None` they stay patterns.
    pub tree: Option<&'a FileTree>,
    /// The repository, as `host/owner/name`.
    pub repo_id: &'a str,
    /// The base branch of the pull request; with `None` no project is left out.
    pub branch: Option<&'a str>,
}

impl RepoConfig {
    /// Reads and checks a configuration, also against what the server allows.
    ///
    /// ```
    /// use trueup_atlantis::{RepoConfig, RepoQuestion, ServerConfig};
    ///
    /// let server = ServerConfig::default();
    /// let text = b"version: 3\nprojects:\n- dir: network\n  terraform_version: v1.6\n";
    /// let config = RepoConfig::parse(text, &server, &RepoQuestion::default())?;
    /// assert_eq!(config.projects[0].terraform_version.as_ref().unwrap().to_string(), "1.6.0");
    ///
    /// let error = RepoConfig::parse(b"version: 3\nprojects:\n- dir: ..\n", &server, &RepoQuestion::default()).unwrap_err();
    /// assert_eq!(error.to_string(), "projects: (0: (dir: cannot contain '..'.).).");
    /// assert_eq!(error.position().unwrap().line, 3);
    /// # Ok::<(), trueup_atlantis::AtlantisError>(())
    /// ```
    ///
    /// # Errors
    /// [`AtlantisError`], in Atlantis' words: no YAML, a key that does not exist, a value that is refused, projects that
    /// cannot be told apart, and what the server does not allow.
    pub fn parse(
        text: &[u8],
        server: &ServerConfig,
        question: &RepoQuestion<'_>,
    ) -> Result<Self, AtlantisError> {
        let mut raw = decode::document(text, Raw::decode)?;
        if let Some(tree) = question.tree {
            raw.expand(tree).map_err(|(error, entry)| error.at(text, &dir_of(entry)))?;
        }
        raw.check().map_err(|problem| {
            let path = raw.written(problem.path());
            AtlantisError::new(ErrorKind::Invalid, problem.to_string()).at(text, &path)
        })?;
        let mut config = raw.config();
        let is_for_branch = |project: &Project| match (question.branch, &project.branch) {
            (Some(branch), Some(regex)) if !branch.is_empty() => {
                Regex::new(regex.as_bytes()).is_ok_and(|regex| regex.is_match(branch.as_bytes()))
            }
            _ => true,
        };
        config.projects.retain(is_for_branch);
        config.check_identities().map_err(|(error, entry)| error.at(text, &dir_of(entry)))?;
        if config.version == 2 {
            config.workflows.values_mut().try_for_each(Workflow::split_commands)?;
        }
        server.allows(&config, question.repo_id).map_err(|(error, path)| error.at(text, &path))?;
        Ok(config)
    }

    /// Returns the projects whose whole name an expression matches, as `-p` does.
    ///
    /// When several match and there are allowed prefixes, the expression must start with one, or none is returned. An
    /// expression that cannot be read matches nothing.
    pub fn projects_named(&self, expression: &str) -> Vec<&Project> {
        let Ok(regex) = Regex::new(format!("^{expression}$").as_bytes()) else { return Vec::new() };
        let is_named =
            |project: &&Project| project.name.as_ref().is_some_and(|name| regex.is_match(name.as_bytes()));
        let found: Vec<&Project> = self.projects.iter().filter(is_named).collect();
        let prefixes = &self.allowed_regexp_prefixes;
        let is_allowed =
            prefixes.is_empty() || prefixes.iter().any(|prefix| expression.starts_with(prefix.as_str()));
        if found.len() > 1 && !is_allowed { Vec::new() } else { found }
    }

    /// Refuses two projects of one name, and an unnamed one behind another in the same directory and workspace.
    fn check_identities(&self) -> Result<(), (AtlantisError, usize)> {
        let fail = |project: &Project, message| {
            Err((AtlantisError::new(ErrorKind::DuplicateProject, message), project.entry))
        };
        let mut names = BTreeSet::new();
        for project in &self.projects {
            if let Some(name) = &project.name
                && !names.insert(name)
            {
                let name = go_quote(name);
                return fail(
                    project,
                    format!("found two or more projects with name {name}; project names must be unique"),
                );
            }
        }
        let mut places = BTreeSet::new();
        for project in &self.projects {
            if !places.insert((&project.dir, &project.workspace)) && project.name.is_none() {
                let (dir, workspace) = (go_quote(&project.dir), go_quote(&project.workspace));
                return fail(
                    project,
                    format!(
                        "there are two or more projects with dir: {dir} workspace: {workspace} that are not all named; they must have a 'name' key so they can be targeted for apply's separately"
                    ),
                );
            }
        }
        Ok(())
    }
}

/// The path to the directory of an entry.
fn dir_of(entry: usize) -> [PathStep; 3] {
    ["projects".into(), entry.into(), "dir".into()]
}

/// A configuration before it is checked.
struct Raw {
    version: Option<i64>,
    projects: Vec<RawProject>,
    workflows: BTreeMap<EcoString, RawWorkflow>,
    rest: RepoConfig,
}

const FIELDS: [&str; 14] = [
    "version",
    "projects",
    "workflows",
    "policies",
    "autodiscover",
    "automerge",
    "parallel_apply",
    "parallel_plan",
    "delete_source_branch_on_merge",
    "emoji_reaction",
    "allowed_regexp_prefixes",
    "abort_on_execution_order_fail",
    "repo_locks",
    "silence_pr_comments",
];

impl Raw {
    fn decode(node: &Node<'_>) -> Decoded<Self> {
        node.fields("the configuration", &FIELDS)?;
        let flag = |key| node.optional(key, Node::flag);
        let texts = |key| node.optional(key, Node::texts);
        let projects = |node: &Node<'_>| {
            let items = node.items()?;
            items.iter().map(|item| RawProject::decode(item, item.index())).collect::<Decoded<Vec<_>>>()
        };
        if let Some(policies) = node.get("policies") {
            crate::server::decode_policies(&policies)?;
        }
        Ok(Self {
            version: node.optional("version", Node::integer)?,
            projects: node.optional("projects", projects)?.unwrap_or_default(),
            workflows: node.optional("workflows", workflow::decode)?.unwrap_or_default(),
            rest: RepoConfig {
                autodiscover: node.optional("autodiscover", AutoDiscover::decode)?,
                automerge: flag("automerge")?,
                parallel_plan: flag("parallel_plan")?,
                parallel_apply: flag("parallel_apply")?,
                delete_source_branch_on_merge: flag("delete_source_branch_on_merge")?,
                emoji_reaction: node.optional("emoji_reaction", Node::text)?.unwrap_or_default(),
                allowed_regexp_prefixes: texts("allowed_regexp_prefixes")?.unwrap_or_default(),
                abort_on_execution_order_fail: flag("abort_on_execution_order_fail")?.unwrap_or_default(),
                repo_locks: node.optional("repo_locks", RepoLocks::decode)?,
                silence_pr_comments: texts("silence_pr_comments")?,
                ..RepoConfig::default()
            },
        })
    }

    /// Replaces projects whose directory is a pattern by one for each directory that it matches.
    ///
    /// One with a name is left for the check to refuse, and so is one that leads out of the repository.
    fn expand(&mut self, tree: &FileTree) -> Result<(), (AtlantisError, usize)> {
        if !self.projects.iter().any(|project| project.pattern().is_some()) {
            return Ok(());
        }
        let directories = project_directories(tree);
        let mut expanded = Vec::new();
        for project in self.projects.drain(..) {
            let Some(dir) = project.pattern().filter(|_| project.name.is_none()).cloned() else {
                expanded.push(project);
                continue;
            };
            let cleaned = path::clean(&format!("./{dir}"));
            if cleaned.starts_with("../") {
                expanded.push(project);
                continue;
            }
            let Some(pattern) = DirPattern::new(&cleaned) else {
                let message =
                    format!("error expanding glob pattern {}: syntax error in pattern", go_quote(&dir));
                return Err((AtlantisError::new(ErrorKind::Pattern, message), project.entry()));
            };
            let covers_root = cleaned.split('/').all(|part| part == "**");
            let found = directories.iter().filter(|directory| {
                if directory.as_str() == "." { covers_root } else { pattern.matches(directory) }
            });
            expanded.extend(found.map(|directory| project.in_directory(directory.clone())));
        }
        self.projects = expanded;
        Ok(())
    }

    fn check(&self) -> Result<(), Problem> {
        let mut problems = Problems::default();
        problems.check("version", match self.version {
            None => refuse(
                "is required. If you've just upgraded Atlantis you need to rewrite your atlantis.yaml for version 3. See www.runatlantis.io/docs/upgrading-atlantis-yaml.html",
            ),
            Some(2 | 3) => Ok(()),
            Some(_) => refuse("only versions 2 and 3 are supported"),
        });
        problems.check("projects", Problems::of_items(&self.projects, RawProject::check));
        problems.check("workflows", workflow::check(&self.workflows));
        problems.result()
    }

    /// Returns a path as it is written, where a pattern stands for several projects.
    fn written(&self, mut path: Vec<PathStep>) -> Vec<PathStep> {
        if let [PathStep::Key(key), PathStep::Index(index), ..] = path.as_mut_slice()
            && key == "projects"
            && let Some(project) = self.projects.get(*index)
        {
            *index = project.entry();
        }
        path
    }

    fn config(self) -> RepoConfig {
        let workflows = self.workflows.iter();
        RepoConfig {
            version: self.version.unwrap_or_default(),
            projects: self.projects.into_iter().map(RawProject::project).collect(),
            workflows: workflows.map(|(name, workflow)| (name.clone(), workflow.workflow(name))).collect(),
            ..self.rest
        }
    }
}

/// Returns the directories that hold a project, in the order in which a walk meets them.
pub(crate) fn project_directories(tree: &FileTree) -> Vec<EcoString> {
    let mut found: Vec<EcoString> = tree
        .files_below("")
        .into_iter()
        .map(|(path, _)| path::directory(path))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter(|directory| is_project(tree, directory))
        .collect();
    found.sort_by(|a, b| path::in_tree(a).split('/').cmp(path::in_tree(b).split('/')));
    found
}
