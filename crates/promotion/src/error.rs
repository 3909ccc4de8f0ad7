//! What can go wrong, with stable codes.

use trueup_manifest::yaml::ParseError;
use trueup_manifest::{Diagnostic, EcoString, Location, Position, Span};

/// An error of this crate. Whatever it was about is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PromotionError {
    /// The text is no YAML.
    #[error(transparent)]
    Yaml(#[from] ParseError),
    /// An image argument that names nothing, or sets nothing.
    #[error("invalid image argument `{0}`: it needs a name and a new name, a tag or a digest")]
    ImageArgument(EcoString),
    /// A replicas argument that is not `name=count`.
    #[error("invalid replicas argument `{0}`: it is not `name=count`")]
    ReplicasArgument(EcoString),
    /// A label argument without a key.
    #[error("invalid label argument `{0}`: it is not `key:value`")]
    LabelArgument(EcoString),
    /// An annotation argument without a key, or with one that no annotation may have.
    #[error("invalid annotation argument `{0}`: it is not `key:value`, or the key may not be one")]
    AnnotationArgument(EcoString),
    /// A namespace that is no RFC 1123 label.
    #[error(
        "invalid namespace `{0}`: up to 63 lower-case letters, digits and `-`, which neither begins nor ends it"
    )]
    Namespace(EcoString),
    /// An edit of a name that is none, or without its arguments.
    #[error("invalid edit `{0}`")]
    Edit(EcoString),
    /// A file of several documents: a kustomization is one.
    #[error("the file holds several documents")]
    MultipleDocuments,
    /// A document that is no map.
    #[error("the document is not a map")]
    NotAMapping,
    /// A document in braces, which has no lines to edit.
    #[error("the document is written in braces")]
    FlowRoot,
    /// A field of another type than kustomize reads.
    #[error("`{field}` is not of the type that kustomize reads")]
    WrongType {
        /// The field.
        field: EcoString,
        /// Where it is.
        at: Position,
    },
    /// A field with an anchor or an alias, whose change would change more than the field.
    #[error("`{field}` holds an anchor, an alias or a merge key")]
    AnchorOrAlias {
        /// The field.
        field: EcoString,
        /// Where it is.
        at: Position,
    },
    /// A field that kustomize moves elsewhere when it edits.
    #[error("`{field}` is deprecated: rename it first")]
    DeprecatedField {
        /// The field.
        field: EcoString,
        /// Where it is.
        at: Position,
    },
    /// Something that is written in a way, or says a thing, that is not edited.
    #[error("`{field}` cannot be edited: {reason}")]
    Unsupported {
        /// The field.
        field: EcoString,
        /// Why not.
        reason: &'static str,
        /// Where it is.
        at: Position,
    },
    /// A promotion of an image that its source does not hold.
    #[error("image `{0}` is not in the source")]
    ImageNotInSource(EcoString),
    /// A promotion of an image that has neither a tag nor a digest.
    #[error("image `{0}` has neither a tag nor a digest to promote")]
    NothingToPromote(EcoString),
}

impl PromotionError {
    /// Returns the stable code, `promotion/what-is-wrong`; of a text that is no YAML, the reader's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Yaml(error) => error.code(),
            Self::ImageArgument(_) => "promotion/invalid-image-argument",
            Self::ReplicasArgument(_) => "promotion/invalid-replicas-argument",
            Self::LabelArgument(_) => "promotion/invalid-label-argument",
            Self::AnnotationArgument(_) => "promotion/invalid-annotation-argument",
            Self::Namespace(_) => "promotion/invalid-namespace",
            Self::Edit(_) => "promotion/invalid-edit",
            Self::MultipleDocuments => "promotion/multiple-documents",
            Self::NotAMapping => "promotion/not-a-mapping",
            Self::FlowRoot => "promotion/flow-root",
            Self::WrongType { .. } => "promotion/wrong-type",
            Self::AnchorOrAlias { .. } => "promotion/anchor-or-alias",
            Self::DeprecatedField { .. } => "promotion/deprecated-field",
            Self::Unsupported { .. } => "promotion/unsupported",
            Self::ImageNotInSource(_) => "promotion/image-not-in-source",
            Self::NothingToPromote(_) => "promotion/nothing-to-promote",
        }
    }

    /// Returns the field or the image that it is about, if it is about one of the file.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::WrongType { field, .. }
            | Self::AnchorOrAlias { field, .. }
            | Self::DeprecatedField { field, .. }
            | Self::Unsupported { field, .. } => Some(field),
            Self::ImageNotInSource(name) | Self::NothingToPromote(name) => Some(name),
            _ => None,
        }
    }

    /// Returns where in the file it is, if it is at a place of it.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Yaml(error) => Some(error.position()),
            Self::WrongType { at, .. }
            | Self::AnchorOrAlias { at, .. }
            | Self::DeprecatedField { at, .. }
            | Self::Unsupported { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// Returns the error as a diagnostic that does not know its file.
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code(), self.to_string());
        match self {
            Self::DeprecatedField { .. } => diagnostic.help("`kustomize edit fix` renames deprecated fields"),
            Self::MultipleDocuments => {
                diagnostic.help("kustomize reads the first one only: remove the others")
            }
            Self::AnchorOrAlias { .. } => diagnostic.help("write the value out where it is used"),
            _ => diagnostic,
        }
    }

    /// Returns the error as a diagnostic at its place in a file.
    pub fn diagnostic_in(&self, file: impl Into<EcoString>) -> Diagnostic {
        let location = match self.position() {
            Some(at) => Location::span(file, Span { start: at, end: at }),
            None => Location::file(file),
        };
        self.diagnostic().at(location)
    }
}
