//! From an Application to its manifests.

use crate::charts::chart_key;
use crate::error::{Error, Problem};
use crate::helm::HelmSource;
use crate::kind::{KUSTOMIZATIONS, SourceKind};
use crate::variables::Variables;
use crate::{directory, edit};
use ecow::EcoString;
use trueup_kustomize::{Declared, Renderer};
use trueup_manifest::argocd::{Application, ApplicationSource, ApplicationSourceKustomize};
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Cancel, Diagnostic, FileTree, Map, Object, Value, from_value, to_value};

/// Where the trees of repositories come from.
pub trait Repositories {
    /// Returns the tree of a repository at a revision, or `None` when the host has not supplied it.
    fn tree(&self, url: &str, revision: &str) -> Option<&FileTree>;

    /// Returns the files of a chart of a Helm repository, its `Chart.yaml` at the root, or `None` when the host has not supplied it.
    fn chart(&self, url: &str, chart: &str, version: &str) -> Option<&FileTree> {
        let _ = (url, chart, version);
        None
    }

    /// Returns a renderer that shares its work between builds of that tree, if the host keeps one.
    fn renderer(&self, url: &str, revision: &str) -> Option<&Renderer> {
        let _ = (url, revision);
        None
    }
}

/// One tree that answers for every repository and revision. Charts are mounted in it under their [`chart_key`].
impl Repositories for FileTree {
    fn tree(&self, _: &str, _: &str) -> Option<&FileTree> {
        Some(self)
    }

    fn chart(&self, url: &str, chart: &str, version: &str) -> Option<&FileTree> {
        self.mounted(&chart_key(url, chart, version))
    }
}

/// How sources are rendered.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// The options of `kustomize build` (`kustomize.buildOptions` in `argocd-cm`).
    pub kustomize: trueup_kustomize::Options,
    /// What every chart is told: what the cluster can do, the time, random texts. Names, values and flags come from the source.
    pub helm: trueup_helm::Options,
    /// The commit that stands for `ARGOCD_APP_REVISION`.
    pub revision: EcoString,
    /// Stops the render.
    pub cancel: Cancel,
}

/// The manifests of an Application.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Rendered {
    /// The manifests, in the order of the sources.
    pub manifests: Vec<Manifest>,
    /// What is worth knowing about them.
    pub warnings: Vec<Diagnostic>,
}

/// One manifest and where it came from.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The object.
    pub value: Value,
    /// The file that declares it, when it is known.
    pub declared: Option<Declared>,
    /// The position of its source among the Application's sources.
    pub source: usize,
}

impl Rendered {
    /// Adds a manifest; a List is taken apart and an empty List is nothing.
    pub(crate) fn push(&mut self, manifest: Manifest) {
        let object = Object::new(&manifest.value);
        let items = if object.kind().ends_with("List") { manifest.value.get("items") } else { None };
        match items.map(|items| (items.as_seq(), items.is_null())) {
            Some((Some(items), _)) => {
                let item = |(position, value): (usize, &Value)| {
                    let list = manifest.declared.as_ref();
                    let declared = list
                        .map(|list| Declared::document(list.repository.clone(), list.file.clone(), position));
                    Manifest { value: value.clone(), declared, source: manifest.source }
                };
                self.manifests.extend(items.iter().enumerate().map(item));
            }
            Some((None, true)) => {}
            _ => self.manifests.push(manifest),
        }
    }
}

/// Renders the sources of an Application.
///
/// # Errors
/// [`Error`] with the Application's name: no source, a repository or path that is not there, options that contradict each other, a kind of source
/// that is not supported, or whatever the renderer finds wrong.
pub fn render(
    application: &Application,
    repositories: &impl Repositories,
    options: &Options,
) -> Result<Rendered, Error> {
    let name = &application.metadata.name;
    let mut rendered = Rendered::default();
    for (position, source) in sources_of(application)? {
        let before = rendered.manifests.len();
        Located::new(application, source, repositories)
            .and_then(|located| located.render(application, repositories, options, &mut rendered))
            .map_err(|error| error.of(name))?;
        rendered.manifests.iter_mut().skip(before).for_each(|manifest| manifest.source = position);
    }
    Ok(rendered)
}

