//! The whole way: what `helm template` does.

use crate::chart::{Chart, File, is_manifest, join};
use crate::dependencies;
use crate::error::{Error, ErrorKind, Result};
use crate::manifests::{self, Hook, Manifest};
use crate::options::Options;
use crate::render::{self, Files, is_notes};
use crate::schema;
use crate::values::{Budget, Mode, coalesce_values};
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::Location;
use trueup_template::{Functions, Map, Template, Value};

/// What a chart rendered to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rendered {
    /// The files below `crds/`, if they were asked for; each may hold several documents.
    pub crds: Vec<Manifest>,
    /// The manifests, in the order of installation.
    pub manifests: Vec<Manifest>,
    /// The hooks that were asked for, in the same order.
    pub hooks: Vec<Hook>,
    /// What `NOTES.txt` says to the user.
    pub notes: String,
}

impl Rendered {
    /// Returns the text that `helm template` prints.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.crds.iter().chain(&self.manifests).for_each(|manifest| write(manifest, &mut text));
        let mut text = format!("{}\n", text.trim());
        self.hooks.iter().for_each(|hook| write(&hook.manifest, &mut text));
        text
    }
}

fn write(manifest: &Manifest, text: &mut String) {
    text.push_str(&format!("---\n# Source: {}\n{}\n", manifest.source, manifest.content));
}

/// Renders a chart, as `helm template` does.
///
/// ```
/// use trueup_helm::{Chart, Limits, Options, template};
/// use trueup_manifest::FileTree;
///
/// let tree = FileTree::from_files([
///     ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
///     ("values.yaml", "replicas: 2\n"),
///     ("templates/web.yaml", "kind: Deployment\nreplicas: {{ .Values.replicas }}\n"),
/// ])?;
/// let chart = Chart::from_tree(&tree, "", &Limits::default())?;
/// let mut options = Options::default();
/// options.values.set.push("replicas=3".into());
/// assert_eq!(
///     template(&chart, &options)?.text(),
///     "---\n# Source: web/templates/web.yaml\nkind: Deployment\nreplicas: 3\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// What Helm refuses, in its words and with the place; see [`ErrorKind`].
pub fn template(chart: &Chart, options: &Options) -> Result<Rendered> {
    check_release_name(&options.release_name)?;
    let values = options.values.merge(&options.limits)?;
    let (chart, values) = prepare(chart, &values, options)?;
    let files = render::render(&chart, &values, options)?;
    let mut rendered = Rendered { notes: notes(&files, &chart), ..Rendered::default() };
    let files = files.into_iter().filter(|(name, _)| !is_notes(name)).collect();
    let mut places = BTreeMap::new();
    collect_places(&chart, &chart.metadata.name, &mut places);
    let (hooks, manifests) = manifests::sort(&files, &places, &options.limits)?;
    rendered.manifests = manifests;
    if options.include_crds {
        collect_crds(&chart, &chart.metadata.name, &mut rendered.crds);
    }
    if !options.no_hooks {
        rendered.hooks = hooks.into_iter().filter(|hook| !(options.skip_tests && hook.is_test())).collect();
    }
    Ok(rendered)
}

/// Renders every template file of a chart that is no partial, and returns the texts by the names that Helm gives the files.
///
/// ```
/// use trueup_helm::{Chart, Limits, Options, render_files};
/// use trueup_manifest::FileTree;
///
/// let tree = FileTree::from_files([
///     ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
///     ("templates/a.txt", "{{ .Chart.Name }}"),
/// ])?;
/// let chart = Chart::from_tree(&tree, "", &Limits::default())?;
/// assert_eq!(render_files(&chart, &Options::default())?["web/templates/a.txt"], "web");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`template`].
pub fn render_files(chart: &Chart, options: &Options) -> Result<BTreeMap<EcoString, String>> {
    let values = options.values.merge(&options.limits)?;
    let (chart, values) = prepare(chart, &values, options)?;
    render::render(&chart, &values, options)
}

/// What templates see as `.Values`, and which charts take part.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ComputedValues {
    /// The values.
    pub values: trueup_manifest::Value,
    /// The charts below, by the names on the way to them: `database`, `database/common`.
    pub charts: Vec<EcoString>,
}

/// Computes the values that templates of a chart see.
///
/// # Errors
/// [`ErrorKind::InvalidValues`] and [`ErrorKind::Limit`].
pub fn compute_values(chart: &Chart, values: &Map, options: &Options) -> Result<ComputedValues> {
    let mut chart = chart.clone();
    let mut budget = Budget::new(&options.limits);
    dependencies::process(&mut chart, values, &options.limits, &mut budget)?;
    let values = coalesce_values(&chart, values, Mode::Coalesce, &mut budget)?;
    let mut charts = Vec::new();
    collect_names(&chart, "", &mut charts);
    Ok(ComputedValues { values: Value::Map(values).to_manifest(), charts })
}

