//! Promotions.

use super::table;
use crate::api::shape::{Text, Word, answer, choice, input, output};
use crate::api::{Context, Error};
use trueup_manifest::{Diagnostic, EcoString};
use trueup_promotion::{
    Chain, ChainRow, Edit, Edited, Environment, ImageChanged, PromoteOptions, Promotion, Reference,
};

table! {
    /// Sets something in a kustomization's text, as `kustomize edit set` does, and changes not a byte besides.
    ///
    /// Comments, order, quotes and line breaks stay as they are. Labels become part of selectors, which is a warning.
    "promotion.edit": SetIn => edited => Edited;
    /// Brings the images of one kustomization to those of another, as text.
    ///
    /// The target keeps its own registry unless the source sets one. By default only images that the target names are brought.
    "promotion.promote": Promote => promoted => Promotion;
    /// Tells what the environments of a chain run, and what is odd about it.
    ///
    /// With `image` and `to`, it also tells why what the environment before holds, or `reference`, should not come there.
    "promotion.chain": InChain => chained => ChainReport;
}

choice! {
    /// What is set.
    enum What {
        /// What replaces an image: `web=registry.example.com/web:v2`, where `*` keeps a part.
        Image = "image",
        /// How many replicas a workload has: `web=3`.
        Replicas = "replicas",
        /// The namespace.
        Namespace = "namespace",
        /// What is put in front of names.
        NamePrefix = "nameprefix",
        /// What is put behind names.
        NameSuffix = "namesuffix",
        /// A label of everything and of selectors: `team:web`.
        Label = "label",
        /// An annotation of everything: `note:hello`.
        Annotation = "annotation",
    }
}

impl Word for What {}

impl What {
    fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Replicas => "replicas",
            Self::Namespace => "namespace",
            Self::NamePrefix => "nameprefix",
            Self::NameSuffix => "namesuffix",
            Self::Label => "label",
            Self::Annotation => "annotation",
        }
    }
}

input! {
    /// What is to be set in a kustomization.
    struct SetIn {
        /// The text of the kustomization.
        text: Text,
        /// What is set.
        what: What,
        /// To what, as `kustomize edit set` takes it; images, replicas, labels and annotations may be several.
        to: Vec<EcoString>,
        /// A name for the text, for errors.
        file: EcoString = "",
    }
}

output! {
    /// A text after its edits.
    struct Edited: Edited {
        /// The text.
        text: String,
        /// Whether it is another text than before.
        changed: bool,
        /// What is worth knowing.
        notes: Vec<Diagnostic>,
    }
}

/// The text, which must be UTF-8.
fn utf8(text: &Text, name: &str) -> Result<String, Error> {
    let text = std::str::from_utf8(&text.0).map(str::to_owned);
    text.map_err(|_| Error::request(format!("`{name}` is not UTF-8")))
}

fn edited(request: SetIn, _: &Context) -> Result<Edited, Error> {
    let text = utf8(&request.text, "text")?;
    let edits = Edit::parse(request.what.word(), &request.to)?;
    let mut edited =
        trueup_promotion::edit(&text, &edits).map_err(|error| Error::from(error).in_file(&request.file))?;
    for location in edited.notes.iter_mut().flat_map(|note| &mut note.locations) {
        location.file = request.file.clone();
    }
    Ok(edited)
}

input! {
    /// Two kustomizations.
    struct Promote {
        /// The text whose images are brought.
        source: Text,
        /// The text to which they are brought.
        target: Text,
        /// The only images to bring, whether or not the target names them.
        only: Option<Vec<EcoString>>,
        /// Whether images that the target does not name are brought, too.
        include_new: bool = false,
    }
}

output! {
    /// What replaces an image.
    struct ImageReference: Reference {
        /// The name of the image that is used.
        new_name: Option<EcoString> = absent,
        /// Its tag.
        new_tag: Option<EcoString> = absent,
        /// Its digest.
        digest: Option<EcoString> = absent,
    }
}

output! {
    /// An image that a promotion changed.
    struct ImageChanged: ImageChanged {
        /// Its name.
        name: EcoString,
        /// What it was replaced with; null for an image that the target did not name.
        before: Option<Reference>,
        /// What it is replaced with.
        after: Reference,
    }
}

output! {
    /// A target after a promotion.
    struct Promotion: Promotion {
        /// The text of the target.
        text: String,
        /// What changed, in the order of the source.
        changes: Vec<ImageChanged>,
        /// What is worth knowing.
        notes: Vec<Diagnostic>,
    }
}

fn promoted(request: Promote, _: &Context) -> Result<Promotion, Error> {
    let mut options = PromoteOptions::default();
    options.only = request.only;
    options.include_new = request.include_new;
    let (source, target) = (utf8(&request.source, "source")?, utf8(&request.target, "target")?);
    Ok(trueup_promotion::promote(&source, &target, &options)?)
}

input! {
    /// An environment of a chain.
    struct ChainEnvironment {
        /// Its name.
        name: EcoString,
        /// The text of its kustomization.
        text: Text,
    }
}

input! {
    /// A chain of environments.
    struct InChain {
        /// The environments, in the order in which a version passes through them.
        environments: Vec<ChainEnvironment>,
        /// The image of a promotion to check.
        image: Option<EcoString>,
        /// The environment of a promotion to check.
        to: Option<EcoString>,
        /// The environment that the promotion takes the image from; the one before by default.
        source: Option<EcoString>,
    }
}

output! {
    /// An image through the environments.
    struct ChainRow: ChainRow {
        /// The name of the image.
        image: EcoString,
        /// What replaces it in each environment; null where the environment does not name it.
        references: Vec<Option<Reference>>,
    }
}

answer! {
    /// What the environments of a chain run.
    struct ChainReport {
        /// One row an image.
        rows: Vec<ChainRow>,
        /// What is odd about the chain, and why the promotion should be refused.
        warnings: Vec<Diagnostic>,
    }
}

fn chained(request: InChain, _: &Context) -> Result<ChainReport, Error> {
    let read = |environment: &ChainEnvironment| -> Result<Environment, Error> {
        let text = utf8(&environment.text, "text")?;
        let read = Environment::read(environment.name.clone(), &text);
        read.map_err(|error| Error::from(error).in_file(&environment.name))
    };
    let environments: Vec<Environment> = request.environments.iter().map(read).collect::<Result<_, _>>()?;
    let chain = Chain::of(&environments);
    let mut warnings = chain.warnings();
    if let (Some(image), Some(to)) = (&request.image, &request.to) {
        let at = chain.environments.iter().position(|name| name == to);
        let before = at.and_then(|at| at.checked_sub(1)).and_then(|at| chain.environments.get(at));
        let source = request.source.as_ref().or(before);
        let reference = source.and_then(|source| chain.held(image, source)).cloned().unwrap_or_default();
        warnings.extend(chain.check(image, &reference, to));
    }
    Ok(ChainReport { rows: chain.rows, warnings })
}
