//! jq path expressions: compiled once, counted steps, no clock, no environment.

use ecow::EcoString;
use jaq_core::data::HasLut;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Term};
use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::path::{Part, Path};
use jaq_core::{Compiler, Ctx, DataT, Error, Exn, Lut, Native, Vars, unwrap_valr};
use jaq_json::{Map as JqMap, Num, Val};
use std::cell::Cell;
use std::fmt;
use trueup_manifest::{Map, Number, Value, View};

/// How many steps one expression may take on one object.
const MAX_STEPS: usize = 200_000;
/// How many paths one expression may give.
const MAX_PATHS: usize = 20_000;
/// How long an expression may be.
const MAX_LENGTH: usize = 4096;

/// Filters that know the time, the environment or the terminal, and what is defined by them.
const IMPURE: [&str; 13] = [
    "now",
    "env",
    "halt",
    "halt_error",
    "localtime",
    "strflocaltime",
    "debug",
    "debug_empty",
    "stderr",
    "stderr_empty",
    "input",
    "inputs",
    "input_filename",
];

const STEP: &str = "trueup_step";
const EXPRESSION: &str = "trueup_expression";

struct Counted;

#[derive(Clone)]
struct Data<'a> {
    lut: &'a Lut<Counted>,
    left: &'a Cell<usize>,
}

impl<'a> HasLut<'a, Counted> for Data<'a> {
    fn lut(&self) -> &'a Lut<Counted> {
        self.lut
    }
}

impl DataT for Counted {
    type V<'a> = Val;
    type Data<'a> = Data<'a>;
}

/// A compiled expression.
pub(crate) struct JqPath {
    filter: jaq_core::compile::Filter<Native<Counted>>,
    mode: Mode,
}

/// How an expression is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// It gives paths, which are deleted at once.
    Paths,
    /// It closes the parenthesis of `del(…)` and goes on: a program that gives the new object.
    Program,
}

impl fmt::Debug for JqPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JqPath")
    }
}

/// One step of a path that an expression gave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Key(EcoString),
    Index(isize),
    Range(Option<isize>, Option<isize>),
}

/// What an expression makes of an object.
pub(crate) struct Deleted {
    pub(crate) object: Value,
    /// What is gone, as far as the expression says.
    pub(crate) paths: Vec<Vec<Step>>,
}

impl JqPath {
    /// Compiles an expression.
    pub(crate) fn new(expression: &str) -> Result<Self, String> {
        if expression.len() > MAX_LENGTH {
            return Err(format!("longer than {MAX_LENGTH} bytes"));
        }
        if let Some(term) = load::parse(expression, |parser| parser.term()) {
            return Ok(Self { filter: compiled(term, "path(trueup_expression)")?, mode: Mode::Paths });
        }
        let program = format!("del({expression})");
        let term = load::parse(&program, |parser| parser.term()).ok_or("syntax error")?;
        Ok(Self { filter: compiled(term, "trueup_expression")?, mode: Mode::Program })
    }

    /// Returns the object without what the expression names.
    pub(crate) fn delete(&self, object: &Value) -> Result<Deleted, String> {
        match self.mode {
            Mode::Paths => {
                let paths = self.paths(object)?;
                Ok(Deleted { object: delete(object, paths.clone()), paths })
            }
            Mode::Program => self.run(object, |outputs| {
                let first = outputs.next().ok_or("JQ patch did not return any data")??;
                match outputs.next() {
                    None => Ok(Deleted { object: value_of(&first, 0)?, paths: Vec::new() }),
                    Some(_) => Err("JQ patch returned multiple objects".into()),
                }
            }),
        }
    }

    fn paths(&self, object: &Value) -> Result<Vec<Vec<Step>>, String> {
        self.run(object, |outputs| {
            let mut paths = Vec::new();
            for path in outputs {
                if paths.len() == MAX_PATHS {
                    return Err(format!("JQ patch gives more than {MAX_PATHS} paths"));
                }
                paths.push(steps_of(&path?)?);
            }
            Ok(paths)
        })
    }

