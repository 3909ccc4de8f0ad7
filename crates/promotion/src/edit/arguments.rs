//! What is to be set, as `kustomize edit set` takes it.

use crate::PromotionError;
use crate::image::ImageChange;
use std::fmt;
use trueup_manifest::{EcoString, label_key_problem};

/// One thing to set in a kustomization.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Edit {
    /// What replaces an image: see [`Edit::image`].
    Image(ImageChange),
    /// How many replicas a workload has.
    Replicas {
        /// The name of the workload.
        name: EcoString,
        /// How many.
        count: i64,
    },
    /// The namespace.
    Namespace(EcoString),
    /// What is put in front of names; nothing removes the field.
    NamePrefix(EcoString),
    /// What is put behind names; nothing removes the field.
    NameSuffix(EcoString),
    /// A label of everything, and of selectors.
    Label {
        /// Its key.
        key: EcoString,
        /// Its value.
        value: EcoString,
    },
    /// An annotation of everything.
    Annotation {
        /// Its key.
        key: EcoString,
        /// Its value.
        value: EcoString,
    },
}

/// Reads one argument.
type Read = fn(&str) -> Result<Edit, PromotionError>;

impl Edit {
    /// Reads the arguments of `kustomize edit set` with a name of what is set: `image`, `replicas`, `namespace`, `nameprefix`,
    /// `namesuffix`, `label` or `annotation`.
    ///
    /// # Errors
    /// Another name, no arguments, several where one is taken, and an argument that is not of the form.
    pub fn parse<S: AsRef<str>>(what: &str, arguments: &[S]) -> Result<Vec<Self>, PromotionError> {
        let (read, many): (Read, bool) = match what {
            "image" => (Self::image, true),
            "replicas" => (Self::replicas, true),
            "label" => (Self::label, true),
            "annotation" => (Self::annotation, true),
            "namespace" => (Self::namespace, false),
            "nameprefix" => (|prefix| Ok(Self::NamePrefix(prefix.into())), false),
            "namesuffix" => (|suffix| Ok(Self::NameSuffix(suffix.into())), false),
            _ => return Err(PromotionError::Edit(what.into())),
        };
        if arguments.is_empty() || !many && arguments.len() > 1 {
            return Err(PromotionError::Edit(what.into()));
        }
        arguments.iter().map(|argument| read(argument.as_ref())).collect()
    }

    /// Reads `name=new`, `name=new:tag`, `name=new@digest`, `name=new:tag@digest`, and the same without `=new`.
    ///
    /// The entry becomes what the argument says: what it does not name goes, and a tag suffix with it. `*` keeps a part, as in
    /// `web=*:v2`. A tag is what follows a colon behind the last slash.
    ///
    /// # Errors
    /// An argument that names no image, or neither a new name nor a tag nor a digest.
    pub fn image(argument: &str) -> Result<Self, PromotionError> {
        ImageChange::parse(argument).map(Self::Image)
    }

    /// Reads `name=count`.
    ///
    /// # Errors
    /// An argument without a name, or whose count is no integer.
    pub fn replicas(argument: &str) -> Result<Self, PromotionError> {
        let wrong = || PromotionError::ReplicasArgument(argument.into());
        let (name, count) =
            argument.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(wrong)?;
        Ok(Self::Replicas { name: name.into(), count: count.parse().map_err(|_| wrong())? })
    }

    /// Takes the name of a namespace.
    ///
    /// # Errors
    /// A name that no namespace can have.
    pub fn namespace(name: &str) -> Result<Self, PromotionError> {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let well = (1..=63).contains(&name.len())
            && name.bytes().all(is_inner)
            && !name.starts_with('-')
            && !name.ends_with('-');
        if well { Ok(Self::Namespace(name.into())) } else { Err(PromotionError::Namespace(name.into())) }
    }

    /// Reads `key:value`, of which the value may be in double quotes; a key alone has the empty value.
    ///
    /// # Errors
    /// An argument without a key.
    pub fn label(argument: &str) -> Result<Self, PromotionError> {
        let (key, value) = pair(argument).ok_or_else(|| PromotionError::LabelArgument(argument.into()))?;
        Ok(Self::Label { key, value })
    }

    /// Reads `key:value`, of which the value may be in double quotes; a key alone has the empty value.
    ///
    /// # Errors
    /// An argument without a key, or with one that no annotation may have.
    pub fn annotation(argument: &str) -> Result<Self, PromotionError> {
        let pair = pair(argument).filter(|(key, _)| label_key_problem(key).is_none());
        let (key, value) = pair.ok_or_else(|| PromotionError::AnnotationArgument(argument.into()))?;
        Ok(Self::Annotation { key, value })
    }
}

impl Edit {
    pub(crate) fn is_replaced_by(&self, later: &Self) -> bool {
        matches!((self, later), (Self::Image(this), Self::Image(later)) if this.name == later.name)
    }
}

impl fmt::Display for Edit {
    /// Writes what is set, in words for a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(change) => write!(f, "image {}", change.name),
            Self::Replicas { name, count } => write!(f, "replicas {name}={count}"),
            Self::Namespace(name) => write!(f, "namespace {name}"),
            Self::NamePrefix(prefix) => write!(f, "nameprefix {prefix}"),
            Self::NameSuffix(suffix) => write!(f, "namesuffix {suffix}"),
            Self::Label { key, value } => write!(f, "label {key}:{value}"),
            Self::Annotation { key, value } => write!(f, "annotation {key}:{value}"),
        }
    }
}

fn pair(argument: &str) -> Option<(EcoString, EcoString)> {
    let (key, value) = argument.split_once(':').unwrap_or((argument, ""));
    let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    (!key.is_empty()).then(|| (key.into(), inner.unwrap_or(value).into()))
}
