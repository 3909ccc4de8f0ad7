//! What people type.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// GitOps without a cluster: render, preview and explain what Argo CD and kustomize would do.
#[derive(Debug, Parser)]
#[command(name = "trueup", version, max_term_width = 110)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prints what `kustomize build DIR` prints
    Build(Build),
    /// Prints why a field of a manifest has its value: every file and line that set it
    Explain(Explain),
    /// Prints what `helm template [NAME] CHART` prints
    Template(Template),
    /// Prints the Applications that an ApplicationSet generates
    Apps(Apps),
    /// Previews a whole repository: Applications, differences from what runs, and the plan
    Preview(Preview),
    /// Prints what a change of a repository can reach: kustomizations, Applications, Terraform projects
    Impact(Impact),
    /// Sets something in a kustomization as `kustomize edit set` does, and changes not a byte besides
    Set(Set),
    /// Brings the images of one kustomization to those of another
    Promote(Promote),
    /// Looks for what must not be in Git: plain secrets, and encrypted ones that are not what they should be
    Secrets(Secrets),
    /// Prints the Terraform projects that a change plans with Atlantis, and why
    Autoplan(Autoplan),
    /// Prints what Terraform plans change and what has drifted, without secrets
    Drift(Drift),
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// The directory with the kustomization
    #[arg(default_value = ".")]
    pub(crate) directory: PathBuf,
    /// Whether files outside the kustomization's root may be read
    #[arg(long, value_enum, default_value = "LoadRestrictionsRootOnly")]
    pub(crate) load_restrictor: LoadRestrictor,
    /// The order of the resources: as Kubernetes needs them, or as they were declared
    #[arg(long, value_enum, default_value = "unspecified")]
    pub(crate) reorder: Reorder,
    /// Renders helmCharts that are below the kustomization
    #[arg(long)]
    pub(crate) enable_helm: bool,
    /// Adds the label app.kubernetes.io/managed-by
    #[arg(long)]
    pub(crate) enable_managedby_label: bool,
    /// Allows kustomize's own plugins to be used by path
    #[arg(long)]
    pub(crate) enable_alpha_plugins: bool,
    /// The form of the output
    #[arg(long, value_enum, default_value = "yaml")]
    pub(crate) format: Format,
    /// Writes to a file instead of the terminal
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The directory with the kustomization, or the name of an Application of the repository
    #[arg(value_name = "DIRECTORY|APPLICATION")]
    pub(crate) what: PathBuf,
    /// The manifest: KIND/NAME or NAMESPACE/KIND/NAME, by the name in the output or the one in its file
    pub(crate) object: String,
    /// The field: spec.template.spec.containers[app].image, or a JSON pointer; the whole manifest if it is absent
    #[arg(default_value = "")]
    pub(crate) field: String,
    /// Renders helmCharts that are below the kustomization
    #[arg(long)]
    pub(crate) enable_helm: bool,
    /// The repository with the Application
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) repository: PathBuf,
    /// Facts about the outside world, for an Application (default: .trueup/facts.yaml of the repository)
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
    /// The form of the output
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Plain,
}

