//! Finding Argo CD's own objects in a repository.

use std::collections::BTreeMap;
use trueup_manifest::argocd::{AppProject, Application, ApplicationSet};
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{
    Diagnostic, EcoString, FileTree, Location, Object, ResourceKey, Span, Value, ValueError, from_value,
};

/// Argo CD's own objects in a repository, sorted by file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Discovered {
    /// The ApplicationSets.
    pub application_sets: Vec<Found<ApplicationSet>>,
    /// The Applications that are written down.
    pub applications: Vec<Found<Application>>,
    /// The AppProjects.
    pub projects: Vec<Found<AppProject>>,
    /// The ConfigMap `argocd-cm`, if the repository has it.
    pub settings: Option<Found<Value>>,
    /// Files that could not be read, objects that stand in several files, and the like.
    pub diagnostics: Vec<Diagnostic>,
}

/// An object and where it stands.
#[derive(Clone, Debug)]
pub struct Found<T> {
    /// The object, typed.
    pub object: T,
    /// The object as it is written.
    pub value: Value,
    /// The file, as a path in the tree.
    pub file: EcoString,
    /// Which document of the file it is, from 0.
    pub document: usize,
}

/// Finds the ApplicationSets, Applications, AppProjects and the ConfigMap `argocd-cm` of a repository.
///
/// Every YAML file is looked at that mentions `argoproj.io` or `argocd-cm`. Incomplete objects (patches, Helm templates) are passed over;
/// an object that stands in several files counts where its path sorts first, and a diagnostic says so.
///
/// ```
/// use trueup_manifest::FileTree;
///
/// let tree = FileTree::from_files([("a.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec: {source: {repoURL: r, path: p}, destination: {}, project: shop}\n")]).unwrap();
/// assert_eq!(trueup::discover(&tree).applications[0].object.metadata.name, "web");
/// ```
pub fn discover(tree: &FileTree) -> Discovered {
    let mut discovered = Discovered::default();
    let mut seen = BTreeMap::new();
    for (file, bytes) in tree.files_below("") {
        let is_yaml = file.ends_with(".yaml") || file.ends_with(".yml");
        let mentions = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
        if !is_yaml || !(mentions("argoproj.io/") || mentions("argocd-cm")) {
            continue;
        }
        match yaml::parse_stream(bytes, &ParseOptions::kubernetes()) {
            Ok(documents) => {
                for (document, value) in documents.into_iter().enumerate() {
                    discovered.take(value, (file, bytes), document, &mut seen);
                }
            }
            // A template is not YAML yet.
            Err(_) if mentions("{{") && file.contains("templates/") => {}
            Err(error) => {
                let mut diagnostic = error.diagnostic_in(file.clone());
                diagnostic.severity = trueup_manifest::Severity::Warning;
                discovered.diagnostics.push(diagnostic);
            }
        }
    }
    discovered
}

impl Discovered {
    fn take(
        &mut self,
        value: Value,
        (file, text): (&EcoString, &[u8]),
        document: usize,
        seen: &mut BTreeMap<ResourceKey, EcoString>,
    ) {
        let object = Object::new(&value);
        let wanted = match (object.group(), object.kind()) {
            ("argoproj.io", "ApplicationSet") => value.at(&["spec", "generators"]).is_some(),
            ("argoproj.io", "Application") => {
                value.at(&["spec", "source"]).or_else(|| value.at(&["spec", "sources"])).is_some()
            }
            ("argoproj.io", "AppProject") => value.get("spec").is_some(),
            ("", "ConfigMap") => object.name() == "argocd-cm",
            _ => false,
        };
        if !wanted || object.name().is_empty() {
            return;
        }
        if let Some(first) = seen.get(&object.key()) {
            let message =
                format!("{} `{}` stands in `{first}` too; that one counts", object.kind(), object.name());
            let location = Location::file(file.clone());
            self.diagnostics.push(Diagnostic::warning("trueup/duplicate-object", message).at(location));
            return;
        }
        seen.insert(object.key(), file.clone());
        let kind = object.kind().to_owned();
        if let Err(error) = self.sort_in(&kind, value.clone(), file, document) {
            let message = format!("this {kind} cannot be read: {error}");
            let location = match place(text, document, &value, &error) {
                Some(span) => Location::span(file.clone(), span),
                None => Location::file(file.clone()),
            };
            self.diagnostics.push(Diagnostic::error("trueup/object", message).at(location));
        }
    }

    fn sort_in(
        &mut self,
        kind: &str,
        value: Value,
        file: &EcoString,
        document: usize,
    ) -> Result<(), ValueError> {
        fn found<T: serde::de::DeserializeOwned>(
            value: Value,
            file: &EcoString,
            document: usize,
        ) -> Result<Found<T>, ValueError> {
            Ok(Found { object: from_value(&value)?, value, file: file.clone(), document })
        }
        match kind {
            "ApplicationSet" => self.application_sets.push(found(value, file, document)?),
            "Application" => self.applications.push(found(value, file, document)?),
            "AppProject" => self.projects.push(found(value, file, document)?),
            _ => self.settings = Some(found(value, file, document)?),
        }
        Ok(())
    }
}

/// Where a field stands that cannot be read. Documents are looked for as kustomize counts them, so it must be the same one.
fn place(text: &[u8], document: usize, value: &Value, error: &ValueError) -> Option<Span> {
    let documents = yaml::parse_stream(text, &ParseOptions::kyaml()).ok()?;
    documents.get(document).filter(|found| Object::new(found).key() == Object::new(value).key())?;
    yaml::locate(text, document, &error.path()).map(|(_, value)| value)
}
