//! Templates of strings, and documents full of them.

mod compile;
mod fast;
mod node;
mod references;

pub(crate) use compile::{Compiler, Mode};
pub(crate) use node::Node;
pub use node::Use;
pub use references::references;

use crate::error::{Error, Failure};
use crate::parameters::Parameters;
use std::cell::RefCell;
use std::collections::BTreeMap;
use trueup_manifest::{Diagnostic, EcoString};
use trueup_template::{Functions, Limits, Options, Template, Value};

/// Renders strings as the ApplicationSet controller does: with fasttemplate or with Go templates.
///
/// ```
/// use trueup_appset::parameters::Parameters;
/// use trueup_appset::render::Renderer;
///
/// let parameters = Parameters::from_iter([("path.basename", "cart")]);
/// let fast = Renderer::fasttemplate();
/// assert_eq!(fast.text("{{ path.basename }}-{{x}}", &parameters)?, "cart-{{x}}");
///
/// let go = Renderer::go_template(&["missingkey=error"]);
/// assert!(go.text("{{ .x }}", &parameters).unwrap_err().to_string().ends_with("map has no entry for key \"x\""));
/// # Ok::<(), trueup_appset::Error>(())
/// ```
pub struct Renderer {
    go: Option<Go>,
    /// What to tell besides the result.
    notes: RefCell<Vec<Diagnostic>>,
}

struct Go {
    functions: Functions,
    options: Result<Options, Failure>,
    /// The options with `missingkey=error`, for values that may be rendered later.
    strict: Result<Options, Failure>,
    /// Parsed templates by their text; the set of texts is that of one ApplicationSet.
    parsed: RefCell<BTreeMap<EcoString, Result<Template, String>>>,
}

/// How many different template texts are kept; texts made by a matrix could be endless.
const MAX_PARSED: usize = 4096;

impl Renderer {
    /// Returns a renderer that replaces `{{name}}` where there is such a string.
    pub fn fasttemplate() -> Self {
        Self { go: None, notes: RefCell::default() }
    }

    /// Returns a renderer of Go templates with these options, such as `missingkey=error`.
    pub fn go_template(options: &[impl AsRef<str>]) -> Self {
        Self::go_template_with(options, Limits::default(), |options| options)
    }

    /// Returns a renderer of Go templates with limits, and a clock and random source if `inject` sets them.
    pub fn go_template_with(
        options: &[impl AsRef<str>],
        limits: Limits,
        inject: impl Fn(Options) -> Options,
    ) -> Self {
        let build = |names: &[&str]| {
            let options = inject(Options::default().limits(limits));
            options.apply(names).map_err(Failure::from)
        };
        let names: Vec<&str> = options.iter().map(AsRef::as_ref).collect();
        let mut strict: Vec<&str> =
            names.iter().copied().filter(|name| !name.starts_with("missingkey=")).collect();
        strict.push("missingkey=error");
        let go = Go {
            functions: Functions::builtin().with_argocd(),
            options: build(&names),
            strict: build(&strict),
            parsed: RefCell::default(),
        };
        Self { go: Some(go), notes: RefCell::default() }
    }

    /// Renders one string.
    ///
    /// # Errors
    /// What the controller says, with the whole template in it.
    pub fn text(&self, template: &str, parameters: &Parameters) -> Result<String, Error> {
        self.render(template, parameters).map(Into::into).map_err(|failure| failure.render(""))
    }

    /// Returns true for Go templates.
    pub fn is_go(&self) -> bool {
        self.go.is_some()
    }

    /// Returns true if rendering the text could give something else.
    pub(crate) fn is_templated(&self, text: &str) -> bool {
        match self.go {
            Some(_) => text.contains("{{"),
            None => fast::has_tag(text),
        }
    }

    /// Fails for options that Go panics over: it does so at the first string it renders, templated or not.
    pub(crate) fn check_options(&self) -> Result<(), Failure> {
        match &self.go {
            Some(Go { options: Err(failure), .. }) => Err(failure.clone()),
            _ => Ok(()),
        }
    }

    pub(crate) fn render(&self, template: &str, parameters: &Parameters) -> Result<EcoString, Failure> {
        match &self.go {
            None => fast::render(template, parameters),
            Some(go) => go.render(template, parameters, &go.options),
        }
    }

    /// Renders one of a generator's `values` with another generator's parameters; what needs other names stays as it is.
    pub(crate) fn render_known(
        &self,
        key: &str,
        template: &str,
        parameters: &Parameters,
    ) -> Result<EcoString, Failure> {
        let Some(go) = &self.go else { return self.pre_resolved(key, fast::render(template, parameters)) };
        match go.render(template, parameters, &go.strict) {
            Err(Failure::Message(message))
                if message.contains("map has no entry for key")
                    || message.contains("can't evaluate field") =>
            {
                Ok(template.into())
            }
            result => self.pre_resolved(key, result),
        }
    }

    fn pre_resolved(&self, key: &str, result: Result<EcoString, Failure>) -> Result<EcoString, Failure> {
        let quoted = trueup_manifest::json::to_string(&key.into()).unwrap_or_default();
        result.map_err(|failure| failure.within(format!("failed to pre-resolve Values key {quoted}: ")))
    }

    pub(crate) fn note(&self, diagnostic: Diagnostic) {
        let mut notes = self.notes.borrow_mut();
        if notes.len() < 1000 && !notes.contains(&diagnostic) {
            notes.push(diagnostic);
        }
    }

    pub(crate) fn take_notes(&self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.notes.borrow_mut())
    }
}

impl Go {
    fn render(
        &self,
        text: &str,
        parameters: &Parameters,
        options: &Result<Options, Failure>,
    ) -> Result<EcoString, Failure> {
        let options = options.as_ref().map_err(Clone::clone)?;
        if !text.contains("{{") {
            return Ok(text.into());
        }
        let template = self.template(text)?;
        let data = Value::Map(parameters.map().clone());
        let result = template.render(&data, options);
        result
            .map(Into::into)
            .map_err(|error| Failure::from(error).within(format!("failed to execute go template {text}: ")))
    }

    fn template(&self, text: &str) -> Result<Template, Failure> {
        let mut parsed = self.parsed.borrow_mut();
        let entry = match parsed.get(text) {
            Some(entry) => entry.clone(),
            None => {
                let template = Template::parse("base", text, &self.functions);
                let entry = template.map_err(|error| format!("failed to parse template {text}: {error}"));
                if parsed.len() >= MAX_PARSED {
                    parsed.clear();
                }
                parsed.insert(text.into(), entry.clone());
                entry
            }
        };
        entry.map_err(Failure::from)
    }
}