/// The sources that declare something, with their positions; those that others only refer to do not.
pub(crate) fn sources_of(application: &Application) -> Result<Vec<(usize, &ApplicationSource)>, Error> {
    let spec = &application.spec;
    let sources: Vec<&ApplicationSource> = match (&spec.source, spec.sources.as_slice()) {
        (_, [_, ..]) => spec.sources.iter().collect(),
        (Some(source), []) => vec![source],
        (None, []) => return Err(Error::from(Problem::NoSource).of(&application.metadata.name)),
    };
    let declares = |source: &ApplicationSource| {
        source.r#ref.is_empty() || !source.path.is_empty() || !source.chart.is_empty()
    };
    Ok(sources.into_iter().enumerate().filter(|(_, source)| declares(source)).collect())
}

/// A source, and what it is in its repository.
pub(crate) struct Located<'r> {
    pub(crate) tree: &'r FileTree,
    pub(crate) directory: EcoString,
    /// The source as the Application has it.
    pub(crate) declared: &'r ApplicationSource,
    /// The source with what files in the repository override.
    pub(crate) source: ApplicationSource,
    /// Those files.
    pub(crate) overrides: Vec<EcoString>,
    pub(crate) kind: SourceKind,
}

/// A tree in which the kustomization has an Application's edits.
#[derive(Debug)]
pub(crate) struct Edited {
    pub(crate) tree: FileTree,
    /// The kustomization.
    pub(crate) file: EcoString,
    pub(crate) before: Map,
    pub(crate) after: Map,
}

impl<'r> Located<'r> {
    pub(crate) fn new(
        application: &Application,
        declared: &'r ApplicationSource,
        repositories: &'r impl Repositories,
    ) -> Result<Self, Error> {
        let tree = tree_of(declared, repositories)?;
        let directory: EcoString =
            if declared.chart.is_empty() { tree.resolve(&declared.path)?.as_ref().into() } else { "".into() };
        if !tree.is_directory(&directory) {
            return Err(Problem::MissingPath(declared.path.clone()).into());
        }
        let overrides = overrides(tree, &directory, &application.metadata.name);
        let source = with_overrides(declared, tree, &directory, &overrides)?;
        let kind = SourceKind::of(&source, tree, &directory)?;
        Ok(Self { tree, directory, declared, source, overrides, kind })
    }

    pub(crate) fn render(
        &self,
        application: &Application,
        repositories: &impl Repositories,
        options: &Options,
        rendered: &mut Rendered,
    ) -> Result<(), Error> {
        let Self { tree, directory, source, .. } = self;
        match self.kind {
            SourceKind::Directory => {
                directory::render(tree, directory, &source.directory.clone().unwrap_or_default(), rendered)
            }
            SourceKind::Helm => {
                let chart = HelmSource { application, source, tree, directory };
                chart.render(repositories, options, rendered)
            }
            SourceKind::Plugin => {
                Err(Problem::Unsupported { what: "a config management plugin".to_owned() }.into())
            }
            SourceKind::Kustomize => {
                match (self.edited(application, options)?, self.renderer(repositories)) {
                    (Some(edited), _) => take(build(&edited.tree, directory, options)?, rendered),
                    (None, Some(renderer)) => {
                        take(renderer.build_with(directory, &options.cancel)?, rendered)
                    }
                    (None, None) => take(build(tree, directory, options)?, rendered),
                }
            }
        }
    }

    /// The renderer that the host keeps for the tree, if it does.
    pub(crate) fn renderer<'h>(&self, repositories: &'h impl Repositories) -> Option<&'h Renderer> {
        repositories.renderer(&self.source.repo_url, &self.source.target_revision)
    }

    /// The tree in which the kustomization has the Application's edits, if there are any.
    pub(crate) fn edited(
        &self,
        application: &Application,
        options: &Options,
    ) -> Result<Option<Edited>, Error> {
        let Self { tree, directory, source, .. } = self;
        let edits = source.kustomize.clone().unwrap_or_default();
        if edits == ApplicationSourceKustomize::default() {
            return Ok(None);
        }
        let variables = Variables::of(application, source, &options.revision);
        let names = KUSTOMIZATIONS.iter().map(|name| below(directory, name));
        let file = names
            .into_iter()
            .find(|path| tree.is_file(path))
            .ok_or_else(|| Problem::Kustomization("kustomization file not found in the path".to_owned()))?;
        let before = read_map(tree, &file)?;
        let mut after = before.clone();
        edit::edit(&mut after, &edits, &variables, tree, directory)?;
        let text = yaml::to_string(&after.clone().into())
            .map_err(|error| Problem::Kustomization(error.to_string()))?;
        let tree = tree.with_file(&file, text).map_err(trueup_manifest::LookupError::from)?;
        Ok(Some(Edited { tree, file, before, after }))
    }
}

