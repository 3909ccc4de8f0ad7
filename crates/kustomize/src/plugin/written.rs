//! The configuration of built-in plugins as upstream writes it down, which its messages quote.

use crate::ids::Gvk;
use crate::kustomization::{
    FieldOptions, HelmChart, HelmGlobals, Patch, PatchOptions, Replacement, ReplacementField, Selector,
    Source, Target,
};
use ecow::EcoString;
use trueup_manifest::{Map, Value, yaml};

/// The configuration of an entry of `patches`.
pub(crate) fn patch(patch: &Patch) -> String {
    let mut fields = Fields::default();
    fields.text("path", &patch.path);
    fields.text("patch", &patch.patch);
    fields.optional("target", patch.target.as_ref().map(selector));
    fields.optional("options", patch.options.as_ref().map(patch_options));
    fields.written()
}

/// The configuration of an entry of `patchesJson6902`.
pub(crate) fn json6902(patch: &Patch) -> String {
    let mut fields = Fields::default();
    fields.text("path", &patch.path);
    fields.text("jsonOp", &patch.patch);
    fields.optional("target", patch.target.as_ref().map(selector));
    fields.written()
}

/// The configuration of `patchesStrategicMerge`.
pub(crate) fn strategic(paths: &[EcoString]) -> String {
    let mut fields = Fields::default();
    fields.list("paths", paths);
    fields.written()
}

/// The configuration of `replacements`.
pub(crate) fn replacements(entries: &[ReplacementField]) -> String {
    let entries: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let mut fields = replacement(&entry.inline);
            fields.text("path", &entry.path);
            fields.value()
        })
        .collect();
    let mut fields = Fields::default();
    fields.0.insert("Replacements", entries);
    fields.written()
}

/// The configuration of an entry of `helmCharts`.
pub(crate) fn helm_chart(chart: &HelmChart, globals: &HelmGlobals) -> String {
    let mut fields = Fields::default();
    for (name, text) in [
        ("chartHome", &globals.chart_home),
        ("configHome", &globals.config_home),
        ("name", &chart.name),
        ("version", &chart.version),
        ("repo", &chart.repo),
        ("releaseName", &chart.release_name),
        ("namespace", &chart.namespace),
        ("valuesFile", &chart.values_file),
        ("valuesMerge", &chart.values_merge),
        ("kubeVersion", &chart.kube_version),
        ("nameTemplate", &chart.name_template),
    ] {
        fields.text(name, text);
    }
    for (name, flag) in [
        ("includeCRDs", chart.include_crds),
        ("skipHooks", chart.skip_hooks),
        ("skipTests", chart.skip_tests),
        ("debug", chart.debug),
        ("devel", chart.devel),
    ] {
        fields.flag(name, flag);
    }
    fields.list("additionalValuesFiles", &chart.additional_values_files);
    fields.list("apiVersions", &chart.api_versions);
    if chart.values_inline.as_map().is_some_and(|map| !map.is_empty()) {
        fields.0.insert("valuesInline", chart.values_inline.clone());
    }
    fields.written()
}

/// Fields that are left out when they are empty.
#[derive(Default)]
struct Fields(Map);

impl Fields {
    fn text(&mut self, name: &str, text: &EcoString) {
        if !text.is_empty() {
            self.0.insert(name, text.clone());
        }
    }

    fn flag(&mut self, name: &str, flag: bool) {
        if flag {
            self.0.insert(name, true);
        }
    }

    fn list(&mut self, name: &str, texts: &[EcoString]) {
        if !texts.is_empty() {
            self.0.insert(name, texts.iter().cloned().map(Value::from).collect::<Value>());
        }
    }

    fn optional(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(name, value);
        }
    }

    fn gvk(&mut self, gvk: &Gvk) {
        self.text("group", &gvk.group);
        self.text("version", &gvk.version);
        self.text("kind", &gvk.kind);
    }

    fn value(self) -> Value {
        self.0.into()
    }

    fn written(self) -> String {
        yaml::to_string(&self.value()).unwrap_or_default()
    }
}

fn selector(selector: &Selector) -> Value {
    let mut fields = Fields::default();
    fields.gvk(&selector.gvk);
    fields.text("name", &selector.name);
    fields.text("namespace", &selector.namespace);
    fields.text("annotationSelector", &selector.annotation_selector);
    fields.text("labelSelector", &selector.label_selector);
    fields.value()
}

fn patch_options(options: &PatchOptions) -> Value {
    let mut fields = Fields::default();
    fields.flag("allowNameChange", options.allow_name_change);
    fields.flag("allowKindChange", options.allow_kind_change);
    fields.value()
}

fn replacement(replacement: &Replacement) -> Fields {
    let mut fields = Fields::default();
    fields.optional("source", replacement.source.as_ref().map(source));
    fields.optional("sourceValue", replacement.source_value.clone().map(Value::from));
    if !replacement.targets.is_empty() {
        fields.0.insert("targets", replacement.targets.iter().map(target).collect::<Value>());
    }
    fields
}

fn source(source: &Source) -> Value {
    let mut fields = Fields::default();
    fields.gvk(&source.gvk);
    fields.text("name", &source.name);
    fields.text("namespace", &source.namespace);
    fields.text("fieldPath", &source.field_path);
    fields.optional("options", source.options.as_ref().map(field_options));
    fields.value()
}

fn target(target: &Target) -> Value {
    let mut fields = Fields::default();
    fields.0.insert("select", target.select.as_ref().map_or(Value::NULL, selector));
    if !target.reject.is_empty() {
        fields.0.insert("reject", target.reject.iter().map(selector).collect::<Value>());
    }
    fields.list("fieldPaths", &target.field_paths);
    fields.optional("options", target.options.as_ref().map(field_options));
    fields.value()
}

fn field_options(options: &FieldOptions) -> Value {
    let mut fields = Fields::default();
    fields.text("delimiter", &options.delimiter);
    fields.text("encoding", &options.encoding);
    fields.flag("create", options.create);
    if options.index != 0 {
        fields.0.insert("index", options.index);
    }
    fields.value()
}
