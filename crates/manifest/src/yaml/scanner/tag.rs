//! Anchors, aliases and tags.

use super::{Mark, Scan, Scanner, TokenKind};

/// Tells whether a byte may be part of an anchor or a tag handle.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

impl<'a> Scanner<'a> {
    pub(super) fn fetch_anchor(&mut self, alias: bool) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.skip();
        let name = self.word();
        let next = self.cursor.peek(0);
        let ended = self.cursor.is_blank_or_end(0)
            || matches!(next, b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ended {
            return Err(self.error_at(Some(start), "did not find expected alphabetic or numeric character"));
        }
        self.push(if alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) }, start);
        Ok(())
    }

    pub(super) fn fetch_tag(&mut self) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark();
        let tag = self.tag(start)?;
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.error_at(Some(start), "did not find expected whitespace or line break"));
        }
        self.push(TokenKind::Tag(Box::new(tag)), start);
        Ok(())
    }

    /// Takes a tag as its handle and the rest; the handle is empty when the rest is all of it.
    fn tag(&mut self, start: Mark) -> Scan<(&'a str, String)> {
        if self.cursor.peek(1) == b'<' {
            self.cursor.skip_bytes(2);
            let uri = self.tag_uri("", start)?;
            if self.cursor.peek(0) != b'>' {
                return Err(self.error_at(Some(start), "did not find the expected '>'"));
            }
            self.cursor.skip();
            return Ok(("", uri));
        }
        let handle = self.tag_handle(false, start)?;
        if handle.len() > 1 && handle.ends_with('!') {
            return Ok((handle, self.tag_uri("", start)?));
        }
        let suffix = self.tag_uri(handle, start)?;
        Ok(if suffix.is_empty() { ("", "!".to_owned()) } else { ("!", suffix) })
    }

    /// Takes `!`, `!!` or `!name!`; for a tag also `!name`, which is no handle.
    pub(super) fn tag_handle(&mut self, directive: bool, start: Mark) -> Scan<&'a str> {
        if self.cursor.peek(0) != b'!' {
            return Err(self.error_at(Some(start), "did not find expected '!'"));
        }
        let from = self.cursor.offset();
        self.cursor.skip();
        self.word();
        if self.cursor.peek(0) == b'!' {
            self.cursor.skip();
        } else if directive && self.cursor.since(from) != "!" {
            return Err(self.error_at(Some(start), "did not find expected '!'"));
        }
        Ok(self.cursor.since(from))
    }

    /// Takes the characters of a URI; `head` is what came before, with a `!` at its front that is left out.
    pub(super) fn tag_uri(&mut self, head: &str, start: Mark) -> Scan<String> {
        let mut uri = head.get(1..).unwrap_or_default().to_owned();
        let mut any = !head.is_empty();
        loop {
            let byte = self.cursor.peek(0);
            if byte == b'%' {
                self.uri_escape(start, &mut uri)?;
            } else if is_word(byte) || b";/?:@&=+$,.!~*'()[]".contains(&byte) {
                uri.push(char::from(byte));
                self.cursor.skip();
            } else {
                break;
            }
            any = true;
        }
        match any {
            true => Ok(uri),
            false => Err(self.error_at(Some(start), "did not find expected tag URI")),
        }
    }

    /// Takes one character of `%xx` escapes.
    fn uri_escape(&mut self, start: Mark, uri: &mut String) -> Scan<()> {
        let mut octets: Vec<u8> = Vec::with_capacity(4);
        let mut width = 1;
        while octets.len() < width {
            let digit = |ahead: usize| char::from(self.cursor.peek(ahead)).to_digit(16);
            let octet = match (self.cursor.peek(0), digit(1), digit(2)) {
                (b'%', Some(high), Some(low)) => (high << 4 | low) as u8,
                _ => return Err(self.error_at(Some(start), "did not find URI escaped octet")),
            };
            if octets.is_empty() {
                width = match octet {
                    0x00..=0x7F => 1,
                    0xC0..=0xDF => 2,
                    0xE0..=0xEF => 3,
                    0xF0..=0xF7 => 4,
                    _ => return Err(self.error_at(Some(start), "found an incorrect leading UTF-8 octet")),
                };
            } else if octet & 0xC0 != 0x80 {
                return Err(self.error_at(Some(start), "found an incorrect trailing UTF-8 octet"));
            }
            octets.push(octet);
            self.cursor.skip_bytes(3);
        }
        uri.push_str(&String::from_utf8_lossy(&octets));
        Ok(())
    }

    pub(super) fn word(&mut self) -> &'a str {
        let from = self.cursor.offset();
        while is_word(self.cursor.peek(0)) {
            self.cursor.skip();
        }
        self.cursor.since(from)
    }
}