    fn run<T>(
        &self,
        object: &Value,
        take: impl FnOnce(&mut dyn Iterator<Item = Result<Val, String>>) -> Result<T, String>,
    ) -> Result<T, String> {
        let left = Cell::new(MAX_STEPS);
        let ctx = Ctx::<Counted>::new(Data { lut: &self.filter.lut, left: &left }, Vars::new([]));
        let outputs = self.filter.id.run((ctx, val_of(object))).map(unwrap_valr);
        take(&mut outputs.map(|output| output.map_err(|error| format!("JQ patch returned error: {error}"))))
    }
}

/// Says what could not be read the way gojq says it.
const FROM_JSON: &str = r#"def fromjson: . as $text | try trueup_fromjson catch error("fromjson cannot be applied to: \($text)");"#;
/// Finds nothing in nothing, as gojq does.
const FINDING: &str = "def index($i): if . == null then null else indices($i) | .[0] end;
def rindex($i): if . == null then null else indices($i) | .[-1:] | .[0] end;";

fn compiled(term: Term<&str>, main: &str) -> Result<jaq_core::compile::Filter<Native<Counted>>, String> {
    let own = Def { name: EXPRESSION, args: Vec::new(), body: instrumented(term, 0)? };
    let pure = |def: &Def<&'static str>| !IMPURE.contains(&def.name);
    let own_defs = |text| load::parse(text, |parser| parser.defs()).unwrap_or_default();
    let (from_json, finding) = (own_defs(FROM_JSON), own_defs(FINDING));
    let library = jaq_core::defs()
        .chain(jaq_std::defs())
        .filter(pure)
        .chain(from_json)
        .chain(jaq_json::defs())
        .chain(finding);
    let library = library.map(|def| instrumented_def(def, 0)).collect::<Result<Vec<_>, _>>()?;
    let arena = Arena::default();
    let loader = Loader::new(library.into_iter().chain([own]));
    let modules = loader.load(&arena, File { code: main, path: () }).map_err(|_| "cannot be loaded")?;
    let natives = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let renamed =
        |(name, args, native)| (if name == "fromjson" { "trueup_fromjson" } else { name }, args, native);
    let natives = natives.filter(|(name, ..)| !IMPURE.contains(name)).map(renamed).chain([step()]);
    Compiler::default().with_funs(natives).compile(modules).map_err(|errors| {
        let undefined = errors.into_iter().flat_map(|(_, errors)| errors);
        let undefined = undefined.map(|(name, what)| format!("undefined {} `{name}`", what.as_str()));
        undefined.collect::<Vec<_>>().join(", ")
    })
}

/// How deep a value that a program made may nest.
const MAX_DEPTH: usize = 256;

fn value_of(val: &Val, depth: usize) -> Result<Value, String> {
    if depth > MAX_DEPTH {
        return Err(format!("JQ patch returned something nested deeper than {MAX_DEPTH} levels"));
    }
    Ok(match val {
        Val::Null => Value::NULL,
        Val::Bool(b) => (*b).into(),
        Val::Num(Num::Int(i)) => i64::try_from(*i).map_or_else(|_| Value::from(*i as f64), Value::from),
        Val::Num(Num::Float(f)) => (*f).into(),
        Val::Num(other) => other.to_string().parse::<f64>().map_err(|error| error.to_string())?.into(),
        Val::TStr(text) | Val::BStr(text) => String::from_utf8_lossy(text).as_ref().into(),
        Val::Arr(items) => {
            items.iter().map(|item| value_of(item, depth + 1)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Val::Obj(members) => {
            let mut out = Map::new();
            for (key, member) in members.iter() {
                let Val::TStr(key) = key else { return Err(format!("{key} is no key")) };
                out.insert(String::from_utf8_lossy(key).as_ref(), value_of(member, depth + 1)?);
            }
            out.into()
        }
    })
}

fn step() -> (&'static str, Box<[jaq_core::Bind]>, Native<Counted>) {
    let native = Native::<Counted>::new(|cv: jaq_core::Cv<'_, Counted>| match spend(cv.0.data().left) {
        Ok(()) => Box::new(std::iter::once(Ok(cv.1))),
        Err(error) => Box::new(std::iter::once(Err(error))),
    });
    let native = native.with_paths(|cv| match spend(cv.0.data().left) {
        Ok(()) => Box::new(std::iter::once(Ok(cv.1))),
        Err(error) => Box::new(std::iter::once(Err(error))),
    });
    let native = native.with_update(|cv, update| match spend(cv.0.data().left) {
        Ok(()) => update(cv.1),
        Err(error) => Box::new(std::iter::once(Err(error))),
    });
    (STEP, Box::new([]), native)
}

fn spend(left: &Cell<usize>) -> Result<(), Exn<'static, Val>> {
    match left.get().checked_sub(1) {
        Some(rest) => {
            left.set(rest);
            Ok(())
        }
        None => {
            Err(Exn::from(Error::str(format_args!("JQ patch execution took more than {MAX_STEPS} steps"))))
        }
    }
}

