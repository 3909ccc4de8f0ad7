//! Custom checks in Lua: no files, no processes, no clock, counted instructions.
//!
//! Argo CD runs Lua 5.1 with the `goto` of 5.2, so this is 5.2 with what 5.1 had beside it.

use crate::status::{Health, HealthError, Status};
use mlua::chunk::ChunkMode;
use mlua::{
    HookTriggers, IntoLuaMulti, Lua, LuaOptions, MultiValue, StdLib, Table, Value as LuaValue, VmState,
};
use std::cell::Cell;
use std::rc::Rc;
use trueup_manifest::calendar::days_of;
use trueup_manifest::{Number, Value, View};

/// How many instructions a script may run.
const MAX_INSTRUCTIONS: u32 = 20_000_000;
/// How often the count is taken.
const EVERY: u32 = 10_000;
/// How many instructions a protected call counts for.
const PROTECTED_CALL: u32 = 5_000;
/// How many bytes a script may hold.
const MAX_MEMORY: usize = 64 << 20;

/// What reaches outside, loads code, or could go on when the instructions are used up.
const WITHHELD: [&str; 9] =
    ["dofile", "loadfile", "load", "loadstring", "module", "print", "collectgarbage", "xpcall", "coroutine"];

/// What Lua 5.1 has and 5.2 has not.
const FORMER: &str = "unpack = table.unpack
function table.getn(t) return #t end
function table.maxn(t)
  local n = 0
  for k in pairs(t) do if type(k) == 'number' and k > n then n = k end end
  return n
end
if math then math.pow = math.pow or function(x, y) return x ^ y end end
if string then string.gfind = string.gmatch end";

/// Which libraries a script sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Libraries {
    /// Base, `table`, and `os` by `require`.
    #[default]
    Few,
    /// Also `string`, `math` and the time of `os` (`useOpenLibs`). `io` and `debug` never: they reach outside.
    Open,
}

/// A health script, compiled.
///
/// ```
/// use trueup_health::lua::{Libraries, Script};
/// use trueup_health::Status;
/// let script = Script::new("return {status = obj.status.phase}", Libraries::Few).unwrap();
/// let object = serde_json::from_str(r#"{"kind":"Thing","status":{"phase":"Healthy"}}"#).unwrap();
/// assert_eq!(script.run(&object).unwrap().status, Some(Status::Healthy));
/// ```
#[derive(Clone, Debug)]
pub struct Script {
    bytecode: Vec<u8>,
    libraries: Libraries,
    now: Option<i64>,
}

impl Script {
    /// Compiles a script.
    ///
    /// # Errors
    /// When it is no Lua.
    pub fn new(source: &str, libraries: Libraries) -> Result<Self, HealthError> {
        let lua = Lua::new_with(StdLib::NONE, LuaOptions::default()).map_err(failed)?;
        lua.set_memory_limit(MAX_MEMORY).map_err(failed)?;
        let chunk = lua.load(source).set_name("=script").set_mode(ChunkMode::Text);
        let function = chunk.into_function().map_err(failed)?;
        Ok(Self { bytecode: function.dump(false), libraries, now: None })
    }

    /// Sets what `os.time()` gives, in seconds since 1970; without it a script that asks for the time fails.
    #[must_use]
    pub fn at(mut self, now: i64) -> Self {
        self.now = Some(now);
        self
    }

    /// Runs the script on an object, in a world of its own.
    ///
    /// The script sees the object as `obj` and returns a table with `status` and `message`.
    ///
    /// # Errors
    /// A script that fails, runs too long, holds too much, or returns something else than a table.
    pub fn run(&self, object: &Value) -> Result<Health, HealthError> {
        let lua = self.world().map_err(failed)?;
        lua.globals().set("obj", lua_of(&lua, object).map_err(failed)?).map_err(failed)?;
        let chunk = lua.load(self.bytecode.as_slice()).set_mode(ChunkMode::Binary);
        let output: LuaValue = chunk.eval().map_err(failed)?;
        match output {
            LuaValue::Nil => Ok(Health::default()),
            LuaValue::Table(table) => Ok(health_of(&table)),
            other => Err(HealthError::Custom(format!(
                "expect table output from Lua script, not {}",
                other.type_name()
            ))),
        }
    }

