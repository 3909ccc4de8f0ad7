//! kustomize.

use super::table;
use crate::api::diagnostics::{self, ErrorData};
use crate::api::handles::{Manifest, Manifests, Origin, Tree};
use crate::api::shape::{Word, answer, choice, input, output};
use crate::api::{Context, Error};
use crate::parallel::each;
use std::collections::BTreeMap;
use trueup_kustomize::{Explanation, LoadRestrictions, Options, Reason, Renderer, Reorder};
use trueup_manifest::{EcoString, FieldPath, Value};

table! {
    /// Builds a directory, as `kustomize build` does: the same manifests, byte for byte.
    ///
    /// Builds of one tree share what they have in common. Remote bases are trees that were mounted under their URL; one that
    /// was not is a `MissingError` that names them all.
    "kustomize.build": Build => build => Manifests;
    /// Builds several directories of a tree on all cores.
    ///
    /// With `strict`, the first directory (in the order that was given) that fails fails the call; without, the others are answered and the failures listed.
    "kustomize.build_all": BuildAll => build_all => BuiltAll, parallel;
    /// Tells why a field of a manifest of a build has its value: every file and line that set it, the first first.
    ///
    /// Patches are looked into, and the manifest whose name a reference follows is named. What a Secret holds is masked.
    "kustomize.explain": Explain => explain => Explanation;
    /// Returns the directories of a tree that have a kustomization file, sorted.
    "kustomize.directories": Directories => directories => Vec<EcoString>;
}

choice! {
    /// The order of the output.
    enum Order {
        /// By kind, what others need first, unless the kustomization says otherwise.
        Legacy = "legacy",
        /// As the resources were declared.
        None = "none",
    }
}

impl Word for Order {}

choice! {
    /// Which files a kustomization may load.
    enum Load {
        /// Those in or below its directory.
        RootOnly = "rootOnly",
        /// Any file of the tree.
        None = "none",
    }
}

impl Word for Load {}

input! {
    /// A directory to build.
    struct Build {
        /// The tree.
        tree: Tree,
        /// The directory; the root if it is empty.
        directory: EcoString = "",
        /// The order of the output.
        reorder: Order = Order::Legacy,
        /// Which files may be loaded.
        load_restrictions: Load = Load::RootOnly,
        /// Whether resources get the label `app.kubernetes.io/managed-by`.
        managed_by_label: bool = false,
        /// Whether plugins that are not built in are told apart from those that do not exist.
        enable_plugins: bool = false,
    }
}

fn build(request: Build, context: &Context) -> Result<Manifests, Error> {
    let options = Options::default()
        .with_reorder(match request.reorder {
            Order::Legacy => Reorder::Unspecified,
            Order::None => Reorder::None,
        })
        .with_load_restrictions(match request.load_restrictions {
            Load::RootOnly => LoadRestrictions::RootOnly,
            Load::None => LoadRestrictions::None,
        })
        .with_managed_by_label(request.managed_by_label)
        .with_plugins(request.enable_plugins);
    let is_default = request.reorder == Order::Legacy
        && request.load_restrictions == Load::RootOnly
        && !request.managed_by_label
        && !request.enable_plugins;
    if is_default {
        return built(request.tree.renderer(), &request.tree, &request.directory, context);
    }
    let renderer = Renderer::new(request.tree.files().clone(), options);
    built(&renderer, &request.tree, &request.directory, context)
}

fn built(renderer: &Renderer, tree: &Tree, directory: &str, context: &Context) -> Result<Manifests, Error> {
    let directory = if directory.is_empty() { "." } else { directory };
    let manifests = renderer.build_with(directory, &context.cancel)?;
    let one = |manifest: &trueup_kustomize::Manifest| {
        let declared = manifest.declared().cloned();
        let origin =
            declared.map_or(Origin::Unknown, |declared| Origin::Declared(tree.files().clone(), declared));
        Manifest::new(manifest.value().clone(), origin)
    };
    Ok(Manifests::new(manifests.iter().map(one).collect(), manifests.warnings().to_vec()))
}

input! {
    /// Directories to build.
    struct BuildAll {
        /// The tree.
        tree: Tree,
        /// The directories; every one that `kustomize.directories` finds if it is absent.
        directories: Option<Vec<EcoString>>,
        /// Whether one failure fails the call.
        strict: bool = true,
    }
}

