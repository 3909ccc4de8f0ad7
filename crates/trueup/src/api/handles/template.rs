//! A parsed template and what it renders with.

use std::sync::Arc;

/// A parsed Go template.
#[derive(Clone, Debug)]
pub struct Template(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    text: String,
    functions: &'static str,
    parsed: trueup_template::Template,
}

impl Template {
    pub(crate) fn new(
        name: String,
        text: String,
        functions: &'static str,
        parsed: trueup_template::Template,
    ) -> Self {
        Self(Arc::new(Inner { name, text, functions, parsed }))
    }

    /// Returns the name, which error messages have.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the text it was parsed from.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Returns the functions it may call, as `template.parse` names them.
    pub fn functions(&self) -> &'static str {
        self.0.functions
    }

    pub(crate) fn parsed(&self) -> &trueup_template::Template {
        &self.0.parsed
    }
}
