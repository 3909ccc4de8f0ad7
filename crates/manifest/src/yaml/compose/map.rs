//! Maps: duplicate keys, merges, and keys that are no strings.

use super::super::{Dialect, DuplicateKeys};
use super::{Composer, Extra, Frame, convert, merge};
use crate::{EcoString, KeyKind, Map, Value};
use std::collections::BTreeMap;

/// More duplicates than this are not named one by one.
const MAX_REPORTED: usize = 1000;

impl Composer<'_> {
    /// Makes a map of the entries from `first` on.
    pub(super) fn map(&mut self, first: usize, extra: Option<Box<Extra>>, frame: &Frame) -> Map {
        let entries: Vec<_> = self.entries.drain(first..).collect();
        let Some(mut extra) = extra else {
            let map = self.written(entries, first, &[], frame);
            self.lines.truncate(first);
            return map;
        };
        let kyaml = self.options.dialect == Dialect::Kyaml;
        let merges = std::mem::take(&mut extra.merges);
        let merged = match (merges.is_empty(), kyaml) {
            (true, _) => Ok(self.written(entries, first, &extra.kinds, frame)),
            (false, true) => merge::under(self.written(entries, first, &extra.kinds, frame), &merges),
            (false, false) => merge::in_order(entries, &merges).map(|(map, again)| {
                self.report_again(&again, first, &extra.kinds, frame);
                map
            }),
        };
        let lines = self.lines.split_off(first);
        let mut map = merged.unwrap_or_else(|fail| {
            self.late.push(*fail);
            Map::new()
        });
        // The older library forgets what keys were, but for words about a map that is a key.
        if kyaml || self.in_key() {
            extra.kinds.iter().for_each(|(key, kind)| map.set_key_kind(key, *kind));
        }
        if kyaml {
            extra.commented.iter().for_each(|key| map.set_commented(key));
            if merges.is_empty() {
                // kyaml drops whatever is called `<<`.
                map.remove("<<");
            }
            self.report_null_keys(&lines, &map, &extra.kinds, frame);
        }
        map
    }

    /// Makes a map of the entries as they are written.
    fn written(
        &mut self,
        entries: Vec<(EcoString, Value)>,
        first: usize,
        kinds: &[(EcoString, KeyKind)],
        frame: &Frame,
    ) -> Map {
        match Map::try_from_entries(entries) {
            Ok(map) => map,
            Err(entries) => {
                match self.options.duplicate_keys {
                    DuplicateKeys::LastWins => return entries.into_iter().collect(),
                    DuplicateKeys::FirstWins => return first_of_each(entries),
                    DuplicateKeys::Error => self.report_duplicates(&entries, first, kinds, frame),
                }
                entries.into_iter().collect()
            }
        }
    }

    /// Reports keys that were set again while maps were merged.
    fn report_again(
        &mut self,
        again: &[merge::Again],
        first: usize,
        kinds: &[(EcoString, KeyKind)],
        frame: &Frame,
    ) {
        if self.options.duplicate_keys != DuplicateKeys::Error {
            return;
        }
        let kinds = by_key(kinds);
        for (key, position) in again.iter().take(MAX_REPORTED) {
            let line = position.and_then(|position| self.lines.get(first + position)).copied();
            let line = line.unwrap_or(frame.start.line + 1);
            let message = format!("line {line}: key {} already set in map", go_key(key, &kinds));
            self.duplicates.push((message, frame.start.offset));
        }
    }

    /// kyaml does not find a key again that is null, sets it once more, and then has it twice.
    fn report_null_keys(&mut self, lines: &[u32], map: &Map, kinds: &[(EcoString, KeyKind)], frame: &Frame) {
        for (key, _) in kinds.iter().filter(|(key, kind)| *kind == KeyKind::Null && !key.is_empty()) {
            let line = map
                .position(key)
                .and_then(|position| lines.get(position))
                .copied()
                .unwrap_or(frame.start.line + 1);
            let message =
                format!("line {line}: mapping key {} already defined at line {line}", convert::quote(key));
            self.duplicates.push((message, frame.start.offset));
        }
    }

    fn report_duplicates(
        &mut self,
        entries: &[(EcoString, Value)],
        first: usize,
        kinds: &[(EcoString, KeyKind)],
        frame: &Frame,
    ) {
        let kyaml = self.options.dialect == Dialect::Kyaml;
        if kyaml {
            // Go does not look into a map that has duplicates.
            self.duplicates.truncate(frame.duplicates);
            self.late.truncate(frame.late);
        }
        let mut seen: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let mut found = Vec::new();
        let lines = self.lines.get(first..).unwrap_or_default();
        for (position, ((key, _), line)) in entries.iter().zip(lines).enumerate() {
            let earlier = seen.entry(key).or_default();
            match kyaml {
                true => found.extend(earlier.iter().map(|first| (*first, *line, position, key))),
                false => found.extend(earlier.first().map(|first| (*first, *line, position, key))),
            }
            earlier.push(*line);
            if found.len() > MAX_REPORTED {
                break;
            }
        }
        if kyaml {
            found.sort_by_key(|(first, _, position, _)| (*first, *position));
        }
        let kinds = by_key(kinds);
        for (first, line, _, key) in found {
            let message = match kyaml {
                true => format!(
                    "line {line}: mapping key {} already defined at line {first}",
                    convert::quote(key)
                ),
                false => format!("line {line}: key {} already set in map", go_key(key, &kinds)),
            };
            self.duplicates.push((message, frame.start.offset));
        }
    }
}

/// Makes a map of the first entry of each key, and marks keys that have more.
fn first_of_each(entries: Vec<(EcoString, Value)>) -> Map {
    let mut map = Map::with_capacity(entries.len());
    for (key, value) in entries {
        map.push_repeated(key, value);
    }
    map
}

fn by_key(kinds: &[(EcoString, KeyKind)]) -> BTreeMap<&str, KeyKind> {
    kinds.iter().map(|(key, kind)| (key.as_str(), *kind)).collect()
}

/// Writes a key as Go's `%#v` does.
fn go_key(key: &str, kinds: &BTreeMap<&str, KeyKind>) -> String {
    convert::go_syntax_key(key, kinds.get(key).copied().unwrap_or(KeyKind::String))
}
