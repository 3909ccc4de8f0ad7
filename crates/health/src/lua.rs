//! Custom checks in Lua 5.1: no files, no processes, no clock, counted instructions.

use crate::status::{Health, HealthError, Status};
use mlua::{HookTriggers, Lua, LuaOptions, StdLib, Table, Value as LuaValue, VmState};
use std::cell::Cell;
use trueup_manifest::{Number, Value, View};

/// How many instructions a script may run.
const MAX_INSTRUCTIONS: u32 = 20_000_000;
/// How often the count is taken.
const EVERY: u32 = 10_000;
/// How many bytes a script may hold.
const MAX_MEMORY: usize = 64 << 20;

/// What reaches outside, loads code, or could go on when the instructions are used up.
const WITHHELD: [&str; 11] = [
    "dofile",
    "loadfile",
    "load",
    "loadstring",
    "require",
    "module",
    "print",
    "collectgarbage",
    "pcall",
    "xpcall",
    "coroutine",
];

/// Which libraries a script sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Libraries {
    /// Base and `table`.
    #[default]
    Few,
    /// Also `string` and `math` (`useOpenLibs`). `io`, `os` and `debug` never: they reach outside.
    Open,
}

/// Runs a health script on an object.
///
/// The script sees the object as `obj` and returns a table with `status` and `message`.
///
/// # Errors
/// A script that fails, runs too long, or returns something else than a table.
pub fn run(script: &str, object: &Value, libraries: Libraries) -> Result<Health, HealthError> {
    let fail = |error: mlua::Error| HealthError::Custom(error.to_string());
    let open = match libraries {
        Libraries::Few => StdLib::TABLE,
        Libraries::Open => StdLib::TABLE | StdLib::STRING | StdLib::MATH,
    };
    let lua = Lua::new_with(open, LuaOptions::default()).map_err(fail)?;
    lua.set_memory_limit(MAX_MEMORY).map_err(fail)?;
    for name in WITHHELD {
        lua.globals().set(name, LuaValue::Nil).map_err(fail)?;
    }
    let spent = Cell::new(0_u32);
    let limit = move |_: &Lua, _: &mlua::debug::Debug<'_>| {
        spent.set(spent.get().saturating_add(EVERY));
        match spent.get() > MAX_INSTRUCTIONS {
            true => {
                Err(mlua::Error::runtime(format!("the script ran more than {MAX_INSTRUCTIONS} instructions")))
            }
            false => Ok(VmState::Continue),
        }
    };
    lua.set_global_hook(HookTriggers::new().every_nth_instruction(EVERY), limit).map_err(fail)?;
    lua.globals().set("obj", lua_of(&lua, object).map_err(fail)?).map_err(fail)?;
    let output: LuaValue = lua.load(script).set_mode(mlua::chunk::ChunkMode::Text).eval().map_err(fail)?;
    match output {
        LuaValue::Nil => Ok(Health::default()),
        LuaValue::Table(table) => Ok(health_of(&table)),
        other => Err(HealthError::Custom(format!(
            "expect table output from Lua script, not {}",
            other.type_name()
        ))),
    }
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
            "local t = {} while true do t[#t + 1] = {} end",
            "return os.time()",
            "io.open('x')",
        ] {
            assert!(run(script, &object, Libraries::Open).is_err(), "{script}");
        }
    }
}
