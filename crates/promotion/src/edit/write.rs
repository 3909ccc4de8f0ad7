//! Changes as text: where a scalar, a key, an entry and a field are put, and what goes.

use super::change::{Change, is_named, says_something};
use super::document::{Document, Field};
use super::lines::Changes;
use super::quote::{Context, quoted};
use crate::PromotionError;
use trueup_manifest::yaml::OutlineNode;
use trueup_manifest::{EcoString, ScalarStyle, Value};

type Pair<'a> = (OutlineNode<'a>, OutlineNode<'a>);

/// The order in which a new entry's keys are written, and behind which of them a new key is put.
const KEYS: [&str; 5] = ["name", "newName", "newTag", "digest", "count"];

/// Writes a change into a text.
pub(super) fn write(
    document: &Document<'_>,
    change: &Change,
    place: NewField,
) -> Result<Option<String>, PromotionError> {
    let field = change.field();
    let found = document.field(field.name())?;
    let mut writer = Writer { document, changes: Changes::of(document.text), place };
    match (change, found) {
        (Change::Text(_, text), found) => writer.text(field, found, text)?,
        (Change::Entry(_, key, text), found) => writer.map_entry(field, found, key, text)?,
        (Change::Item(_, name, fields), found) => writer.list_item(field, found, name, fields)?,
    }
    Ok(writer.changes.made())
}

/// Where a new field goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NewField {
    /// To the end of the document.
    Last,
    /// In front of the last field: that one ends with a text that more lines would be part of.
    BeforeLast,
}

struct Writer<'d, 'a> {
    document: &'d Document<'a>,
    changes: Changes<'a>,
    place: NewField,
}

