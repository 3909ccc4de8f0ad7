//! Configures built-in plugins from resources of their own (`apiVersion: builtin`), and patches from their sources.

use super::affix::affix;
use super::iam_policy::IamPolicy;
use super::value_add::{ValueAdd, ValueTarget};
use super::{PatchEntry, PatchSource, Transformer, written};
use crate::decode::{
    At, DecodeError, Decoded, boolean, integer, list, object, optional, string, string_map, string_of,
};
use crate::documents;
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::FieldSpecs;
use crate::functions::FunctionPlugin;
use crate::generate::{Generated, generate};
use crate::kustomization::{
    GeneratorArgs, HelmChart, HelmGlobals, Image, Patch, Replacement, ReplacementField, Replica, Selector,
    StringMap, read,
};
use crate::load::Loader;
use crate::node;
use crate::patch::{JsonPatch, Parsed, RecentPatches, patch_error};
use crate::resource::Resource;
use crate::transform::{Affix, NamespaceOptions, Subjects};
use ecow::EcoString;
use std::sync::Arc;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Limits, Value, json};

/// What a plugin resource stands for.
#[derive(Clone, Debug)]
pub(crate) enum Plugin {
    Transformer(Transformer),
    /// What a generator made, or why it could not.
    Generated(Result<Resource>),
    /// A chart to render.
    Chart(Box<(HelmChart, HelmGlobals)>),
    /// A program of the host: generator or transformer, as it is used.
    Function(Box<FunctionPlugin>),
}

/// Files and limits that configuring needs.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) loader: &'c Loader,
    pub(crate) limits: &'c Limits,
    pub(crate) patches: &'c RecentPatches,
}

/// Configures the built-in plugin that a resource names; `None` if there is none of that kind.
pub(crate) fn plugin_of(resource: &Resource, context: Context<'_>) -> Result<Option<Plugin>> {
    let document = &resource.value;
    let transformer = match resource.kind().as_str() {
        "AnnotationsTransformer" => pairs(document, "annotations")?,
        "LabelTransformer" => pairs(document, "labels")?,
        "NamespaceTransformer" => namespace(document)?,
        "PrefixTransformer" => affix(document, "prefix", Affix::Prefix)?,
        "SuffixTransformer" => affix(document, "suffix", Affix::Suffix)?,
        "PrefixSuffixTransformer" => Transformer::Several(vec![
            affix(document, "prefix", Affix::Prefix)?,
            affix(document, "suffix", Affix::Suffix)?,
        ]),
        "ImageTagTransformer" => {
            let (mut image, mut specs) = (Image::default(), Vec::new());
            fields(document, |field, value, at| match field {
                "imagetag" => read::image(value, at, &mut image),
                "fieldspecs" => read::field_specs(value, at, &mut specs),
                _ => Ok(false),
            })?;
            Transformer::Images(image, Arc::new(specs.into()))
        }
        "ReplicaCountTransformer" => {
            let (mut replica, mut specs) = (Replica::default(), Vec::new());
            fields(document, |field, value, at| match field {
                "replica" => read::replica(value, at, &mut replica),
                "fieldspecs" => read::field_specs(value, at, &mut specs),
                _ => Ok(false),
            })?;
            Transformer::Replicas(replica, Arc::new(specs.into()))
        }
        "PatchTransformer" => {
            let mut patch = Patch::default();
            fields(document, |field, value, at| read::patch_field(field, value, at, &mut patch))?;
            Transformer::Patch(patch_entry(&patch, context)?)
        }
        "PatchJson6902Transformer" => {
            let mut patch = Patch::default();
            fields(document, |field, value, at| match field {
                "jsonop" => string(value, at, &mut patch.patch),
                "patch" => Ok(false),
                _ => read::patch_field(field, value, at, &mut patch),
            })?;
            json6902(&patch, context)?
        }
        "PatchStrategicMergeTransformer" => {
            let (mut paths, mut text) = (Vec::new(), EcoString::new());
            fields(document, |field, value, at| match field {
                "paths" => {
                    let name = "types.PatchStrategicMerge";
                    list(value, at, name, &mut paths, |value, at, into| string_of(value, at, name, into))
                }
                "patches" => string(value, at, &mut text),
                _ => Ok(false),
            })?;
            strategic(&paths, &text, context)?
        }
        "ReplacementTransformer" => {
            let mut entries = Vec::new();
            fields(document, |field, value, at| match field {
                "replacements" => {
                    list(value, at, "types.ReplacementField", &mut entries, read::replacement_field)
                }
                _ => Ok(false),
            })?;
            Transformer::Replacements(replacements(&entries, context)?)
        }
        "ValueAddTransformer" => value_add(document, context)?,
        "HashTransformer" => Transformer::Hash,
        _ => return generator(resource, context),
    };
    Ok(Some(Plugin::Transformer(transformer)))
}

