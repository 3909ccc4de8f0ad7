//! The server's configuration: `repos.yaml`.

use crate::decode::{self, Decoded, Node};
use crate::error::{AtlantisError, ErrorKind};
use crate::problem::{Problem, Problems, refuse};
use crate::project::check_slashed;
use crate::settings::{AutoDiscover, RepoLocks, check_requirements};
use crate::workflow::{self, RawWorkflow, Workflow};
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::IpAddr;
use trueup_manifest::yaml::go_quote;
use trueup_manifest::{EcoString, FileBytes, FileTree};
use trueup_template::Regex;

/// The keys that a server may let repositories set.
pub(crate) const OVERRIDES: [&str; 10] = [
    "plan_requirements",
    "apply_requirements",
    "import_requirements",
    "workflow",
    "delete_source_branch_on_merge",
    "repo_locking",
    "repo_locks",
    "policy_check",
    "custom_policy_check",
    "silence_pr_comments",
];

/// What the server's configuration says, checked. The first entry of `repos` is the built-in one, for every repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServerConfig {
    /// What holds for which repository. Of several entries that match, the last that sets a key decides it.
    pub repos: Vec<RepoSettings>,
    /// The workflows that every repository may be given.
    pub workflows: BTreeMap<EcoString, Workflow>,
}

/// What holds for the repositories that an entry matches; `None` leaves a key to the entries before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RepoSettings {
    /// `host/owner/name`, or an expression between slashes that is searched in it.
    pub id: EcoString,
    /// The expression that the base branch of a pull request must match, without its slashes.
    pub branch: Option<EcoString>,
    /// Where the repository's configuration is; of the entries that match, the last decides alone.
    pub repo_config_file: Option<EcoString>,
    /// What must hold before a plan.
    pub plan_requirements: Option<Vec<EcoString>>,
    /// What must hold before an apply.
    pub apply_requirements: Option<Vec<EcoString>>,
    /// What must hold before an import.
    pub import_requirements: Option<Vec<EcoString>>,
    /// The name of the workflow.
    pub workflow: Option<EcoString>,
    /// The workflows that a repository may ask for; none named means any.
    pub allowed_workflows: Option<Vec<EcoString>>,
    /// The keys that a repository may set.
    pub allowed_overrides: Option<Vec<EcoString>>,
    /// Whether a repository may define workflows.
    pub allow_custom_workflows: Option<bool>,
    /// Whether a merge removes the source branch.
    pub delete_source_branch_on_merge: Option<bool>,
    /// The older way to switch locks off.
    pub repo_locking: Option<bool>,
    /// When projects are locked.
    pub repo_locks: Option<RepoLocks>,
    /// Whether policies are checked.
    pub policy_check: Option<bool>,
    /// Whether a tool other than conftest checks policies.
    pub custom_policy_check: Option<bool>,
    /// Whether projects are found that nobody configured.
    pub autodiscover: Option<AutoDiscover>,
    /// The commands whose comments are left out.
    pub silence_pr_comments: Option<Vec<EcoString>>,
}

/// How the server is started, as far as it matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerFlags {
    /// Repositories may set every key but `custom_policy_check`, and define workflows. Real servers have no such flag; it stands for
    /// what the server's configuration says when that is not known.
    pub allow_everything: bool,
    /// Policies are checked: `policies_passed` is required before an apply.
    pub policy_checks: bool,
}

impl ServerFlags {
    /// Sets whether repositories may set everything.
    #[must_use]
    pub fn with_allow_everything(mut self, allow: bool) -> Self {
        self.allow_everything = allow;
        self
    }

    /// Sets whether policies are checked.
    #[must_use]
    pub fn with_policy_checks(mut self, check: bool) -> Self {
        self.policy_checks = check;
        self
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self::built_in(ServerFlags::default())
    }
}

impl ServerConfig {
    /// Returns what a server without a configuration has.
    pub fn built_in(flags: ServerFlags) -> Self {
        let all = OVERRIDES.iter().filter(|key| flags.allow_everything && **key != "custom_policy_check");
        let default = RepoSettings {
            id: "/.*/".into(),
            branch: Some(".*".into()),
            plan_requirements: Some(Vec::new()),
            apply_requirements: Some(if flags.policy_checks {
                vec![POLICIES_PASSED.into()]
            } else {
                Vec::new()
            }),
            import_requirements: Some(Vec::new()),
            workflow: Some("default".into()),
            allowed_workflows: Some(Vec::new()),
            allowed_overrides: Some(all.map(|key| EcoString::from(*key)).collect()),
            allow_custom_workflows: Some(flags.allow_everything),
            delete_source_branch_on_merge: Some(false),
            repo_locks: Some(RepoLocks::default()),
            policy_check: Some(flags.policy_checks),
            custom_policy_check: Some(false),
            ..RepoSettings::default()
        };
        Self { repos: vec![default], workflows: BTreeMap::from([("default".into(), Workflow::default())]) }
    }