impl<'d> Writer<'d, '_> {
    /// A field that is a text.
    fn text(
        &mut self,
        field: Field,
        found: Option<Pair<'d>>,
        text: &EcoString,
    ) -> Result<(), PromotionError> {
        let current = self.document.value.get(field.name());
        if current.is_some_and(|value| !value.is_null() && value.as_str().is_none()) {
            return Err(self.wrong_type(field));
        }
        match found {
            Some(_) if current.and_then(Value::as_str) == Some(text) => {}
            Some((key, value)) if text.is_empty() => {
                if current.is_some_and(says_something) {
                    self.changes.remove_lines(key.range().start, self.document.content_end(value));
                }
            }
            Some(pair) => self.set(pair, &Value::from(text.as_str()), Context::Block),
            None if text.is_empty() => {}
            None => {
                let line = format!("{}: {}", field.name(), quoted(text, ScalarStyle::Plain, Context::Block));
                self.new_field(&[line]);
            }
        }
        Ok(())
    }

    /// An entry of a field that is a map of texts.
    fn map_entry(
        &mut self,
        field: Field,
        found: Option<Pair<'d>>,
        key: &EcoString,
        text: &EcoString,
    ) -> Result<(), PromotionError> {
        let current = self.document.value.get(field.name()).filter(|value| !value.is_null());
        let written = quoted(key, ScalarStyle::Plain, Context::Block);
        let line = format!("{written}: {}", quoted(text, ScalarStyle::Plain, Context::Block));
        let Some((name, map)) = found else {
            self.new_field(&[format!("{}:", field.name()), format!("  {line}")]);
            return Ok(());
        };
        if current.is_some_and(|value| !value.is_map()) {
            return Err(self.wrong_type(field));
        }
        let entries = map.entries().unwrap_or_default();
        let Some(last) = entries.last() else {
            self.fill((name, map), &[format!("  {line}")]);
            return Ok(());
        };
        let context = if map.is_flow() { Context::Flow } else { Context::Block };
        let known = current.and_then(|map| map.get(key));
        if known.is_some_and(|known| !known.is_scalar() && !known.is_null()) {
            return Err(self.wrong_type(field));
        }
        match (known, map.entry(key)) {
            (Some(known), _) if known.as_str() == Some(text) => {}
            (Some(_), Some(pair)) => self.set(pair, &Value::from(text.as_str()), context),
            _ if map.is_flow() => {
                let key = quoted(key, ScalarStyle::Plain, Context::Flow);
                let entry = format!("{key}: {}", quoted(text, ScalarStyle::Plain, Context::Flow));
                self.insert_flow_entry(*last, &entry);
            }
            _ => {
                let indent = self.spaces(entries.first().map_or(0, |(key, _)| key.range().start));
                self.changes.insert_below(self.document.entry_end(*last), &[format!("{indent}{line}")]);
            }
        }
        Ok(())
    }

    /// An item of a field that is a list of maps with names.
    fn list_item(
        &mut self,
        field: Field,
        found: Option<Pair<'d>>,
        name: &EcoString,
        fields: &[(&'static str, Option<Value>)],
    ) -> Result<(), PromotionError> {
        let value = self.document.value.get(field.name()).filter(|value| !value.is_null());
        let Some((key, list)) = found else {
            let mut lines = vec![format!("{}:", field.name())];
            lines.extend(item_lines(&self.new_dash(), name, fields));
            self.new_field(&lines);
            return Ok(());
        };
        let values = match value {
            Some(value) => value.as_seq().ok_or_else(|| self.wrong_type(field))?,
            None => &[],
        };
        let nodes = list.items().unwrap_or_default();
        let Some(last) = nodes.last() else {
            self.fill((key, list), &item_lines(&self.new_dash(), name, fields));
            return Ok(());
        };
        let named: Vec<usize> =
            (0..values.len()).filter(|at| values.get(*at).is_some_and(|item| is_named(item, name))).collect();
        match named.split_first() {
            Some((first, repeated)) => {
                if let (Some(node), Some(value)) = (nodes.get(*first), values.get(*first)) {
                    self.change_item(*node, value, fields);
                }
                repeated.iter().for_each(|at| self.remove_item(list, &nodes, *at));
            }
            None if list.is_flow() => {
                let at = self.document.content_end(*last);
                self.changes.replace(at..at, format!(", {}", flow_item(name, fields)));
            }
            None => {
                let dash = self.spaces(list.range().start);
                self.changes.insert_below(self.document.content_end(*last), &item_lines(&dash, name, fields));
            }
        }
        Ok(())
    }

    /// Changes the fields of an item that is there.
    fn change_item(
        &mut self,
        item: OutlineNode<'d>,
        value: &Value,
        fields: &[(&'static str, Option<Value>)],
    ) {
        let entries = item.entries().unwrap_or_default();
        let wanted =
            |key: &str| fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_ref());
        let name_of = |entry: &Pair<'d>| entry.0.scalar().map_or("", |(name, _)| name);
        let stays = |entry: &Pair<'d>| match wanted(name_of(entry)) {
            Some(None) => !value.get(name_of(entry)).is_some_and(says_something),
            _ => true,
        };
        let context = if item.is_flow() { Context::Flow } else { Context::Block };
        for entry in &entries {
            if let Some(Some(new)) = wanted(name_of(entry))
                && !value.get(name_of(entry)).is_some_and(|old| old == new)
            {
                self.set(*entry, new, context);
            }
        }
        let kept: Vec<bool> = entries.iter().map(stays).collect();
        self.remove_keys(&entries, &kept, context);
        let mut staying: Vec<Pair<'d>> = Vec::new();
        staying.extend(entries.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(entry, _)| *entry));
        for key in KEYS {
            let Some(Some(new)) = wanted(key) else { continue };
            if value.get(key).is_none() {
                self.insert_key(&entries, &staying, key, new, context);
            }
        }
    }

    /// Puts a new key behind the nearest of the keys that come earlier in kustomize's order, else behind the first one.
    fn insert_key(
        &mut self,
        entries: &[Pair<'d>],
        staying: &[Pair<'d>],
        key: &str,
        value: &Value,
        context: Context,
    ) {
        let earlier = KEYS.iter().take_while(|known| **known != key);
        let named =
            |name: &str| staying.iter().find(|(key, _)| key.scalar().is_some_and(|(text, _)| text == name));
        let Some(behind) = earlier.filter_map(|name| named(name)).last().or(staying.first()) else { return };
        let written = format!("{key}: {}", scalar(value, ScalarStyle::Plain, context));
        match context {
            Context::Flow => self.insert_flow_entry(*behind, &written),
            Context::Block => {
                let indent = self.spaces(entries.first().map_or(0, |(key, _)| key.range().start));
                self.changes.insert_below(self.document.entry_end(*behind), &[format!("{indent}{written}")]);
            }
        }
    }

    /// Puts an entry behind another one within braces. A comma right behind a colon would be part of the key.
    fn insert_flow_entry(&mut self, behind: Pair<'d>, entry: &str) {
        let at = self.document.entry_end(behind);
        let gap = if behind.1.range().is_empty() { " " } else { "" };
        self.changes.replace(at..at, format!("{gap}, {entry}"));
    }

    /// Removes keys of an entry: those in front of the first that stays, which moves up to their place, and the others.
    fn remove_keys(&mut self, entries: &[Pair<'d>], kept: &[bool], context: Context) {
        let Some(first) = kept.iter().position(|kept| *kept) else { return };
        if let (Some((from, _)), Some((to, _))) = (entries.first().filter(|_| first > 0), entries.get(first))
        {
            let between = match context {
                Context::Flow => String::new(),
                Context::Block => self.comments_between(entries.get(..first).unwrap_or_default(), *to),
            };
            self.changes.replace(from.range().start..to.range().start, between);
        }
        for (at, pair) in entries.iter().enumerate().skip(first) {
            let before = at.checked_sub(1).and_then(|before| entries.get(before));
            match (kept.get(at), context, before) {
                (Some(false), Context::Flow, Some(before)) => {
                    let end = self.document.entry_end(*pair);
                    self.changes.replace(self.document.entry_end(*before)..end, "");
                }
                (Some(false), Context::Block, _) => {
                    self.changes.remove_lines(pair.0.range().start, self.document.entry_end(*pair));
                }
                _ => {}
            }
        }
    }

    /// Returns the lines of comments between keys that go and the key that takes their place, to stand in front of that.
    fn comments_between(&self, going: &[Pair<'d>], next: OutlineNode<'d>) -> String {
        let indent = self.spaces(next.range().start);
        let eol = self.changes.eol();
        let mut comments = String::new();
        for (at, pair) in going.iter().enumerate() {
            let from = self.changes.next_line(self.document.entry_end(*pair));
            let to = going.get(at + 1).map_or(next, |(key, _)| *key).range().start;
            for line in
                self.changes.slice(from..to).lines().map(str::trim).filter(|line| line.starts_with('#'))
            {
                comments.push_str(line);
                comments.push_str(eol);
                comments.push_str(&indent);
            }
        }
        comments
    }

    fn remove_item(&mut self, list: OutlineNode<'d>, nodes: &[OutlineNode<'d>], at: usize) {
        let (Some(node), Some(before)) = (nodes.get(at), at.checked_sub(1).and_then(|at| nodes.get(at)))
        else {
            return;
        };
        let end = self.document.content_end(*node);
        if list.is_flow() {
            self.changes.replace(self.document.content_end(*before)..end, "");
            return;
        }
        // The dash may stand on a line above what it is for.
        let column = self.changes.column(list.range().start);
        let mut line = self.changes.line_start(node.range().start);
        let floor = self.document.content_end(*before);
        let has_dash = |line: usize| self.changes.slice(line..line + column + 1).trim_start() == "-";
        while !has_dash(line) && line > floor {
            line = self.changes.line_start(line - 1);
        }
        self.changes.remove_lines(line, end);
    }

    /// Gives a key a value that is a scalar.
    fn set(&mut self, (key, old): Pair<'d>, new: &Value, context: Context) {
        let range = old.range();
        if range.is_empty() {
            let written = scalar(new, ScalarStyle::Plain, context);
            match self.document.colon_end(key) {
                Some(colon) => self.changes.replace(colon..colon, format!(" {written}")),
                None => self.changes.replace(key.range().end..key.range().end, format!(": {written}")),
            }
            return;
        }
        let style = old.scalar().map_or(ScalarStyle::Plain, |(_, style)| style);
        self.changes.replace(range.start..self.document.content_end(old), scalar(new, style, context));
    }

    /// Fills a field that is null or empty, where it stands.
    fn fill(&mut self, (key, value): Pair<'d>, lines: &[String]) {
        let root = self.spaces(key.range().start);
        let lines: Vec<String> = lines.iter().map(|line| format!("{root}{line}")).collect();
        let end = self.document.entry_end((key, value));
        if let Some(colon) = self.document.colon_end(key)
            && colon < end
        {
            self.changes.replace(colon..end, "");
        }
        self.changes.insert_below(end, &lines);
    }

    /// Adds a field to the document.
    fn new_field(&mut self, lines: &[String]) {
        let root = self.document.root().map_or_else(String::new, |start| self.spaces(start));
        let lines: Vec<String> = lines.iter().map(|line| format!("{root}{line}")).collect();
        let last = self.document.fields().last().map(|(key, _)| key.range().start);
        match (self.place, last) {
            (NewField::BeforeLast, Some(last)) => self.changes.insert_above(last, &lines),
            _ => self.changes.insert_above(self.document.end(), &lines),
        }
    }

    /// Returns what stands in front of the dashes of a new list: as much as in the first list of the file.
    fn new_dash(&self) -> String {
        let mut open: Vec<(usize, OutlineNode<'d>)> = Vec::new();
        let push = |open: &mut Vec<_>, entries: Vec<Pair<'d>>| {
            open.extend(entries.into_iter().rev().map(|(key, value)| (key.range().start, value)));
        };
        push(&mut open, self.document.fields());
        while let Some((key, value)) = open.pop() {
            match value.items() {
                Some(items) if !items.is_empty() && !value.is_flow() => {
                    let dash = self.changes.column(value.range().start);
                    return " ".repeat(dash.saturating_sub(self.changes.column(key)));
                }
                _ => push(&mut open, value.entries().unwrap_or_default()),
            }
        }
        String::new()
    }

    /// Returns as many spaces as there are in front of an offset in its line.
    fn spaces(&self, offset: usize) -> String {
        " ".repeat(self.changes.column(offset))
    }

    fn wrong_type(&self, field: Field) -> PromotionError {
        let found = self
            .document
            .fields()
            .into_iter()
            .find(|(key, _)| key.scalar().is_some_and(|(text, _)| text == field.name()));
        let at = self.document.position(found.map_or(0, |(key, _)| key.range().start));
        PromotionError::WrongType { field: field.name().into(), at }
    }
}

/// Writes a scalar; a number has no quotes, whatever it replaces.
fn scalar(value: &Value, style: ScalarStyle, context: Context) -> String {
    match value.as_str() {
        Some(text) => quoted(text, style, context),
        None => value.scalar_text().unwrap_or_default().into(),
    }
}

/// Returns the fields of a new item that are set, as `key: value`.
fn set_fields(name: &str, fields: &[(&'static str, Option<Value>)], context: Context) -> Vec<String> {
    let named = format!("name: {}", quoted(name, ScalarStyle::Plain, context));
    let set = fields.iter().filter_map(|(key, value)| {
        Some(format!("{key}: {}", scalar(value.as_ref()?, ScalarStyle::Plain, context)))
    });
    std::iter::once(named).chain(set).collect()
}

fn item_lines(dash: &str, name: &str, fields: &[(&'static str, Option<Value>)]) -> Vec<String> {
    let lines = set_fields(name, fields, Context::Block);
    lines
        .iter()
        .enumerate()
        .map(|(at, line)| format!("{dash}{} {line}", if at == 0 { "-" } else { " " }))
        .collect()
}

fn flow_item(name: &str, fields: &[(&'static str, Option<Value>)]) -> String {
    format!("{{{}}}", set_fields(name, fields, Context::Flow).join(", "))
}
