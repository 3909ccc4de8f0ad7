//! Values, and settings that change them.

use crate::rng::Rng;

const KEYS: [&str; 8] = ["a", "b", "c", "image", "global", "enabled", "list", "tags"];
const SCALARS: [&str; 22] = [
    "1",
    "0",
    "-7",
    "1.5",
    "1e3",
    "123456789",
    "true",
    "false",
    "null",
    "~",
    "text",
    "'1'",
    "\"\"",
    "yes",
    "on",
    "0644",
    "2001-01-01",
    "'{{ .Release.Name }}-x'",
    "a:b",
    "'# no comment'",
    "1_000",
    "9223372036854775807",
];

/// Writes a map of values in flow style; `charts` are names of charts below.
pub(crate) fn map(rng: &mut Rng, charts: &[&str], depth: usize) -> String {
    let mut entries: Vec<String> = Vec::new();
    let mut used: Vec<String> = Vec::new();
    for _ in 0..rng.range(0, 5) {
        let key = match rng.chance(30) && !charts.is_empty() {
            true => rng.pick(charts).to_owned(),
            false => rng.pick(&KEYS).to_owned(),
        };
        if used.contains(&key) {
            continue;
        }
        let is_table = charts.contains(&key.as_str()) || matches!(key.as_str(), "global" | "image" | "tags");
        let value = match is_table && depth < 4 && rng.chance(90) {
            true => map(rng, charts, depth + 1),
            false if key == "list" && rng.chance(80) => "[x, 1, {a: b}]".to_owned(),
            false => value(rng, charts, depth + 1),
        };
        entries.push(format!("{key}: {value}"));
        used.push(key);
    }
    format!("{{{}}}", entries.join(", "))
}

fn value(rng: &mut Rng, charts: &[&str], depth: usize) -> String {
    match rng.below(10) {
        0..=1 if depth < 4 => map(rng, charts, depth),
        2 if depth < 4 => {
            let items: Vec<String> = (0..rng.below(4)).map(|_| value(rng, charts, depth + 1)).collect();
            format!("[{}]", items.join(", "))
        }
        _ => rng.pick(&SCALARS).to_owned(),
    }
}

/// Writes a setting: keys, indexes, lists, escapes, and sometimes something that is none.
pub(crate) fn setting(rng: &mut Rng, charts: &[&str], json: bool) -> String {
    let mut pairs = Vec::new();
    for _ in 0..rng.range(1, 3) {
        let mut key = match rng.chance(40) && !charts.is_empty() {
            true => rng.pick(charts).to_owned(),
            false => rng.pick(&KEYS).to_owned(),
        };
        for _ in 0..rng.below(3) {
            match rng.below(6) {
                0 => key.push_str(&format!("[{}]", rng.below(3))),
                1 if rng.chance(15) => key.push_str(rng.pick(&[r"\.x", r"\,y", ".", "[", "]"])),
                _ => key.push_str(&format!(".{}", rng.pick(&KEYS))),
            }
        }
        let odd = rng.chance(10);
        let value = match json {
            _ if !odd => rng.pick(&["1", "true", "null", "[1]", "7"]),
            true => {
                rng.pick(&["1", "\"x\"", "null", "{\"a\": [1, 2]}", "[1,{}]", "tru", "{", "1.50", " true "])
            }
            false => rng.pick(&[
                "1", "true", "null", "x", "", "{a,1}", "{}", r"x\,y", "01", "1.5", "a=b", "{a", "TRUE", "-0",
                "+5",
            ]),
        };
        let equals = if rng.chance(97) { "=" } else { "" };
        pairs.push(format!("{key}{equals}{value}"));
    }
    pairs.join(",")
}