    /// Reads and checks a configuration; `file` is its name, for messages.
    ///
    /// ```
    /// use trueup_atlantis::{ServerConfig, ServerFlags};
    ///
    /// let text = b"repos:\n- id: /.*/\n  allowed_overrides: [autoplan]\n";
    /// let error = ServerConfig::parse(text, "repos.yaml", ServerFlags::default()).unwrap_err();
    /// assert!(error.to_string().starts_with("repos: (0: (allowed_overrides: \"autoplan\" is not a valid override"));
    /// ```
    ///
    /// # Errors
    /// [`AtlantisError`], in Atlantis' words.
    pub fn parse(text: &[u8], file: &str, flags: ServerFlags) -> Result<Self, AtlantisError> {
        if text.is_empty() {
            return Err(AtlantisError::new(ErrorKind::Invalid, format!("file {file} was empty")));
        }
        let raw = decode::document(text, Raw::decode)?;
        raw.check().map_err(|problem| {
            let path = problem.path();
            AtlantisError::new(ErrorKind::Invalid, problem.to_string()).at(text, &path)
        })?;
        raw.check_names()?;
        Ok(raw.config(Self::built_in(flags)))
    }

    /// Returns the entries that match a repository, with their positions, the deciding one last.
    pub(crate) fn matching(&self, repo_id: &str) -> impl DoubleEndedIterator<Item = (usize, &RepoSettings)> {
        self.repos.iter().enumerate().filter(move |(_, repo)| repo.matches(repo_id))
    }

    /// Returns the text of a repository's configuration; nothing if it has none.
    ///
    /// # Errors
    /// [`AtlantisError`] for a repository with an `atlantis.yml`, which Atlantis refuses to overlook.
    pub fn repo_config<'t>(
        &self,
        tree: &'t FileTree,
        repo_id: &str,
    ) -> Result<Option<&'t FileBytes>, AtlantisError> {
        if tree.is_file("atlantis.yml") || tree.is_directory("atlantis.yml") {
            let message = "found \"atlantis.yml\" as config file; rename using the .yaml extension";
            return Err(AtlantisError::new(ErrorKind::Invalid, message));
        }
        Ok(tree.get(self.repo_config_file(repo_id)))
    }

    /// Returns where a repository's configuration is.
    pub fn repo_config_file(&self, repo_id: &str) -> &str {
        let last = self.matching(repo_id).next_back();
        last.and_then(|(_, repo)| repo.repo_config_file.as_deref()).unwrap_or("atlantis.yaml")
    }
}

/// What requires that policies were checked; files may not name it.
pub(crate) const POLICIES_PASSED: &str = "policies_passed";

impl RepoSettings {
    fn matches(&self, repo_id: &str) -> bool {
        match check_slashed(&self.id) {
            Ok(regex) => regex.is_match(repo_id.as_bytes()),
            Err(_) => self.id == repo_id,
        }
    }

    /// Tells whether the entry is for pull requests into a branch.
    pub fn matches_branch(&self, branch: &str) -> bool {
        let regex = self.branch.as_ref().map(|branch| Regex::new(branch.as_bytes()));
        regex.is_none_or(|regex| regex.is_ok_and(|regex| regex.is_match(branch.as_bytes())))
    }