fn generator(resource: &Resource, context: Context<'_>) -> Result<Option<Plugin>> {
    let document = &resource.value;
    let generated = match resource.kind().as_str() {
        "ConfigMapGenerator" => {
            generate(Generated::ConfigMap, &generator_args(document, Generated::ConfigMap)?, context.loader)
        }
        "SecretGenerator" => {
            generate(Generated::Secret, &generator_args(document, Generated::Secret)?, context.loader)
        }
        "IAMPolicyGenerator" => IamPolicy::of(document)?.generate(),
        "HelmChartInflationGenerator" => {
            let (mut chart, mut globals) = (HelmChart::default(), HelmGlobals::default());
            fields(document, |field, value, at| {
                Ok(read::helm_chart_field(field, value, at, &mut chart)?
                    || read::helm_globals_field(field, value, at, &mut globals)?)
            })?;
            return Ok(Some(Plugin::Chart(Box::new((chart, globals)))));
        }
        _ => return Ok(None),
    };
    Ok(Some(Plugin::Generated(generated)))
}

/// Visits the fields of a plugin's document.
pub(super) fn fields<'v>(
    document: &'v Value,
    visit: impl FnMut(&str, &'v Value, &At<'_>) -> Decoded<bool>,
) -> Result<()> {
    let kind = node::text(document.get("kind").unwrap_or(&Value::NULL));
    object(document, &At::yaml(&format!("{kind}Plugin"), false), visit).map_err(invalid)
}

fn invalid(error: DecodeError) -> Error {
    let message = format!("error unmarshaling JSON: while decoding JSON: {}", error.message);
    Error::new(ErrorKind::Transformer, message)
}

fn pairs(document: &Value, name: &str) -> Result<Transformer> {
    let (mut pairs, mut specs) = (StringMap::new(), Vec::new());
    fields(document, |field, value, at| match field {
        "fieldspecs" => read::field_specs(value, at, &mut specs),
        _ if field == name => string_map(value, at, &mut pairs),
        _ => Ok(false),
    })?;
    Ok(Transformer::Pairs(pairs, Arc::new(specs.into())))
}

fn namespace(document: &Value) -> Result<Transformer> {
    let mut options = NamespaceOptions::default();
    let mut subjects = EcoString::new();
    fields(document, |field, value, at| match field {
        "metadata" => {
            object(value, &at.typed("ObjectMeta"), |field, value, at| match field {
                "namespace" => string(value, at, &mut options.namespace),
                _ => Ok(false),
            })?;
            Ok(true)
        }
        "fieldspecs" => read::field_specs(value, at, FieldSpecs::edit(&mut options.specs)),
        "unsetonly" => boolean(value, at, &mut options.unset_only),
        "setrolebindingsubjects" => string_of(value, at, "namespace.RoleBindingSubjectMode", &mut subjects),
        _ => Ok(false),
    })
    .map_err(|error| error.wrap("unmarshalling NamespaceTransformer config"))?;
    options.subjects = match subjects.as_str() {
        "" | "defaultOnly" => Subjects::NamedDefault,
        "none" => Subjects::None,
        "allServiceAccounts" => Subjects::ServiceAccounts,
        other => {
            let message = format!(
                "invalid value {other:?} for setRoleBindingSubjects: \
                 must be one of \"defaultOnly\", \"none\" or \"allServiceAccounts\""
            );
            return Err(Error::new(ErrorKind::Transformer, message));
        }
    };
    Ok(Transformer::Namespace(options))
}

/// Configures an entry of `patches`.
pub(crate) fn patch_entry(patch: &Patch, context: Context<'_>) -> Result<PatchEntry> {
    let text = patch.patch.trim();
    let loaded;
    let (bytes, source) = match (text.is_empty(), patch.path.is_empty()) {
        (true, true) => {
            let config = written::patch(patch);
            return Err(patch_error(format!("must specify one of patch and path in\n{config}")));
        }
        (false, false) => {
            let config = written::patch(patch);
            return Err(patch_error(format!("patch and path can't be set at the same time\n{config}")));
        }
        (false, true) => (text.as_bytes(), PatchSource::Inline(patch.patch.clone())),
        (true, false) => {
            loaded = context.loader.load(&patch.path).map_err(|error| {
                error.wrap(format!("failed to get the patch file from path({})", patch.path))
            })?;
            (&*loaded, PatchSource::File(patch.path.clone()))
        }
    };
    let parsed = context.patches.read(bytes, || parse_patch(bytes, context.limits));
    let Parsed { mut strategic, json } = parsed.map_err(|unclear| match unclear {
        Unclear::Both => patch_error(format!("illegally qualifies as both an SM and JSON patch: {source}")),
        Unclear::Neither(error) => {
            error.reword(|_| format!("unable to parse SM or JSON patch from {source}"))
        }
    })?;
    strategic.iter_mut().for_each(|resource| allow_changes(resource, patch));
    Ok(PatchEntry { strategic, json, target: patch.target.clone(), source })
}

