//! Simple keys: `key:` without a `?`, which are known to be keys only when the colon comes.

use super::{Mark, Scan, Scanner};

/// A place where `key:` may have begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct SimpleKey {
    pub(super) possible: bool,
    /// Nothing but a key makes sense there.
    pub(super) required: bool,
    /// The number of the token that began there.
    pub(super) token: usize,
    pub(super) mark: Mark,
    pub(super) index: usize,
}

/// A key on one line may be this many characters long.
const MAX_KEY: usize = 1024;

impl Scanner<'_> {
    pub(super) fn front_may_be_key(&mut self) -> Scan<bool> {
        while self.held.front().is_some_and(|(token, _)| *token < self.parsed) {
            self.held.pop_front();
        }
        match self.held.front() {
            Some((token, level)) if *token == self.parsed => self.check_simple_key(*level),
            _ => Ok(false),
        }
    }

    /// Stops holding a token back.
    pub(super) fn release(&mut self, token: usize) {
        if let Some(position) = self.held.iter().rposition(|(held, _)| *held == token) {
            self.held.remove(position);
        }
    }

    /// Checks a possible key again; one that is too far away is none.
    pub(super) fn check_simple_key(&mut self, level: usize) -> Scan<bool> {
        let (line, index) = (self.cursor.line(), self.cursor.index());
        let Some(key) = self.simple_keys.get_mut(level) else { return Ok(false) };
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < line || key.index + MAX_KEY < index {
            if key.required {
                let mark = key.mark;
                return Err(self.error_at(Some(mark), "could not find expected ':'"));
            }
            key.possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    pub(super) fn save_simple_key(&mut self) -> Scan<()> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let required = self.flow_level == 0 && self.indent == self.cursor.column() as isize;
        self.remove_simple_key()?;
        let key = SimpleKey {
            possible: true,
            required,
            token: self.parsed + self.tokens.len(),
            mark: self.cursor.mark(),
            index: self.cursor.index(),
        };
        let level = self.simple_keys.len().saturating_sub(1);
        self.held.push_back((key.token, level));
        if let Some(slot) = self.simple_keys.last_mut() {
            *slot = key;
        }
        Ok(())
    }

    pub(super) fn remove_simple_key(&mut self) -> Scan<()> {
        match self.simple_keys.last_mut() {
            Some(key) if key.possible => {
                if key.required {
                    let mark = key.mark;
                    return Err(self.error_at(Some(mark), "could not find expected ':'"));
                }
                key.possible = false;
                let token = key.token;
                self.release(token);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