    fn decode(node: &Node<'_>) -> Decoded<Self> {
        const FIELDS: [&str; 19] = [
            "id",
            "branch",
            "repo_config_file",
            "plan_requirements",
            "apply_requirements",
            "import_requirements",
            "pre_workflow_hooks",
            "workflow",
            "post_workflow_hooks",
            "allowed_workflows",
            "allowed_overrides",
            "allow_custom_workflows",
            "delete_source_branch_on_merge",
            "repo_locking",
            "repo_locks",
            "policy_check",
            "custom_policy_check",
            "autodiscover",
            "silence_pr_comments",
        ];
        node.fields("an entry of `repos`", &FIELDS)?;
        for hooks in ["pre_workflow_hooks", "post_workflow_hooks"] {
            node.optional(hooks, decode_hooks)?;
        }
        let text = |key| node.optional(key, Node::text);
        let texts = |key| node.optional(key, Node::texts);
        let flag = |key| node.optional(key, Node::flag);
        let filled = |text: Option<EcoString>| text.filter(|text| !text.is_empty());
        Ok(Self {
            id: text("id")?.unwrap_or_default(),
            branch: filled(text("branch")?),
            repo_config_file: filled(text("repo_config_file")?),
            plan_requirements: texts("plan_requirements")?,
            apply_requirements: texts("apply_requirements")?,
            import_requirements: texts("import_requirements")?,
            workflow: text("workflow")?,
            allowed_workflows: texts("allowed_workflows")?,
            allowed_overrides: texts("allowed_overrides")?,
            allow_custom_workflows: flag("allow_custom_workflows")?,
            delete_source_branch_on_merge: flag("delete_source_branch_on_merge")?,
            repo_locking: flag("repo_locking")?,
            repo_locks: node.optional("repo_locks", RepoLocks::decode)?,
            policy_check: flag("policy_check")?,
            custom_policy_check: flag("custom_policy_check")?,
            autodiscover: node.optional("autodiscover", AutoDiscover::decode)?,
            silence_pr_comments: texts("silence_pr_comments")?,
        })
    }

    fn check(&self) -> Result<(), Problem> {
        let mut problems = Problems::default();
        problems.check("id", check_id(&self.id));
        problems
            .check("branch", self.branch.as_deref().map_or(Ok(()), |branch| check_slashed(branch).map(drop)));
        problems
            .check("repo_config_file", self.repo_config_file.as_deref().map_or(Ok(()), check_config_file));
        problems.check(
            "allowed_overrides",
            check_overrides(self.allowed_overrides.as_deref().unwrap_or_default()),
        );
        for (key, list) in [
            ("plan_requirements", &self.plan_requirements),
            ("apply_requirements", &self.apply_requirements),
            ("import_requirements", &self.import_requirements),
        ] {
            problems.check(key, check_requirements(key, list.as_deref().unwrap_or_default()));
        }
        problems.check("autodiscover", self.autodiscover.as_ref().map_or(Ok(()), AutoDiscover::check));
        problems.check("repo_locks", self.repo_locks.as_ref().map_or(Ok(()), RepoLocks::check));
        problems.result()
    }

    /// Returns the entry as it counts: requirements of the server added, an empty list of requirements as none.
    fn settled(mut self, server_requirements: &[EcoString]) -> Self {
        self.branch =
            self.branch.and_then(|branch| Some(branch.strip_prefix('/')?.strip_suffix('/')?.into()));
        let apply = self.apply_requirements.get_or_insert_default();
        let missing: Vec<_> =
            server_requirements.iter().filter(|word| !apply.contains(word)).cloned().collect();
        if self.policy_check != Some(false) {
            apply.extend(missing);
        }
        for list in [&mut self.plan_requirements, &mut self.apply_requirements, &mut self.import_requirements]
        {
            *list = list.take().filter(|list| !list.is_empty());
        }
        self
    }
}

/// Hooks may have any keys; upstream looks at none of them until they run.
fn decode_hooks(node: &Node<'_>) -> Decoded<()> {
    for hook in node.items()? {
        for (_, value) in hook.entries("a hook")? {
            if !value.value.is_null() {
                value.text()?;
            }
        }
    }
    Ok(())
}

fn check_id(id: &str) -> Result<(), Problem> {
    if id.is_empty() {
        return refuse("cannot be blank");
    }
    let is_regex = id.len() > 1 && id.starts_with('/') && id.ends_with('/');
    if is_regex { check_slashed(id).map(drop) } else { Ok(()) }
}

fn check_config_file(path: &str) -> Result<(), Problem> {
    if path.starts_with('/') {
        return refuse("must not starts with a slash '/'");
    }
    if path.contains("../") || path.contains("..\\") {
        return refuse("must not contains parent directory path like '../'");
    }
    Ok(())
}

fn check_overrides(keys: &[EcoString]) -> Result<(), Problem> {
    let Some(other) = keys.iter().find(|key| !OVERRIDES.contains(&key.as_str())) else { return Ok(()) };
    let [first @ .., last] = OVERRIDES.map(go_quote);
    let (other, first) = (go_quote(other), first.join(", "));
    refuse(format!("{other} is not a valid override, only {first}, and {last} are supported"))
}

