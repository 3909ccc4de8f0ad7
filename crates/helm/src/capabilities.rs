//! What a cluster can do, as templates see it.

use crate::error::{Error, ErrorKind, Result};
use ecow::EcoString;
use std::borrow::Cow;
use std::sync::Arc;
use trueup_manifest::yaml::go_quote;
use trueup_template::{Elem, Kind, List, Object, Text, Value};

/// A version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KubeVersion {
    /// The version as it was given, with a `v` in front: `v1.30.1+k3s1`.
    pub version: EcoString,
    /// The numbers alone, for constraints: `v1.30.1`.
    pub normalized: EcoString,
    /// The first number.
    pub major: EcoString,
    /// The second number.
    pub minor: EcoString,
}

impl KubeVersion {
    /// Reads a version: two or more numbers with dots between them, and anything behind them.
    ///
    /// ```
    /// use trueup_helm::KubeVersion;
    ///
    /// let version = KubeVersion::parse("1.30.1+k3s1")?;
    /// assert_eq!((version.version.as_str(), version.normalized.as_str()), ("v1.30.1+k3s1", "v1.30.1"));
    /// # Ok::<(), trueup_helm::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] in the words of Kubernetes' own library.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = |message: String| Error::new(ErrorKind::InvalidOption, message);
        let quoted = go_quote(text);
        let trimmed = text.trim_start_matches(['\t', '\n', '\x0c', '\r', ' ']);
        let numbers = numbers(trimmed.strip_prefix('v').unwrap_or(trimmed));
        if numbers.is_empty() || text.trim_end().contains('\n') {
            return Err(invalid(format!("could not parse {quoted} as version")));
        }
        let parts: Vec<&str> = numbers.split('.').collect();
        let [first, second, ..] = parts.as_slice() else {
            return Err(invalid(format!("illegal version string {quoted}")));
        };
        if first.starts_with('0') && *first != "0" {
            let first = go_quote(first);
            return Err(invalid(format!("illegal zero-prefixed version component {first} in {quoted}")));
        }
        let mut read = Vec::new();
        for part in &parts {
            read.push(part.parse::<u64>().map_err(|_| {
                let part = go_quote(part);
                let why = format!("strconv.ParseUint: parsing {part}: value out of range");
                invalid(format!("illegal non-numeric version component {part} in {quoted}: {why}"))
            })?);
        }
        let normalized: Vec<String> = read.iter().map(u64::to_string).collect();
        let number =
            |part: &str| part.parse::<u64>().map(|number| ecow::eco_format!("{number}")).unwrap_or_default();
        let version = if text.starts_with('v') { text.into() } else { ecow::eco_format!("v{text}") };
        Ok(Self {
            version,
            normalized: ecow::eco_format!("v{}", normalized.join(".")),
            major: number(first),
            minor: number(second),
        })
    }
}

/// Returns the longest start of a text that is numbers with dots between them.
fn numbers(text: &str) -> &str {
    let digits = |from: usize| text.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    while end > 0 && text.as_bytes().get(end) == Some(&b'.') {
        match digits(end + 1) {
            0 => break,
            more => end += 1 + more,
        }
    }
    text.get(..end).unwrap_or_default()
}

/// What templates see as `.Capabilities`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Capabilities {
    /// The version of Kubernetes; without one Helm's own default, v1.36.0.
    pub kube_version: Option<KubeVersion>,
    /// `group/version`s, and `group/version/Kind`s, that the cluster has besides those that Helm always knows.
    pub api_versions: Vec<EcoString>,
    /// The version of Helm that templates see.
    pub helm_version: EcoString,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self { kube_version: None, api_versions: Vec::new(), helm_version: HELM_VERSION.into() }
    }
}

/// The version that Helm 4.2.4 has for templates.
const HELM_VERSION: &str = "v4.2";

impl Capabilities {
    /// Returns the version of Kubernetes.
    pub fn kube_version(&self) -> KubeVersion {
        self.kube_version.clone().unwrap_or_else(|| KubeVersion {
            version: "v1.36.0".into(),
            normalized: "v1.36.0".into(),
            major: "1".into(),
            minor: "36".into(),
        })
    }

    /// Returns the versions of all APIs: those that Helm always knows, and then the others.
    pub fn all_api_versions(&self) -> impl Iterator<Item = &str> {
        API_VERSIONS.iter().copied().chain(self.api_versions.iter().map(EcoString::as_str))
    }

    /// Returns the value that templates see.
    pub(crate) fn to_value(&self) -> Value {
        let text = |text: &str| Value::Str(text.into());
        let version = self.kube_version();
        let kube = Struct {
            type_name: "common.KubeVersion",
            fields: vec![
                ("Version", text(&version.version)),
                ("Major", text(&version.major)),
                ("Minor", text(&version.minor)),
            ],
            display: Some(version.normalized.as_str().into()),
            pointer: false,
        };
        let helm = Struct {
            type_name: "version.BuildInfo",
            fields: vec![
                ("Version", text(&self.helm_version)),
                ("GitCommit", text("")),
                ("GitTreeState", text("")),
                ("GoVersion", text("go1.26")),
                ("KubeClientVersion", text("v1.36")),
            ],
            display: None,
            pointer: false,
        };
        let versions = self.all_api_versions().map(text).collect();
        let all = Struct {
            type_name: "*common.Capabilities",
            fields: vec![
                ("KubeVersion", Value::Object(Arc::new(kube))),
                ("APIVersions", Value::List(List::of(Elem::VersionSet, versions))),
                ("HelmVersion", Value::Object(Arc::new(helm))),
            ],
            display: None,
            pointer: true,
        };
        Value::Object(Arc::new(all))
    }
}

/// A Go struct.
struct Struct {
    type_name: &'static str,
    fields: Vec<(&'static str, Value)>,
    display: Option<Text>,
    pointer: bool,
}

impl Object for Struct {
    fn type_name(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.type_name)
    }

    fn kind(&self) -> Kind {
        if self.pointer { Kind::Ptr } else { Kind::Struct }
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone())
    }

    fn method(&self, name: &str) -> Option<usize> {
        (self.display.is_some() && matches!(name, "String" | "GitVersion")).then_some(0)
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Value, String> {
        match (name, &self.display) {
            ("GitVersion", _) => Ok(self.field("Version").unwrap_or_default()),
            (_, Some(text)) => Ok(Value::Str(text.clone())),
            _ => Err(format!("{name} is not a method")),
        }
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.fields.clone()
    }

    fn display(&self) -> Option<Text> {
        self.display.clone()
    }
}

/// What Helm 4.2.4 always knows, in its order.
const API_VERSIONS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];
