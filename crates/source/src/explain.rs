//! Why a field of an Application's manifest has its value.

use crate::error::{Error, Problem};
use crate::kind::SourceKind;
use crate::render::{Edited, Located, Manifest, Options, Rendered, Repositories, build, sources_of};
use ecow::EcoString;
use trueup_kustomize::{Declared, Explanation, Manifests, Reason};
use trueup_manifest::argocd::Application;
use trueup_manifest::yaml::{self, PathStep};
use trueup_manifest::{FieldPath, FileTree, Map, Object, ResourceKey, Value, to_value};

/// An Application that was rendered so that it can be asked why.
///
/// What kustomize builds is told change by change, with what the Application itself edits in the kustomization; of a manifest in a file and of a
/// chart's template, the file is told.
///
/// ```
/// use trueup_manifest::FileTree;
/// use trueup_manifest::argocd::{Application, ApplicationSource, ApplicationSourceKustomize};
/// use trueup_source::Explainer;
///
/// let tree = FileTree::from_files([
///     ("app/kustomization.yaml", "resources: [web.yaml]\n"),
///     ("app/web.yaml", "kind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: web:v1\n"),
/// ])?;
/// let kustomize = ApplicationSourceKustomize { images: vec!["web:v2".into()], ..Default::default() };
/// let mut application = Application::default();
/// application.spec.source =
///     Some(ApplicationSource { path: "app".into(), kustomize: Some(kustomize), ..Default::default() });
///
/// let explainer = Explainer::new(&application, &tree, &Default::default())?;
/// let why = explainer.explain("Pod/web", &"spec.containers[app].image".parse()?)?;
/// let places: Vec<_> = why.reasons.iter().map(|reason| format!("{} {}", reason.file, reason.by)).collect();
/// assert_eq!(places, ["app/web.yaml resources", " spec.source.kustomize.images"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Explainer {
    application: EcoString,
    sources: Vec<Source>,
}

/// One source and what it came to.
#[derive(Debug)]
struct Source {
    /// The tree as it is in its repository.
    tree: FileTree,
    built: Built,
}

#[derive(Debug)]
enum Built {
    Kustomize(Manifests, Option<Box<Edits>>),
    /// What stands in files: the manifests, and what reads them.
    Files(Vec<Manifest>, &'static str),
}

/// What the Application and files beside the kustomization change in it.
#[derive(Debug)]
struct Edits {
    edited: Edited,
    /// The options in the Application: the way to them, and what they are.
    own: (String, Map),
    /// The options in the end.
    all: Map,
    /// The files that override them, the last one wins.
    overrides: Vec<EcoString>,
}

impl Explainer {
    /// Renders an Application and keeps what made each manifest what it is. A [`Repositories::renderer`] is used if it
    /// [traces](trueup_kustomize::Options::with_trace).
    ///
    /// # Errors
    /// Those of [`crate::render`].
    pub fn new(
        application: &Application,
        repositories: &impl Repositories,
        options: &Options,
    ) -> Result<Self, Error> {
        let name = &application.metadata.name;
        let mut options = options.clone();
        options.kustomize = options.kustomize.with_trace(true);
        let mut sources = Vec::new();
        for (position, source) in sources_of(application)? {
            let own = match application.spec.sources.is_empty() {
                true => "spec.source".to_owned(),
                false => format!("spec.sources[{position}]"),
            };
            let located = Located::new(application, source, repositories).map_err(|error| error.of(name))?;
            let built = built(application, &located, own, repositories, &options);
            sources
                .push(Source { tree: located.tree.clone(), built: built.map_err(|error| error.of(name))? });
        }
        Ok(Self { application: name.clone(), sources })
    }