/// A configuration before it is checked.
struct Raw {
    repos: Vec<RepoSettings>,
    workflows: BTreeMap<EcoString, RawWorkflow>,
    statsd: Option<(EcoString, EcoString)>,
    prometheus: Option<EcoString>,
    store: Option<(EcoString, EcoString, EcoString)>,
}

impl Raw {
    fn decode(node: &Node<'_>) -> Decoded<Self> {
        let known = ["repos", "workflows", "policies", "metrics", "team_authz", "external_stores"];
        node.fields("the server's configuration", &known)?;
        let repos =
            |node: &Node<'_>| node.items()?.iter().map(RepoSettings::decode).collect::<Decoded<Vec<_>>>();
        node.optional("policies", decode_policies)?;
        node.optional("team_authz", |node| {
            node.fields("team_authz", &["command", "args"])?;
            node.optional("command", Node::text)?;
            node.optional("args", Node::texts)
        })?;
        let metrics = node.get("metrics");
        if let Some(metrics) = &metrics {
            metrics.fields("metrics", &["statsd", "prometheus"])?;
        }
        let metric = |key: &str| metrics.as_ref().and_then(|metrics| metrics.get(key));
        let statsd = |node: Node<'_>| {
            node.fields("statsd", &["host", "port"])?;
            let text = |key| Ok(node.optional(key, Node::text)?.unwrap_or_default());
            Ok((text("host")?, text("port")?))
        };
        let prometheus = |node: Node<'_>| {
            node.fields("prometheus", &["endpoint"])?;
            Ok(node.optional("endpoint", Node::text)?.unwrap_or_default())
        };
        Ok(Self {
            repos: node.optional("repos", repos)?.unwrap_or_default(),
            workflows: node.optional("workflows", workflow::decode)?.unwrap_or_default(),
            statsd: metric("statsd").map(statsd).transpose()?,
            prometheus: metric("prometheus").map(prometheus).transpose()?,
            store: node.optional("external_stores", decode_store)?.flatten(),
        })
    }

    fn check(&self) -> Result<(), Problem> {
        let mut metrics = Problems::default();
        metrics.check("statsd", self.statsd.as_ref().map_or(Ok(()), |(host, port)| check_statsd(host, port)));
        let mut prometheus = Problems::default();
        if self.prometheus.as_ref().is_some_and(|endpoint| endpoint.is_empty()) {
            prometheus.check("endpoint", refuse("cannot be blank"));
        }
        metrics.check("prometheus", prometheus.result());
        let mut problems = Problems::default();
        problems.check("repos", Problems::of_items(&self.repos, RepoSettings::check));
        problems.check("workflows", workflow::check(&self.workflows));
        problems.check("metrics", metrics.result());
        problems.result()?;
        match &self.store {
            None => Ok(()),
            Some((kind, ..)) if kind.is_empty() => Ok(()),
            Some((kind, ..)) if kind != "s3" => {
                refuse(format!("unsupported plan store type {}: only 's3' is supported", go_quote(kind)))
            }
            Some((_, bucket, _)) if bucket.is_empty() => {
                refuse("external_stores.plan_store.s3.bucket is required when type is 's3'")
            }
            Some((.., region)) if region.is_empty() => {
                refuse("external_stores.plan_store.s3.region is required when type is 's3'")
            }
            Some(_) => Ok(()),
        }
    }

    /// Checks that workflows exist and commands are known.
    fn check_names(&self) -> Result<(), AtlantisError> {
        let own = self.repos.iter().filter_map(|repo| repo.workflow.as_ref());
        let allowed = self.repos.iter().flat_map(|repo| repo.allowed_workflows.iter().flatten());
        for name in own.chain(allowed).filter(|name| *name != "default") {
            if !self.workflows.contains_key(name) {
                let message = format!("workflow {} is not defined", go_quote(name));
                return Err(AtlantisError::new(ErrorKind::UndefinedWorkflow, message));
            }
        }
        let silenced = self.repos.iter().flat_map(|repo| repo.silence_pr_comments.iter().flatten());
        for command in silenced {
            if let Some(problem) = silence_problem(command) {
                return Err(AtlantisError::new(ErrorKind::Invalid, format!("server-side {problem}")));
            }
        }
        Ok(())
    }

    fn config(self, mut built_in: ServerConfig) -> ServerConfig {
        let workflows = self.workflows.iter().map(|(name, workflow)| (name.clone(), workflow.workflow(name)));
        built_in.workflows.extend(workflows);
        let server_requirements = built_in.repos.first().and_then(|repo| repo.apply_requirements.clone());
        let server_requirements = server_requirements.unwrap_or_default();
        built_in.repos.extend(self.repos.into_iter().map(|repo| repo.settled(&server_requirements)));
        built_in
    }
}

