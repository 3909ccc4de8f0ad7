//! Laws that hold for whatever the generators make.

#![expect(clippy::indexing_slicing, reason = "a test")]

use trueup_manifest::json;
use trueup_manifest::yaml::{self, ParseOptions, PathStep, V3Style};
use trueup_manifest::{Map, ScalarStyle, Value, View};

/// A generator of numbers that is the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

const PIECES: &[&str] = &[
    "a",
    "b: ",
    "c:",
    "- ",
    "\n",
    "\n",
    "\n",
    "\n",
    "  ",
    "    ",
    "key: value",
    "x: 'it''s'",
    "y: \"a\\tb\"",
    " # c",
    "# c",
    "|\n",
    ">-\n",
    "text",
    "[a, b]",
    "{a: b}",
    "[",
    "]",
    "'",
    "\"",
    ",",
    "0644",
    "yes",
    "~",
    "1.5",
    "é",
    "---\n",
    "...\n",
    "? ",
    "&a ",
    "*a",
    "!!str ",
    "<<: ",
    "  - ",
    "- - ",
    "-",
    ":",
    " ",
    "\t",
    "- a: b\n  c: d\n",
    "a:\n- b\n",
    "  more\n",
];

fn text(numbers: &mut Numbers) -> String {
    let count = 1 + numbers.below(14);
    (0..count).map(|_| numbers.pick(PIECES)).collect::<String>() + "\n"
}

/// The line that is appended means nothing, but its odd line break makes the text be read the full way.
const THE_FULL_WAY: &str = "#\r";

#[test]
fn both_ways_of_reading_agree() {
    let mut numbers = Numbers(1);
    let mut read = 0;
    for _ in 0..60_000 {
        let text = text(&mut numbers);
        for options in [ParseOptions::kyaml(), ParseOptions::kubernetes(), ParseOptions::kubernetes_strict()]
        {
            let fast = yaml::parse(text.as_bytes(), &options);
            let full = yaml::parse((text.clone() + THE_FULL_WAY).as_bytes(), &options);
            if let Ok(fast) = fast {
                let full = full.unwrap_or_else(|error| panic!("{text:?}: {error}"));
                assert_eq!(spelled(&fast), spelled(&full), "{text:?}");
                read += 1;
            }
        }
    }
    assert!(read > 10_000, "{read}");
}

#[test]
fn nothing_makes_it_panic() {
    let mut numbers = Numbers(2);
    for _ in 0..30_000 {
        let text = text(&mut numbers);
        let mut bytes = text.clone().into_bytes();
        let at = numbers.below(bytes.len());
        bytes[at] = numbers.below(256) as u8;
        for options in [ParseOptions::kyaml(), ParseOptions::kubernetes_strict()] {
            for value in yaml::parse_stream(&bytes, &options).into_iter().flatten() {
                let _ = (yaml::to_string(&value), yaml::to_string_v3(&value, &V3Style::default()));
            }
        }
        let _ = json::parse(&bytes, &Default::default());
        let _ = yaml::locate(&bytes, 0, &["key".into(), 0.into()]);
        for style in
            [ScalarStyle::Plain, ScalarStyle::SingleQuoted, ScalarStyle::Literal, ScalarStyle::Folded]
        {
            let _ = yaml::roundtrip_v3(&text, style);
        }
    }
}

#[test]
fn what_is_written_reads_the_same() {
    let mut numbers = Numbers(3);
    for _ in 0..20_000 {
        let value = value(&mut numbers, 3);
        let written = yaml::to_string(&value).unwrap();
        let read = yaml::parse(written.as_bytes(), &ParseOptions::kubernetes()).unwrap();
        assert_eq!(read, value, "{written}");
        assert_eq!(yaml::to_string(&read).unwrap(), written);
        let json = json::to_string(&value).unwrap();
        assert_eq!(json::parse(json.as_bytes(), &Default::default()).unwrap(), value, "{json}");
    }
}

#[test]
fn every_field_is_found_where_it_is_written() {
    let mut numbers = Numbers(4);
    for _ in 0..2_000 {
        let value = value(&mut numbers, 3);
        let written = yaml::to_string(&value).unwrap();
        let mut path = Vec::new();
        every_path(&value, &mut path, &mut |path, value| {
            let (_, span) =
                yaml::locate(written.as_bytes(), 0, path).unwrap_or_else(|| panic!("{path:?} in {written}"));
            let piece = written.get(span.start.offset..span.end.offset).unwrap();
            if value.is_scalar() && !piece.starts_with(['|', '>']) && !piece.contains('\n') {
                assert_eq!(
                    &yaml::parse(piece.as_bytes(), &ParseOptions::kubernetes()).unwrap(),
                    value,
                    "{piece:?}"
                );
            }
        });
    }
}

fn every_path(value: &Value, path: &mut Vec<PathStep>, visit: &mut impl FnMut(&[PathStep], &Value)) {
    visit(path, value);
    let steps: Vec<(PathStep, &Value)> = match value.view() {
        View::Map(map) => map.iter().map(|(key, value)| (PathStep::Key(key.clone()), value)).collect(),
        View::Seq(items) => {
            items.iter().enumerate().map(|(index, value)| (PathStep::Index(index), value)).collect()
        }
        _ => return,
    };
    for (step, value) in steps {
        path.push(step);
        every_path(value, path, visit);
        path.pop();
    }
}

fn value(numbers: &mut Numbers, depth: usize) -> Value {
    match numbers.below(if depth == 0 { 5 } else { 8 }) {
        0 => Value::from(numbers.below(1 << 40) as i64 - (1 << 39)),
        1 => Value::from(numbers.below(1000) as f64 / 8.0 + 0.5),
        2 => [Value::NULL, true.into(), false.into()][numbers.below(3)].clone(),
        3 | 4 => Value::from(string(numbers)),
        5 | 6 => (0..numbers.below(4)).map(|_| value(numbers, depth - 1)).collect(),
        _ => {
            let mut map: Map =
                (0..numbers.below(4)).map(|_| (string(numbers), value(numbers, depth - 1))).collect();
            // The reference writes this key so that it reads it as something else.
            map.remove("<<");
            map.into()
        }
    }
}

fn string(numbers: &mut Numbers) -> String {
    const TEXTS: &[&str] = &[
        "a",
        "word",
        " ",
        " ",
        ":",
        ": ",
        "#",
        " #",
        "-",
        "- ",
        "'",
        "\"",
        "\\",
        "[",
        "]",
        "{",
        "}",
        ",",
        "|",
        ">",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        "é",
        "😀",
        "\n",
        "\n",
        "true",
        "yes",
        "null",
        "1",
        "0x1f",
        "1e3",
        "1:30",
        "~",
        "<<",
        "=",
        ".",
        "2001-01-01",
        "\t",
        "\u{1}",
        "---",
        "a longer text of several words that will have to be folded somewhere",
    ];
    (0..numbers.below(6)).map(|_| numbers.pick(TEXTS)).collect()
}

/// Writes a value with all that equality leaves out: spelling, style, tags, the order and the kinds of keys.
fn spelled(value: &Value) -> String {
    match value.view() {
        View::Seq(items) => format!("[{}]", items.iter().map(spelled).collect::<Vec<_>>().join(",")),
        View::Map(map) => {
            let mut entries = Vec::new();
            for (key, value) in map {
                entries.push(format!("{key:?} {:?}: {}", map.key_kind(key), spelled(value)));
            }
            format!("{{{}}}", entries.join(","))
        }
        view => format!("{view:?} {:?} {:?} {:?}", value.scalar_text(), value.style(), value.source()),
    }
}