#[derive(Debug, Args)]
pub(crate) struct Template {
    /// The name of the release, if it has one, and the chart: a directory or a .tgz archive
    #[arg(num_args = 1..=2, required = true, value_names = ["NAME", "CHART"])]
    pub(crate) chart: Vec<String>,
    /// A file of values; later ones win
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    pub(crate) values: Vec<PathBuf>,
    /// Sets values: key=1,list[0]=x
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Sets values as text
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set_string: Vec<String>,
    /// Sets values as JSON, or all those of an object
    #[arg(long, value_name = "KEY=JSON")]
    pub(crate) set_json: Vec<String>,
    /// Sets a value to the text of a file
    #[arg(long, value_name = "KEY=FILE")]
    pub(crate) set_file: Vec<String>,
    /// Sets a value to a text in which nothing has a meaning
    #[arg(long, value_name = "KEY=TEXT")]
    pub(crate) set_literal: Vec<String>,
    /// The namespace of the release
    #[arg(short, long, default_value = "default")]
    pub(crate) namespace: String,
    /// The template of the release's name
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) name_template: Option<String>,
    /// The version of Kubernetes that the chart sees
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// Versions of APIs that the chart sees besides those that Helm knows
    #[arg(short, long, value_name = "VERSION", value_delimiter = ',')]
    pub(crate) api_versions: Vec<String>,
    /// Prints the files below crds/, too
    #[arg(long)]
    pub(crate) include_crds: bool,
    /// Leaves hooks out
    #[arg(long)]
    pub(crate) no_hooks: bool,
    /// Leaves hooks that are tests out
    #[arg(long)]
    pub(crate) skip_tests: bool,
    /// Does not check values against schemas
    #[arg(long)]
    pub(crate) skip_schema_validation: bool,
    /// Says that it is an upgrade rather than an installation
    #[arg(long)]
    pub(crate) is_upgrade: bool,
    /// The seed of random texts, which are the same for the same seed; without it charts that ask for them fail
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct Apps {
    /// The file with the ApplicationSet
    pub(crate) file: PathBuf,
    /// The repository it reads with git generators (default: the one the file is in)
    #[arg(long, value_name = "DIR")]
    pub(crate) repository: Option<PathBuf>,
    /// Facts about the outside world (default: .trueup/facts.yaml of the repository)
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
    /// The form of the output
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Output,
    /// Says why there is an Application of this name, or none, and what filled its templated fields
    #[arg(long, value_name = "NAME")]
    pub(crate) explain: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// The repository
    #[arg(default_value = ".")]
    pub(crate) repository: PathBuf,
    /// What runs: a directory of YAML or JSON files per cluster (default: as the facts say)
    #[arg(long, value_name = "DIR")]
    pub(crate) live: Option<PathBuf>,
    /// Facts about the outside world (default: .trueup/facts.yaml of the repository)
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
    /// Only Applications whose name matches this glob
    #[arg(long, value_name = "GLOB")]
    pub(crate) application: Option<String>,
    /// Shows Applications that are in sync, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Refuses a plan that deletes more than this share of an Application's live resources
    #[arg(long, value_name = "PERCENT")]
    pub(crate) max_prune_percent: Option<u32>,
    /// Refuses a plan that deletes more than this many live resources of an Application
    #[arg(long, value_name = "N")]
    pub(crate) max_prune: Option<usize>,
    /// The form of the output
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Output,
    /// Exits with 2 when there are differences, 0 when there are none and 1 on errors
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Impact {
    /// The repository after the change
    #[arg(default_value = ".")]
    pub(crate) repository: PathBuf,
    /// The repository before the change, another directory (default: the same, with the files that --changed names)
    #[arg(long, value_name = "DIR")]
    pub(crate) base: Option<PathBuf>,
    /// A changed file, from the root of the repository; a deleted one, too (default: those that differ from the base)
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) changed: Vec<String>,
    /// A file with one changed file a line, as `git diff --name-only` prints them
    #[arg(long, value_name = "FILE")]
    pub(crate) changed_from: Option<PathBuf>,
    /// Facts about the outside world (default: .trueup/facts.yaml of the repository)
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
    /// The form of the output
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Plain,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// What is set
    #[arg(value_enum)]
    pub(crate) what: What,
    /// To what: `web=registry.example.com/web:v2` or `web=*:v2`, `web=3`, `team:web`
    #[arg(required = true)]
    pub(crate) arguments: Vec<String>,
    /// The kustomization, or its directory
    #[arg(short, long, default_value = ".", value_name = "PATH")]
    pub(crate) kustomization: PathBuf,
    /// Writes the file; without it, the result is printed
    #[arg(short, long)]
    pub(crate) write: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Promote {
    /// The kustomization that runs it, or its directory
    pub(crate) from: PathBuf,
    /// The kustomization that is to run it, or its directory
    pub(crate) to: PathBuf,
    /// Only this image; may be given several times (default: those that the target names)
    #[arg(short, long, value_name = "NAME")]
    pub(crate) image: Vec<String>,
    /// Brings images that the target does not name, too
    #[arg(long)]
    pub(crate) include_new: bool,
    /// Writes the file and prints what changed; without it, the result is printed
    #[arg(short, long)]
    pub(crate) write: bool,
}

/// Exits with 2 when something must not be in Git, 0 when nothing must not, and 1 on errors.
#[derive(Debug, Args)]
pub(crate) struct Secrets {
    /// The directory
    #[arg(default_value = ".")]
    pub(crate) directory: PathBuf,
    /// The only age recipient that SOPS may encrypt for; may be given several times
    #[arg(long, value_name = "RECIPIENT")]
    pub(crate) age_recipient: Vec<String>,
    /// Exits with 2 for warnings, too
    #[arg(long)]
    pub(crate) strict: bool,
    /// The form of the output
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Plain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    Image,
    Replicas,
    Namespace,
    Nameprefix,
    Namesuffix,
    Label,
    Annotation,
}

#[derive(Debug, Args)]
pub(crate) struct Autoplan {
    /// The repository
    #[arg(default_value = ".")]
    pub(crate) repository: PathBuf,
    /// A changed file, from the root of the repository; a deleted one, too
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) changed: Vec<String>,
    /// A file with one changed file a line, as `git diff --name-only` prints them
    #[arg(long, value_name = "FILE")]
    pub(crate) changed_from: Option<PathBuf>,
    /// The server's configuration (default: one that allows everything)
    #[arg(long, value_name = "FILE")]
    pub(crate) server: Option<PathBuf>,
    /// The repository as the server's configuration names it
    #[arg(long, value_name = "HOST/OWNER/NAME", default_value = "")]
    pub(crate) repo_id: String,
    /// The branch that the change goes to (default: projects for all branches count)
    #[arg(long, value_name = "BRANCH")]
    pub(crate) branch: Option<String>,
    /// The files that make a directory a project whose modules count: the server's --autoplan-modules-from-projects
    #[arg(long, value_name = "PATTERNS", default_value = "")]
    pub(crate) modules: String,
    /// The form of the output
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Plain,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    /// Plans, as `terraform show -json PLANFILE` prints them; `NAME=FILE` names the project of one
    #[arg(required = true, value_name = "PLAN.json")]
    pub(crate) plans: Vec<String>,
    /// The form of the output
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Plain,
    /// Exits with 2 when something has drifted or is to be done, 0 when nothing is and 1 on errors
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plain {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LoadRestrictor {
    #[value(name = "LoadRestrictionsRootOnly")]
    RootOnly,
    #[value(name = "LoadRestrictionsNone")]
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reorder {
    Legacy,
    None,
    Unspecified,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Yaml,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Text,
    Json,
    Yaml,
    Markdown,
}
