//! Complex constants, read as `fmt.Sscan` reads them.

use crate::go::number::{NumberError, parse_float, parse_int};
use crate::go::quote::quote_str;

/// Reads `1+2i`; the error is Go's text.
pub(super) fn parse(text: &str) -> Result<(f64, f64), String> {
    let no_complex = || "syntax error scanning complex number".to_owned();
    let mut scanner = Scanner { rest: text };
    let real = scanner.float();
    let from = scanner.rest;
    if !scanner.accept("+-") {
        return Err(no_complex());
    }
    scanner.float();
    let imaginary = from.strip_suffix(scanner.rest).unwrap_or(from);
    if !scanner.accept("i") {
        return Err(no_complex());
    }
    Ok((convert(real)?, convert(imaginary)?))
}

struct Scanner<'t> {
    rest: &'t str,
}

impl<'t> Scanner<'t> {
    fn accept(&mut self, set: &str) -> bool {
        match self.rest.strip_prefix(|c| set.contains(c)) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes what could be a float.
    fn float(&mut self) -> &'t str {
        let from = self.rest;
        self.walk();
        from.strip_suffix(self.rest).unwrap_or(from)
    }

    fn walk(&mut self) {
        if self.accept("nN") && self.accept("aA") && self.accept("nN") {
            return;
        }
        self.accept("+-");
        if self.accept("iI") && self.accept("nN") && self.accept("fF") {
            return;
        }
        let hex = self.accept("0") && self.accept("xX");
        let (digits, exponent) =
            if hex { ("0123456789aAbBcCdDeEfF_", "pP") } else { ("0123456789_", "eEpP") };
        while self.accept(digits) {}
        if self.accept(".") {
            while self.accept(digits) {}
        }
        if self.accept(exponent) {
            self.accept("+-");
            while self.accept("0123456789_") {}
        }
    }
}

/// Reads a part; a decimal one may have a binary exponent here.
fn convert(text: &str) -> Result<f64, String> {
    let error = |function: &str, error: NumberError| {
        format!("strconv.{function}: parsing {}: {error}", quote_str(text))
    };
    match text.split_once('p') {
        Some((size, exponent)) if !text.contains(['x', 'X']) => {
            let size = parse_float(size).map_err(|it| error("ParseFloat", it))?;
            let exponent = parse_int(exponent, 10).map_err(|it| error("Atoi", it))?;
            Ok(scale(size, exponent))
        }
        _ => parse_float(text).map_err(|it| error("ParseFloat", it)),
    }
}

/// Multiplies by a power of two; in steps, so that what the power alone cannot hold is not lost.
fn scale(size: f64, exponent: i64) -> f64 {
    let mut size = size;
    let mut left = i32::try_from(exponent.clamp(-4000, 4000)).unwrap_or(0);
    while left != 0 && size != 0.0 && size.is_finite() {
        let step = left.clamp(-1000, 1000);
        size *= 2_f64.powi(step);
        left -= step;
    }
    size
}
