//! The parse tree, and how error messages spell it.

use super::number::Number;
use crate::function::Function;
use crate::go::quote::quote_str;
use crate::value::Text;
use ecow::EcoString;
use std::fmt::{self, Write as _};
use std::sync::Arc;

/// A byte position in the text.
pub(crate) type Pos = usize;

/// The text that templates were parsed from.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) name: EcoString,
    pub(crate) text: EcoString,
}

/// A template: the main one of a text, or a definition in it.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) name: EcoString,
    pub(crate) source: Arc<Source>,
    pub(crate) root: Block,
}

/// Nodes one after the other.
#[derive(Debug, Default)]
pub(crate) struct Block(pub(crate) Vec<Node>);

#[derive(Debug)]
pub(crate) enum Node {
    Text(EcoString),
    Action(Action),
    If(Branch),
    With(Branch),
    Range(Branch),
    Template(TemplateCall),
    Break(Pos),
    Continue(Pos),
}

#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) pos: Pos,
    pub(crate) pipe: Pipe,
}

#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) pipe: Pipe,
    pub(crate) body: Block,
    pub(crate) otherwise: Option<Block>,
}

#[derive(Debug)]
pub(crate) struct TemplateCall {
    pub(crate) pos: Pos,
    pub(crate) name: EcoString,
    pub(crate) pipe: Option<Pipe>,
}

#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) pos: Pos,
    /// `=` rather than `:=`.
    pub(crate) assign: bool,
    /// The variables, `$` included.
    pub(crate) declared: Vec<EcoString>,
    pub(crate) commands: Vec<Command>,
}

#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) pos: Pos,
    pub(crate) args: Vec<Expr>,
}

#[derive(Debug)]
pub(crate) enum Expr {
    Function(Call),
    Dot(Pos),
    Nil(Pos),
    Field(Path),
    Variable(Path),
    Chain(Chain),
    Bool(Pos, bool),
    Number(Number),
    String(Quoted),
    Pipe(Box<Pipe>),
}

/// A function by name.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) pos: Pos,
    pub(crate) name: EcoString,
    pub(crate) function: Arc<Function>,
}

/// `.a.b`, or `$x.a.b` with the variable first.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) pos: Pos,
    pub(crate) names: Vec<EcoString>,
}

/// `(pipe).a.b`, or a function with fields.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) pos: Pos,
    pub(crate) node: Box<Expr>,
    pub(crate) fields: Vec<EcoString>,
}

#[derive(Debug)]
pub(crate) struct Quoted {
    pub(crate) pos: Pos,
    pub(crate) quoted: EcoString,
    pub(crate) text: Text,
}

impl Block {
    /// Tells whether there is nothing but white space.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|node| match node {
            Node::Text(text) => crate::go::unicode::trim_space(text.as_bytes()).is_empty(),
            _ => false,
        })
    }
}

impl Expr {
    pub(crate) fn pos(&self) -> Pos {
        match self {
            Self::Function(call) => call.pos,
            Self::Dot(pos) | Self::Nil(pos) | Self::Bool(pos, _) => *pos,
            Self::Field(path) | Self::Variable(path) => path.pos,
            Self::Chain(chain) => chain.pos,
            Self::Number(number) => number.pos,
            Self::String(quoted) => quoted.pos,
            Self::Pipe(pipe) => pipe.pos,
        }
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|node| node.fmt(f))
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Action(action) => write!(f, "{{{{{}}}}}", action.pipe),
            Self::If(branch) => branch.write(f, "if"),
            Self::With(branch) => branch.write(f, "with"),
            Self::Range(branch) => branch.write(f, "range"),
            Self::Template(call) => call.fmt(f),
            Self::Break(_) => f.write_str("{{break}}"),
            Self::Continue(_) => f.write_str("{{continue}}"),
        }
    }
}

impl Branch {
    pub(crate) fn write(&self, f: &mut fmt::Formatter<'_>, word: &str) -> fmt::Result {
        write!(f, "{{{{{word} {}}}}}{}", self.pipe, self.body)?;
        if let Some(otherwise) = &self.otherwise {
            write!(f, "{{{{else}}}}{otherwise}")?;
        }
        f.write_str("{{end}}")
    }
}

impl fmt::Display for TemplateCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", quote_str(&self.name))?;
        if let Some(pipe) = &self.pipe {
            write!(f, " {pipe}")?;
        }
        f.write_str("}}")
    }
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, variable) in self.declared.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            f.write_str(variable)?;
        }
        if !self.declared.is_empty() {
            f.write_str(if self.assign { " = " } else { " := " })?;
        }
        for (position, command) in self.commands.iter().enumerate() {
            if position > 0 {
                f.write_str(" | ")?;
            }
            command.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, arg) in self.args.iter().enumerate() {
            if position > 0 {
                f.write_char(' ')?;
            }
            match arg {
                Expr::Pipe(pipe) => write!(f, "({pipe})")?,
                arg => arg.fmt(f)?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(call) => f.write_str(&call.name),
            Self::Dot(_) => f.write_char('.'),
            Self::Nil(_) => f.write_str("nil"),
            Self::Field(path) => path.names.iter().try_for_each(|name| write!(f, ".{name}")),
            Self::Variable(path) => f.write_str(&path.names.join(".")),
            Self::Chain(chain) => {
                match &*chain.node {
                    Self::Pipe(pipe) => write!(f, "({pipe})")?,
                    node => node.fmt(f)?,
                }
                chain.fields.iter().try_for_each(|field| write!(f, ".{field}"))
            }
            Self::Bool(_, value) => value.fmt(f),
            Self::Number(number) => f.write_str(&number.text),
            Self::String(quoted) => f.write_str(&quoted.quoted),
            Self::Pipe(pipe) => pipe.fmt(f),
        }
    }
}