fn below(directory: &str, name: &str) -> EcoString {
    if directory.is_empty() { name.into() } else { ecow::eco_format!("{directory}/{name}") }
}

/// Returns the tree of a source: that of its repository, or that of its chart.
///
/// # Errors
/// [`Problem::MissingRepository`] with the URL, or with the [`chart_key`].
pub fn tree_of<'r>(
    source: &ApplicationSource,
    repositories: &'r impl Repositories,
) -> Result<&'r FileTree, Error> {
    let ApplicationSource { repo_url, target_revision, chart, .. } = source;
    let (found, url) = match chart.as_str() {
        "" => (repositories.tree(repo_url, target_revision), repo_url.clone()),
        chart => {
            let key = chart_key(repo_url, chart, target_revision);
            (repositories.chart(repo_url, chart, target_revision), key)
        }
    };
    found.ok_or_else(|| Problem::MissingRepository { url, revision: target_revision.clone() }.into())
}

pub(crate) fn build(
    tree: &FileTree,
    directory: &str,
    options: &Options,
) -> Result<trueup_kustomize::Manifests, trueup_kustomize::Error> {
    Renderer::new(tree.clone(), options.kustomize.clone()).build_with(directory, &options.cancel)
}

fn take(built: trueup_kustomize::Manifests, rendered: &mut Rendered) -> Result<(), Error> {
    rendered.warnings.extend(built.warnings().iter().cloned());
    for manifest in built.iter() {
        let declared = manifest.declared().cloned();
        rendered.push(Manifest { value: manifest.value().clone(), declared, source: 0 });
    }
    Ok(())
}

/// The files that override an Application's source: `.argocd-source.yaml` and `.argocd-source-<application>.yaml`.
fn overrides(tree: &FileTree, directory: &str, application: &str) -> Vec<EcoString> {
    let mut names = vec![".argocd-source.yaml".to_owned()];
    if !application.is_empty() {
        names.push(format!(".argocd-source-{application}.yaml"));
    }
    names.iter().map(|name| below(directory, name)).filter(|path| tree.is_file(path)).collect()
}

/// The source with what the files that override it say, which may not change where it is.
fn with_overrides(
    source: &ApplicationSource,
    tree: &FileTree,
    directory: &str,
    files: &[EcoString],
) -> Result<ApplicationSource, Error> {
    let mut merged: Option<Value> = None;
    for path in files {
        let unreadable = |message: String| Problem::Manifest { file: path.clone(), message };
        let overrides = read_map(tree, path)?;
        let base = match merged.take() {
            Some(base) => base,
            None => to_value(source).map_err(|error| unreadable(error.to_string()))?,
        };
        merged = Some(match base.as_map() {
            Some(base) => trueup_patch::merge_patch::merge_maps(base, &overrides).into(),
            None => overrides.into(),
        });
    }
    let Some(merged) = merged else { return Ok(source.clone()) };
    let mut merged: ApplicationSource = from_value(&merged)
        .map_err(|error| Problem::Manifest { file: directory.into(), message: error.to_string() })?;
    merged.chart = source.chart.clone();
    merged.path = source.path.clone();
    merged.repo_url = source.repo_url.clone();
    merged.target_revision = source.target_revision.clone();
    Ok(merged)
}

fn read_map(tree: &FileTree, path: &str) -> Result<Map, Error> {
    let unreadable = |message: String| Problem::Manifest { file: path.into(), message };
    let value = yaml::parse(tree.read(path)?, &ParseOptions::kubernetes())
        .map_err(|error| unreadable(error.to_string()))?;
    let found = format!("expected a map, found a {}", value.type_name());
    value.as_map().cloned().ok_or_else(|| unreadable(found).into())
}