fn collect_names(chart: &Chart, path: &str, names: &mut Vec<EcoString>) {
    for inner in &chart.dependencies {
        let path = join(path, &inner.metadata.name);
        names.push(path.clone());
        collect_names(inner, &path, names);
    }
}

/// Checks values of a user, put over those of a chart, against the schemas of the chart and those below it.
///
/// # Errors
/// [`ErrorKind::Schema`], with all that does not fit.
pub fn check_values(chart: &Chart, values: &Map, options: &Options) -> Result<()> {
    let mut budget = Budget::new(&options.limits);
    let values = coalesce_values(chart, values, Mode::Coalesce, &mut budget)?;
    schema::validate(chart, &values, &options.limits)
}

/// Checks a chart and computes what its templates see.
fn prepare(chart: &Chart, values: &Map, options: &Options) -> Result<(Chart, Map)> {
    options.cancel.step()?;
    let chart_file = || Location::file(join(&chart.origin, "Chart.yaml"));
    let kind = chart.metadata.kind.as_str();
    if !matches!(kind, "" | "application") {
        let message = format!("{kind} charts are not installable");
        return Err(Error::new(ErrorKind::InvalidChart, message).at(chart_file()));
    }
    dependencies::check_presence(chart)?;
    let mut chart = chart.clone();
    let mut budget = Budget::new(&options.limits);
    dependencies::process(&mut chart, values, &options.limits, &mut budget)?;
    let values = coalesce_values(&chart, values, Mode::Coalesce, &mut budget)?;
    if !options.skip_schema_validation {
        schema::validate(&chart, &values, &options.limits)?;
    }
    let wanted = &chart.metadata.kube_version;
    let version = options.capabilities.kube_version();
    if !wanted.is_empty() && !dependencies::is_compatible(wanted, &version.normalized) {
        let message = format!(
            "chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {}",
            version.version
        );
        return Err(Error::new(ErrorKind::IncompatibleKubernetes, message).at(chart_file()));
    }
    Ok((chart, values))
}

fn notes(files: &Files, chart: &Chart) -> String {
    files.get(&ecow::eco_format!("{}/templates/NOTES.txt", chart.metadata.name)).cloned().unwrap_or_default()
}

fn collect_crds(chart: &Chart, path: &str, crds: &mut Vec<Manifest>) {
    let is_crd = |file: &&File| file.name.starts_with("crds/") && is_manifest(&file.name);
    crds.extend(chart.files.iter().filter(is_crd).map(|file| Manifest {
        source: ecow::eco_format!("{path}/{}", file.name),
        file: join(&chart.origin, &file.name),
        kind: "CustomResourceDefinition".into(),
        content: String::from_utf8_lossy(&file.data).into_owned(),
    }));
    for inner in &chart.dependencies {
        collect_crds(inner, &format!("{path}/charts/{}", inner.metadata.name), crds);
    }
}

fn collect_places(chart: &Chart, path: &str, places: &mut BTreeMap<EcoString, EcoString>) {
    for file in &chart.templates {
        places.insert(ecow::eco_format!("{path}/{}", file.name), join(&chart.origin, &file.name));
    }
    for inner in &chart.dependencies {
        collect_places(inner, &format!("{path}/charts/{}", inner.metadata.name), places);
    }
}

/// Returns the name of a release that a template gives, as `--name-template` does; a text without `{{` is itself.
///
/// ```
/// use trueup_helm::{Options, release_name};
///
/// assert_eq!(release_name("{{ \"Shop\" | lower }}-1", &Options::default())?, "shop-1");
/// # Ok::<(), trueup_helm::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::InvalidOption`] in the words of Go's templates.
pub fn release_name(text: &str, options: &Options) -> Result<EcoString> {
    if !text.contains("{{") {
        return Ok(text.into());
    }
    let invalid = |error: trueup_template::Error| Error::new(ErrorKind::InvalidOption, error.to_string());
    let functions = Functions::builtin().with_sprig();
    let template = Template::parse("name-template", text, &functions).map_err(invalid)?;
    let mut run = trueup_template::Options::default().limits(options.limits.templates);
    (run.clock, run.random) = (options.clock.clone(), options.random.clone());
    Ok(template.render(&Value::Nil, &run).map_err(invalid)?.into())
}

/// Checks a name as Helm does: labels with dots between them, 53 bytes at most.
pub(crate) fn check_release_name(name: &str) -> Result<()> {
    let edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        bytes.iter().all(|byte| edge(*byte) || *byte == b'-')
            && bytes.first().is_some_and(|byte| edge(*byte))
            && bytes.last().is_some_and(|byte| edge(*byte))
    };
    let problem = match name {
        "" => "no name provided",
        name if name.len() <= 53 && name.split('.').all(is_label) => return Ok(()),
        _ => {
            "invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ \
             and the length must not be longer than 53"
        }
    };
    let name = trueup_manifest::yaml::go_quote(name);
    let message = format!("release name check failed: release name {name}: {problem}");
    Err(Error::new(ErrorKind::InvalidOption, message))
}
