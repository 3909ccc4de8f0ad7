//! Functions: their types, and the table a template is parsed with.

use crate::env::Env;
use crate::error::Error;
use crate::exec::Operand;
use crate::value::{Elem, IntType, Value};
use ecow::EcoString;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A parameter type. Arguments must be of it: Go templates convert no numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ty {
    /// `interface {}`
    Any,
    /// `string`
    String,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `uint32`
    Uint32,
    /// `float64`
    Float64,
    /// `bool`
    Bool,
    /// `map[string]interface {}`
    Map,
    /// `[]interface {}`
    List,
    /// `time.Time`
    Time,
    /// `time.Duration`
    Duration,
    /// `*semver.Version`
    Version,
    /// `sprig.certificate`
    Certificate,
    /// `reflect.Value`: what the built-in functions take.
    Reflect,
}

impl Ty {
    /// Returns Go's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::String => "string",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Uint32 => "uint32",
            Self::Float64 => "float64",
            Self::Bool => "bool",
            Self::Map => "map[string]interface {}",
            Self::List => "[]interface {}",
            Self::Time => "time.Time",
            Self::Duration => "time.Duration",
            Self::Version => "*semver.Version",
            Self::Certificate => "sprig.certificate",
            Self::Reflect => "reflect.Value",
        }
    }

    /// Tells whether a value that is not an interface may be assigned to it.
    pub(crate) fn accepts(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Any | Self::Reflect, _) => true,
            (Self::String, Value::Str(_)) => true,
            (Self::Int, Value::Int(IntType::Int, _)) => true,
            (Self::Int64, Value::Int(IntType::Int64, _)) => true,
            (Self::Duration, Value::Int(IntType::Duration, _)) => true,
            (Self::Uint32, Value::Uint(crate::value::UintType::Uint32, _)) => true,
            (Self::Float64, Value::Float(_)) => true,
            (Self::Bool, Value::Bool(_)) => true,
            (Self::Map, Value::Map(map)) => map.elem().is_interface(),
            (Self::List, Value::List(list)) => list.elem() == Elem::Any,
            (Self::Time, Value::Time(_)) => true,
            (Self::Version, Value::Version(version)) => !version.is_plain(),
            (Self::Certificate, Value::Object(object)) => object.type_name() == "sprig.certificate",
            _ => false,
        }
    }
}

/// Why a function failed.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The function's own error: `error calling F: TEXT`.
    Error(String),
    /// What a template raised itself, with Helm's `fail` or `required`.
    Raised(String),
    /// The error of a template that the function executed, and what comes before its text.
    Inner(String, Error),
    /// A limit was reached.
    Limit(String),
    /// The function cannot be had here.
    Unsupported(String),
    /// The render was stopped.
    Cancelled,
}

impl From<String> for Fault {
    fn from(text: String) -> Self {
        Self::Error(text)
    }
}

impl From<&str> for Fault {
    fn from(text: &str) -> Self {
        Self::Error(text.to_owned())
    }
}

impl From<crate::go::fmt::Overflow> for Fault {
    fn from(overflow: crate::go::fmt::Overflow) -> Self {
        Self::Limit(match overflow {
            crate::go::fmt::Overflow::Bytes => "the text of a value is longer than the limit".to_owned(),
            crate::go::fmt::Overflow::Depth => "a value is nested too deep to print".to_owned(),
        })
    }
}

