//! Number constants: what each can be exactly.

use super::ast::Pos;
use super::complex;
use super::lex::Kind;
use crate::go::number::{float_to_int, float_to_uint, parse_float, parse_int, parse_uint};
use crate::go::quote::{Unquoted, quote_str, unquote_char};
use ecow::EcoString;

/// A number constant and everything it can be exactly, as Go's ideal constants.
#[derive(Debug, Default)]
pub(crate) struct Number {
    pub(crate) pos: Pos,
    pub(crate) text: EcoString,
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
}

impl Number {
    /// Reads a constant; the error is Go's text.
    pub(super) fn parse(pos: Pos, text: &str, kind: Kind) -> Result<Self, String> {
        let mut number = Self { pos, text: text.into(), ..Self::default() };
        match kind {
            Kind::CharConstant => number.char_constant(text)?,
            Kind::Complex => number.set_complex(complex::parse(text)?),
            _ => {
                let imaginary = text.strip_suffix('i').and_then(|size| parse_float(size).ok());
                match imaginary {
                    Some(imaginary) => number.set_complex((0.0, imaginary)),
                    None => number.plain(text)?,
                }
            }
        }
        Ok(number)
    }

    fn char_constant(&mut self, text: &str) -> Result<(), String> {
        let syntax = || "invalid syntax".to_owned();
        let (unquoted, tail) = unquote_char(text.get(1..).unwrap_or_default(), '\'').ok_or_else(syntax)?;
        if tail != "'" {
            return Err(format!("malformed character constant: {text}"));
        }
        let code = match unquoted {
            Unquoted::Rune(rune) => u32::from(rune),
            Unquoted::Byte(byte) => u32::from(byte),
        };
        self.int = Some(code.into());
        self.uint = Some(code.into());
        self.float = Some(code.into());
        Ok(())
    }

    fn plain(&mut self, text: &str) -> Result<(), String> {
        self.uint = parse_uint(text, 0).ok();
        self.int = parse_int(text, 0).ok();
        if self.int == Some(0) {
            self.uint = Some(0);
        }
        self.float = self.int.map(|i| i as f64).or(self.uint.map(|u| u as f64));
        if self.float.is_some() {
            return Ok(());
        }
        let Ok(float) = parse_float(text) else {
            return Err(format!("illegal number syntax: {}", quote_str(text)));
        };
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", quote_str(text)));
        }
        self.set_float(float);
        Ok(())
    }

    fn set_float(&mut self, float: f64) {
        self.float = Some(float);
        self.int = Some(float_to_int(float)).filter(|&int| int as f64 == float);
        self.uint = Some(float_to_uint(float)).filter(|&uint| uint as f64 == float);
    }

    fn set_complex(&mut self, complex: (f64, f64)) {
        self.complex = Some(complex);
        if complex.1 == 0.0 {
            self.set_float(complex.0);
        }
    }

    /// Tells whether the spelling asks for a float where the type is open.
    pub(crate) fn looks_like_float(&self) -> bool {
        let text = self.text.as_str();
        let hex = text.len() > 2
            && (text.starts_with("0x") || text.starts_with("0X"))
            && !text.contains(['p', 'P']);
        self.float.is_some() && !hex && !text.starts_with('\'') && text.contains(['.', 'e', 'E', 'p', 'P'])
    }
}
