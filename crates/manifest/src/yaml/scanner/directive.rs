//! Directives: `%YAML 1.1` and `%TAG ! prefix`.

use super::{Mark, Scan, Scanner, Token, TokenKind};

impl<'a> Scanner<'a> {
    pub(super) fn fetch_directive(&mut self) -> Scan<()> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.skip();
        let kind = match self.directive_name(start)? {
            "YAML" => self.version(start)?,
            "TAG" => self.tag_directive(start)?,
            _ => return Err(self.error_at(Some(start), "found unknown directive name")),
        };
        let end = self.cursor.mark();
        self.cursor.skip_blanks();
        if self.cursor.peek(0) == b'#' {
            self.cursor.skip_line_content();
        }
        if !self.cursor.is_break_or_end(0) {
            return Err(self.error_at(Some(start), "did not find expected comment or line break"));
        }
        self.cursor.take_break();
        self.tokens.push_back(Token { kind, start, end });
        Ok(())
    }

    fn directive_name(&mut self, start: Mark) -> Scan<&'a str> {
        let name = self.word();
        if name.is_empty() {
            return Err(self.error_at(Some(start), "could not find expected directive name"));
        }
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.error_at(Some(start), "found unexpected non-alphabetical character"));
        }
        Ok(name)
    }

    fn version(&mut self, start: Mark) -> Scan<TokenKind<'a>> {
        self.cursor.skip_blanks();
        let major = self.version_number(start)?;
        if self.cursor.peek(0) != b'.' {
            return Err(self.error_at(Some(start), "did not find expected digit or '.' character"));
        }
        self.cursor.skip();
        Ok(TokenKind::Version(major, self.version_number(start)?))
    }

    fn version_number(&mut self, start: Mark) -> Scan<u8> {
        let mut value: u8 = 0;
        let mut length = 0;
        while self.cursor.peek(0).is_ascii_digit() {
            length += 1;
            if length > 2 {
                return Err(self.error_at(Some(start), "found extremely long version number"));
            }
            value = value * 10 + (self.cursor.peek(0) - b'0');
            self.cursor.skip();
        }
        match length {
            0 => Err(self.error_at(Some(start), "did not find expected version number")),
            _ => Ok(value),
        }
    }

    fn tag_directive(&mut self, start: Mark) -> Scan<TokenKind<'a>> {
        self.cursor.skip_blanks();
        let handle = self.tag_handle(true, start)?;
        if !self.cursor.is_blank(0) {
            return Err(self.error_at(Some(start), "did not find expected whitespace"));
        }
        self.cursor.skip_blanks();
        let prefix = self.tag_uri("", start)?;
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.error_at(Some(start), "did not find expected whitespace or line break"));
        }
        Ok(TokenKind::TagDirective(Box::new((handle, prefix))))
    }
}
