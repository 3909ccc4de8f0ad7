//! The order in which Go's YAML library writes keys: numbers inside of texts by their value.

use unicode_general_category::{GeneralCategory, get_general_category};

/// Tells whether keys are in order already.
pub(super) fn is_sorted<'k>(keys: impl Iterator<Item = &'k str>) -> bool {
    keys.is_sorted_by(|a, b| !less(b, a))
}

/// Sorts entries by key, in time that does not depend on the order being consistent, which it is not.
pub(super) fn sort<T: Copy>(entries: &mut Vec<(&str, T)>) {
    let mut width = 1;
    let mut merged = Vec::with_capacity(entries.len());
    while width < entries.len() {
        for pair in entries.chunks(width * 2) {
            let (left, right) = pair.split_at_checked(width).unwrap_or((pair, &[]));
            merge(left, right, &mut merged);
        }
        std::mem::swap(entries, &mut merged);
        merged.clear();
        width *= 2;
    }
}

fn merge<'a, T: Copy>(left: &[(&'a str, T)], right: &[(&'a str, T)], out: &mut Vec<(&'a str, T)>) {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
        let next = if less(b, a) { right.next() } else { left.next() };
        out.extend(next.copied());
    }
    out.extend(left.copied());
    out.extend(right.copied());
}

/// Tells whether a key comes before another.
pub(super) fn less(a: &str, b: &str) -> bool {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    match (a.as_bytes().get(same), b.as_bytes().get(same)) {
        (None, None) => return false,
        (None, Some(_)) => return true,
        (Some(_), None) => return false,
        (Some(x), Some(y)) if x.is_ascii_alphabetic() && y.is_ascii_alphabetic() => return x < y,
        _ => {}
    }
    let start = (0..=same).rev().find(|at| a.is_char_boundary(*at) && b.is_char_boundary(*at)).unwrap_or(0);
    let (head, a) = a.split_at_checked(start).unwrap_or(("", a));
    let b = b.get(start..).unwrap_or_default();
    let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else { return a.len() < b.len() };
    match (is_letter(x), is_letter(y)) {
        (true, true) => return x < y,
        (true, false) => return false,
        (false, true) => return true,
        (false, false) => {}
    }
    let mut base = 0;
    if x == '0' || y == '0' {
        let mut digits = head.chars().rev().take_while(|c| is_digit(*c));
        base = i64::from(digits.any(|c| c != '0'));
    }
    let (a_number, a_digits) = number(a, base);
    let (b_number, b_digits) = number(b, base);
    if a_number != b_number {
        return a_number < b_number;
    }
    if a_digits != b_digits {
        return a_digits < b_digits;
    }
    x < y
}

/// Reads the digits at the front as Go does, overflowing; returns how many there are.
fn number(text: &str, base: i64) -> (i64, usize) {
    let digits = text.chars().take_while(|c| is_digit(*c));
    let step = |(number, count): (i64, usize), c: char| {
        let digit = i64::from(u32::from(c)) - i64::from(u32::from('0'));
        (number.wrapping_mul(10).wrapping_add(digit), count + 1)
    };
    digits.fold((base, 0), step)
}

fn is_letter(c: char) -> bool {
    use GeneralCategory::{LowercaseLetter, ModifierLetter, OtherLetter, TitlecaseLetter, UppercaseLetter};
    match c.is_ascii() {
        true => c.is_ascii_alphabetic(),
        false => matches!(
            get_general_category(c),
            LowercaseLetter | ModifierLetter | OtherLetter | TitlecaseLetter | UppercaseLetter
        ),
    }
}

fn is_digit(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_digit(),
        false => get_general_category(c) == GeneralCategory::DecimalNumber,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count() {
        let mut keys: Vec<(&str, ())> =
            ["a10", "a2", "b", "a", "A", "1", "01", "a-b", "a_b", "ab", "a1b", ".x"]
                .map(|key| (key, ()))
                .to_vec();
        sort(&mut keys);
        let keys: Vec<&str> = keys.into_iter().map(|(key, ())| key).collect();
        assert_eq!(keys, [".x", "1", "01", "A", "a", "a-b", "a_b", "a1b", "a2", "a10", "ab", "b"]);
    }

    #[test]
    fn an_inconsistent_order_is_survived() {
        let mut keys: Vec<(&str, ())> =
            ["1", "01", "0a"].into_iter().cycle().take(100).map(|key| (key, ())).collect();
        sort(&mut keys);
        assert_eq!(keys.len(), 100);
    }
}
