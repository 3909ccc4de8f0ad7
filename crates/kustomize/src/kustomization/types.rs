//! What a kustomization says, as data.

use crate::fieldspec::FieldSpec;
use crate::ids::Gvk;
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::Value;

pub(crate) type StringMap = BTreeMap<EcoString, EcoString>;

/// A kustomization file after its legacy fields have been fixed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kustomization {
    pub(crate) kind: EcoString,
    pub(crate) api_version: EcoString,
    pub(crate) openapi: StringMap,
    pub(crate) name_prefix: EcoString,
    pub(crate) name_suffix: EcoString,
    pub(crate) namespace: EcoString,
    pub(crate) common_labels: StringMap,
    pub(crate) labels: Vec<Label>,
    pub(crate) common_annotations: StringMap,
    pub(crate) patches_strategic_merge: Vec<EcoString>,
    pub(crate) patches_json6902: Vec<Patch>,
    pub(crate) patches: Vec<Patch>,
    pub(crate) images: Vec<Image>,
    pub(crate) replacements: Vec<ReplacementField>,
    pub(crate) replicas: Vec<Replica>,
    pub(crate) vars: Vec<Var>,
    pub(crate) sort_options: Option<SortOptions>,
    pub(crate) resources: Vec<EcoString>,
    pub(crate) components: Vec<EcoString>,
    pub(crate) crds: Vec<EcoString>,
    pub(crate) config_map_generator: Vec<GeneratorArgs>,
    pub(crate) secret_generator: Vec<GeneratorArgs>,
    pub(crate) helm_globals: Option<HelmGlobals>,
    pub(crate) helm_charts: Vec<HelmChart>,
    pub(crate) generator_options: Option<GeneratorOptions>,
    pub(crate) configurations: Vec<EcoString>,
    pub(crate) generators: Vec<EcoString>,
    pub(crate) transformers: Vec<EcoString>,
    pub(crate) validators: Vec<EcoString>,
    pub(crate) build_metadata: Vec<EcoString>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Label {
    pub(crate) pairs: StringMap,
    pub(crate) include_selectors: bool,
    pub(crate) include_templates: bool,
    pub(crate) fields: Vec<FieldSpec>,
}

/// What `target:` selects by; every part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selector {
    pub(crate) gvk: Gvk,
    pub(crate) name: EcoString,
    pub(crate) namespace: EcoString,
    pub(crate) annotation_selector: EcoString,
    pub(crate) label_selector: EcoString,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Patch {
    pub(crate) path: EcoString,
    pub(crate) patch: EcoString,
    pub(crate) target: Option<Selector>,
    pub(crate) options: Option<PatchOptions>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PatchOptions {
    pub(crate) allow_name_change: bool,
    pub(crate) allow_kind_change: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Image {
    pub(crate) name: EcoString,
    pub(crate) new_name: EcoString,
    pub(crate) tag_suffix: EcoString,
    pub(crate) new_tag: EcoString,
    pub(crate) digest: EcoString,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Replica {
    pub(crate) name: EcoString,
    pub(crate) count: i64,
}

/// An entry of `replacements`: inline, or the path of a file of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReplacementField {
    pub(crate) path: EcoString,
    pub(crate) inline: Replacement,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Replacement {
    pub(crate) source: Option<Source>,
    pub(crate) source_value: Option<EcoString>,
    pub(crate) targets: Vec<Target>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    pub(crate) gvk: Gvk,
    pub(crate) name: EcoString,
    pub(crate) namespace: EcoString,
    pub(crate) field_path: EcoString,
    pub(crate) options: Option<FieldOptions>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Target {
    pub(crate) select: Option<Selector>,
    pub(crate) reject: Vec<Selector>,
    pub(crate) field_paths: Vec<EcoString>,
    pub(crate) options: Option<FieldOptions>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct FieldOptions {
    pub(crate) delimiter: EcoString,
    pub(crate) index: i64,
    pub(crate) encoding: EcoString,
    pub(crate) create: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Var {
    pub(crate) name: EcoString,
    pub(crate) object: VarObject,
    pub(crate) field_path: EcoString,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct VarObject {
    pub(crate) api_version: EcoString,
    pub(crate) gvk: Gvk,
    pub(crate) name: EcoString,
    pub(crate) namespace: EcoString,
}

impl Var {
    /// The variable as messages show it before `apiVersion` has been taken apart.
    pub(crate) fn as_written(&self) -> String {
        format!("{{{} {} {{{}}}}}", self.name, self.object.gvk, self.field_path)
    }
}

impl VarObject {
    /// Group, version and kind, with what `apiVersion` says.
    pub(crate) fn resolved_gvk(&self) -> Gvk {
        let mut gvk = self.gvk.clone();
        let parts: Vec<&str> = self.api_version.split('/').collect();
        match parts.as_slice() {
            [version] if !version.is_empty() => gvk.version = (*version).into(),
            [group, version] => {
                gvk.group = (*group).into();
                gvk.version = (*version).into();
            }
            _ => {}
        }
        gvk
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct SortOptions {
    pub(crate) order: EcoString,
    pub(crate) legacy: Option<LegacySortOptions>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct LegacySortOptions {
    pub(crate) first: Vec<EcoString>,
    pub(crate) last: Vec<EcoString>,
}

/// An entry of `configMapGenerator` or `secretGenerator`.
#[derive(Clone, Debug, Default)]
pub(crate) struct GeneratorArgs {
    pub(crate) namespace: EcoString,
    pub(crate) name: EcoString,
    pub(crate) behavior: EcoString,
    pub(crate) literals: Vec<EcoString>,
    pub(crate) files: Vec<EcoString>,
    pub(crate) envs: Vec<EcoString>,
    pub(crate) env: EcoString,
    pub(crate) options: Option<GeneratorOptions>,
    /// Of a Secret.
    pub(crate) secret_type: EcoString,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct GeneratorOptions {
    pub(crate) labels: StringMap,
    pub(crate) annotations: StringMap,
    pub(crate) disable_name_suffix_hash: bool,
    pub(crate) immutable: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct HelmGlobals {
    pub(crate) chart_home: EcoString,
    pub(crate) config_home: EcoString,
}

/// An entry of `helmCharts`.
#[derive(Clone, Debug, Default)]
pub struct HelmChart {
    /// The chart's name.
    pub name: EcoString,
    /// The chart's version.
    pub version: EcoString,
    /// The repository it comes from.
    pub repo: EcoString,
    /// The release name; empty asks for a generated one.
    pub release_name: EcoString,
    /// The namespace of the release.
    pub namespace: EcoString,
    /// More values files, after the first.
    pub additional_values_files: Vec<EcoString>,
    /// The values file; empty is the chart's own.
    pub values_file: EcoString,
    /// Values written in the kustomization.
    pub values_inline: Value,
    /// How inline values meet the file's: `merge`, `override` or `replace`; empty is `override`.
    pub values_merge: EcoString,
    /// Renders the chart's CRDs too.
    pub include_crds: bool,
    /// Leaves hooks out.
    pub skip_hooks: bool,
    /// API versions that `.Capabilities` should know.
    pub api_versions: Vec<EcoString>,
    /// The Kubernetes version of `.Capabilities`.
    pub kube_version: EcoString,
    /// The template of the release name.
    pub name_template: EcoString,
    /// Leaves tests out.
    pub skip_tests: bool,
    /// As `helm --debug`.
    pub debug: bool,
    /// As `helm --devel`.
    pub devel: bool,
}
