//! The evaluator: walks a tree and writes.

mod call;
mod eval;

use crate::env::Env;
use crate::error::{Error, ErrorKind, Position};
use crate::function::Fault;
use crate::go::quote::quote_str;
use crate::options::MissingKey;
use crate::parse::ast::{Block, Branch, Command, Expr, Node, Pipe, TemplateCall, Tree};
use crate::template::Set;
use crate::value::{IntType, UintType, Value};
use std::fmt;
use trueup_manifest::Cancelled;

pub(crate) use eval::Operand;

type Result<T, E = Error> = std::result::Result<T, E>;

/// How the walk of a node ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Normal,
    Break,
    Continue,
}

/// The node being evaluated, for errors.
#[derive(Clone, Copy)]
pub(crate) enum At<'t> {
    Start,
    Node(&'t Node),
    Range(&'t Branch),
    Template(&'t TemplateCall),
    Pipe(&'t Pipe),
    Command(&'t Command),
    Expr(&'t Expr),
    Name(&'t crate::parse::ast::Call),
}

impl At<'_> {
    fn pos(self) -> Option<usize> {
        Some(match self {
            Self::Start => return None,
            Self::Node(node) => match node {
                Node::Action(action) => action.pos,
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => branch.pipe.pos,
                Node::Template(call) => call.pos,
                Node::Break(pos) | Node::Continue(pos) => *pos,
                Node::Text(_) => 0,
            },
            Self::Range(branch) => branch.pipe.pos,
            Self::Template(call) => call.pos,
            Self::Pipe(pipe) => pipe.pos,
            Self::Command(command) => command.pos,
            Self::Expr(expr) => expr.pos(),
            Self::Name(call) => call.pos,
        })
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => Ok(()),
            Self::Node(node) => node.fmt(f),
            Self::Range(branch) => branch.write(f, "range"),
            Self::Template(call) => call.fmt(f),
            Self::Pipe(pipe) => pipe.fmt(f),
            Self::Command(command) => command.fmt(f),
            Self::Expr(expr) => expr.fmt(f),
            Self::Name(call) => f.write_str(&call.name),
        }
    }
}

/// One execution of one template.
pub(crate) struct State<'t, 'e, 'o> {
    set: &'t Set,
    tree: &'t Tree,
    env: &'e mut Env<'o>,
    missing_key: MissingKey,
    out: Vec<u8>,
    vars: Vec<(&'t str, Operand)>,
    /// Where the variables of the current template start.
    base: usize,
    at: At<'t>,
    depth: usize,
    /// How many `template` actions are open.
    templates: usize,
    /// Values from outside are copied, since this render changes maps.
    owned: bool,
}

impl<'t, 'e, 'o> State<'t, 'e, 'o> {
    pub(crate) fn new(set: &'t Set, tree: &'t Tree, env: &'e mut Env<'o>, missing_key: MissingKey) -> Self {
        Self {
            set,
            tree,
            env,
            missing_key,
            out: Vec::with_capacity(256),
            vars: Vec::new(),
            base: 0,
            at: At::Start,
            depth: 0,
            templates: 0,
            owned: set.mutates(),
        }
    }

    /// Sets how deep this execution starts, when it is inside another.
    pub(crate) fn nested(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Executes the template on some data and returns what it wrote.
    pub(crate) fn run(mut self, data: Value) -> Result<Vec<u8>> {
        let dot = Operand::concrete(data);
        self.vars.push(("$", dot.clone()));
        self.block(&dot, &self.tree.root)?;
        Ok(self.out)
    }

    fn mark_at(&mut self, at: At<'t>) {
        self.at = at;
    }

    #[cold]
    fn error(&self, message: impl Into<String>) -> Error {
        self.error_of(ErrorKind::Exec, message.into())
    }

    #[cold]
    fn error_of(&self, kind: ErrorKind, detail: String) -> Error {
        let name = &self.tree.name;
        let Some(pos) = self.at.pos() else {
            let message = format!("template: {name}: {detail}");
            return Error::new(kind, message, detail).within(name.clone(), None);
        };
        let source = &self.tree.source;
        let before = source.text.get(..pos).unwrap_or(&source.text);
        let line = 1 + memchr::memchr_iter(b'\n', before.as_bytes()).count();
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
        let context = self.at.to_string();
        let message = format!(
            "template: {}:{line}:{column}: executing {} at <{context}>: {detail}",
            source.name,
            quote_str(name)
        );
        let position = Position { name: source.name.clone(), line, column: Some(column) };
        Error::new(kind, message, detail).at(position).within(name.clone(), Some(context))
    }

    #[cold]
    fn limit(&self, fault: Fault) -> Error {
        match fault {
            Fault::Error(text) | Fault::Raised(text) => self.error_of(ErrorKind::Call, text),
            Fault::Inner(before, inner) => self.error_of(ErrorKind::Call, format!("{before}{inner}")),
            Fault::Limit(text) => self.error_of(ErrorKind::Limit, text),
            Fault::Unsupported(text) => self.error_of(ErrorKind::Unsupported, text),
            Fault::Cancelled => self.error_of(ErrorKind::Cancelled, Cancelled.to_string()),
        }
    }

    fn step(&mut self) -> Result<()> {
        self.env.spend(1).map_err(|fault| self.limit(fault))
    }

    fn enter(&mut self) -> Result<()> {
        if self.depth >= self.env.limits.depth {
            let limit = self.env.limits.depth;
            return Err(self.error_of(ErrorKind::Limit, format!("exceeded maximum template depth ({limit})")));
        }
        self.depth += 1;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if self.out.len() + bytes.len() > self.env.limits.output {
            return Err(self.output_limit());
        }
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    #[cold]
    fn output_limit(&self) -> Error {
        let limit = self.env.limits.output;
        self.error_of(ErrorKind::Limit, format!("the output is longer than {limit} bytes"))
    }

    fn block(&mut self, dot: &Operand, block: &'t Block) -> Result<Flow> {
        self.enter()?;
        for node in &block.0 {
            let flow = self.node(dot, node)?;
            if flow != Flow::Normal {
                self.depth -= 1;
                return Ok(flow);
            }
        }
        self.depth -= 1;
        Ok(Flow::Normal)
    }

    fn node(&mut self, dot: &Operand, node: &'t Node) -> Result<Flow> {
        self.step()?;
        self.at = At::Node(node);
        match node {
            Node::Text(text) => self.write(text.as_bytes())?,
            Node::Action(action) => {
                let value = self.pipeline(dot, &action.pipe)?;
                if action.pipe.declared.is_empty() {
                    self.print(node, value)?;
                }
            }
            Node::If(branch) => return self.branch(dot, branch, false),
            Node::With(branch) => return self.branch(dot, branch, true),
            Node::Range(branch) => return self.range(dot, branch),
            Node::Template(call) => self.template(dot, call)?,
            Node::Break(_) => return Ok(Flow::Break),
            Node::Continue(_) => return Ok(Flow::Continue),
        }
        Ok(Flow::Normal)
    }

    fn print(&mut self, node: &'t Node, operand: Operand) -> Result<()> {
        self.at = At::Node(node);
        if operand.is_invalid() {
            return self.write(b"<no value>");
        }
        if let Value::Str(text) = &operand.value {
            return self.write(text.as_bytes());
        }
        let limit = self.env.limits.output;
        let mut out = std::mem::take(&mut self.out);
        let printed = crate::go::fmt::print_value(&mut out, &operand.value, limit);
        self.out = out;
        printed.map_err(|overflow| self.limit(overflow.into()))?;
        if self.out.len() > limit {
            return Err(self.output_limit());
        }
        Ok(())
    }

    /// Walks `if` and `with`; the links of an `else if` chain are turns of a loop.
    fn branch(&mut self, dot: &Operand, branch: &'t Branch, with: bool) -> Result<Flow> {
        let mark = self.vars.len();
        let mut branch = branch;
        let flow = loop {
            let value = self.pipeline(dot, &branch.pipe)?;
            if value.value.truth() {
                let inner = if with { &value } else { dot };
                break self.block(inner, &branch.body)?;
            }
            let Some(otherwise) = &branch.otherwise else { break Flow::Normal };
            match (otherwise.0.as_slice(), with) {
                ([Node::If(next)], false) | ([Node::With(next)], true) => {
                    self.step()?;
                    branch = next;
                }
                _ => break self.block(dot, otherwise)?,
            }
        };
        self.vars.truncate(mark);
        Ok(flow)
    }

    fn range(&mut self, dot: &Operand, branch: &'t Branch) -> Result<Flow> {
        self.at = At::Range(branch);
        let mark = self.vars.len();
        let value = self.pipeline(dot, &branch.pipe)?.value;
        let flow = self.range_over(dot, branch, value)?;
        self.vars.truncate(mark);
        // A break has done its work here; a continue is for an outer loop.
        Ok(if flow == Flow::Continue { Flow::Continue } else { Flow::Normal })
    }

    fn range_over(&mut self, dot: &Operand, branch: &'t Branch, value: Value) -> Result<Flow> {
        let mark = self.vars.len();
        let two = branch.pipe.declared.len() > 1;
        let mut ran = false;
        match &value {
            Value::Int(..) | Value::Uint(..) if two => {
                let text = self.value_text(&value)?;
                return Err(self.error(format!("can't use {text} to iterate over more than one variable")));
            }
            Value::Int(int, count) => {
                for i in 0..*count {
                    ran = true;
                    let turn = Operand::concrete(Value::Int(*int, i));
                    if self.turn(branch, Operand::invalid(), turn, mark)? == Flow::Break {
                        return Ok(Flow::Break);
                    }
                }
            }
            Value::Uint(uint, count) => {
                for u in 0..*count {
                    ran = true;
                    let turn = Operand::concrete(Value::Uint(*uint, u));
                    if self.turn(branch, Operand::invalid(), turn, mark)? == Flow::Break {
                        return Ok(Flow::Break);
                    }
                }
            }
            Value::List(list) => {
                let interface = list.elem().is_interface();
                for (index, item) in list.items().iter().enumerate() {
                    ran = true;
                    let index = Operand::concrete(Value::int(i64::try_from(index).unwrap_or(i64::MAX)));
                    let item = Operand { value: item.clone(), interface };
                    if self.turn(branch, index, item, mark)? == Flow::Break {
                        return Ok(Flow::Break);
                    }
                }
            }
            Value::Map(map) => {
                let interface = map.elem().is_interface();
                let entries = map.entries();
                self.env.spend(entries.len() as u64).map_err(|fault| self.limit(fault))?;
                for (key, value) in entries {
                    ran = true;
                    let key = Operand::concrete(Value::Str(key));
                    if self.turn(branch, key, Operand { value, interface }, mark)? == Flow::Break {
                        return Ok(Flow::Break);
                    }
                }
            }
            Value::Nil => {}
            other => {
                let text = self.value_text(other)?;
                return Err(self.error(format!("range can't iterate over {text}")));
            }
        }
        match &branch.otherwise {
            Some(otherwise) if !ran => self.block(dot, otherwise),
            _ => Ok(Flow::Normal),
        }
    }

    fn value_text(&self, value: &Value) -> Result<String> {
        let limit = self.env.limits.output;
        let text =
            crate::go::fmt::value_text(value, limit).map_err(|overflow| self.limit(overflow.into()))?;
        Ok(crate::value::lossy(&text))
    }

    fn turn(&mut self, branch: &'t Branch, index: Operand, item: Operand, mark: usize) -> Result<Flow> {
        self.step()?;
        let pipe = &branch.pipe;
        match (pipe.declared.as_slice(), pipe.assign) {
            ([], _) => {}
            ([one], true) => self.set_var(one, item.clone())?,
            ([first, second, ..], true) => {
                self.set_var(first, index)?;
                self.set_var(second, item.clone())?;
            }
            (declared, false) => {
                self.set_top(1, item.clone());
                if declared.len() > 1 {
                    self.set_top(2, index);
                }
            }
        }
        let flow = self.block(&item, &branch.body)?;
        self.vars.truncate(mark);
        Ok(if flow == Flow::Break { Flow::Break } else { Flow::Normal })
    }

    fn set_top(&mut self, from_top: usize, value: Operand) {
        let slot = self.vars.len().checked_sub(from_top).and_then(|at| self.vars.get_mut(at));
        if let Some((_, slot)) = slot {
            *slot = value;
        }
    }

    fn set_var(&mut self, name: &str, value: Operand) -> Result<()> {
        let scope = self.vars.get_mut(self.base..).unwrap_or_default();
        match scope.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, slot)) => {
                *slot = value;
                Ok(())
            }
            None => Err(self.error(format!("undefined variable: {name}"))),
        }
    }

    fn var(&self, name: &str) -> Result<Operand> {
        let scope = self.vars.get(self.base..).unwrap_or_default();
        match scope.iter().rev().find(|(known, _)| *known == name) {
            Some((_, value)) => Ok(value.clone()),
            None => Err(self.error(format!("undefined variable: {name}"))),
        }
    }

    fn template(&mut self, dot: &Operand, call: &'t TemplateCall) -> Result<()> {
        self.at = At::Template(call);
        let Some(tree) = self.set.lookup(&call.name) else {
            return Err(self.error(format!("template {} not defined", quote_str(&call.name))));
        };
        // Room for the body as well, so that it is this action that is one too many.
        self.enter()?;
        self.enter()?;
        self.depth -= 1;
        let value = match &call.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Operand::invalid(),
        };
        self.execute(tree, value)?;
        self.depth -= 1;
        Ok(())
    }

    /// Executes another template of the set with its own variables.
    fn execute(&mut self, tree: &'t Tree, dot: Operand) -> Result<()> {
        let (at, outer_tree, outer_base) = (self.at, self.tree, self.base);
        let mark = self.vars.len();
        self.templates += 1;
        (self.tree, self.base) = (tree, mark);
        self.vars.push(("$", dot.clone()));
        self.block(&dot, &tree.root)?;
        self.vars.truncate(mark);
        (self.at, self.tree, self.base) = (at, outer_tree, outer_base);
        self.templates -= 1;
        Ok(())
    }

    /// Gives an integer of a type, when a constant is one.
    fn sized(int: i64, ty: IntType) -> Value {
        Value::Int(ty, int)
    }

    fn uint(value: u64, ty: UintType) -> Value {
        Value::Uint(ty, value)
    }
}
