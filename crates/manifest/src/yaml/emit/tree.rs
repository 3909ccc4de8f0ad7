//! Block collections.

use super::Place;
use super::out::Out;
use crate::yaml::Generation;

impl Out<'_> {
    /// Writes `{}` or `[]`.
    pub(super) fn empty_collection(&mut self, brackets: &str) {
        self.indicator(brackets, true);
    }

    /// Goes into a block sequence and returns the indentation to come back to.
    pub(super) fn begin_sequence(&mut self, place: Place) -> isize {
        let value = matches!(place, Place::MapValue | Place::ComplexKey | Place::SimpleKey);
        let step = self.manner.indent as isize;
        match self.manner.generation {
            Generation::V2 => {
                let indentless = value && !self.indention;
                self.increase_indent(false, place == Place::Item, if indentless { step } else { 0 })
            }
            Generation::V3 => {
                let compact = value && (self.column == 0 || !self.indention) && self.manner.compact;
                self.increase_indent(false, place == Place::Item, if compact { 2 } else { 0 })
            }
        }
    }

    /// Goes into a block map and returns the indentation to come back to.
    pub(super) fn begin_map(&mut self, place: Place) -> isize {
        self.increase_indent(false, place == Place::Item, 0)
    }

    /// Goes to the next item.
    pub(super) fn item(&mut self) {
        self.write_indent();
        self.open_indicator(b'-');
    }

    /// Goes to the next key and tells where it stands.
    pub(super) fn begin_key(&mut self, simple: bool) -> Place {
        self.write_indent();
        if simple {
            return Place::SimpleKey;
        }
        self.open_indicator(b'?');
        Place::ComplexKey
    }

    /// Goes from a key to its value.
    pub(super) fn end_key(&mut self, place: Place) {
        if place == Place::SimpleKey {
            self.indicator(":", false);
            return;
        }
        self.write_indent();
        self.open_indicator(b':');
    }

    /// Ends a document.
    pub(super) fn end_document(&mut self) {
        self.indent = -1;
        self.write_indent();
    }
}
