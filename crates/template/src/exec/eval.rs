//! Pipelines, commands, operands and fields.

use super::{At, Result, State};
use crate::error::ErrorKind;
use crate::go::quote::quote_str;
use crate::options::MissingKey;
use crate::parse::Number;
use crate::parse::ast::{Chain, Command, Expr, Path, Pipe};
use crate::value::{Kind, Map, Value};
use ecow::EcoString;
use std::borrow::Cow;
use std::sync::Arc;

/// What `reflect.Value` is to Go's evaluator: a value, and whether its static type is `interface {}`.
///
/// Nil with an interface type is a nil interface; nil without one is no value at all.
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    pub(crate) value: Value,
    pub(crate) interface: bool,
}

impl Operand {
    pub(crate) fn concrete(value: Value) -> Self {
        Self { value, interface: false }
    }

    pub(crate) fn interface(value: Value) -> Self {
        Self { value, interface: true }
    }

    pub(crate) fn invalid() -> Self {
        Self::concrete(Value::Nil)
    }

    pub(crate) fn is_invalid(&self) -> bool {
        !self.interface && matches!(self.value, Value::Nil)
    }

    /// Returns the name of the static type.
    pub(crate) fn type_name(&self) -> Cow<'static, str> {
        if self.interface { Cow::Borrowed("interface {}") } else { self.value.type_name() }
    }
}

/// The arguments of a command after its first word.
#[derive(Clone, Copy)]
pub(super) struct Args<'t> {
    pub(super) given: &'t [Expr],
    /// The words of the command, of which `given` is the tail, if this is a command.
    pub(super) node: At<'t>,
}

impl<'t> State<'t, '_, '_> {
    pub(super) fn pipeline(&mut self, dot: &Operand, pipe: &'t Pipe) -> Result<Operand> {
        self.mark_at(At::Pipe(pipe));
        let mut value = None;
        for command in &pipe.commands {
            let mut result = self.command(dot, command, value.take())?;
            result.interface = false;
            value = Some(result);
        }
        let value = value.unwrap_or_else(Operand::invalid);
        for name in &pipe.declared {
            if pipe.assign {
                self.set_var(name, value.clone())?;
            } else {
                self.vars.push((name, value.clone()));
            }
        }
        Ok(value)
    }

    fn not_a_function(&self, command: &'t Command, last: Option<&Operand>) -> Result<()> {
        if command.args.len() > 1 || last.is_some() {
            let word = command.args.first().map(|arg| match arg {
                Expr::Pipe(pipe) => pipe.to_string(),
                arg => arg.to_string(),
            });
            let word = word.unwrap_or_default();
            return Err(self.error(format!("can't give argument to non-function {word}")));
        }
        Ok(())
    }

    fn command(&mut self, dot: &Operand, command: &'t Command, last: Option<Operand>) -> Result<Operand> {
        self.step()?;
        let Some((first, given)) = command.args.split_first() else { return Ok(Operand::invalid()) };
        let args = Args { given, node: At::Command(command) };
        match first {
            Expr::Function(call) => return self.function(dot, call, args, last),
            Expr::Field(path) => return self.field_node(dot, first, path, given, last),
            Expr::Chain(chain) => return self.chain(dot, first, chain, given, last),
            Expr::Pipe(pipe) => {
                self.not_a_function(command, last.as_ref())?;
                return self.nested_pipeline(dot, pipe);
            }
            Expr::Variable(path) => return self.variable(dot, first, path, given, last, Some(command)),
            _ => {}
        }
        self.mark_at(At::Expr(first));
        self.not_a_function(command, last.as_ref())?;
        match first {
            Expr::Dot(_) => Ok(dot.clone()),
            Expr::Nil(_) => Err(self.error("nil is not a command")),
            Expr::Bool(_, b) => Ok(Operand::concrete(Value::Bool(*b))),
            Expr::Number(number) => self.ideal(number),
            Expr::String(quoted) => Ok(Operand::concrete(Value::Str(quoted.text.clone()))),
            _ => Err(self.error(format!("can't evaluate command {}", quote_str(&first.to_string())))),
        }
    }

    pub(super) fn nested_pipeline(&mut self, dot: &Operand, pipe: &'t Pipe) -> Result<Operand> {
        self.enter()?;
        let value = self.pipeline(dot, pipe)?;
        self.depth -= 1;
        Ok(value)
    }

    /// Gives a constant the type that its spelling suggests.
    pub(super) fn ideal(&mut self, number: &'t Number) -> Result<Operand> {
        let value = match (number.complex, number.float, number.int) {
            (Some(complex), ..) => Value::Complex(Arc::new(complex)),
            (_, Some(float), _) if number.looks_like_float() => Value::Float(float),
            (_, _, Some(int)) => Value::int(int),
            _ if number.uint.is_some() => return Err(self.error(format!("{} overflows int", number.text))),
            _ => Value::Nil,
        };
        Ok(Operand::concrete(value))
    }

    pub(super) fn field_node(
        &mut self,
        dot: &Operand,
        node: &'t Expr,
        path: &'t Path,
        args: &'t [Expr],
        last: Option<Operand>,
    ) -> Result<Operand> {
        self.mark_at(At::Expr(node));
        self.field_chain(dot, dot.clone(), node, &path.names, args, last)
    }

    pub(super) fn chain(
        &mut self,
        dot: &Operand,
        node: &'t Expr,
        chain: &'t Chain,
        args: &'t [Expr],
        last: Option<Operand>,
    ) -> Result<Operand> {
        self.mark_at(At::Expr(node));
        let receiver = self.untyped_arg(dot, &chain.node)?;
        self.field_chain(dot, receiver, node, &chain.fields, args, last)
    }

