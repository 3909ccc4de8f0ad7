//! `helmCharts` of kustomizations, rendered by `trueup-helm`.

use ecow::EcoString;
use trueup_helm::{Chart, KubeVersion, Options, ValuesFile, release_name, template};
use trueup_kustomize::{ChartRenderer, ChartRequest};

/// Returns the name under which a tree has a chart of a repository mounted: `helm+REPOSITORY/NAME`, and `?version=VERSION` if there is one.
///
/// ```
/// assert_eq!(
///     trueup_source::chart_key("https://charts.example.com/", "web", "1.2.3"),
///     "helm+https://charts.example.com/web?version=1.2.3"
/// );
/// ```
pub fn chart_key(repository: &str, chart: &str, version: &str) -> EcoString {
    let key = ecow::eco_format!("helm+{}/{chart}", repository.trim_end_matches('/'));
    if version.is_empty() { key } else { ecow::eco_format!("{key}?version={version}") }
}

/// Renders the charts of kustomizations as `helm template` does.
///
/// ```
/// use std::sync::Arc;
/// use trueup_manifest::FileTree;
/// use trueup_source::Charts;
///
/// let tree = FileTree::from_files([
///     ("kustomization.yaml", "helmCharts: [{name: web, releaseName: shop}]"),
///     ("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
///     ("charts/web/values.yaml", "port: 80\n"),
///     ("charts/web/templates/service.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n"),
/// ])?;
/// let options = trueup_kustomize::Options::default().with_charts(Arc::new(Charts::default()));
/// let manifests = trueup_kustomize::build(&tree, ".", &options)?;
/// assert_eq!(manifests.to_yaml()?, "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Charts {
    /// What every chart is told; names, values and flags come from the kustomization.
    options: Options,
}

impl Charts {
    /// Returns a renderer that tells every chart this.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    fn options(&self, request: &ChartRequest<'_>) -> Result<Options, String> {
        let settings = request.chart;
        let mut options = self.options.clone();
        match (settings.name_template.as_str(), settings.release_name.as_str()) {
            ("", "") => {}
            ("", name) => options.release_name = name.into(),
            (text, "") => {
                options.release_name = release_name(text, &options).map_err(|error| error.to_string())?;
            }
            _ => return Err("cannot set --name-template and also specify a name".to_owned()),
        }
        if !settings.namespace.is_empty() {
            options.namespace = settings.namespace.clone();
        }
        if !settings.kube_version.is_empty() {
            let version = KubeVersion::parse(&settings.kube_version)
                .map_err(|error| format!("invalid kube version '{}': {error}", settings.kube_version))?;
            options.capabilities.kube_version = Some(version);
        }
        options.capabilities.api_versions.extend(settings.api_versions.iter().cloned());
        options.include_crds = settings.include_crds;
        options.no_hooks = settings.skip_hooks;
        options.skip_tests = settings.skip_tests;
        let first = ValuesFile::new("values.yaml", request.values.as_bytes());
        let named = settings.additional_values_files.iter().zip(request.additional_values);
        let others = named.map(|(name, text)| ValuesFile::new(name.clone(), text.clone()));
        options.values.files = std::iter::once(first).chain(others).collect();
        Ok(options)
    }
}

impl ChartRenderer for Charts {
    fn render(&self, request: &ChartRequest<'_>) -> Result<String, String> {
        let options = self.options(request)?;
        let chart = Chart::from_tree(request.tree, request.directory, &options.limits);
        let rendered = chart.and_then(|chart| template(&chart, &options));
        rendered.map(|rendered| rendered.text()).map_err(|error| error.to_string())
    }
}
