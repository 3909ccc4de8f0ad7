//! Templates and sets of them.

use crate::env::{Env, Patterns};
use crate::error::{Error, ErrorKind};
use crate::exec::State;
use crate::function::Functions;
use crate::go::quote::quote_str;
use crate::options::{Limits, MissingKey, Options};
use crate::parse::ast::{Block, Expr, Node, Pipe, Tree};
use crate::parse::{self, Setup};
use crate::value::{Value, lossy};
use ecow::EcoString;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Named templates that may call each other.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    trees: BTreeMap<EcoString, Arc<Tree>>,
    functions: Functions,
    delims: (EcoString, EcoString),
    nesting: usize,
    mutates: bool,
    patterns: Arc<Patterns>,
}

impl Set {
    pub(crate) fn lookup(&self, name: &str) -> Option<&Tree> {
        self.trees.get(name).map(|tree| &**tree)
    }

    /// Tells whether any template calls a function that changes maps.
    pub(crate) fn mutates(&self) -> bool {
        self.mutates
    }

    /// Parses a text into the set; returns the tree of its main template.
    fn parse(&mut self, name: &str, text: &str) -> Result<Arc<Tree>, Error> {
        let delims = (self.delims.0.as_str(), self.delims.1.as_str());
        let setup = Setup { functions: &self.functions, delims, nesting: self.nesting };
        let trees = parse::parse(name, text, setup)?;
        let main = trees.get(name).cloned();
        for (name, tree) in trees {
            self.mutates |= block_mutates(&tree.root);
            // An empty body never replaces another.
            if !(tree.root.is_empty() && self.trees.contains_key(&name)) {
                self.trees.insert(name, tree);
            }
        }
        main.ok_or_else(|| no_template(name, name))
    }

    /// Returns a copy of the set with one more text, for `tpl`.
    pub(crate) fn extended_with(&self, name: &str, text: &str) -> Result<(Self, Arc<Tree>), Error> {
        let mut set = self.clone();
        let tree = set.parse(name, text)?;
        Ok((set, tree))
    }
}

pub(crate) fn no_template(name: &str, within: &str) -> Error {
    let message =
        format!("template: no template {} associated with template {}", quote_str(name), quote_str(within));
    Error::new(ErrorKind::Exec, message.clone(), message)
}

fn block_mutates(block: &Block) -> bool {
    block.0.iter().any(|node| match node {
        Node::Action(action) => pipe_mutates(&action.pipe),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            pipe_mutates(&branch.pipe)
                || block_mutates(&branch.body)
                || branch.otherwise.as_ref().is_some_and(block_mutates)
        }
        Node::Template(call) => call.pipe.as_ref().is_some_and(pipe_mutates),
        Node::Text(_) | Node::Break(_) | Node::Continue(_) => false,
    })
}

fn pipe_mutates(pipe: &Pipe) -> bool {
    pipe.commands.iter().flat_map(|command| &command.args).any(expr_mutates)
}

fn expr_mutates(expr: &Expr) -> bool {
    match expr {
        Expr::Function(call) => call.function.mutates,
        Expr::Chain(chain) => expr_mutates(&chain.node),
        Expr::Pipe(pipe) => pipe_mutates(pipe),
        _ => false,
    }
}

/// A set of templates under construction: several texts that may call each other, as the files of a chart do.
///
/// ```
/// use trueup_template::{Functions, Options, TemplateSet, Value};
///
/// let mut set = TemplateSet::new(&Functions::builtin());
/// set.parse("helpers", r#"{{define "greet"}}Hello, {{.}}!{{end}}"#)?;
/// let main = set.parse("main", r#"{{template "greet" .name}}"#)?;
/// let data = Value::from_iter([("name", Value::from("you"))]);
/// assert_eq!(set.template(&main)?.render(&data, &Options::default())?, "Hello, you!");
/// # Ok::<(), trueup_template::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TemplateSet(Set);

/// A text that was parsed into a [`TemplateSet`].
#[derive(Clone, Debug)]
pub struct Parsed(Arc<Tree>);

impl TemplateSet {
    /// Returns an empty set.
    pub fn new(functions: &Functions) -> Self {
        Self(Set {
            trees: BTreeMap::new(),
            functions: functions.clone(),
            delims: (EcoString::new(), EcoString::new()),
            nesting: Limits::default().nesting,
            mutates: false,
            patterns: Arc::default(),
        })
    }

    /// Sets the delimiters for the texts that follow; an empty one is the default.
    pub fn delims(&mut self, left: &str, right: &str) {
        self.0.delims = (left.into(), right.into());
    }

    /// Sets how deep blocks and parentheses may nest in the texts that follow.
    pub fn nesting(&mut self, levels: usize) {
        self.0.nesting = levels;
    }

