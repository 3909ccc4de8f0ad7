//! Writing as `sigs.k8s.io/yaml` does: a value becomes JSON, JSON is read as YAML, and that is written.

use super::analyze::{analyze, choose};
use super::out::Out;
use super::sort::sort;
use super::{MAX_DEPTH, Manner, Place};
use crate::json;
use crate::value::go_float_text;
use crate::yaml::{EmitError, Generation, resolve, stream};
use crate::{Map, Number, ScalarStyle, Value, View};
use std::borrow::Cow;

const MANNER: Manner = Manner { generation: Generation::V2, width: 80, indent: 2, compact: true };

/// Appends a value.
pub(in crate::yaml) fn write(value: &Value, text: &mut String) -> Result<(), EmitError> {
    let mut out = Out::new(text, MANNER);
    out.value(value, Place::Root, 0)?;
    out.end_document();
    Ok(())
}

impl Out<'_> {
    fn value(&mut self, value: &Value, place: Place, depth: usize) -> Result<(), EmitError> {
        if depth > MAX_DEPTH {
            return Err(EmitError::TooDeep(MAX_DEPTH));
        }
        match value.view() {
            View::Null => self.word("null", place),
            View::Bool(b) => self.word(if b { "true" } else { "false" }, place),
            View::Number(number) => self.number(number, place)?,
            View::String(text) => self.text(text, place)?,
            View::Seq([]) => self.empty_collection("[]"),
            View::Map(map) if map.is_empty() => self.empty_collection("{}"),
            View::Seq(items) => {
                let indent = self.begin_sequence(place);
                for item in items {
                    self.item();
                    self.value(item, Place::Item, depth + 1)?;
                }
                self.indent = indent;
            }
            View::Map(map) => self.map(map, place, depth)?,
        }
        Ok(())
    }

    fn map(&mut self, map: &Map, place: Place, depth: usize) -> Result<(), EmitError> {
        let indent = self.begin_map(place);
        let mut entries: Vec<(&str, &Value)> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
        sort(&mut entries);
        for (key, value) in entries {
            self.key(key)?;
            self.value(value, Place::MapValue, depth + 1)?;
        }
        self.indent = indent;
        Ok(())
    }

    fn key(&mut self, key: &str) -> Result<(), EmitError> {
        /// Longer ones cannot be read back from JSON by the library.
        const MAX_JSON_KEY: usize = 1024;
        let text = through_json(key)?;
        if key.len() * 6 + 2 > MAX_JSON_KEY {
            let mut quoted = String::new();
            json::quote_into(key, true, &mut quoted);
            if quoted.chars().count() > MAX_JSON_KEY {
                return Err(EmitError::KeyTooLong);
            }
        }
        let analysis = analyze(&text, Generation::V2);
        let place = self.begin_key(!analysis.multiline && text.len() <= 128);
        self.styled(&text, analysis, place);
        self.end_key(place);
        Ok(())
    }

    fn text(&mut self, text: &str, place: Place) -> Result<(), EmitError> {
        let text = through_json(text)?;
        self.styled(&text, analyze(&text, Generation::V2), place);
        Ok(())
    }

    /// Writes a text in the style the library chooses for it.
    fn styled(&mut self, text: &str, analysis: super::analyze::Analysis, place: Place) {
        let wanted = if text.contains('\n') {
            ScalarStyle::Literal
        } else if resolve::plain(text, Generation::V2) == resolve::Plain::Text && !resolve::is_base60(text) {
            ScalarStyle::Plain
        } else {
            ScalarStyle::DoubleQuoted
        };
        let simple_key = place == Place::SimpleKey;
        let style = choose(analysis, wanted, text.is_empty(), simple_key);
        let indent = self.increase_indent(true, place == Place::Item, 0);
        self.scalar(text, style, !simple_key);
        self.indent = indent;
    }

    fn word(&mut self, word: &str, place: Place) {
        let indent = self.increase_indent(true, place == Place::Item, 0);
        self.scalar(word, ScalarStyle::Plain, false);
        self.indent = indent;
    }

    fn number(&mut self, number: Number, place: Place) -> Result<(), EmitError> {
        let text = match number {
            Number::Int(i) => ecow::eco_format!("{i}"),
            Number::UInt(u) => ecow::eco_format!("{u}"),
            Number::Float(f) => float_text(f)?,
        };
        self.word(&text, place);
        Ok(())
    }
}

/// Returns a float as it comes out of JSON read as YAML: whole ones are integers if they fit.
fn float_text(f: f64) -> Result<ecow::EcoString, EmitError> {
    let json = json::float_text(f)?;
    if json == "-0" {
        return Ok("0".into());
    }
    let is_int = json.parse::<i64>().is_ok() || json.parse::<u64>().is_ok();
    Ok(if is_int { json } else { go_float_text(f) })
}

/// Returns a text as it comes out of JSON read as YAML: there U+0085 is a line break, and some characters are refused.
fn through_json(text: &str) -> Result<Cow<'_, str>, EmitError> {
    let suspicious = |byte: u8| byte == 0x7F || byte == 0xC2 || byte == 0xEF;
    if !text.bytes().any(suspicious) {
        return Ok(Cow::Borrowed(text));
    }
    if text
        .contains(|c: char| matches!(c, '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}'))
    {
        return Err(EmitError::ControlCharacter);
    }
    if !text.contains('\u{85}') {
        return Ok(Cow::Borrowed(text));
    }
    let mut quoted = String::new();
    json::quote_into(text, true, &mut quoted);
    stream::scalar_of(quoted.as_bytes(), Generation::V2).map(Cow::Owned).map_err(EmitError::Unreadable)
}
