//! The grammar of `--set`, `--set-string`, `--set-json` and `--set-file`.

use super::json::{self, Found};
use super::target::{
    check_nesting, deeper, finish_inner, inner_list, inner_map, list_at, map_at, not_negative, set, set_index,
};
use super::{Input, SetKind, Step, Stop};
use trueup_manifest::yaml::go_quote;
use trueup_template::{Map, Text, Value};

/// Reads a whole setting.
pub(super) fn parse(values: &Map, kind: SetKind<'_>, text: &str) -> Stop {
    let mut parser = Parser { input: Input::new(text), kind };
    loop {
        if let Err(stop) = parser.key(values, 0) {
            return stop;
        }
    }
}

struct Parser<'t> {
    input: Input<'t>,
    kind: SetKind<'t>,
}

/// What stands behind `=`, unless it is JSON.
enum Given {
    List(Vec<Value>),
    Scalar(String),
    /// The text ends here.
    Nothing,
}

impl Parser<'_> {
    /// Reads one key with its value.
    fn key(&mut self, data: &Map, level: usize) -> Step<()> {
        let (key, stop) = self.input.until(&['=', '[', ',', '.'], true);
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(Stop::Error(format!("key {} has no value", go_quote(&key)))),
            Some('[') => {
                let index = self.input.index(true)?;
                let mut list = inner_list(data, &key)?;
                let read = self.item(&mut list, index, level, 0);
                // Where the text ends too early, the list is set as it is by then.
                set(data, &key, list);
                read
            }
            Some('=') => self.value_of(data, &key),
            Some(',') => {
                set(data, &key, "");
                Err(Stop::Error(format!("key {} has no value (cannot end with ,)", go_quote(&key))))
            }
            Some(_) => {
                let level = deeper(level)?;
                let inner = inner_map(data, &key)?;
                let read = self.key(&inner, level);
                if read.is_ok() && inner.is_empty() {
                    return Err(Stop::Error(format!("key map {} has no value", go_quote(&key))));
                }
                if !inner.is_empty() {
                    set(data, &key, inner);
                }
                read
            }
        }
    }

    /// Reads what stands behind `=` and sets the key to it.
    fn value_of(&mut self, data: &Map, key: &str) -> Step<()> {
        if matches!(self.kind, SetKind::Json) {
            let value = self.json()?;
            set(data, key, value);
            return Ok(());
        }
        match self.given()? {
            Given::List(list) => set(data, key, list),
            Given::Scalar(text) => {
                let value = self.typed(text)?;
                set(data, key, value);
            }
            Given::Nothing => {
                set(data, key, "");
                return Err(Stop::End);
            }
        }
        Ok(())
    }

    /// Reads what follows `[index]` and sets the item.
    fn item(&mut self, list: &mut Vec<Value>, index: i64, level: usize, lists: usize) -> Step<()> {
        not_negative(index)?;
        check_nesting(lists)?;
        let (unexpected, stop) = self.input.until(&['[', '.', '='], true);
        if !unexpected.is_empty() {
            return Err(unexpected_data(&unexpected));
        }
        let value = match stop {
            None => return Err(Stop::End),
            Some('=') if matches!(self.kind, SetKind::Json) => self.json()?,
            Some('=') => match self.given()? {
                Given::List(items) => Value::from(items),
                Given::Scalar(text) => self.typed(text)?,
                Given::Nothing => "".into(),
            },
            Some('[') => {
                let next = self.input.index(true)?;
                let mut inner = list_at(list, index)?;
                let read = self.item(&mut inner, next, level, lists + 1);
                finish_inner(list, index, inner, read)?
            }
            Some(_) => {
                let inner = map_at(list, index);
                self.key(&inner, level)?;
                inner.into()
            }
        };
        set_index(&mut self.input, list, index, value)
    }

    /// Reads one JSON value and the comma behind it; nothing is null.
    fn json(&mut self) -> Step<Value> {
        if self.skip_blanks() {
            return Ok(Value::Nil);
        }
        let Found { value, length } = json::read(self.input.rest)?;
        self.input.rest = self.input.rest.get(length..).unwrap_or_default();
        self.skip_blanks();
        Ok(value)
    }

    /// Skips blanks, and a comma behind them; true if there was one, or the end.
    fn skip_blanks(&mut self) -> bool {
        loop {
            match self.input.peek() {
                None => return true,
                Some(',') => {
                    self.input.next();
                    return true;
                }
                Some(c) if c.is_whitespace() => {
                    self.input.next();
                }
                Some(_) => return false,
            }
        }
    }

    fn given(&mut self) -> Step<Given> {
        match self.input.peek() {
            None => Ok(Given::Nothing),
            Some('{') => {
                self.input.next();
                self.list().map(Given::List)
            }
            Some(_) => Ok(Given::Scalar(self.input.until(&[','], true).0)),
        }
    }

    /// Reads items up to `}` and the comma behind it.
    fn list(&mut self) -> Step<Vec<Value>> {
        let mut list = Vec::new();
        loop {
            let (item, stop) = self.input.until(&[',', '}'], true);
            if stop.is_none() {
                return Err(Stop::Error("list must terminate with '}'".to_owned()));
            }
            list.push(self.typed(item)?);
            if stop == Some('}') {
                if self.input.peek() == Some(',') {
                    self.input.next();
                }
                return Ok(list);
            }
        }
    }

    /// Gives a text the type it looks like.
    fn typed(&self, text: String) -> Step<Value> {
        match self.kind {
            SetKind::Typed => Ok(typed(text)),
            SetKind::File(read) => Ok(Value::Str(Text::from_bytes(&read(&text)?))),
            _ => Ok(text.into()),
        }
    }
}

fn typed(text: String) -> Value {
    for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Nil)] {
        // Go's folding also takes the long s for an s.
        if text.replace('\u{17f}', "s").eq_ignore_ascii_case(word) {
            return value;
        }
    }
    if text == "0" {
        return Value::int64(0);
    }
    if !text.starts_with('0')
        && super::atoi(&text).is_ok()
        && let Ok(int) = text.parse()
    {
        return Value::int64(int);
    }
    text.into()
}

/// What Go prints for a slice of characters.
pub(super) fn unexpected_data(text: &str) -> Stop {
    let quoted: Vec<String> = text.chars().map(quote_char).collect();
    Stop::Error(format!("unexpected data at end of array index: [{}]", quoted.join(" ")))
}

fn quote_char(c: char) -> String {
    let quoted = go_quote(c.encode_utf8(&mut [0; 4]));
    let inside = quoted.trim_start_matches('"');
    match c {
        '\'' => r"'\''".to_owned(),
        '"' => "'\"'".to_owned(),
        _ => format!("'{}'", inside.strip_suffix('"').unwrap_or(inside)),
    }
}