/// Why a text is no patch.
enum Unclear {
    Both,
    /// The error is that of reading it as resources.
    Neither(Error),
}

fn parse_patch(bytes: &[u8], limits: &Limits) -> std::result::Result<Parsed, Unclear> {
    // What begins like a list is no resource, and what begins with a letter is no list.
    if bytes.starts_with(b"- ")
        && let Ok(json) = JsonPatch::parse(bytes)
    {
        return Ok(Parsed { strategic: Vec::new(), json: Some(json) });
    }
    let strategic = documents::resources_for_now(bytes, limits);
    let is_no_list = bytes.first().is_some_and(u8::is_ascii_alphabetic);
    let json = match &strategic {
        Ok(_) if is_no_list => Ok(JsonPatch::default()),
        _ => JsonPatch::parse(bytes),
    };
    match (strategic, json) {
        (Ok(strategic), Ok(json)) if !strategic.is_empty() && !json.is_empty() => Err(Unclear::Both),
        (Ok(strategic), _) => Ok(Parsed { strategic, json: None }),
        (Err(_), Ok(json)) => Ok(Parsed { strategic: Vec::new(), json: Some(json) }),
        (Err(error), Err(_)) => Err(Unclear::Neither(error)),
    }
}

fn allow_changes(resource: &mut Resource, patch: &Patch) {
    let Some(options) = patch.options.filter(|o| o.allow_name_change || o.allow_kind_change) else { return };
    let annotations = resource.annotations();
    resource.set_annotations(&annotations);
    let history = resource.history_mut();
    history.allow_name_change |= options.allow_name_change;
    history.allow_kind_change |= options.allow_kind_change;
}

/// Configures an entry of `patchesJson6902`.
pub(crate) fn json6902(patch: &Patch, context: Context<'_>) -> Result<Transformer> {
    let target = patch.target.clone().unwrap_or_default();
    if target.name.is_empty() {
        return Err(patch_error("must specify the target name"));
    }
    let text = match (patch.path.is_empty(), patch.patch.is_empty()) {
        (true, true) => return Err(patch_error("empty file path and empty jsonOp")),
        (false, false) => return Err(patch_error("must specify a file path or jsonOp, not both")),
        (true, false) => patch.patch.as_bytes().to_vec(),
        (false, true) => {
            let bytes = context.loader.load(&patch.path)?.to_vec();
            if bytes.is_empty() {
                return Err(patch_error(format!("patch file '{}' empty seems to be empty", patch.path)));
            }
            bytes
        }
    };
    let json = JsonPatch::parse(&text).or_else(|error| {
        let mut shown = String::from_utf8_lossy(&text).into_owned();
        if text.first() != Some(&b'[') {
            let document = yaml::parse(&text, &ParseOptions::kubernetes());
            let document = document.map_err(|error| patch_error(error.message()))?;
            shown = json::to_string(&document).unwrap_or_default();
        }
        Err(patch_error(format!("decoding {shown}: {error}")))
    })?;
    if json.is_empty() {
        return Err(patch_error(format!(
            "patch appears to be empty; file={}, JsonOp={}",
            patch.path,
            String::from_utf8_lossy(&text)
        )));
    }
    Ok(Transformer::Json(json, target))
}

/// Configures `patchesStrategicMerge`: each entry is a patch itself, or the path of one.
pub(crate) fn strategic(paths: &[EcoString], text: &str, context: Context<'_>) -> Result<Transformer> {
    if paths.is_empty() && text.is_empty() {
        return Err(patch_error("empty file path and empty patch content"));
    }
    let mut patches = Vec::new();
    for path in paths {
        match documents::resources_for_now(path.as_bytes(), context.limits) {
            Ok(inline) => patches.extend(inline),
            Err(_) => {
                let bytes = context.loader.load(path)?;
                let read = documents::resources_for_now(&bytes, context.limits);
                patches.extend(read.map_err(|error| error.reword(|message| in_file(message, path)))?);
            }
        }
    }
    if !text.is_empty() {
        patches.extend(documents::resources_for_now(text.as_bytes(), context.limits)?);
    }
    if patches.is_empty() {
        let paths: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
        return Err(patch_error(format!(
            "patch appears to be empty; files=[{}], Patch={text}",
            paths.join(" ")
        )));
    }
    Ok(Transformer::Strategic(patches))
}

