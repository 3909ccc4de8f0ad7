//! Go's `fmt`: `Sprint`, `Sprintln`, `Sprintf`.

use super::format::Format;
use super::number::float_text;
use super::quote::quote;
use super::time::Time;
use crate::value::{Elem, List, Map, Object, Text, Value};

/// How deep values may nest before printing gives up; only cycles get there.
const MAX_DEPTH: usize = 100;

/// Printing would pass the limit on output bytes or on nesting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    /// More bytes than allowed.
    Bytes,
    /// A value nested too deep, such as a map that holds itself.
    Depth,
}

/// Prints the arguments as `fmt.Sprint`: a space between two that are both not strings.
pub(crate) fn sprint(args: &[Value], limit: usize) -> Result<Vec<u8>, Overflow> {
    let mut printer = Printer::new(limit);
    let mut string_before = true;
    for arg in args {
        let is_string = matches!(arg, Value::Str(_));
        if !is_string && !string_before {
            printer.f.push(b' ');
        }
        printer.arg(arg, 'v');
        string_before = is_string;
    }
    printer.finish()
}

/// Prints the arguments as `fmt.Sprintln`.
pub(crate) fn sprintln(args: &[Value], limit: usize) -> Result<Vec<u8>, Overflow> {
    let mut printer = Printer::new(limit);
    for (position, arg) in args.iter().enumerate() {
        if position > 0 {
            printer.f.push(b' ');
        }
        printer.arg(arg, 'v');
    }
    printer.f.push(b'\n');
    printer.finish()
}

/// Prints one value as `%v`, for the output of a template.
pub(crate) fn print_value(out: &mut Vec<u8>, value: &Value, limit: usize) -> Result<(), Overflow> {
    match value {
        Value::Str(text) => out.extend_from_slice(text.as_bytes()),
        Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Value::Float(f) => out.extend_from_slice(float_text(*f).as_bytes()),
        Value::Nil => out.extend_from_slice(b"<nil>"),
        value => {
            let mut printer = Printer::new(limit);
            printer.f.out = std::mem::take(out);
            printer.arg(value, 'v');
            *out = printer.finish()?;
        }
    }
    Ok(())
}

/// Returns `%v` of one value as a string.
pub(crate) fn value_text(value: &Value, limit: usize) -> Result<Vec<u8>, Overflow> {
    let mut out = Vec::new();
    print_value(&mut out, value, limit)?;
    Ok(out)
}

/// Prints a value in Go syntax, for `Debug`.
pub(crate) fn sprint_debug(value: &Value) -> Vec<u8> {
    let mut printer = Printer::new(1 << 20);
    printer.f.sharp_v = true;
    printer.arg(value, 'v');
    printer.finish().unwrap_or_default()
}

/// Prints as `fmt.Sprintf`.
pub(crate) fn sprintf(format: &[u8], args: &[Value], limit: usize) -> Result<Vec<u8>, Overflow> {
    let mut printer = Printer::new(limit);
    Formatter { printer: &mut printer, format, at: 0, args, next: 0, reordered: false, good: true }.run();
    printer.finish()
}

struct Printer {
    f: Format,
    too_deep: bool,
    /// Inside a bad-verb note, where no `String` method is called.
    erroring: bool,
}

impl Printer {
    fn new(limit: usize) -> Self {
        Self { f: Format::new(limit), too_deep: false, erroring: false }
    }

    fn finish(self) -> Result<Vec<u8>, Overflow> {
        match () {
            () if self.too_deep => Err(Overflow::Depth),
            () if self.f.over => Err(Overflow::Bytes),
            () => Ok(self.f.out),
        }
    }