/// How deep an expression may nest.
const MAX_NESTING: usize = 64;

type Instrumented<'s> = Result<Term<&'s str>, String>;

fn instrumented_def(def: Def<&str>, depth: usize) -> Result<Def<&str>, String> {
    let body = counted(instrumented_library(def.body, depth)?);
    Ok(Def { body, ..def })
}

/// The library may define filters of its own; an expression may not: what calls itself may never end.
fn instrumented_library(term: Term<&str>, depth: usize) -> Instrumented<'_> {
    match term {
        Term::Def(defs, body) => {
            let defs = defs
                .into_iter()
                .map(|def| instrumented_def(def, depth + 1))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(Term::Def(defs, Box::new(instrumented_library(*body, depth + 1)?)))
        }
        other => instrumented(other, depth),
    }
}

/// `f` becomes `step | f`.
fn counted(term: Term<&str>) -> Term<&str> {
    Term::BinOp(Box::new(Term::Call(STEP, Vec::new())), BinaryOp::Pipe(None), Box::new(term))
}

/// Puts a step wherever one value leads to another evaluation.
fn instrumented(term: Term<&str>, depth: usize) -> Instrumented<'_> {
    if depth > MAX_NESTING {
        return Err(format!("nested deeper than {MAX_NESTING} levels"));
    }
    let inner = |term: Term<_>| instrumented(term, depth + 1);
    let boxed = |term: Box<Term<_>>| inner(*term).map(Box::new);
    let many = |terms: Vec<Term<_>>| terms.into_iter().map(inner).collect::<Result<Vec<_>, _>>();
    Ok(match term {
        Term::Def(..) => return Err("definitions are unsupported in paths".into()),
        Term::Str(format, parts) => {
            let part = |part| match part {
                StrPart::Term(term) => inner(term).map(StrPart::Term),
                StrPart::Str(text) => Ok(StrPart::Str(text)),
                StrPart::Char(c) => Ok(StrPart::Char(c)),
            };
            Term::Str(format, parts.into_iter().map(part).collect::<Result<_, String>>()?)
        }
        Term::Arr(items) => Term::Arr(items.map(boxed).transpose()?),
        Term::Obj(members) => {
            let member =
                |(key, value): (Term<_>, Option<Term<_>>)| Ok((inner(key)?, value.map(inner).transpose()?));
            Term::Obj(members.into_iter().map(member).collect::<Result<_, String>>()?)
        }
        Term::Neg(term) => Term::Neg(boxed(term)?),
        Term::BinOp(left, op, right) => Term::BinOp(boxed(left)?, op, Box::new(counted(inner(*right)?))),
        Term::Label(name, term) => Term::Label(name, boxed(term)?),
        Term::Fold(name, source, pattern, args) => {
            let args = many(args)?.into_iter().map(counted).collect();
            Term::Fold(name, boxed(source)?, pattern, args)
        }
        Term::TryCatch(body, catch) => Term::TryCatch(boxed(body)?, catch.map(boxed).transpose()?),
        Term::IfThenElse(branches, otherwise) => {
            let branch = |(condition, then)| Ok((inner(condition)?, inner(then)?));
            let branches = branches.into_iter().map(branch).collect::<Result<_, String>>()?;
            Term::IfThenElse(branches, otherwise.map(boxed).transpose()?)
        }
        Term::Call(name, args) => {
            let args = many(args)?.into_iter().map(counted).collect();
            Term::Call(name, args)
        }
        Term::Path(head, path) => {
            let part = |(part, opt)| {
                let part = match part {
                    Part::Index(index) => Part::Index(inner(index)?),
                    Part::Range(from, to) => {
                        Part::Range(from.map(inner).transpose()?, to.map(inner).transpose()?)
                    }
                };
                Ok((part, opt))
            };
            let parts = path.0.into_iter().map(part).collect::<Result<_, String>>()?;
            let head = match *head {
                Term::Id => Term::Id,
                head => Term::BinOp(
                    Box::new(inner(head)?),
                    BinaryOp::Pipe(None),
                    Box::new(Term::Call(STEP, Vec::new())),
                ),
            };
            Term::Path(Box::new(head), Path(parts))
        }
        leaf @ (Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_)) => leaf,
    })
}

