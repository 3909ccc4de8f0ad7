//! Writing as `sigs.k8s.io/yaml` does: a value becomes JSON, JSON is read as YAML, and that is written.

use super::analyze::{Analysis, analyze, choose, tame};
use super::out::Out;
use super::sort::{is_sorted, sort};
use super::{MAX_DEPTH, Manner, Place};
use crate::json;
use crate::value::go_float_text;
use crate::yaml::{self, EmitError, Generation, ParseOptions, is_surely_text, resolve};
use crate::{Limits, Map, Number, ScalarStyle, Value, View};

const MANNER: Manner = Manner {
    generation: Generation::V2,
    width: 80,
    indent: 2,
    compact: true,
    through_json: true,
    keep_flow: false,
    go_values: false,
};

/// A longer key stands behind `?`.
const LONGEST_SIMPLE_KEY: usize = 128;

/// Why the value cannot be written as it is.
enum Stop {
    Error(EmitError),
    /// A text may come out of JSON differently, or not at all.
    Detour,
}

impl From<EmitError> for Stop {
    fn from(error: EmitError) -> Self {
        Self::Error(error)
    }
}

/// Appends a value.
pub(in crate::yaml) fn write(value: &Value, text: &mut String) -> Result<(), EmitError> {
    let start = text.len();
    match write_as_it_is(value, MANNER, text) {
        Ok(()) => Ok(()),
        Err(Stop::Error(error)) => Err(error),
        Err(Stop::Detour) => {
            text.truncate(start);
            let json = json::to_string(value)?;
            let limits = Limits {
                max_depth: MAX_DEPTH,
                max_bytes: usize::MAX,
                max_nodes: usize::MAX,
                ..Limits::default()
            };
            let options = ParseOptions::kubernetes().with_limits(limits);
            let value = yaml::parse(json.as_bytes(), &options)
                .map_err(|error| EmitError::Unreadable(error.to_string()))?;
            match write_as_it_is(&value, Manner { through_json: false, ..MANNER }, text) {
                Ok(()) | Err(Stop::Detour) => Ok(()),
                Err(Stop::Error(error)) => Err(error),
            }
        }
    }
}

fn write_as_it_is(value: &Value, manner: Manner, text: &mut String) -> Result<(), Stop> {
    let mut out = Out::new(text, manner);
    out.value(value, Place::Root, 0)?;
    out.end_document();
    Ok(())
}

impl Out<'_> {
    fn value(&mut self, value: &Value, place: Place, depth: usize) -> Result<(), Stop> {
        if depth > MAX_DEPTH {
            return Err(EmitError::TooDeep(MAX_DEPTH).into());
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

    fn map(&mut self, map: &Map, place: Place, depth: usize) -> Result<(), Stop> {
        let indent = self.begin_map(place);
        if is_sorted(map.keys().map(|key| key.as_str())) {
            map.iter().try_for_each(|(key, value)| self.entry(key, value, depth))?;
        } else {
            let mut entries: Vec<(&str, &Value)> =
                map.iter().map(|(key, value)| (key.as_str(), value)).collect();
            sort(&mut entries);
            entries.into_iter().try_for_each(|(key, value)| self.entry(key, value, depth))?;
        }
        self.indent = indent;
        Ok(())
    }

    fn entry(&mut self, key: &str, value: &Value, depth: usize) -> Result<(), Stop> {
        self.key(key)?;
        self.value(value, Place::MapValue, depth + 1)
    }

    fn key(&mut self, key: &str) -> Result<(), Stop> {
        /// Longer keys may be longer than the library reads in JSON, where a character takes up to six.
        const SAFE: usize = 1024 / 6 - 2;
        if key.len() <= LONGEST_SIMPLE_KEY && is_surely_text(key) {
            self.write_indent();
            self.put_ascii(key);
            self.indicator(":", false);
            return Ok(());
        }
        let analysis = self.analyzed(key)?;
        if self.manner.through_json && key.len() > SAFE {
            return Err(Stop::Detour);
        }
        let place = self.begin_key(!analysis.multiline && key.len() <= LONGEST_SIMPLE_KEY);
        self.styled(key, analysis, place);
        self.end_key(place);
        Ok(())
    }

    fn text(&mut self, text: &str, place: Place) -> Result<(), Stop> {
        if is_surely_text(text) {
            self.in_style(text, ScalarStyle::Plain, place);
            return Ok(());
        }
        let analysis = self.analyzed(text)?;
        self.styled(text, analysis, place);
        Ok(())
    }

    /// Analyses a text, unless JSON may change it.
    fn analyzed(&self, text: &str) -> Result<Analysis, Stop> {
        if let Some(analysis) = tame(text.as_bytes()) {
            return Ok(analysis);
        }
        self.check(text)?;
        Ok(analyze(text, Generation::V2))
    }

    /// Stops at a text that JSON read as YAML may change (U+0085 is a line break there) or refuse (U+007F).
    fn check(&self, text: &str) -> Result<(), Stop> {
        let suspicious = |byte: u8| (byte == 0x7F) | (byte == 0xC2) | (byte == 0xEF);
        if !self.manner.through_json || !text.bytes().fold(false, |found, byte| found | suspicious(byte)) {
            return Ok(());
        }
        match text.contains(|c: char| matches!(c, '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')) {
            true => Err(Stop::Detour),
            false => Ok(()),
        }
    }

    /// Writes a text in the style the library chooses for it.
    fn styled(&mut self, text: &str, analysis: Analysis, place: Place) {
        let wanted = if analysis.multiline && text.contains('\n') {
            ScalarStyle::Literal
        } else if !is_short_number(text)
            && resolve::plain(text, Generation::V2) == resolve::Plain::Text
            && !resolve::is_base60(text)
        {
            ScalarStyle::Plain
        } else {
            ScalarStyle::DoubleQuoted
        };
        let style = choose(analysis, wanted, text.is_empty(), place == Place::SimpleKey);
        self.in_style(text, style, place);
    }

    fn in_style(&mut self, text: &str, style: ScalarStyle, place: Place) {
        let indent = self.increase_indent(true, place == Place::Item, 0);
        self.scalar(text, style, place != Place::SimpleKey);
        self.indent = indent;
    }

    fn word(&mut self, word: &str, place: Place) {
        let indent = self.increase_indent(true, place == Place::Item, 0);
        self.scalar(word, ScalarStyle::Plain, false);
        self.indent = indent;
    }

    fn number(&mut self, number: Number, place: Place) -> Result<(), Stop> {
        let text = match number {
            Number::Int(i) => ecow::eco_format!("{i}"),
            Number::UInt(u) => ecow::eco_format!("{u}"),
            Number::Float(f) => float_text(f)?,
        };
        self.word(&text, place);
        Ok(())
    }
}

/// Tells whether a text is made of a few digits, as most texts are that have to be quoted.
fn is_short_number(text: &str) -> bool {
    (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
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
