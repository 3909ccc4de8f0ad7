//! Paths, as Go's package `path` (and `filepath` on Unix) has them.

use super::args::{Family, S, bytes, fixed, string};

pub(super) fn table() -> Family {
    let mut table = Vec::new();
    for name in ["base", "osBase"] {
        table.push((name, fixed(&[S], |_, a| Ok(string(base(bytes(a, 0)))))));
    }
    for name in ["dir", "osDir"] {
        table.push((name, fixed(&[S], |_, a| Ok(string(dir(bytes(a, 0)))))));
    }
    for name in ["clean", "osClean"] {
        table.push((name, fixed(&[S], |_, a| Ok(string(clean(bytes(a, 0)))))));
    }
    for name in ["ext", "osExt"] {
        table.push((name, fixed(&[S], |_, a| Ok(string(ext(bytes(a, 0)))))));
    }
    for name in ["isAbs", "osIsAbs"] {
        table.push((name, fixed(&[S], |_, a| Ok(bytes(a, 0).starts_with(b"/").into()))));
    }
    table
}

fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let end = path.iter().rposition(|&b| b != b'/').map_or(0, |at| at + 1);
    let trimmed = path.get(..end).unwrap_or_default();
    let start = memchr::memrchr(b'/', trimmed).map_or(0, |at| at + 1);
    match trimmed.get(start..).unwrap_or_default() {
        b"" => b"/",
        name => name,
    }
}

fn dir(path: &[u8]) -> Vec<u8> {
    let end = memchr::memrchr(b'/', path).map_or(0, |at| at + 1);
    clean(path.get(..end).unwrap_or_default())
}

fn ext(path: &[u8]) -> &[u8] {
    let name = memchr::memrchr(b'/', path).map_or(0, |at| at + 1);
    let name = path.get(name..).unwrap_or_default();
    memchr::memrchr(b'.', name).and_then(|at| name.get(at..)).unwrap_or_default()
}

fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&b| b == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => drop(parts.pop()),
            b".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/".as_slice(), &joined].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}