    /// Returns why a field has its value, of the manifest that `KIND/NAME` or `NAMESPACE/KIND/NAME` names. Of several sources with it, the last
    /// one declares it.
    ///
    /// # Errors
    /// [`Problem::NotFound`] when there is no such manifest, or it has no such field and never had.
    pub fn explain(&self, object: &str, field: &FieldPath) -> Result<Explanation, Error> {
        let is_it = |value: &Value| {
            let own = Object::new(value);
            let label = format!("{}/{}", own.kind(), own.name());
            label.eq_ignore_ascii_case(object)
                || format!("{}/{label}", own.namespace()).eq_ignore_ascii_case(object)
        };
        let mut missing = None;
        for source in self.sources.iter().rev() {
            let explained = match &source.built {
                Built::Kustomize(manifests, edits) => match manifests.find(object) {
                    Ok(manifest) => source.why(manifests, manifest, edits.as_deref(), field),
                    Err(error) => {
                        missing.get_or_insert_with(|| error.to_string());
                        continue;
                    }
                },
                Built::Files(manifests, by) => {
                    match manifests.iter().rev().find(|manifest| is_it(&manifest.value)) {
                        Some(manifest) => of_file(manifest, by, field, &source.tree),
                        None => continue,
                    }
                }
            };
            return explained.map_err(|error| self.not_found(error.to_string()));
        }
        Err(self.not_found(missing.unwrap_or_else(|| format!("the Application has no `{object}`"))))
    }

    fn not_found(&self, message: String) -> Error {
        Error::from(Problem::NotFound(message)).of(&self.application)
    }

    /// Returns how many bytes the files have that an explanation names, which were read for their lines.
    pub fn bytes_of(&self, explanation: &Explanation) -> usize {
        let size = |reason: &Reason| {
            let trees = self.sources.iter().map(|source| match reason.repository.as_str() {
                "" => Some(&source.tree),
                url => source.tree.mounted(url),
            });
            trees.flatten().find_map(|tree| tree.read(&reason.file).ok()).map_or(0, |text| text.len())
        };
        explanation.reasons.iter().map(size).sum()
    }