fn val_of(value: &Value) -> Val {
    match value.view() {
        View::Null => Val::Null,
        View::Bool(b) => Val::Bool(b),
        View::Number(Number::Int(i)) => {
            isize::try_from(i).map_or(Val::Num(Num::Float(i as f64)), |i| Val::Num(Num::Int(i)))
        }
        View::Number(n) => Val::Num(Num::Float(n.as_f64())),
        View::String(text) => Val::utf8_str(text.to_owned()),
        View::Seq(items) => items.iter().map(val_of).collect(),
        View::Map(map) => {
            let mut sorted = map.clone();
            sorted.sort_keys();
            let members = sorted.iter().map(|(key, value)| (Val::utf8_str(key.to_string()), val_of(value)));
            Val::obj(members.collect::<JqMap>())
        }
    }
}

fn steps_of(path: &Val) -> Result<Vec<Step>, String> {
    let Val::Arr(steps) = path else { return Err("JQ patch returned no path".into()) };
    steps.iter().map(step_of).collect()
}

fn step_of(step: &Val) -> Result<Step, String> {
    let index = |val: &Val| match val {
        Val::Num(Num::Int(i)) => Some(*i),
        Val::Num(Num::Float(f)) => Some(*f as isize),
        _ => None,
    };
    match step {
        Val::TStr(text) | Val::BStr(text) => Ok(Step::Key(String::from_utf8_lossy(text).as_ref().into())),
        Val::Num(_) => index(step).map(Step::Index).ok_or_else(|| format!("{step} is no index")),
        Val::Obj(range) => {
            let end = |name: &str| range.get(&Val::utf8_str(name.to_owned())).and_then(index);
            Ok(Step::Range(end("start"), end("end")))
        }
        _ => Err(format!("{step} is no step of a path")),
    }
}

/// Deletes paths all at once, as `del` does: later ones first, so that earlier indexes stay right.
fn delete(object: &Value, mut paths: Vec<Vec<Step>>) -> Value {
    let mut out = object.clone();
    for path in &mut paths {
        resolve(object, path);
    }
    paths.sort();
    paths.dedup();
    for path in paths.iter().rev() {
        delete_one(&mut out, path);
    }
    out
}

/// Makes negative indexes count from the front.
fn resolve(object: &Value, path: &mut [Step]) {
    let mut at = Some(object);
    for step in path {
        let len = at.and_then(Value::as_seq).map_or(0, <[Value]>::len);
        if let Step::Index(index) = step
            && *index < 0
        {
            *index += isize::try_from(len).unwrap_or(isize::MAX);
        }
        at = at.and_then(|value| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.item(usize::try_from(*index).ok()?),
            Step::Range(..) => None,
        });
    }
}