answer! {
    /// What several builds gave.
    struct BuiltAll {
        /// The manifests by directory.
        manifests: BTreeMap<EcoString, Manifests>,
        /// What went wrong, by directory.
        errors: BTreeMap<EcoString, ErrorData>,
    }
}

fn build_all(request: BuildAll, context: &Context) -> Result<BuiltAll, Error> {
    let tree = &request.tree;
    let directories = request.directories.unwrap_or_else(|| with_kustomization(tree));
    let phase = context.phase("build", directories.len());
    let results = each(&directories, |directory| {
        let result = context.cancel.step().map_err(Error::from);
        let result = result.and_then(|()| built(tree.renderer(), tree, directory, context));
        phase.done(directory);
        result
    });
    context.cancel.step()?;
    let mut out = BuiltAll { manifests: BTreeMap::new(), errors: BTreeMap::new() };
    for (directory, result) in directories.into_iter().zip(results) {
        match result {
            Ok(manifests) => {
                out.manifests.insert(directory, manifests);
            }
            Err(error) if request.strict => return Err(error),
            Err(error) => {
                out.errors.insert(directory, diagnostics::error_data(&error));
            }
        }
    }
    Ok(out)
}

input! {
    /// A field of a manifest of a build.
    struct Explain {
        /// The tree.
        tree: Tree,
        /// The directory that is built; the root if it is empty.
        directory: EcoString,
        /// The manifest: `KIND/NAME` or `NAMESPACE/KIND/NAME`, by the name that it has or the one in its file.
        object: EcoString,
        /// The field, `spec.template.spec.containers[app].image` or a JSON pointer; the whole manifest if it is empty.
        field: EcoString = "",
    }
}

output! {
    /// Why a field has its value.
    struct Explanation: Explanation {
        /// The manifest: `NAMESPACE/KIND/NAME`, or `KIND/NAME` where it has no namespace.
        object: EcoString,
        /// The field, list items by what tells them apart.
        path: EcoString,
        /// What it is in the end; null if it was removed.
        value: Value,
        /// What changed it, the first first.
        reasons: Vec<Reason>,
    }
}

output! {
    /// One change of a field.
    struct FieldReason: Reason {
        /// What changed it: `resources`, `images[0]`, `patches[2]`, `name hash`.
        by: EcoString,
        /// The URL of the tree that the file is in; empty for the tree itself.
        repository: EcoString,
        /// The file; empty for what a build does by itself.
        file: EcoString,
        /// The line, from 1, if it can be told.
        line: Option<usize>,
        /// What the field was before; null if it was not there.
        before: Value,
        /// What it was afterwards; null if it was gone.
        after: Value,
        /// The manifest whose name it follows, as `KIND/NAME`.
        follows: Option<EcoString>,
    }
}

fn explain(request: Explain, context: &Context) -> Result<Explanation, Error> {
    let path: FieldPath = request
        .field
        .parse()
        .map_err(|error: trueup_manifest::FieldPathError| Error::request(error.to_string()))?;
    let tree = request.tree.files();
    let directory = if request.directory.is_empty() { "." } else { &request.directory };
    let renderer = Renderer::new(tree.clone(), Options::default().with_trace(true));
    let manifests = renderer.build_with(directory, &context.cancel)?;
    let manifest = manifests.find(&request.object)?;
    Ok(manifests.explain(manifest, &path, tree)?.masked())
}

input! {
    /// A tree, or a part of it.
    struct Directories {
        /// The tree.
        tree: Tree,
        /// The directory below which is looked; the root if it is empty.
        below: EcoString = "",
    }
}

fn directories(request: Directories, _: &Context) -> Result<Vec<EcoString>, Error> {
    let mut found = with_kustomization(&request.tree);
    let below = request.tree.files().resolve(&request.below)?;
    found.retain(|directory| {
        below.is_empty()
            || directory
                .strip_prefix(below.as_ref())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    Ok(found)
}

/// The directories with a kustomization that is none of a component.
fn with_kustomization(tree: &Tree) -> Vec<EcoString> {
    const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    let files = tree.files().files_below("");
    let is_component = |bytes: &[u8]| {
        let document =
            trueup_manifest::yaml::parse(bytes, &trueup_manifest::yaml::ParseOptions::kubernetes());
        document.is_ok_and(|document| document.get("kind").and_then(Value::as_str) == Some("Component"))
    };
    let mut found: Vec<EcoString> = files
        .into_iter()
        .filter_map(|(path, bytes)| {
            let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
            (NAMES.contains(&name) && !is_component(bytes)).then(|| directory.into())
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