/// A message about a file's contents, with the file's name where upstream puts it.
pub(crate) fn in_file(message: &str, path: &str) -> String {
    if message.contains("MalformedYAMLError") {
        format!("{message} in File: {path}")
    } else {
        message.to_owned()
    }
}

/// Configures `replacements`: inline ones, and files of one or several.
pub(crate) fn replacements(entries: &[ReplacementField], context: Context<'_>) -> Result<Vec<Replacement>> {
    let mut result = Vec::new();
    for entry in entries {
        if entry.path.is_empty() {
            result.push(entry.inline.clone());
            continue;
        }
        if entry.inline.source.is_some() || !entry.inline.targets.is_empty() {
            let message = "cannot specify both path and inline replacement";
            return Err(Error::new(ErrorKind::Replacement, message));
        }
        let bytes = context.loader.load(&entry.path)?;
        let document = parse_config(&bytes)?;
        let at = At::yaml("Replacement", false);
        if document.is_seq() {
            let mut several = Vec::new();
            list(&document, &at, "types.Replacement", &mut several, read::replacement).map_err(invalid)?;
            result.extend(several);
        } else if document.is_map() {
            let mut one = Replacement::default();
            read::replacement(&document, &at, &mut one).map_err(invalid)?;
            result.push(one);
        } else {
            let kind = if document.is_null() { "invalid" } else { document.type_name() };
            let message = format!("unsupported replacement type encountered within replacement path: {kind}");
            return Err(Error::new(ErrorKind::Replacement, message));
        }
    }
    Ok(result)
}

/// Reads a document as `sigs.k8s.io/yaml` does.
pub(crate) fn parse_config(bytes: &[u8]) -> Result<Value> {
    yaml::parse(bytes, &ParseOptions::kubernetes()).map_err(|error| {
        let message = format!("error converting YAML to JSON: {}", error.message());
        Error::new(ErrorKind::Configuration, message)
    })
}

fn value_add(document: &Value, context: Context<'_>) -> Result<Transformer> {
    let mut add = ValueAdd::default();
    let mut path = EcoString::new();
    fields(document, |field, value, at| match field {
        "value" => string(value, at, &mut add.value),
        "targets" => list(value, at, "builtins.Target", &mut add.targets, value_target),
        "targetfilepath" => string(value, at, &mut path),
        _ => Ok(false),
    })?;
    add.value = add.value.trim().into();
    if add.value.is_empty() {
        add.value = context.loader.root().rsplit('/').next().unwrap_or_default().into();
    }
    if !path.is_empty() {
        let document = parse_config(&context.loader.load(&path)?)?;
        let mut more = Vec::new();
        fields(&document, |field, value, at| match field {
            "targets" => list(value, at, "builtins.Target", &mut more, value_target),
            _ => Ok(false),
        })?;
        add.targets.extend(more);
    }
    add.check()?;
    Ok(Transformer::ValueAdd(add))
}

fn value_target(value: &Value, at: &At<'_>, into: &mut ValueTarget) -> Decoded<bool> {
    if !value.is_map() && !value.is_null() {
        return Err(at.mismatch(value, "builtins.Target"));
    }
    object(value, &at.typed("Target"), |field, value, at| match field {
        "selector" => optional::<Selector>(value, at, &mut into.selector, read::selector),
        "fieldpath" => string(value, at, &mut into.field_path),
        "filepathposition" => integer(value, at, "int", &mut into.position),
        _ => Ok(false),
    })?;
    Ok(true)
}

fn generator_args(document: &Value, what: Generated) -> Result<GeneratorArgs> {
    let mut args = GeneratorArgs::default();
    let (mut name, mut namespace) = (EcoString::new(), EcoString::new());
    let embedded = if what == Generated::Secret { "SecretArgs" } else { "ConfigMapArgs" };
    fields(document, |field, value, at| match field {
        "metadata" => {
            object(value, &at.typed("ObjectMeta"), |field, value, at| match field {
                "name" => string(value, at, &mut name),
                "namespace" => string(value, at, &mut namespace),
                _ => Ok(false),
            })?;
            Ok(true)
        }
        "type" if what == Generated::Secret => string(value, &at.inside(embedded), &mut args.secret_type),
        _ => read::generator_field(field, value, &at.inside(embedded), &mut args),
    })?;
    if args.name.is_empty() {
        args.name = name;
    }
    if args.namespace.is_empty() {
        args.namespace = namespace;
    }
    Ok(args)
}