    /// Makes a world with what the script may use, and limits that nothing in it can lift.
    fn world(&self) -> mlua::Result<Lua> {
        let open = match self.libraries {
            Libraries::Few => StdLib::TABLE,
            Libraries::Open => StdLib::TABLE | StdLib::STRING | StdLib::MATH,
        };
        let lua = Lua::new_with(open, LuaOptions::default())?;
        lua.set_memory_limit(MAX_MEMORY)?;
        let globals = lua.globals();
        for name in WITHHELD {
            globals.set(name, LuaValue::Nil)?;
        }
        let spent = Rc::new(Cell::new(0_u32));
        let counter = Rc::clone(&spent);
        let limit = move |_: &Lua, _: &mlua::debug::Debug<'_>| {
            counter.set(counter.get().saturating_add(EVERY));
            if counter.get() > MAX_INSTRUCTIONS { Err(too_long()) } else { Ok(VmState::Continue) }
        };
        lua.set_global_hook(HookTriggers::new().every_nth_instruction(EVERY), limit)?;
        globals.set("pcall", lua.create_function(move |lua, args| protected_call(lua, args, &spent))?)?;
        lua.load(FORMER).set_name("=former").exec()?;
        let os = clock(&lua, self.now)?;
        if self.libraries == Libraries::Open {
            globals.set("os", os.clone())?;
        }
        let require = lua.create_function(move |_, name: String| match name.as_str() {
            "os" => Ok(os.clone()),
            _ => Err(mlua::Error::runtime(format!("module {name} not found"))),
        });
        globals.set("require", require?)?;
        Ok(lua)
    }
}

fn failed(error: mlua::Error) -> HealthError {
    HealthError::Custom(error.to_string())
}

fn too_long() -> mlua::Error {
    mlua::Error::runtime(format!("the script ran more than {MAX_INSTRUCTIONS} instructions"))
}

/// Calls a function and catches its error, but not the end of the instructions.
fn protected_call(lua: &Lua, mut args: MultiValue, spent: &Cell<u32>) -> mlua::Result<MultiValue> {
    let Some(LuaValue::Function(function)) = args.pop_front() else {
        return (false, "attempt to call something that is no function").into_lua_multi(lua);
    };
    // Leaving the machine and coming back costs more than an instruction.
    spent.set(spent.get().saturating_add(PROTECTED_CALL));
    if spent.get() > MAX_INSTRUCTIONS {
        return Err(too_long());
    }
    match function.call::<MultiValue>(args) {
        Ok(mut results) => {
            results.push_front(LuaValue::Boolean(true));
            Ok(results)
        }
        Err(_) if spent.get() > MAX_INSTRUCTIONS => Err(too_long()),
        Err(mlua::Error::MemoryError(text)) => Err(mlua::Error::MemoryError(text)),
        Err(error) => (false, error.to_string()).into_lua_multi(lua),
    }
}

/// The part of `os` that Argo CD leaves: the time is the caller's, in UTC.
fn clock(lua: &Lua, now: Option<i64>) -> mlua::Result<Table> {
    let os = lua.create_table()?;
    let time = lua.create_function(move |_, parts: Option<Table>| match parts {
        Some(parts) => seconds_of(&parts),
        None => now.ok_or_else(|| mlua::Error::runtime("os.time is unsupported without a clock")),
    });
    os.set("time", time?)?;
    Ok(os)
}

/// Counts the seconds of a date, as `os.time` does; the hour is noon unless it is said.
fn seconds_of(parts: &Table) -> mlua::Result<i64> {
    let part = |key: &str, default: i64| -> mlua::Result<i64> {
        Ok(parts.get::<Option<f64>>(key)?.map_or(default, |number| number as i64))
    };
    let (year, month, day) = (part("year", 1970)?, part("month", 1)?, part("day", 1)?);
    let bounded = (-100_000..=100_000).contains(&year) && month.abs() < 100_000 && day.abs() < 100_000_000;
    if !bounded {
        return Err(mlua::Error::runtime("os.time: the date is out of range"));
    }
    let days = days_of(year, month, day);
    let clock = |key, default, per: i64| {
        Ok::<i64, mlua::Error>(part(key, default)?.clamp(-100_000_000, 100_000_000) * per)
    };
    Ok(days * 86_400 + clock("hour", 12, 3600)? + clock("min", 0, 60)? + clock("sec", 0, 1)?)
}