    pub(super) fn variable(
        &mut self,
        dot: &Operand,
        node: &'t Expr,
        path: &'t Path,
        args: &'t [Expr],
        last: Option<Operand>,
        command: Option<&'t Command>,
    ) -> Result<Operand> {
        self.mark_at(At::Expr(node));
        let Some((name, fields)) = path.names.split_first() else { return Ok(Operand::invalid()) };
        let value = self.var(name)?;
        if fields.is_empty() {
            if let Some(command) = command {
                self.not_a_function(command, last.as_ref())?;
            }
            return Ok(value);
        }
        self.field_chain(dot, value, node, fields, args, last)
    }

    fn field_chain(
        &mut self,
        dot: &Operand,
        receiver: Operand,
        node: &'t Expr,
        names: &'t [EcoString],
        args: &'t [Expr],
        last: Option<Operand>,
    ) -> Result<Operand> {
        let Some((final_name, names)) = names.split_last() else { return Ok(receiver) };
        let mut receiver = receiver;
        for name in names {
            receiver = self.field(dot, name, node, &[], None, receiver)?;
        }
        self.field(dot, final_name, node, args, last, receiver)
    }

    fn field(
        &mut self,
        dot: &Operand,
        name: &'t EcoString,
        node: &'t Expr,
        args: &'t [Expr],
        last: Option<Operand>,
        receiver: Operand,
    ) -> Result<Operand> {
        if let Value::Map(map) = &receiver.value {
            if let Some(method) = super::call::method(&receiver.value, name) {
                return self.call_method(dot, &receiver.value, name, method, node, args, last);
            }
            if !args.is_empty() || last.is_some() {
                return Err(self.error(format!("{name} is not a method but has arguments")));
            }
            return self.map_field(map, name);
        }
        if receiver.is_invalid() {
            if self.missing_key == MissingKey::Error {
                let detail = format!("nil data; no entry for key {}", quote_str(name));
                return Err(self.error_of(ErrorKind::MissingKey, detail));
            }
            return Ok(Operand::invalid());
        }
        if matches!(receiver.value, Value::Nil) {
            return Err(self.error(format!("nil pointer evaluating interface {{}}.{name}")));
        }
        if let Some(method) = super::call::method(&receiver.value, name) {
            return self.call_method(dot, &receiver.value, name, method, node, args, last);
        }
        if (receiver.value.kind() == Kind::Struct || receiver.value.kind() == Kind::Ptr)
            && let Some(found) = self.struct_field(&receiver, name, !args.is_empty() || last.is_some())?
        {
            return Ok(found);
        }
        Err(self.error(format!("can't evaluate field {name} in type {}", receiver.type_name())))
    }

    fn map_field(&mut self, map: &Map, name: &EcoString) -> Result<Operand> {
        let any = map.elem().is_interface();
        if let Some(value) = map.get(name.as_bytes()) {
            return Ok(Operand { value, interface: any });
        }
        match (self.missing_key, any) {
            (MissingKey::Invalid, _) => Ok(Operand::invalid()),
            (MissingKey::Zero, true) => Ok(Operand::interface(Value::Nil)),
            (MissingKey::Zero, false) => Ok(Operand::concrete(map.elem().zero())),
            (MissingKey::Error, _) => {
                let detail = format!("map has no entry for key {}", quote_str(name));
                let keys = map.keys();
                let nearby = trueup_manifest::similar(name, keys.iter().filter_map(|key| key.as_str()));
                let nearby = nearby.into_iter().map(str::to_owned).collect();
                Err(self.error_of(ErrorKind::MissingKey, detail).nearby_names(nearby))
            }
        }
    }

    fn struct_field(&mut self, receiver: &Operand, name: &str, args: bool) -> Result<Option<Operand>> {
        let unexported: &[&str] = match &receiver.value {
            Value::Time(_) => &["wall", "ext", "loc"],
            Value::Version(_) => &["major", "minor", "patch", "pre", "metadata", "original"],
            Value::Object(object) => {
                let Some(value) = object.field(name) else { return Ok(None) };
                if args {
                    return Err(self.error(format!("{name} has arguments but cannot be invoked as function")));
                }
                return Ok(Some(Operand::concrete(self.adopt(value))));
            }
            _ => &[],
        };
        if unexported.contains(&name) {
            let ty = receiver.type_name();
            return Err(self.error(format!("{name} is an unexported field of struct type {ty}")));
        }
        Ok(None)
    }

    /// Takes a value from outside into this render; its maps must not be changed for the host.
    pub(super) fn adopt(&self, value: Value) -> Value {
        if self.owned { value.deep_copy() } else { value }
    }

    /// Evaluates the receiver of a chain.
    fn untyped_arg(&mut self, dot: &Operand, expr: &'t Expr) -> Result<Operand> {
        self.mark_at(At::Expr(expr));
        match expr {
            Expr::Pipe(pipe) => self.nested_pipeline(dot, pipe),
            Expr::Function(call) => self.function(dot, call, Args { given: &[], node: At::Name(call) }, None),
            Expr::Chain(chain) => self.chain(dot, expr, chain, &[], None),
            Expr::Nil(_) => Err(self.error("nil is not a command")),
            _ => Err(self.error(format!("can't handle {expr} for arg of type <nil>"))),
        }
    }
}
