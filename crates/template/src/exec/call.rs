//! Calls: arguments against parameter types, functions and methods.

use super::eval::{Args, Operand};
use super::{At, Result, State};
use crate::chart;
use crate::error::{Error, ErrorKind};
use crate::function::{Body, Fault, Function, Ty};
use crate::go::quote::quote_str;
use crate::go::semver::Version;
use crate::go::time::{TIME_METHODS, TimeArg};
use crate::parse::ast::{Call, Expr};
use crate::value::{Elem, IntType, List, Map, MapElem, UintType, Value};
use ecow::EcoString;
use trueup_manifest::Cancelled;

/// The name under which Helm keeps the root of its templates.
const ROOT: &str = "gotpl";
/// What Helm cuts out of what `tpl` gives.
const NO_VALUE: &[u8] = b"<no value>";

/// A method that a value has: its parameters.
pub(super) type Params = Vec<Ty>;

/// Returns the parameters of a method, if the value has one of this name.
pub(super) fn method(value: &Value, name: &str) -> Option<Params> {
    match value {
        Value::Time(_) => {
            let (_, params) = TIME_METHODS.iter().find(|(known, _)| *known == name)?;
            Some(params.iter().map(|param| time_param(*param)).collect())
        }
        Value::Version(version) => {
            if version.is_plain() && !Version::has_plain_method(name) {
                return None;
            }
            let (count, text) = Version::method(name)?;
            Some(vec![if text { Ty::String } else { Ty::Version }; count])
        }
        Value::Int(IntType::Duration, _) => match name {
            "String" | "Hours" | "Minutes" | "Seconds" | "Milliseconds" | "Microseconds" | "Nanoseconds"
            | "Abs" => Some(Vec::new()),
            "Round" | "Truncate" => Some(vec![Ty::Duration]),
            _ => None,
        },
        Value::Int(IntType::Month | IntType::Weekday, _) => (name == "String").then(Vec::new),
        Value::Object(object) => object.method(name).map(|count| vec![Ty::Any; count]),
        Value::Map(map) => chart::map_method(map.elem(), name),
        Value::List(list) if list.elem() == Elem::VersionSet => (name == "Has").then(|| vec![Ty::String]),
        _ => None,
    }
}

fn time_param(param: TimeArg) -> Ty {
    match param {
        TimeArg::Str => Ty::String,
        TimeArg::Int => Ty::Int,
        TimeArg::Time => Ty::Time,
        TimeArg::Duration => Ty::Duration,
    }
}

fn duration_method(nanos: i64, name: &str, args: &[Value]) -> Value {
    let step = match args.first() {
        Some(Value::Int(_, step)) => *step,
        _ => 0,
    };
    let part = |unit: i64| (nanos / unit) as f64 + (nanos % unit) as f64 / unit as f64;
    let duration = |nanos| Value::Int(IntType::Duration, nanos);
    match name {
        "Hours" => part(3_600_000_000_000).into(),
        "Minutes" => part(60_000_000_000).into(),
        "Seconds" => part(1_000_000_000).into(),
        "Milliseconds" => Value::int64(nanos / 1_000_000),
        "Microseconds" => Value::int64(nanos / 1_000),
        "Nanoseconds" => Value::int64(nanos),
        "Abs" => duration(nanos.saturating_abs()),
        "Round" if step > 0 => duration(crate::go::duration::round(nanos, step)),
        "Truncate" if step > 0 => duration(nanos - nanos % step),
        "Round" | "Truncate" => duration(nanos),
        _ => crate::go::duration::duration_text(nanos).into(),
    }
}

impl<'t> State<'t, '_, '_> {
    pub(super) fn function(
        &mut self,
        dot: &Operand,
        call: &'t Call,
        args: Args<'t>,
        last: Option<Operand>,
    ) -> Result<Operand> {
        self.mark_at(At::Name(call));
        let function = &*call.function;
        self.check_count(
            &call.name,
            function.params.len(),
            function.rest.is_some(),
            args.given.len(),
            last.is_some(),
        )?;
        match &function.body {
            Body::And => self.short_circuit(dot, false, args.given, last),
            Body::Or => self.short_circuit(dot, true, args.given, last),
            Body::Call => self.call_builtin(dot, call, args, last),
            Body::Reflecting(body) => {
                let given = self.operands(dot, function, args.given, last)?;
                let result = body(self.env, &given);
                self.outcome(result, &call.name, args.node)
            }
            body => {
                let given = self.values(dot, function, args.given, last)?;
                let result = match body {
                    Body::Plain(body) => body(self.env, &given),
                    Body::User(body) => body(&given).map(|value| self.adopt(value)).map_err(Fault::Error),
                    Body::Include => self.include(&given),
                    _ => self.tpl(&given),
                };
                let result = result.and_then(|value| self.charge(value));
                let result = result.map(|value| Operand { value, interface: function.dynamic });
                self.outcome(result, &call.name, args.node)
            }
        }
    }

