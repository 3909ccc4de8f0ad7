//! Atlantis: which projects a change plans.

use super::table;
use crate::api::handles::Tree;
use crate::api::shape::{Object, Text, answer, input};
use crate::api::{Context, Error};
use trueup_atlantis as atlantis;
use trueup_atlantis::{
    AutoplanFlags, AutoplanQuestion, RepoConfig, RepoQuestion, Rule, ServerConfig, ServerFlags,
};
use trueup_manifest::{Diagnostic, EcoString, to_value};

table! {
    /// Names the Terraform projects that a change plans with Atlantis, each with the files and patterns that made it so.
    ///
    /// The repository's configuration is read from the tree, strictly: what Atlantis refuses is an error, in Atlantis' words.
    "atlantis.autoplan": Question => planned => Autoplan;
}

input! {
    /// A change in a repository.
    struct Question {
        /// The repository after the change.
        tree: Tree,
        /// The changed files, from the root, deleted ones among them.
        changed: Vec<EcoString>,
        /// The text of the server's configuration; without it, one that allows everything.
        server: Option<Text>,
        /// The repository as the server's configuration names it: `host/owner/name`.
        repository: EcoString = "",
        /// The branch that the change goes to; without it, projects for all branches count.
        branch: Option<EcoString>,
        /// The patterns of files that make a directory a project whose modules count, with commas between: a flag of the server.
        modules: EcoString = "",
    }
}

answer! {
    /// Why a change affects a project.
    struct PlanReason {
        /// The changed file.
        file: EcoString,
        /// What it is to the project: `when_modified`, `module` or `file_list`.
        rule: EcoString,
        /// The pattern that it matches, or the directory of the module.
        pattern: EcoString,
    }
}

answer! {
    /// A project that a change affects.
    struct PlannedProject {
        /// Its name; empty for none.
        name: EcoString,
        /// Its directory; `.` is the root.
        dir: EcoString,
        /// Its workspace.
        workspace: EcoString,
        /// Groups run in ascending order.
        execution_order_group: i64,
        /// Who named it: `config` or `discovered`.
        source: EcoString,
        /// Everything that holds for it: requirements, the steps of its workflow, and the rest.
        settings: Object,
        /// What made it affected: at least one reason.
        because: Vec<PlanReason>,
    }
}

answer! {
    /// What the server must allow for the repository's configuration to be accepted.
    struct ServerNeeds {
        /// What `allowed_overrides` must name.
        allowed_overrides: Vec<EcoString>,
        /// Whether `allow_custom_workflows` must be true.
        allow_custom_workflows: bool,
        /// The workflows that must be defined there.
        server_workflows: Vec<EcoString>,
    }
}

answer! {
    /// Which projects a change plans.
    struct Autoplan {
        /// The projects to plan: by group, in each group those of the configuration first.
        plan: Vec<PlannedProject>,
        /// The projects that the change affects and that are not planned by themselves.
        disabled: Vec<PlannedProject>,
        /// The projects that the change affects and that are gone.
        gone: Vec<EcoString>,
        /// The changed files that affect no project.
        unclaimed: Vec<EcoString>,
        /// What the server must allow.
        needs: ServerNeeds,
        /// What could not be found out, and what the configuration says that has no effect.
        diagnostics: Vec<Diagnostic>,
    }
}

fn planned(request: Question, context: &Context) -> Result<Autoplan, Error> {
    context.cancel.step()?;
    let tree = request.tree.files();
    let server = match &request.server {
        Some(text) => ServerConfig::parse(&text.0, "server", ServerFlags::default())
            .map_err(|error| Error::new(error.diagnostic_in("server")))?,
        None => ServerConfig::built_in(ServerFlags::default().with_allow_everything(true)),
    };
    let file = server.repo_config_file(&request.repository);
    let failure = |error: atlantis::AtlantisError| Error::new(error.diagnostic_in(file));
    let branch = request.branch.as_deref();
    let question = RepoQuestion { tree: Some(tree), repo_id: &request.repository, branch };
    let config = match server.repo_config(tree, &request.repository).map_err(failure)? {
        Some(text) => RepoConfig::parse(text, &server, &question).map_err(failure)?,
        None => RepoConfig::default(),
    };
    let mut flags = AutoplanFlags::default();
    flags.modules = request.modules.clone();
    let answer = atlantis::autoplan(&AutoplanQuestion {
        tree,
        config: &config,
        server: &server,
        repo_id: &request.repository,
        changed: &request.changed,
        flags: &flags,
    })
    .map_err(failure)?;
    let projects =
        |planned: Vec<atlantis::Planned>| planned.into_iter().map(project).collect::<Result<_, _>>();
    let needs = atlantis::needs(&config);
    Ok(Autoplan {
        plan: projects(answer.plan)?,
        disabled: projects(answer.disabled)?,
        gone: answer.gone,
        unclaimed: answer.unclaimed,
        needs: ServerNeeds {
            allowed_overrides: needs.allowed_overrides,
            allow_custom_workflows: needs.allow_custom_workflows,
            server_workflows: needs.server_workflows,
        },
        diagnostics: answer
            .warnings
            .into_iter()
            .chain(atlantis::lint(&config, &server, &request.repository))
            .collect(),
    })
}

fn project(planned: atlantis::Planned) -> Result<PlannedProject, Error> {
    let settings = to_value(&planned.project).map_err(Error::internal)?;
    let reason = |because: atlantis::Because| {
        let (rule, pattern) = match because.rule {
            Rule::WhenModified(pattern) => ("when_modified", pattern),
            Rule::Module(directory) => ("module", directory),
            Rule::FileList(pattern) => ("file_list", pattern),
            _ => ("other", EcoString::new()),
        };
        PlanReason { file: because.file, rule: rule.into(), pattern }
    };
    Ok(PlannedProject {
        name: planned.project.name,
        dir: planned.project.dir,
        workspace: planned.project.workspace,
        execution_order_group: planned.project.execution_order_group,
        source: match planned.source {
            atlantis::ProjectSource::Config => "config".into(),
            atlantis::ProjectSource::Discovered => "discovered".into(),
        },
        settings: Object(settings),
        because: planned.because.into_iter().map(reason).collect(),
    })
}