    fn arg(&mut self, value: &Value, verb: char) {
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => self.f.pad(b"<nil>"),
            (Value::Nil, _) => self.bad_verb(value, verb),
            (_, 'T') => self.f.string(value.type_name().as_bytes()),
            (_, 'p') => self.pointer(value),
            _ => self.value(value, verb, 0),
        }
    }

    /// Addresses do not exist here, so `%p` of a reference prints a fixed one.
    fn pointer(&mut self, value: &Value) {
        match value {
            Value::Map(_) | Value::List(_) | Value::Version(_) => {
                let address = if value.is_nil() { 0 } else { 0xc0_0000_0000 };
                let sharp = self.f.sharp;
                self.f.sharp = !sharp;
                self.f.integer(address, 16, false, 'v', false);
                self.f.sharp = sharp;
            }
            _ => self.bad_verb(value, 'p'),
        }
    }

    fn bad_verb(&mut self, value: &Value, verb: char) {
        let erroring = std::mem::replace(&mut self.erroring, true);
        self.f.push_str("%!");
        self.f.push_char(verb);
        self.f.push(b'(');
        if matches!(value, Value::Nil) {
            self.f.push_str("<nil>");
        } else {
            self.f.push_str(&value.type_name());
            self.f.push(b'=');
            self.value(value, 'v', 0);
        }
        self.f.push(b')');
        self.erroring = erroring;
    }

    fn value(&mut self, value: &Value, verb: char, depth: usize) {
        if depth > MAX_DEPTH {
            self.too_deep = true;
        }
        if self.too_deep || self.f.over {
            return;
        }
        let bytes = depth == 0 && matches!(value, Value::List(list) if list.elem() == Elem::Byte);
        if verb == 'w' && !self.erroring && !bytes {
            return self.bad_verb(value, verb);
        }
        if !self.erroring
            && !self.f.sharp_v
            && "vsxXq".contains(verb)
            && let Some(text) = stringer(value)
        {
            return self.string(value, text.as_bytes(), verb);
        }
        match value {
            Value::Nil if self.f.sharp_v => self.f.push_str("interface {}(nil)"),
            Value::Nil => self.nil(verb, depth),
            Value::Bool(b) => match verb {
                't' | 'v' => self.f.pad(if *b { b"true" } else { b"false" }),
                _ => self.bad_verb(value, verb),
            },
            Value::Int(_, i) => self.integer(value, *i as u64, true, verb),
            Value::Uint(_, u) => self.integer(value, *u, false, verb),
            Value::Float(f) => self.float(value, *f, verb),
            Value::Complex(c) => self.complex(value, **c, verb),
            Value::Str(text) => self.string(value, text.as_bytes(), verb),
            Value::List(list) => self.list(list, verb, depth),
            Value::Map(map) => self.map(map, verb, depth),
            Value::Time(_) | Value::Version(_) => self.structure(value, verb, depth),
            Value::Object(object) => self.object(object.as_ref(), verb, depth),
        }
    }

    fn nil(&mut self, verb: char, depth: usize) {
        // An element that is nil prints `<nil>` under every verb; only a top-level one is a bad verb.
        if verb == 'v' || depth > 0 { self.f.push_str("<nil>") } else { self.bad_verb(&Value::Nil, verb) }
    }

    fn integer(&mut self, value: &Value, bits: u64, signed: bool, verb: char) {
        match verb {
            'v' if self.f.sharp_v && !signed => self.hex_with_prefix(bits),
            'v' | 'd' => self.f.integer(bits, 10, signed, verb, false),
            'b' => self.f.integer(bits, 2, signed, verb, false),
            'o' | 'O' => self.f.integer(bits, 8, signed, verb, false),
            'x' => self.f.integer(bits, 16, signed, verb, false),
            'X' => self.f.integer(bits, 16, signed, verb, true),
            'c' => self.f.rune(bits),
            'q' => self.f.quoted_rune(bits),
            'U' => self.f.unicode(bits),
            _ => self.bad_verb(value, verb),
        }
    }

    fn hex_with_prefix(&mut self, bits: u64) {
        let sharp = std::mem::replace(&mut self.f.sharp, true);
        self.f.integer(bits, 16, false, 'v', false);
        self.f.sharp = sharp;
    }

    fn float(&mut self, value: &Value, float: f64, verb: char) {
        match verb {
            'v' => self.f.float(float, 'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => self.f.float(float, verb, None),
            'f' | 'e' | 'E' => self.f.float(float, verb, Some(6)),
            'F' => self.f.float(float, 'f', Some(6)),
            _ => self.bad_verb(value, verb),
        }
    }

    fn complex(&mut self, value: &Value, (real, imaginary): (f64, f64), verb: char) {
        if !"vbgGxXfFeE".contains(verb) {
            return self.bad_verb(value, verb);
        }
        self.f.push(b'(');
        self.float(value, real, verb);
        let plus = std::mem::replace(&mut self.f.plus, true);
        self.float(value, imaginary, verb);
        self.f.push_str("i)");
        self.f.plus = plus;
    }

    fn string(&mut self, value: &Value, text: &[u8], verb: char) {
        match verb {
            'v' if self.f.sharp_v => self.f.quoted(text),
            'v' | 's' => self.f.string(text),
            'x' => self.f.hex(text, false),
            'X' => self.f.hex(text, true),
            'q' => self.f.quoted(text),
            _ => self.bad_verb(value, verb),
        }
    }

    fn bytes(&mut self, list: &List, bytes: &[u8], verb: char) {
        match verb {
            'v' | 'd' if self.f.sharp_v => {
                self.f.push_str("[]byte");
                if list.is_nil() {
                    return self.f.push_str("(nil)");
                }
                self.f.push(b'{');
                for (position, byte) in bytes.iter().enumerate() {
                    if position > 0 {
                        self.f.push_str(", ");
                    }
                    self.hex_with_prefix(u64::from(*byte));
                }
                self.f.push(b'}');
            }
            's' => self.f.string(bytes),
            'x' => self.f.hex(bytes, false),
            'X' => self.f.hex(bytes, true),
            'q' => self.f.quoted(bytes),
            _ => self.items(list, verb, 0, "[", "]", " "),
        }
    }

    fn list(&mut self, list: &List, verb: char, depth: usize) {
        if list.elem() == Elem::Byte
            && (depth == 0 || "sqxX".contains(verb))
            && let Some(bytes) = list.to_bytes()
        {
            return self.bytes(list, &bytes, verb);
        }
        if !self.f.sharp_v {
            return self.items(list, verb, depth, "[", "]", " ");
        }
        self.f.push_str(list.elem().list_type());
        if list.is_nil() { self.f.push_str("(nil)") } else { self.items(list, verb, depth, "{", "}", ", ") }
    }

    fn items(&mut self, list: &List, verb: char, depth: usize, open: &str, close: &str, between: &str) {
        self.f.push_str(open);
        for (position, item) in list.items().iter().enumerate() {
            if position > 0 {
                self.f.push_str(between);
            }
            self.value(item, verb, depth + 1);
        }
        self.f.push_str(close);
    }

    fn map(&mut self, map: &Map, verb: char, depth: usize) {
        let sharp = self.f.sharp_v;
        if sharp {
            self.f.push_str(map.elem().map_type());
            if map.is_nil() {
                return self.f.push_str("(nil)");
            }
            self.f.push(b'{');
        } else {
            self.f.push_str("map[");
        }
        for (position, (key, value)) in map.entries().into_iter().enumerate() {
            if position > 0 {
                self.f.push_str(if sharp { ", " } else { " " });
            }
            self.value(&Value::Str(key), verb, depth + 1);
            self.f.push(b':');
            self.value(&value, verb, depth + 1);
        }
        self.f.push(if sharp { b'}' } else { b']' });
    }

    /// Times and versions have a `String` method; this is how their insides print where it is not called.
    fn structure(&mut self, value: &Value, verb: char, depth: usize) {
        match (value, stringer(value)) {
            (Value::Time(time), _) if self.f.sharp_v => self.f.string(time.go_string().as_bytes()),
            (Value::Time(time), _) => self.time(time, verb, depth),
            (Value::Version(version), _) => {
                self.fields(&version.fields(), "&", "semver.Version", verb, depth)
            }
            (_, Some(text)) => self.f.string(text.as_bytes()),
            _ => {}
        }
    }

    /// Prints the fields of a `time.Time`: nanoseconds, seconds since the year 1, and the zone, which is nil for UTC.
    fn time(&mut self, time: &Time, verb: char, depth: usize) {
        let (nanos, seconds) = time.fields();
        self.f.push(b'{');
        let names = if self.f.plus_v { ["wall:", "ext:", "loc:"] } else { [""; 3] };
        for (field, name) in [nanos, seconds].iter().zip(names) {
            self.f.push_str(name);
            self.value(field, verb, depth + 1);
            self.f.push(b' ');
        }
        let [.., loc] = names;
        self.f.push_str(loc);
        match verb {
            'v' => self.f.pad(b"<nil>"),
            'd' | 'b' | 'o' | 'x' | 'X' => self.integer(&Value::Nil, 0, false, verb),
            verb => {
                self.f.push_str("%!");
                self.f.push_char(verb);
                self.f.push_str("(*time.Location=");
                self.f.pad(b"<nil>");
                self.f.push(b')');
            }
        }
        self.f.push(b'}');
    }

    fn object(&mut self, object: &dyn Object, verb: char, depth: usize) {
        self.fields(&object.fields(), "", &object.type_name(), verb, depth);
    }

    fn fields(&mut self, fields: &[(&'static str, Value)], mark: &str, name: &str, verb: char, depth: usize) {
        self.f.push_str(mark);
        if self.f.sharp_v {
            self.f.push_str(name);
        }
        self.f.push(b'{');
        for (position, (name, value)) in fields.iter().enumerate() {
            if position > 0 {
                self.f.push_str(if self.f.sharp_v { ", " } else { " " });
            }
            if self.f.plus_v || self.f.sharp_v {
                self.f.push_str(name);
                self.f.push(b':');
            }
            self.value(value, verb, depth + 1);
        }
        self.f.push(b'}');
    }
}

/// Returns the text of a value whose type has a `String` method.
pub(crate) fn stringer(value: &Value) -> Option<Text> {
    use crate::go::time;
    use crate::value::IntType;
    match value {
        Value::Time(time) => Some(time.to_string().into()),
        Value::Version(version) => Some(version.to_string().into()),
        Value::Int(IntType::Duration, nanos) => Some(time::duration_text(*nanos).into()),
        Value::Int(IntType::Month, month) => Some(time::month_text(*month).into()),
        Value::Int(IntType::Weekday, day) => Some(time::weekday_text(*day).into()),
        Value::Object(object) => object.display(),
        _ => None,
    }
}

/// One run over a format string.
struct Formatter<'a> {
    printer: &'a mut Printer,
    format: &'a [u8],
    at: usize,
    args: &'a [Value],
    next: usize,
    reordered: bool,
    good: bool,
}

/// Widths and precisions beyond this are refused, as in Go.
const TOO_LARGE: i64 = 1_000_000;

impl Formatter<'_> {
    fn run(mut self) {
        while self.at < self.format.len() && !self.printer.f.over {
            let rest = self.format.get(self.at..).unwrap_or_default();
            let text = memchr::memchr(b'%', rest).unwrap_or(rest.len());
            self.printer.f.push_all(rest.get(..text).unwrap_or_default());
            self.at += text;
            if self.at < self.format.len() {
                self.at += 1;
                if !self.directive() {
                    break;
                }
            }
        }
        self.extra();
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// Runs one directive; false when the format ended inside it.
    fn directive(&mut self) -> bool {
        self.good = true;
        self.printer.f.clear_flags();
        while let Some(flag) = self.peek() {
            let f = &mut self.printer.f;
            match flag {
                b'#' => f.sharp = true,
                b'0' => f.zero = true,
                b'+' => f.plus = true,
                b'-' => f.minus = true,
                b' ' => f.space = true,
                _ => break,
            }
            self.at += 1;
        }
        let mut after_index = self.arg_number();
        after_index = self.width(after_index);
        after_index = self.precision(after_index);
        if !after_index {
            self.arg_number();
        }
        let Some((verb, size)) = crate::value::Runes(self.format.get(self.at..).unwrap_or_default()).next()
        else {
            self.printer.f.push_str("%!(NOVERB)");
            return false;
        };
        self.at += size;
        self.print(verb);
        true
    }

    fn print(&mut self, verb: char) {
        if verb == '%' {
            return self.printer.f.push(b'%');
        }
        let Some(arg) = self.args.get(self.next).filter(|_| self.good) else {
            let what = if self.good { "(MISSING)" } else { "(BADINDEX)" };
            self.printer.f.push_str("%!");
            self.printer.f.push_char(verb);
            return self.printer.f.push_str(what);
        };
        if verb == 'v' || verb == 'w' {
            let f = &mut self.printer.f;
            f.sharp_v = std::mem::take(&mut f.sharp);
            f.plus_v = std::mem::take(&mut f.plus);
        }
        self.printer.arg(arg, verb);
        self.next += 1;
    }

    fn width(&mut self, after_index: bool) -> bool {
        if self.peek() == Some(b'*') {
            self.at += 1;
            let width = self.int_arg();
            let f = &mut self.printer.f;
            match width {
                Some(width) => {
                    f.width = Some(usize::try_from(width.unsigned_abs()).unwrap_or(0));
                    if width < 0 {
                        f.minus = true;
                        f.zero = false;
                    }
                }
                None => f.push_str("%!(BADWIDTH)"),
            }
            return false;
        }
        self.printer.f.width = self.number(self.format.len());
        if after_index && self.printer.f.width.is_some() {
            self.good = false;
        }
        after_index
    }

    fn precision(&mut self, mut after_index: bool) -> bool {
        if self.at + 1 > self.format.len() || self.peek() != Some(b'.') {
            return after_index;
        }
        if self.at + 1 == self.format.len() {
            // A point at the very end is the verb.
            return after_index;
        }
        self.at += 1;
        if after_index {
            self.good = false;
        }
        after_index = self.arg_number();
        if self.peek() == Some(b'*') {
            self.at += 1;
            let precision = self.int_arg();
            let f = &mut self.printer.f;
            f.precision = precision.and_then(|p| usize::try_from(p).ok());
            if f.precision.is_none() {
                f.push_str("%!(BADPREC)");
            }
            return false;
        }
        self.printer.f.precision = Some(self.number(self.format.len()).unwrap_or(0));
        after_index
    }

    /// Reads `[n]`; returns whether an index was read.
    fn arg_number(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = self.format.get(self.at..).unwrap_or_default();
        let Some(close) = memchr::memchr(b']', rest).filter(|_| rest.len() >= 3) else {
            self.good = false;
            self.at += 1;
            return false;
        };
        let end = self.at + close;
        let start = self.at;
        self.at += 1;
        let number = self.number(end).filter(|_| self.at == end);
        self.at = start + close + 1;
        let index = number.and_then(|n| n.checked_sub(1)).filter(|&index| index < self.args.len());
        match index {
            Some(index) => self.next = index,
            None => self.good = false,
        }
        number.is_some()
    }

    /// Reads a decimal number that ends before `end`; an overlong one swallows the rest.
    fn number(&mut self, end: usize) -> Option<usize> {
        let mut number = None;
        while let Some(digit @ b'0'..=b'9') = self.peek().filter(|_| self.at < end) {
            let so_far = number.unwrap_or(0);
            if so_far as i64 > TOO_LARGE {
                self.at = end;
                return None;
            }
            number = Some(so_far * 10 + usize::from(digit - b'0'));
            self.at += 1;
        }
        number
    }

    fn int_arg(&mut self) -> Option<i64> {
        let arg = self.args.get(self.next)?;
        self.next += 1;
        let number = match arg {
            Value::Int(_, i) => Some(*i),
            Value::Uint(_, u) => i64::try_from(*u).ok(),
            _ => None,
        };
        number.filter(|n| (-TOO_LARGE..=TOO_LARGE).contains(n))
    }

    fn extra(&mut self) {
        let Some(extra) = self.args.get(self.next..).filter(|extra| !extra.is_empty() && !self.reordered)
        else {
            return;
        };
        self.printer.f.clear_flags();
        self.printer.f.push_str("%!(EXTRA ");
        for (position, arg) in extra.iter().enumerate() {
            if position > 0 {
                self.printer.f.push_str(", ");
            }
            if !matches!(arg, Value::Nil) {
                self.printer.f.push_str(&arg.type_name());
                self.printer.f.push(b'=');
            }
            self.printer.arg(arg, 'v');
        }
        self.printer.f.push(b')');
    }
}

/// Returns `%q` of text.
pub(crate) fn quoted(text: &[u8]) -> Vec<u8> {
    quote(text, false)
}