    /// Counts what a function made.
    fn charge(&mut self, value: Value) -> Result<Value, Fault> {
        match &value {
            Value::Str(text) if text.len() > 64 => self.env.allocate(text.len())?,
            Value::List(list) => self.env.allocate(list.capacity() * size_of::<Value>())?,
            _ => {}
        }
        Ok(value)
    }

    fn outcome(&mut self, result: Result<Operand, Fault>, name: &str, node: At<'t>) -> Result<Operand> {
        result.map_err(|fault| {
            self.mark_at(node);
            self.call_error(fault, name)
        })
    }

    #[cold]
    fn call_error(&self, fault: Fault, name: &str) -> Error {
        let (kind, text) = match fault {
            Fault::Error(text) => (ErrorKind::Call, text),
            Fault::Raised(text) => {
                return self.error_of(ErrorKind::Call, format!("error calling {name}: {text}")).raised(text);
            }
            Fault::Inner(before, inner) => {
                // A limit inside is a limit outside.
                let kind = match inner.kind() {
                    kind @ (ErrorKind::Limit | ErrorKind::Unsupported | ErrorKind::Cancelled) => kind,
                    _ => ErrorKind::Call,
                };
                return self
                    .error_of(kind, format!("error calling {name}: {before}{inner}"))
                    .caused_by(inner);
            }
            Fault::Limit(text) => (ErrorKind::Limit, text),
            Fault::Unsupported(text) => (ErrorKind::Unsupported, text),
            Fault::Cancelled => (ErrorKind::Cancelled, Cancelled.to_string()),
        };
        self.error_of(kind, format!("error calling {name}: {text}"))
    }

    fn check_count(&self, name: &str, fixed: usize, variadic: bool, given: usize, piped: bool) -> Result<()> {
        let total = given + usize::from(piped);
        if variadic && total < fixed {
            return Err(
                self.error(format!("wrong number of args for {name}: want at least {fixed} got {given}"))
            );
        }
        if !variadic && total != fixed {
            return Err(self.error(format!("wrong number of args for {name}: want {fixed} got {total}")));
        }
        Ok(())
    }

    fn param(function: &Function, position: usize) -> Ty {
        function.params.get(position).copied().or(function.rest).unwrap_or(Ty::Any)
    }

    fn values(
        &mut self,
        dot: &Operand,
        function: &Function,
        given: &'t [Expr],
        last: Option<Operand>,
    ) -> Result<Vec<Value>> {
        let mut values = Vec::with_capacity(given.len() + 1);
        for (position, arg) in given.iter().enumerate() {
            values.push(self.arg(dot, Self::param(function, position), arg)?.value);
        }
        if let Some(last) = last {
            values.push(self.validate(last, Self::param(function, given.len()))?.value);
        }
        Ok(values)
    }

    fn operands(
        &mut self,
        dot: &Operand,
        function: &Function,
        given: &'t [Expr],
        last: Option<Operand>,
    ) -> Result<Vec<Operand>> {
        let mut operands = Vec::with_capacity(given.len() + 1);
        for (position, arg) in given.iter().enumerate() {
            operands.push(self.arg(dot, Self::param(function, position), arg)?);
        }
        if let Some(last) = last {
            operands.push(self.validate(last, Self::param(function, given.len()))?);
        }
        Ok(operands)
    }

    fn short_circuit(
        &mut self,
        dot: &Operand,
        stop: bool,
        given: &'t [Expr],
        last: Option<Operand>,
    ) -> Result<Operand> {
        let mut value = Operand::invalid();
        for arg in given {
            value = self.arg(dot, Ty::Reflect, arg)?;
            if value.value.truth() == stop {
                return Ok(value);
            }
        }
        Ok(last.unwrap_or(value))
    }

    /// There are no function values here, so `call` only finds the words for its error.
    fn call_builtin(
        &mut self,
        dot: &Operand,
        call: &'t Call,
        args: Args<'t>,
        last: Option<Operand>,
    ) -> Result<Operand> {
        let given = self.operands(dot, &call.function, args.given, last)?;
        let name = match (args.given.first(), given.first()) {
            (Some(arg), _) => arg.to_string(),
            (None, Some(piped)) => match &piped.value {
                Value::Str(text) => text.to_string(),
                value => format!("<{} Value>", value.type_name()),
            },
            _ => String::new(),
        };
        let text = match given.first() {
            Some(operand) if !matches!(operand.value, Value::Nil) => {
                format!("non-function {name} of type {}", operand.value.type_name())
            }
            _ => "call of nil".to_owned(),
        };
        self.outcome(Err(Fault::Error(text)), &call.name, args.node)
    }