    /// Parses a text; its definitions replace earlier ones of the same name unless they are empty.
    ///
    /// # Errors
    /// [`ErrorKind::Parse`], or [`ErrorKind::Limit`] for what nests too deep. The set is as before.
    pub fn parse(&mut self, name: &str, text: &str) -> Result<Parsed, Error> {
        self.0.parse(name, text).map(Parsed)
    }

    /// Returns a text as a template of the whole set, as it is now.
    ///
    /// # Errors
    /// None today; a set that refuses a template is a later possibility.
    pub fn template(&self, parsed: &Parsed) -> Result<Template, Error> {
        Ok(Template { set: Arc::new(self.0.clone()), main: parsed.0.clone() })
    }

    /// Returns the template of a name.
    ///
    /// # Errors
    /// [`ErrorKind::Exec`] if nothing defines it.
    pub fn named(&self, name: &str) -> Result<Template, Error> {
        let main = self.0.trees.get(name).cloned().ok_or_else(|| no_template(name, name))?;
        Ok(Template { set: Arc::new(self.0.clone()), main })
    }

    /// Starts a session: several renders that share their limits, their random numbers and their data.
    pub fn session<'s>(&'s self, options: &'s Options) -> Session<'s> {
        Session { set: &self.0, env: Env::new(options, &self.0.patterns), missing_key: options.missing_key }
    }

    /// Returns the names of the templates, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.trees.keys().map(EcoString::as_str)
    }
}

/// Renders of several templates of a set, one after the other, as Helm renders the files of a chart.
///
/// What one changes in the data with `set` and its like, the next ones see. The limits hold for all of them together. When the session
/// ends, the maps that templates changed are emptied, since they may hold each other.
///
/// ```
/// use trueup_template::{Functions, Options, TemplateSet, Value};
///
/// let mut set = TemplateSet::new(&Functions::builtin().with_helm());
/// set.parse("first", r#"{{ $_ := set . "seen" true }}"#)?;
/// set.parse("second", "{{ .seen }}")?;
/// let (data, options) = (Value::from_iter([("name", Value::from("x"))]), Options::default());
/// let mut session = set.session(&options);
/// session.render_bytes("first", &data)?;
/// assert_eq!(session.render_bytes("second", &data)?, b"true");
/// # Ok::<(), trueup_template::Error>(())
/// ```
pub struct Session<'s> {
    set: &'s Set,
    env: Env<'s>,
    missing_key: MissingKey,
}

impl Session<'_> {
    /// Renders the template of a name on data that it may change.
    ///
    /// # Errors
    /// As [`Template::render`]; [`ErrorKind::Exec`] if there is no template of the name.
    pub fn render_bytes(&mut self, name: &str, data: &Value) -> Result<Vec<u8>, Error> {
        let tree = self.set.lookup(name).ok_or_else(|| no_template(name, name))?;
        State::new(self.set, tree, &mut self.env, self.missing_key).run(data.clone())
    }
}

/// A parsed template. It never changes, is cheap to clone, and may be rendered from many threads at once.
///
/// ```
/// use trueup_template::{Functions, Options, Template, Value};
///
/// let template = Template::parse("t", "{{range .items}}<{{.}}>{{end}}", &Functions::builtin())?;
/// let data = Value::from_iter([("items", Value::from(vec![Value::from("a"), Value::from(2.0)]))]);
/// assert_eq!(template.render(&data, &Options::default())?, "<a><2>");
/// # Ok::<(), trueup_template::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Template {
    set: Arc<Set>,
    main: Arc<Tree>,
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// [`ErrorKind::Parse`], or [`ErrorKind::Limit`] for what nests too deep.
    pub fn parse(name: &str, text: &str, functions: &Functions) -> Result<Self, Error> {
        let mut set = TemplateSet::new(functions);
        let main = set.parse(name, text)?;
        Ok(Self { set: Arc::new(set.0), main: main.0 })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.main.name
    }

    /// Renders the template; bytes that are not UTF-8 become U+FFFD.
    ///
    /// The data stays as it is, whatever functions the template calls.
    ///
    /// # Errors
    /// Any kind but [`ErrorKind::Parse`] (which `tpl` may give within another message).
    pub fn render(&self, data: &Value, options: &Options) -> Result<String, Error> {
        let out = self.render_bytes(data, options)?;
        Ok(String::from_utf8(out).unwrap_or_else(|error| lossy(error.as_bytes())))
    }

    /// Renders the template to the bytes that Go would write.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_bytes(&self, data: &Value, options: &Options) -> Result<Vec<u8>, Error> {
        let data = if self.set.mutates { data.deep_copy() } else { data.clone() };
        let mut env = Env::new(options, &self.set.patterns);
        State::new(&self.set, &self.main, &mut env, options.missing_key).run(data)
    }
}
