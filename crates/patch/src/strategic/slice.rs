//! A list with room to spare, changed in place.
//!
//! The API machinery orders the result by positions in the live list *after* it deleted from and appended to that very
//! list. What an older view of the list shows then depends on how much room its array had; results do too.

use trueup_manifest::Value;

/// A list on an array that an older, longer view still looks at.
#[derive(Clone, Debug)]
pub(super) struct Slice {
    array: Vec<Value>,
    len: usize,
    capacity: usize,
    /// How much the older view sees.
    seen: usize,
    /// What the older view sees since the list moved to another array.
    left_behind: Option<Vec<Value>>,
}

impl Slice {
    /// Takes a list as the JSON decoder made it.
    pub(super) fn new(items: &[Value]) -> Self {
        let len = items.len();
        Self { array: items.to_vec(), len, capacity: decoded_capacity(len), seen: len, left_behind: None }
    }

    pub(super) fn items(&self) -> &[Value] {
        self.array.get(..self.len).unwrap_or(&self.array)
    }

    pub(super) fn remove(&mut self, at: usize) {
        if at >= self.len {
            return;
        }
        if let Some(moved) = self.array.get_mut(at..self.len) {
            // The last place keeps what it had: the one before it now holds the same.
            let last = moved.last().cloned();
            moved.rotate_left(1);
            if let (Some(last), Some(place)) = (last, moved.last_mut()) {
                *place = last;
            }
        }
        self.len -= 1;
    }

    pub(super) fn set(&mut self, at: usize, item: Value) {
        if let Some(place) = self.array.get_mut(at).filter(|_| at < self.len) {
            *place = item;
        }
    }

    pub(super) fn push(&mut self, item: Value) {
        if self.len == self.capacity {
            self.move_away(self.len + 1);
        }
        match self.array.get_mut(self.len) {
            Some(place) => *place = item,
            None => self.array.push(item),
        }
        self.len += 1;
    }

    /// Appends several at once: they move together when they do not fit.
    pub(super) fn extend(&mut self, items: &[Value]) {
        if self.len + items.len() > self.capacity {
            self.move_away(self.len + items.len());
        }
        for item in items {
            self.push(item.clone());
        }
    }

    /// Changes the list in place, keeping what falls off its end in the array.
    pub(super) fn rewrite(&mut self, items: Vec<Value>) {
        self.len = items.len();
        for (place, item) in self.array.iter_mut().zip(items) {
            *place = item;
        }
    }

    /// Returns what the older view sees by now.
    pub(super) fn older_view(&self) -> &[Value] {
        match &self.left_behind {
            Some(view) => view,
            None => self.array.get(..self.seen).unwrap_or(&self.array),
        }
    }

    fn move_away(&mut self, needed: usize) {
        if self.left_behind.is_none() {
            self.left_behind = self.array.get(..self.seen).map(<[Value]>::to_vec);
        }
        self.array.truncate(self.len);
        self.capacity = needed.max(self.capacity * 2);
    }
}

/// Returns the room that Go's JSON decoder leaves in a list of this length.
fn decoded_capacity(len: usize) -> usize {
    const LARGE: [usize; 8] = [848, 1280, 1792, 2560, 3408, 5120, 7168, 9216];
    match len {
        0..=512 => len.next_power_of_two().min(if len == 0 { 0 } else { 512 }),
        _ => LARGE.into_iter().find(|capacity| *capacity >= len).unwrap_or(len),
    }
}
