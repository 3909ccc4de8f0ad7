//! HCL as Terraform's files have it: the outline of blocks and arguments, without evaluating anything.
//!
//! Enough to see which modules a directory calls and which settings are written out. Expressions are skipped; an
//! argument whose value is one quoted text without a template is known, of any other argument only that it is there.

mod json;
mod scan;

use crate::{Diagnostic, EcoString, Limits, Location, Position, Span};

/// What stands between the braces of a block, or in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The arguments, in document order.
    pub arguments: Vec<Argument>,
    /// The blocks, in document order.
    pub blocks: Vec<Block>,
}

/// `name = …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: EcoString,
    /// The text, if the value is one quoted text without a template.
    pub text: Option<EcoString>,
    /// Where its name is.
    pub position: Position,
}

/// `kind "label" { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is, such as `module`.
    pub kind: EcoString,
    /// Its labels; none in the JSON form, where they are blocks of their own.
    pub labels: Vec<EcoString>,
    /// What it holds.
    pub body: Body,
    /// Where its kind is.
    pub position: Position,
}

impl Body {
    /// Returns the blocks of a kind.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }

    /// Returns the last argument of a name.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().rfind(|argument| argument.name == name)
    }

    /// Returns the blocks of a kind with their one label, in the native and in the JSON form alike.
    ///
    /// ```
    /// use trueup_manifest::{Limits, hcl};
    ///
    /// let native = hcl::parse(b"module \"vpc\" {\n  source = \"../vpc\"\n}\n", &Limits::default())?;
    /// let json = hcl::parse_json(br#"{"module": {"vpc": {"source": "../vpc"}}}"#, &Limits::default())?;
    /// for body in [native, json] {
    ///     let (label, module) = body.labelled("module").next().unwrap();
    ///     assert_eq!((label, module.argument("source").unwrap().text.as_deref()), ("vpc", Some("../vpc")));
    /// }
    /// # Ok::<(), hcl::HclError>(())
    /// ```
    pub fn labelled<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Body)> {
        self.blocks(kind).flat_map(|block| {
            let own = block.labels.first().map(|label| (label.as_str(), &block.body));
            let below: &[Block] = if own.is_some() { &[] } else { &block.body.blocks };
            own.into_iter().chain(below.iter().map(|block| (block.kind.as_str(), &block.body)))
        })
    }
}

/// Why a text is no HCL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HclError {
    code: &'static str,
    message: String,
    position: Position,
}

impl HclError {
    /// Returns the stable code: `hcl/syntax`, `hcl/encoding`, `hcl/limit`, or that of the JSON reader.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Returns where in the text it is.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Returns the error as a diagnostic at its place in a file.
    pub fn diagnostic_in(&self, file: impl Into<EcoString>) -> Diagnostic {
        let span = Span { start: self.position, end: self.position };
        Diagnostic::error(self.code, self.message.clone()).at(Location::span(file, span))
    }
}

/// Reads a file in the native syntax (`.tf`, `.tofu`, `.hcl`).
///
/// ```
/// use trueup_manifest::{Limits, hcl};
///
/// let body = hcl::parse(b"terraform {\n  cloud { organization = \"acme\" }\n}\n", &Limits::default())?;
/// let cloud = body.blocks("terraform").next().unwrap().body.blocks("cloud").next().unwrap();
/// assert_eq!(cloud.body.argument("organization").unwrap().text.as_deref(), Some("acme"));
/// let error = hcl::parse(b"module \"a\" {\n", &Limits::default()).unwrap_err();
/// assert_eq!((error.to_string().as_str(), error.position().line), ("a block is never closed", 1));
/// # Ok::<(), hcl::HclError>(())
/// ```
///
/// # Errors
/// [`HclError`] for what is not UTF-8, a text, bracket or block that is never closed, something that is neither an
/// argument nor a block, and more bytes or levels than the limits allow.
pub fn parse(text: &[u8], limits: &Limits) -> Result<Body, HclError> {
    scan::parse(text, limits)
}

/// Reads a file in the JSON syntax (`.tf.json`, `.tofu.json`): a text is an argument, a map is a block, a list of maps one block each.
///
/// # Errors
/// [`HclError`] for what is no JSON or no map.
pub fn parse_json(text: &[u8], limits: &Limits) -> Result<Body, HclError> {
    json::parse(text, limits)
}