    #[expect(clippy::too_many_arguments, reason = "the shape of Go's evaluator: where, on what, with what")]
    pub(super) fn call_method(
        &mut self,
        dot: &Operand,
        receiver: &Value,
        name: &'t EcoString,
        params: Params,
        node: &'t Expr,
        given: &'t [Expr],
        last: Option<Operand>,
    ) -> Result<Operand> {
        self.check_count(name, params.len(), false, given.len(), last.is_some())?;
        let mut args = Vec::with_capacity(params.len());
        for (arg, ty) in given.iter().zip(&params) {
            args.push(self.arg(dot, *ty, arg)?.value);
        }
        if let (Some(last), Some(ty)) = (last, params.last()) {
            args.push(self.validate(last, *ty)?.value);
        }
        let result = match receiver {
            Value::Map(map) => return self.chart_method(map, name, &args, node),
            Value::List(list) => Ok(chart::has_version(list, &args)),
            Value::Time(time) => time.call(name, &args),
            Value::Version(version) => version.call(name, &args),
            Value::Int(IntType::Duration, nanos) => Ok(duration_method(*nanos, name, &args)),
            Value::Object(object) => object.call(name, &args).map(|value| self.adopt(value)),
            value => Ok(crate::go::fmt::stringer(value).unwrap_or_default().into()),
        };
        let result = result.map(Operand::concrete).map_err(Fault::Error);
        self.outcome(result, name, At::Expr(node))
    }

    /// Calls a method of the maps that Helm gives templates.
    fn chart_method(&mut self, map: &Map, name: &str, args: &[Value], node: &'t Expr) -> Result<Operand> {
        let result = chart::call_map_method(self.env, map, name, args);
        let result = result.and_then(|value| self.charge(value)).map(Operand::concrete);
        self.outcome(result, name, At::Expr(node))
    }

    /// Evaluates an argument for a parameter of this type.
    fn arg(&mut self, dot: &Operand, ty: Ty, expr: &'t Expr) -> Result<Operand> {
        self.mark_at(At::Expr(expr));
        let value = match expr {
            Expr::Dot(_) => dot.clone(),
            Expr::Nil(_) => return self.nil_arg(ty),
            Expr::Field(path) => self.field_node(dot, expr, path, &[], None)?,
            Expr::Variable(path) => self.variable(dot, expr, path, &[], None, None)?,
            Expr::Pipe(pipe) => self.nested_pipeline(dot, pipe)?,
            Expr::Function(call) => {
                self.function(dot, call, Args { given: &[], node: At::Name(call) }, None)?
            }
            Expr::Chain(chain) => self.chain(dot, expr, chain, &[], None)?,
            Expr::Bool(..) | Expr::Number(_) | Expr::String(_) => return self.constant(ty, expr),
        };
        self.validate(value, ty)
    }

    fn nil_arg(&mut self, ty: Ty) -> Result<Operand> {
        match zero(ty) {
            Some(zero) => Ok(zero),
            None => Err(self.error(format!("cannot assign nil to {}", ty.name()))),
        }
    }

    /// Gives a constant the type of the parameter.
    fn constant(&mut self, ty: Ty, expr: &'t Expr) -> Result<Operand> {
        let number = match expr {
            Expr::Number(number) => Some(number),
            _ => None,
        };
        let int = number.and_then(|number| number.int);
        let (value, expected) = match ty {
            Ty::Any | Ty::Reflect => {
                return match expr {
                    Expr::Bool(_, b) => Ok(Operand::concrete(Value::Bool(*b))),
                    Expr::String(quoted) => Ok(Operand::concrete(Value::Str(quoted.text.clone()))),
                    Expr::Number(number) => self.ideal(number),
                    _ => Ok(Operand::invalid()),
                };
            }
            Ty::String => match expr {
                Expr::String(quoted) => (Some(Value::Str(quoted.text.clone())), "string"),
                _ => (None, "string"),
            },
            Ty::Bool => match expr {
                Expr::Bool(_, b) => (Some(Value::Bool(*b)), "bool"),
                _ => (None, "bool"),
            },
            Ty::Int => (int.map(|int| Self::sized(int, IntType::Int)), "integer"),
            Ty::Int64 => (int.map(|int| Self::sized(int, IntType::Int64)), "integer"),
            Ty::Duration => (int.map(|int| Self::sized(int, IntType::Duration)), "integer"),
            Ty::Uint32 => {
                let uint = number.and_then(|number| number.uint);
                (uint.map(|uint| Self::uint(uint & 0xFFFF_FFFF, UintType::Uint32)), "unsigned integer")
            }
            Ty::Float64 => (number.and_then(|number| number.float).map(Value::Float), "float"),
            Ty::Map | Ty::List | Ty::Time | Ty::Version | Ty::Certificate => {
                return Err(self.error(format!("can't handle {expr} for arg of type {}", ty.name())));
            }
        };
        match value {
            Some(value) => Ok(Operand::concrete(value)),
            None => Err(self.error(format!("expected {expected}; found {expr}"))),
        }
    }