pub(crate) type Outcome<T = Value> = Result<T, Fault>;
pub(crate) type Plain = fn(&mut Env<'_>, &[Value]) -> Outcome;
pub(crate) type Reflecting = fn(&mut Env<'_>, &[Operand]) -> Outcome<Operand>;
type User = dyn Fn(&[Value]) -> Result<Value, String> + Send + Sync;

/// What a function does.
#[derive(Clone)]
pub(crate) enum Body {
    Plain(Plain),
    Reflecting(Reflecting),
    User(Arc<User>),
    /// The built-in `and`, which stops at the first false argument.
    And,
    /// The built-in `or`, which stops at the first true argument.
    Or,
    /// The built-in `call`.
    Call,
    /// Helm's `include`.
    Include,
    /// Helm's `tpl`.
    Tpl,
}

/// A function with its signature.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) params: &'static [Ty],
    pub(crate) rest: Option<Ty>,
    /// The result's static type is `interface {}`.
    pub(crate) dynamic: bool,
    /// The function may change a map.
    pub(crate) mutates: bool,
    pub(crate) body: Body,
}

impl Function {
    pub(crate) const fn new(params: &'static [Ty], rest: Option<Ty>, body: Body) -> Self {
        Self { params, rest, dynamic: false, mutates: false, body }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function")
            .field("params", &self.params)
            .field("rest", &self.rest)
            .finish_non_exhaustive()
    }
}

/// The functions that a template may call. Cloning is O(1).
///
/// ```
/// use trueup_template::{Functions, Options, Template, Ty, Value};
///
/// let functions = Functions::builtin()
///     .with_sprig()
///     .without(&["env", "expandenv"])
///     .with("shout", &[Ty::String], |args| match args {
///         [Value::Str(text)] => Ok(format!("{text}!").into()),
///         _ => Err("a string is wanted".into()),
///     });
/// let template = Template::parse("t", "{{ .who | upper | shout }}", &functions)?;
/// let data = Value::from_iter([("who", Value::from("world"))]);
/// assert_eq!(template.render(&data, &Options::default())?, "WORLD!");
/// # Ok::<(), trueup_template::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Functions(Arc<BTreeMap<EcoString, Arc<Function>>>);

impl Functions {
    /// Returns Go's built-in functions.
    pub fn builtin() -> Self {
        Self(Arc::new(crate::builtins::table().map(|(name, f)| (name.into(), Arc::new(f))).collect()))
    }

    /// Adds the functions of sprig 3.3.
    ///
    /// `env`, `expandenv` and `getHostByName` exist, so that templates parse as they do upstream, and fail when called.
    #[must_use]
    pub fn with_sprig(self) -> Self {
        self.extended(crate::sprig::table())
    }

    /// Adds what Argo CD gives ApplicationSets: sprig without the environment and the network, and its own functions.
    #[must_use]
    pub fn with_argocd(self) -> Self {
        let sprig = self.with_sprig().without(&["env", "expandenv", "getHostByName"]);
        sprig.extended(crate::argocd::table())
    }

    /// Adds what Helm gives charts: sprig without the environment, and its own functions.
    #[must_use]
    pub fn with_helm(self) -> Self {
        self.with_sprig().without(&["env", "expandenv"]).extended(crate::helm::table())
    }

    /// Adds a function of fixed arguments; one of the same name is replaced.
    #[must_use]
    pub fn with(
        self,
        name: &str,
        params: &'static [Ty],
        body: impl Fn(&[Value]) -> Result<Value, String> + Send + Sync + 'static,
    ) -> Self {
        let function = Function::new(params, None, Body::User(Arc::new(body)));
        self.extended([(name, Function { dynamic: true, ..function })].into_iter())
    }

    /// Adds a function that takes `params` and then any number of `rest`; one of the same name is replaced.
    #[must_use]
    pub fn with_variadic(
        self,
        name: &str,
        params: &'static [Ty],
        rest: Ty,
        body: impl Fn(&[Value]) -> Result<Value, String> + Send + Sync + 'static,
    ) -> Self {
        let function = Function::new(params, Some(rest), Body::User(Arc::new(body)));
        self.extended([(name, Function { dynamic: true, ..function })].into_iter())
    }

    /// Takes functions away; a template that names one does not parse.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        let table = Arc::make_mut(&mut self.0);
        for name in names {
            table.remove(*name);
        }
        self
    }

    /// Returns the names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(EcoString::as_str)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Function>> {
        self.0.get(name)
    }

    fn extended<'a>(mut self, functions: impl Iterator<Item = (&'a str, Function)>) -> Self {
        let table = Arc::make_mut(&mut self.0);
        table.extend(functions.map(|(name, function)| (EcoString::from(name), Arc::new(function))));
        self
    }
}