fn delete_one(value: &mut Value, path: &[Step]) {
    let Some((first, rest)) = path.split_first() else {
        *value = Value::NULL;
        return;
    };
    if rest.is_empty() {
        return delete_last(value, first);
    }
    let below = match first {
        Step::Key(key) => value.get_mut(key),
        Step::Index(index) => usize::try_from(*index).ok().and_then(|index| value.item_mut(index)),
        Step::Range(..) => None,
    };
    if let Some(below) = below {
        delete_one(below, rest);
    }
}

fn delete_last(value: &mut Value, step: &Step) {
    match step {
        Step::Key(key) => {
            if let Some(map) = value.as_map_mut() {
                map.remove(key);
            }
        }
        Step::Index(index) => {
            let in_range =
                |items: &[Value]| usize::try_from(*index).ok().filter(|index| *index < items.len());
            if let Some(index) = value.as_seq().and_then(in_range)
                && let Some(items) = value.as_seq_mut()
            {
                items.remove(index);
            }
        }
        Step::Range(from, to) => {
            let Some(items) = value.as_seq_mut() else { return };
            let len = isize::try_from(items.len()).unwrap_or(isize::MAX);
            let place =
                |end: isize| usize::try_from(if end < 0 { end + len } else { end.min(len) }).unwrap_or(0);
            let (from, to) = (from.map_or(0, place), to.map_or(items.len(), place));
            if from < to {
                items.drain(from..to);
            }
        }
    }
}

/// Members of a map, for values made of pairs.
#[cfg(test)]
fn map_of(pairs: &[(&str, Value)]) -> Value {
    pairs.iter().cloned().collect::<Map>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object() -> Value {
        let item = |name: &str| map_of(&[("name", name.into()), ("x", 1.into())]);
        map_of(&[("list", vec![item("a"), item("b"), item("c")].into()), ("n", 1.into())])
    }

    fn deleted(expression: &str) -> Result<Value, String> {
        Ok(JqPath::new(expression)?.delete(&object())?.object)
    }

    #[test]
    fn paths_are_deleted_at_once() {
        let out = deleted(".list[0, 1]").unwrap();
        assert_eq!(out.get("list").unwrap().item(0).unwrap().get("name").unwrap().as_str(), Some("c"));
        let out = deleted(".list[] | select(.name != \"b\")").unwrap();
        assert_eq!(out.get("list").unwrap().as_seq().unwrap().len(), 1);
        let out = deleted(".list[]?.x, .n, .nothing").unwrap();
        assert!(out.get("n").is_none() && out.get("list").unwrap().item(2).unwrap().get("x").is_none());
        assert_eq!(deleted(".list[1:]").unwrap().get("list").unwrap().as_seq().unwrap().len(), 1);
        assert_eq!(deleted(".list[] | select(.nothing | index(\"a\"))").unwrap(), object());
        assert!(
            deleted(".list[] | select(.name | index(\"b\") == 0)")
                .unwrap()
                .get("list")
                .unwrap()
                .item(2)
                .is_none()
        );
        assert_eq!(deleted(".list[-1]").unwrap().get("list").unwrap().as_seq().unwrap().len(), 2);
    }

    #[test]
    fn what_is_no_path_or_never_ends_is_an_error() {
        for expression in ["[", "now", "env", "$ENV", "def f: f; f", "input", "nothing_like_it"] {
            assert!(JqPath::new(expression).is_err(), "{expression}");
        }
        for expression in
            ["keys[]", "1", "repeat(.)", "recurse(.)", "until(false; .)", "range(1e18)", "[..] | .[0]"]
        {
            assert!(deleted(expression).is_err(), "{expression}");
        }
        let many = "..".to_owned() + &" | ..".repeat(30);
        assert!(deleted(&format!("{many} | select(false)")).is_err());
    }
}