    /// Returns why a field has its value, of the manifest with a key; one that names no namespace is in that of the Application.
    /// Nothing if there is no such manifest or field.
    pub fn explain_key(&self, key: &ResourceKey, field: &FieldPath) -> Option<Explanation> {
        let is_it = |value: &Value| {
            let own = Object::new(value).key();
            let same_place =
                own.namespace.is_empty() || key.namespace.is_empty() || own.namespace == key.namespace;
            same_place && own.group == key.group && own.kind == key.kind && own.name == key.name
        };
        self.sources.iter().rev().find_map(|source| match &source.built {
            Built::Kustomize(manifests, edits) => {
                let manifest = manifests.iter().filter(|manifest| is_it(manifest.value())).last()?;
                source.why(manifests, manifest, edits.as_deref(), field).ok()
            }
            Built::Files(manifests, by) => {
                let manifest = manifests.iter().rev().find(|manifest| is_it(&manifest.value))?;
                of_file(manifest, by, field, &source.tree).ok()
            }
        })
    }
}

impl Source {
    /// What kustomize built, with what the Application changes in the kustomization.
    fn why(
        &self,
        manifests: &Manifests,
        manifest: &trueup_kustomize::Manifest,
        edits: Option<&Edits>,
        field: &FieldPath,
    ) -> Result<Explanation, trueup_kustomize::Error> {
        let mut explanation = manifests.explain(manifest, field, &self.tree)?;
        let Some(edits) = edits else { return Ok(explanation) };
        let path: Option<FieldPath> = explanation.path.parse().ok();
        let last = path.and_then(|path| path.steps().last().cloned()).unwrap_or_default();
        let in_kustomization =
            |reason: &&mut Reason| reason.repository.is_empty() && reason.file == edits.edited.file;
        for reason in explanation.reasons.iter_mut().filter(in_kustomization) {
            edits.tell(reason, &last, &self.tree);
        }
        Ok(explanation)
    }
}

fn built(
    application: &Application,
    located: &Located<'_>,
    own: String,
    repositories: &impl Repositories,
    options: &Options,
) -> Result<Built, Error> {
    let by = match located.kind {
        SourceKind::Directory => "manifest",
        SourceKind::Helm => "template",
        SourceKind::Plugin => "",
        SourceKind::Kustomize => {
            let Some(edited) = located.edited(application, options)? else {
                let known = located.renderer(repositories).filter(|renderer| renderer.is_traced());
                return Ok(Built::Kustomize(
                    match known {
                        Some(renderer) => renderer.build_with(&located.directory, &options.cancel)?,
                        None => build(located.tree, &located.directory, options)?,
                    },
                    None,
                ));
            };
            let manifests = build(&edited.tree, &located.directory, options)?;
            let fields = |source: &trueup_manifest::argocd::ApplicationSource| {
                let kustomize = source.kustomize.as_ref().and_then(|options| to_value(options).ok());
                kustomize.and_then(|options| options.as_map().cloned()).unwrap_or_default()
            };
            let edits = Edits {
                own: (format!("{own}.kustomize"), fields(located.declared)),
                all: fields(&located.source),
                overrides: located.overrides.clone(),
                edited,
            };
            return Ok(Built::Kustomize(manifests, Some(Box::new(edits))));
        }
    };
    let mut rendered = Rendered::default();
    located.render(application, repositories, options, &mut rendered)?;
    Ok(Built::Files(rendered.manifests, by))
}

fn of_file(
    manifest: &Manifest,
    by: &'static str,
    field: &FieldPath,
    tree: &FileTree,
) -> Result<Explanation, trueup_kustomize::Error> {
    let nowhere = || Declared::document(EcoString::new(), EcoString::new(), 0);
    let declared = manifest.declared.clone().unwrap_or_else(nowhere);
    Explanation::of_document(&manifest.value, &declared, by, field, tree)
}

impl Edits {
    /// Lines were read in the kustomization as it is in the repository, entries counted in the edited one: tells which are which.
    fn tell(&self, reason: &mut Reason, last: &str, tree: &FileTree) {
        let (field, position) = match reason.by.split_once('[') {
            Some((field, rest)) => (field, rest.trim_end_matches(']').parse::<usize>().ok()),
            None => (reason.by.as_str(), None),
        };
        let (before, after) = (under(&self.edited.before, field), under(&self.edited.after, field));
        let Some(position) = position else {
            let kept = |value: Option<&Value>| value.map(|value| value.get(last).unwrap_or(value)).cloned();
            if kept(before) != kept(after) {
                self.tell_option(reason, tree);
            }
            return;
        };
        let items =
            |list: Option<&Value>| list.and_then(Value::as_seq).map(<[Value]>::to_vec).unwrap_or_default();
        let (before, after) = (items(before), items(after));
        let Some(entry) = after.get(position) else { return };
        let is_same = |known: &Value| known == entry;
        // Labels are added to an entry that is there.
        let pair = |entry: &Value| entry.at(&["pairs", last]).cloned();
        let is_at_home = before.get(position).is_some_and(|known| {
            is_same(known) || (field == "labels" && pair(known).is_some() && pair(known) == pair(entry))
        });
        if is_at_home {
            return;
        }
        match before.iter().position(is_same) {
            Some(at) => {
                let path = [PathStep::from(field), PathStep::Index(at)];
                let text = tree.read(&reason.file).ok();
                reason.line =
                    text.and_then(|text| yaml::locate(text, 0, &path)).map(|(key, _)| key.start.line);
                reason.by = ecow::eco_format!("{field}[{at}]");
            }
            None => self.tell_option(reason, tree),
        }
    }

    /// Says which option of the Application, or of a file that overrides it, the reason comes from.
    fn tell_option(&self, reason: &mut Reason, tree: &FileTree) {
        let field = reason.by.split('[').next().unwrap_or_default();
        let option = if field == "labels" { "commonLabels" } else { field };
        let (way, own) = &self.own;
        if own.get(option) == self.all.get(option) {
            reason.by = ecow::eco_format!("{way}.{option}");
            reason.file = EcoString::new();
            reason.line = None;
            return;
        }
        let path = [PathStep::from("kustomize"), PathStep::from(option)];
        for file in self.overrides.iter().rev() {
            if let Some((key, _)) = tree.read(file).ok().and_then(|text| yaml::locate(text, 0, &path)) {
                reason.line = Some(key.start.line);
                reason.file = file.clone();
                reason.by = ecow::eco_format!("kustomize.{option}");
                return;
            }
        }
    }
}

/// The field of a kustomization, whose name Go finds in any case.
fn under<'m>(map: &'m Map, field: &str) -> Option<&'m Value> {
    map.iter().find(|(key, _)| key.eq_ignore_ascii_case(field)).map(|(_, value)| value)
}
