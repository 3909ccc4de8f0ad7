//! The grammar of `--set-literal`: only keys have special characters.

use super::parser::unexpected_data;
use super::target::{
    check_nesting, deeper, finish_inner, inner_list, inner_map, list_at, map_at, not_negative, set, set_index,
};
use super::{Input, Step, Stop};
use trueup_manifest::yaml::go_quote;
use trueup_template::{Map, Value};

/// Reads a whole setting.
pub(super) fn parse(values: &Map, text: &str) -> Stop {
    let mut input = Input::new(text);
    loop {
        if let Err(stop) = key(&mut input, values, 0) {
            return stop;
        }
    }
}

fn key(input: &mut Input<'_>, data: &Map, level: usize) -> Step<()> {
    let (key_text, stop) = input.until(&['=', '[', '.'], false);
    match stop {
        None if key_text.is_empty() => Err(Stop::End),
        None => Err(Stop::Error(format!("key {} has no value", go_quote(&key_text)))),
        Some('=') => {
            set(data, &key_text, rest(input));
            Ok(())
        }
        Some('.') => {
            let level = deeper(level)?;
            let inner = inner_map(data, &key_text)?;
            let read = key(input, &inner, level);
            if read.is_ok() && inner.is_empty() {
                return Err(Stop::Error(format!("key map {} has no value", go_quote(&key_text))));
            }
            if !inner.is_empty() {
                set(data, &key_text, inner);
            }
            read
        }
        Some(_) => {
            let index = input.index(false)?;
            let mut list = inner_list(data, &key_text)?;
            let read = item(input, &mut list, index, level, 0);
            set(data, &key_text, list);
            read
        }
    }
}

fn item(input: &mut Input<'_>, list: &mut Vec<Value>, index: i64, level: usize, lists: usize) -> Step<()> {
    not_negative(index)?;
    check_nesting(lists)?;
    let (unexpected, stop) = input.until(&['[', '.', '='], false);
    if !unexpected.is_empty() {
        return Err(unexpected_data(&unexpected));
    }
    let value = match stop {
        None => return Err(Stop::End),
        Some('=') => rest(input).into(),
        Some('.') => {
            let inner = map_at(list, index);
            key(input, &inner, level)?;
            inner.into()
        }
        Some(_) => {
            let next = input.index(false)?;
            let mut inner = list_at(list, index)?;
            let read = item(input, &mut inner, next, level, lists + 1);
            finish_inner(list, index, inner, read)?
        }
    };
    set_index(input, list, index, value)
}

fn rest<'t>(input: &mut Input<'t>) -> &'t str {
    std::mem::take(&mut input.rest)
}
