//! Values that parsers and printers disagree about.

use crate::node::{Node, raw, text};
use crate::rng::Rng;

/// Scalars as they stand in a file.
const RAW: &[&str] = &[
    "1", "0", "-1", "12", "0755", "0o17", "0x1F", "0b11", "1_000", "+5", "-0", "1.0", "1.50", ".5", "5.", "1e3", "1E5", "1e-7",
    "1e21", "123456789012345678901234567890", "9223372036854775807", "9223372036854775808", "18446744073709551616", "12:30",
    "1:2:3", "2020-01-01", "2020-01-01T00:00:00Z", "2020-01-01 10:00:00", "true", "false", "True", "FALSE", "yes", "no", "on",
    "off", "Yes", "y", "n", "null", "~", "", "Null", "\"\"", "''", "\"1\"", "'true'", "\"null\"", "\"~\"", "\"yes\"", "\"0755\"",
    "'1e3'", "\"1.0\"", "'a: b'", "\"a #b\"", "\" lead\"", "\"trail \"", "\"tab\\tin\"", "\"line\\nline\"", "\"line\\n\"",
    "\"\\n\"", "\"\\u00e9\"", "é", "😀", "日本", "\"\\x01\"", "\"\\e\"", "\"\\u2028\"", "\"\\uFEFF\"", "\"nul\\0\"", "!!str 12",
    "!!int \"12\"", "!custom x", "!!binary aGVsbG8=", "1.2.3", "a b c", "a-b_c.d", "/path/to", "http://x/y:z", "a,b", "x=y",
    "'it''s'", "\"q\\\"q\"", "back\\slash", "\"back\\\\slash\"", "\"*\"", "\"&a\"", "\"@a\"", "\"`a\"", "\"%a\"", "\"!a\"",
    "\"- a\"", "\"? a\"", "\"[\"", "\"{\"", "\"}\"", "\"|\"", "\">\"", "\"-\"", "\":\"", "\"a:\"", "\"#\"", "\"<<\"", "=", "\"=\"",
    "-", "0.1", "-1.5e10", "100000000000000000000.0", "16777217.0", "0.0000001", "1e+3", "0x", "0o8", "08", "09.5", "1__0", "_1",
    "\"0x1F\"", "\"1_000\"", "\"12:30:45\"", "\"2020-01-01\"", "\"+5\"", "\".5\"", "\".inf\"", "\".nan\"", "\"0o17\"", "\"0b1\"",
    "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp qqqq rrrr ssss tttt uuuu vvvv",
    "\"aaaa bbbb cccc dddd eeee ffff: gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp qqqq rrrr ssss tttt uuuu vvvv\"",
];

/// Scalars of several lines; a leading `%` stands for the indentation.
const BLOCKS: &[&str] = &[
    "|\n%a\n%b", "|-\n%a\n%b", "|+\n%a\n\n", ">\n%a\n%b\n\n%c", ">-\n%a\n%  b\n%c", ">+\n%a\n\n", "|\n\n%a", "|2-\n%a", "|\n%a  \n%b",
    "|\n%# no comment\n%k: v", "|\n%a\tb", ">-\n%aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp",
    "\"a\n%b\n\n%c\"", "'a\n%b'", "a\n%b\n%c", "|-\n%{\"json\": [1, 2]}", "|\n%- x\n%- y", "|\n%%x", "|-\n%---\n%x",
];

/// Strings of a program's text: labels, annotations, data.
const WORDS: &[&str] = &[
    "a", "b", "web", "true", "1", "", "null", "1.0", "yes", "0x10", "a b", "a: b", "# x", "it's", "\"q\"", "é😀", "tab\there",
    "line\nline\n", "line\nline", "\nlead", "trail ", " lead", "a\n\nb\n\n", "x  \ny\n", "{a: b}", "[a]", "*a", "&a", "!a", "%a", "@a",
    "- a", "---", "...", "$(VAR)", "~", "2020-01-01", "1e3", "0755", "12:30", "\u{85}x", "\u{1}", "cr\rhere", "crlf\r\n", "\u{feff}bom",
    "nbsp\u{a0}x", "ls\u{2028}x", "a\\b", "n", "y", "off", "=", "<<", "very long text that goes on and on and on, for more than eighty characters of a line",
    "very long: text that goes on and on and on, for more than eighty characters of a line\nand two lines",
];

/// Returns an awkward scalar.
pub(crate) fn awkward(rng: &mut Rng) -> Node {
    if rng.chance(15) {
        return raw(rng.pick(BLOCKS));
    }
    raw(rng.pick(RAW))
}

/// Returns a string to quote or not.
pub(crate) fn word(rng: &mut Rng, awkward: bool) -> String {
    if awkward {
        return rng.pick(WORDS).to_owned();
    }
    rng.pick(&["a", "b", "web", "one", "two", "x-1", "v1.2"]).to_owned()
}

/// Returns a string node.
pub(crate) fn word_node(rng: &mut Rng, awkward: bool) -> Node {
    text(word(rng, awkward))
}