/// Compiles a script and runs it once. Whoever judges more than one object compiles a [`Script`].
///
/// # Errors
/// As [`Script::new`] and [`Script::run`].
pub fn run(script: &str, object: &Value, libraries: Libraries) -> Result<Health, HealthError> {
    Script::new(script, libraries)?.run(object)
}

/// A table that does not have the form of a health has no opinion.
fn health_of(table: &Table) -> Health {
    if table.is_empty() || table.raw_len() > 0 {
        return Health::default();
    }
    let text = |key: &str| match table.get::<LuaValue>(key) {
        Ok(LuaValue::String(text)) => Some(text.to_string_lossy()),
        Ok(LuaValue::Nil) => Some(String::new()),
        _ => None,
    };
    let (Some(status), Some(message)) = (text("status"), text("message")) else { return Health::default() };
    match Status::named(&status) {
        Some(status) => Health::new(status, message),
        None => Health::new(Status::Unknown, "Lua returned an invalid health status"),
    }
}

/// Numbers are floats, null is nothing.
fn lua_of(lua: &Lua, value: &Value) -> mlua::Result<LuaValue> {
    Ok(match value.view() {
        View::Null => LuaValue::Nil,
        View::Bool(b) => LuaValue::Boolean(b),
        View::Number(Number::Int(i)) => LuaValue::Number(i as f64),
        View::Number(n) => LuaValue::Number(n.as_f64()),
        View::String(text) => LuaValue::String(lua.create_string(text)?),
        View::Seq(items) => {
            let table = lua.create_table_with_capacity(items.len(), 0)?;
            for item in items {
                table.raw_push(lua_of(lua, item)?)?;
            }
            LuaValue::Table(table)
        }
        View::Map(map) => {
            let table = lua.create_table_with_capacity(0, map.len())?;
            for (key, member) in map {
                table.raw_set(key.as_str(), lua_of(lua, member)?)?;
            }
            LuaValue::Table(table)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_cannot_run_for_ever_or_reach_outside() {
        let object = Value::NULL;
        for script in [
            "while true do end",
            "while true do pcall(function() while true do end end) end",
            "local function f() return pcall(f) end f() while true do pcall(f) end",
            "local s = 'x' while true do s = s .. s end",
            "return pcall(string.rep, 'x', 1e9)",
            "require('io')",
            "return rawget(_G, 'load')('return 1')",
            "loadstring('return 1')()",
            "local t = {} while true do t[#t + 1] = {} end",
            "return os.time()",
            "io.open('x')",
        ] {
            assert!(run(script, &object, Libraries::Open).is_err(), "{script}");
        }
    }

    #[test]
    fn a_script_is_compiled_once_and_leaves_nothing_behind() {
        let script = Script::new(
            "count = (count or 0) + 1 return {status = 'Healthy', message = '' .. count}",
            Libraries::Few,
        );
        let script = script.unwrap();
        for _ in 0..3 {
            assert_eq!(script.run(&Value::NULL).unwrap().message, "1");
        }
        assert!(Script::new("return {", Libraries::Few).is_err());
    }

    #[test]
    fn it_is_the_lua_that_argo_cd_runs() {
        let source = "local n = 0 for i = 1, 3 do if i == 2 then goto continue end n = n + i ::continue:: end
            return {status = 'Healthy', message = n .. ' ' .. table.getn({1, 2}) .. ' ' .. unpack({7})}";
        assert_eq!(run(source, &Value::NULL, Libraries::Few).unwrap().message, "4 2 7");
    }

    #[test]
    fn errors_are_caught_and_the_time_is_the_callers() {
        let health = run(
            "local ok, e = pcall(error, 'no') return {status = 'Degraded', message = e}",
            &Value::NULL,
            Libraries::Few,
        );
        assert!(health.unwrap().message.contains("no"));
        let source = "local os = require('os') return {status = 'Healthy', message = os.time() .. ' ' .. os.time({year = 2000, month = 3, day = 1, hour = 0})}";
        let script = Script::new(source, Libraries::Few).unwrap();
        assert!(script.run(&Value::NULL).is_err());
        assert_eq!(script.at(12).run(&Value::NULL).unwrap().message, "12 951868800");
    }
}