/// Says what is wrong with a word of `silence_pr_comments`.
pub(crate) fn silence_problem(command: &str) -> Option<String> {
    (!["plan", "apply"].contains(&command)).then(|| {
        format!(
            "repo config 'silence_pr_comments' key value of '{command}' is not supported, supported values are [plan, apply]"
        )
    })
}

fn check_statsd(host: &str, port: &str) -> Result<(), Problem> {
    let mut problems = Problems::default();
    let digits = port.strip_prefix(['-', '+']).unwrap_or(port);
    let is_integer =
        digits == "0" || (!digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let checked = |value: &str, fits: bool, problem: &str| match value {
        "" => refuse("cannot be blank"),
        _ if fits => Ok(()),
        _ => refuse(problem),
    };
    let is_host = host.parse::<IpAddr>().is_ok() || is_dns_name(host);
    problems.check("host", checked(host, is_host, "must be a valid IP address or DNS name"));
    problems.check("port", checked(port, is_integer && !digits.is_empty(), "must be an integer number"));
    problems.result()
}

fn is_dns_name(host: &str) -> bool {
    let host = host.strip_suffix(['.', '_']).unwrap_or(host);
    let is_part = |part: &str| {
        let is_fitting = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        (1..=63).contains(&part.len()) && !part.starts_with('-') && part.chars().all(is_fitting)
    };
    host.len() <= 255 && host.split('.').all(is_part)
}

/// Reads the kind, bucket and region of the store of plans.
fn decode_store(node: &Node<'_>) -> Decoded<Option<(EcoString, EcoString, EcoString)>> {
    node.fields("external_stores", &["plan_store"])?;
    let Some(store) = node.get("plan_store") else { return Ok(None) };
    store.fields("plan_store", &["type", "s3"])?;
    let kind = store.optional("type", Node::text)?.unwrap_or_default();
    let s3 = store.get("s3");
    let Some(s3) = s3 else { return Ok(Some((kind, EcoString::new(), EcoString::new()))) };
    s3.fields("s3", &["bucket", "region", "prefix", "endpoint", "force_path_style", "profile"])?;
    s3.optional("force_path_style", Node::flag)?;
    for key in ["prefix", "endpoint", "profile"] {
        s3.optional(key, Node::text)?;
    }
    let text = |key| Ok(s3.optional(key, Node::text)?.unwrap_or_default());
    Ok(Some((kind, text("bucket")?, text("region")?)))
}

/// Reads `policies` for its shape; what it says matters where policies run.
pub(crate) fn decode_policies(node: &Node<'_>) -> Decoded<()> {
    let own = [
        "conftest_version",
        "owners",
        "policy_sets",
        "sticky_policy_approvals",
        "policy_item_regex",
        "approve_count",
    ];
    node.fields("policies", &own)?;
    decode_policy(node, &["conftest_version", "policy_item_regex"], &["sticky_policy_approvals"])?;
    let Some(sets) = node.get("policy_sets") else { return Ok(()) };
    for set in sets.items()? {
        set.fields(
            "a policy set",
            &[
                "path",
                "source",
                "name",
                "owners",
                "approve_count",
                "sticky_policy_approvals",
                "policy_item_regex",
                "prevent_self_approve",
            ],
        )?;
        decode_policy(
            &set,
            &["path", "source", "name", "policy_item_regex"],
            &["sticky_policy_approvals", "prevent_self_approve"],
        )?;
    }
    Ok(())
}

fn decode_policy(node: &Node<'_>, texts: &[&str], flags: &[&str]) -> Decoded<()> {
    for key in texts {
        node.optional(key, Node::text)?;
    }
    for key in flags {
        node.optional(key, Node::flag)?;
    }
    node.optional("approve_count", Node::integer)?;
    if let Some(owners) = node.get("owners") {
        owners.fields("owners", &["users", "teams"])?;
        owners.optional("users", Node::texts)?;
        owners.optional("teams", Node::texts)?;
    }
    Ok(())
}
