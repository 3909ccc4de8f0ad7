//! What a build knows about a resource besides its document.

use ecow::EcoString;

/// Whether the history holds what a build annotation says; the others are left where they are until the end.
pub(super) fn is_history(key: &str) -> bool {
    key.strip_prefix(super::DOMAIN).is_some_and(|name| {
        matches!(
            name,
            "previousKinds"
                | "previousNames"
                | "previousNamespaces"
                | "prefixes"
                | "suffixes"
                | "allowNameChange"
                | "allowKindChange"
                | "generatorBehavior"
                | "needsHashSuffix"
                | "helm-generated"
        )
    })
}

/// What a generator asks for when its resource exists already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Behavior {
    #[default]
    Unspecified,
    Create,
    Replace,
    Merge,
}

impl Behavior {
    pub(crate) fn of(text: &str) -> Self {
        match text {
            "replace" => Self::Replace,
            "merge" => Self::Merge,
            "create" => Self::Create,
            _ => Self::Unspecified,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Merge => "merge",
        }
    }
}

/// Name, namespace and kind that a resource had before a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Previous {
    pub(crate) name: EcoString,
    pub(crate) namespace: EcoString,
    pub(crate) kind: EcoString,
}

/// What a build knows about a resource besides its document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct History {
    pub(crate) previous: Vec<Previous>,
    pub(crate) prefixes: Vec<EcoString>,
    pub(crate) suffixes: Vec<EcoString>,
    /// What the generator asks for; `None` for what no generator made.
    pub(crate) behavior: Option<Behavior>,
    pub(crate) needs_hash: bool,
    pub(crate) allow_name_change: bool,
    pub(crate) allow_kind_change: bool,
    pub(crate) helm_generated: bool,
    /// Ids without a name, which upstream records by halves: it notes nothing that is empty.
    pub(crate) unnamed: Vec<Previous>,
    /// Names of the variables that read from this resource.
    pub(crate) variables: Vec<EcoString>,
    /// The last identity given to a shared scalar.
    pub(crate) cells: u32,
}

/// Ids from their parts, as far as all three have any.
pub(super) fn previous_ids(
    names: Option<Vec<EcoString>>,
    namespaces: Option<Vec<EcoString>>,
    kinds: Option<Vec<EcoString>>,
) -> Vec<Previous> {
    let (Some(names), Some(namespaces), Some(kinds)) = (names, namespaces, kinds) else { return Vec::new() };
    let rest = namespaces.into_iter().zip(kinds);
    names.into_iter().zip(rest).map(|(name, (namespace, kind))| Previous { name, namespace, kind }).collect()
}