    /// Checks a value against a parameter type.
    fn validate(&self, operand: Operand, ty: Ty) -> Result<Operand> {
        if operand.is_invalid() {
            return match zero(ty) {
                Some(zero) => Ok(zero),
                None => Err(self.error(format!("invalid value; expected {}", ty.name()))),
            };
        }
        if ty == Ty::Any || ty == Ty::Reflect {
            return Ok(operand);
        }
        if ty.accepts(&operand.value) {
            return Ok(Operand::concrete(match operand.value {
                // A function sees the type of its parameter.
                Value::Map(map) if ty == Ty::Map => Value::Map(map.with_elem(MapElem::Any)),
                value => value,
            }));
        }
        let got = match &operand.value {
            Value::Nil => "interface {}".into(),
            value => value.type_name(),
        };
        Err(self.error(format!("wrong type for value; expected {}; got {got}", ty.name())))
    }

    fn include(&mut self, args: &[Value]) -> Result<Value, Fault> {
        let [Value::Str(name), data] = args else { return Err("include takes a name and data".into()) };
        let name = name.to_str_lossy();
        let set = self.set;
        let Some(tree) = set.lookup(&name) else {
            return Err(crate::template::no_template(&name, ROOT).to_string().into());
        };
        // Helm counts how often a name is inside of itself; here it is the depth of everything together.
        let nested =
            |_| format!("rendering template has a nested reference name: {name}: unable to execute template");
        let depth = self.deeper().map_err(|fault| Fault::Limit(nested(fault)))?;
        let state = State::new(set, tree, &mut *self.env, self.missing_key).nested(depth);
        state
            .run(data.clone())
            .map(|out| Value::Str(out.into()))
            .map_err(|inner| Fault::Inner(String::new(), inner))
    }

    fn tpl(&mut self, args: &[Value]) -> Result<Value, Fault> {
        let [Value::Str(text), data] = args else { return Err("tpl takes a text and data".into()) };
        let depth = self.deeper()?;
        let text = text.to_str_lossy();
        let quoted = quote_str(&text);
        // Parsing is work too, and each text is parsed anew.
        self.env.spend(text.len() as u64)?;
        let parsed = self.set.extended_with(ROOT, &text);
        let (set, tree) =
            parsed.map_err(|inner| Fault::Inner(format!("cannot parse template {quoted}: "), inner))?;
        let state = State::new(&set, &tree, &mut *self.env, self.missing_key).nested(depth);
        let out = state.run(data.clone()).map_err(|inner| {
            Fault::Inner(format!("error during tpl function execution for {quoted}: "), inner)
        })?;
        Ok(Value::Str(match memchr::memmem::find(&out, NO_VALUE) {
            None => out.into(),
            Some(_) => crate::value::without(&out, NO_VALUE).into(),
        }))
    }

    fn deeper(&self) -> Result<usize, Fault> {
        let limit = self.env.limits.depth;
        // An execution inside a function is a few frames more than a `template` action.
        let depth = self.depth + 4;
        if depth >= limit {
            return Err(Fault::Limit(format!("exceeded maximum template depth ({limit})")));
        }
        Ok(depth)
    }
}

/// Returns the nil of a type that has one.
fn zero(ty: Ty) -> Option<Operand> {
    Some(match ty {
        Ty::Any => Operand::interface(Value::Nil),
        Ty::Reflect => Operand::invalid(),
        Ty::Map => Operand::concrete(Value::Map(Map::nil(MapElem::Any))),
        Ty::List => Operand::concrete(Value::List(List::nil(Elem::Any))),
        // A nil version has no methods to call on it; Go's comparison would panic.
        Ty::Version => Operand::concrete(Value::Nil),
        _ => return None,
    })
}
