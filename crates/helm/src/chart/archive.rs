//! The files of a `.tgz` archive.

use super::File;
use super::load::{Room, without_mark};
use crate::error::{Error, ErrorKind, Result};
use flate2::bufread::MultiGzDecoder;
use std::io::Read;

const BLOCK: usize = 512;
/// The names of files, of GNU's and PAX's extensions, are short.
const MAX_EXTENSION: u64 = 1 << 20;

/// Unpacks the files of an archive, without the directory at the top.
pub(super) fn files(bytes: &[u8], room: &mut Room<'_>) -> Result<Vec<File>> {
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return Err(invalid("gzip: invalid header"));
    }
    // Headers and padding are bytes too.
    let most = (room.bytes_left() as u64).saturating_mul(2).saturating_add(1 << 20);
    let mut tar = Tar { input: MultiGzDecoder::new(bytes).take(most), name: None, size: None };
    let mut files = Vec::new();
    while let Some(entry) = tar.next()? {
        if entry.is_directory() || matches!(entry.kind, b'g' | b'x') {
            tar.content(entry.size, u64::MAX)?;
            continue;
        }
        let name = inner_name(&entry.name)?;
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        check_size(&entry.name, size, room)?;
        room.add_file(&entry.name, size)?;
        let data = tar.content(entry.size, entry.size)?;
        files.push(File { name: name.into(), data: without_mark(&data.into()) });
    }
    if files.is_empty() {
        return Err(invalid("no files in chart archive"));
    }
    Ok(files)
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArchive, message)
}

fn check_size(name: &str, size: usize, room: &Room<'_>) -> Result<()> {
    let (chart, file) = (room.limits.chart_bytes, room.limits.file_bytes);
    let message = if size > room.bytes_left() {
        format!("decompressed chart is larger than the maximum size {chart}")
    } else if size > file {
        format!("decompressed chart file {name:?} is larger than the maximum file size {file}")
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Limit, message))
}

/// Returns the path below the directory at the top, as Helm checks it.
fn inner_name(name: &str) -> Result<String> {
    // Archives made on Windows may have the other slash.
    let delimiter = if name.contains('\\') { '\\' } else { '/' };
    let (top, rest) = name.split_once(delimiter).unwrap_or((name, ""));
    let rest = rest.replace(delimiter, "/");
    if rest.starts_with('/') {
        return Err(invalid("chart illegally contains absolute paths"));
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in rest.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            (part, _) => parts.push(part),
        }
    }
    let clean = parts.join("/");
    let drive = matches!(clean.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    match clean.as_str() {
        "" => Err(invalid(format!("chart illegally contains content outside the base directory: {name:?}"))),
        clean if clean.starts_with("..") => Err(invalid("chart illegally references parent directory")),
        _ if drive => Err(invalid("chart contains illegally named files")),
        _ if top == "Chart.yaml" => Err(invalid("chart yaml not in base directory")),
        _ if clean.chars().any(char::is_control) => Err(invalid("chart contains illegally named files")),
        _ => Ok(clean),
    }
}

struct Entry {
    name: String,
    size: u64,
    kind: u8,
}

impl Entry {
    fn is_directory(&self) -> bool {
        self.kind == b'5' || (matches!(self.kind, 0 | b'0') && self.name.ends_with('/'))
    }
}

/// Reads the entries of a tar stream: those of ustar, GNU and PAX.
struct Tar<R> {
    input: R,
    /// What an extension says of the next entry.
    name: Option<String>,
    size: Option<u64>,
}

impl<R: Read> Tar<R> {
    /// Reads up to the next header of a file; none at the end.
    fn next(&mut self) -> Result<Option<Entry>> {
        loop {
            let Some(header) = self.block()? else { return Ok(None) };
            if header.iter().all(|byte| *byte == 0) {
                return Ok(None);
            }
            let entry = header_entry(&header)?;
            match entry.kind {
                b'L' => self.name = Some(text(&self.content(entry.size, MAX_EXTENSION)?)),
                b'K' => drop(self.content(entry.size, MAX_EXTENSION)?),
                b'x' => {
                    let records = self.content(entry.size, MAX_EXTENSION)?;
                    self.extend(&records);
                }
                b'S' => return Err(invalid("sparse files are not supported in chart archives")),
                kind => {
                    let name = self.name.take().unwrap_or(entry.name);
                    let mut size = self.size.take().unwrap_or(entry.size);
                    if matches!(kind, b'1'..=b'6') {
                        size = 0;
                    }
                    return Ok(Some(Entry { name, size, kind }));
                }
            }
        }
    }

    /// Reads the records `LENGTH KEY=VALUE` of a PAX header.
    fn extend(&mut self, records: &[u8]) {
        let mut rest = records;
        while let Some(space) = rest.iter().position(|byte| *byte == b' ') {
            let length = rest.get(..space).map(text).and_then(|length| length.parse::<usize>().ok());
            let Some(record) = length.and_then(|length| rest.get(space + 1..length)) else { return };
            let record = text(record);
            match record.trim_end_matches('\n').split_once('=') {
                Some(("path", name)) => self.name = Some(name.to_owned()),
                Some(("size", size)) => self.size = size.parse().ok(),
                _ => {}
            }
            rest = rest.get(space + 1 + record.len()..).unwrap_or_default();
        }
    }

    /// Reads a block; none at the end.
    fn block(&mut self) -> Result<Option<[u8; BLOCK]>> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while let Some(room) = block.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.input.read(room) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(invalid("unexpected EOF")),
                Ok(read) => filled += read,
                Err(error) => return Err(invalid(format!("gzip: {error}"))),
            }
        }
        Ok(Some(block))
    }

    /// Reads the content of an entry and the padding behind it, and keeps up to `most` bytes.
    fn content(&mut self, size: u64, most: u64) -> Result<Vec<u8>> {
        if size > most {
            return Err(invalid("archive/tar: header field too long"));
        }
        let mut content = Vec::new();
        let mut left = size;
        while left > 0 {
            let block = self.block()?.ok_or_else(|| invalid("unexpected EOF"))?;
            let take = usize::try_from(left).unwrap_or(usize::MAX).min(BLOCK);
            if most < u64::MAX {
                content.extend(block.iter().take(take));
            }
            left -= take as u64;
        }
        Ok(content)
    }
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}

fn header_entry(header: &[u8; BLOCK]) -> Result<Entry> {
    let field = |from: usize, length: usize| header.get(from..from + length).unwrap_or_default();
    let damaged = || invalid("archive/tar: invalid tar header");
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) })
        .sum();
    if number(field(148, 8)) != Some(sum) {
        return Err(damaged());
    }
    let size = number(field(124, 12)).ok_or_else(damaged)?;
    let mut name = text(field(0, 100));
    if field(257, 6) == b"ustar\0" {
        let prefix = text(field(345, 155));
        if !prefix.is_empty() {
            name = format!("{prefix}/{name}");
        }
    }
    Ok(Entry { name, size, kind: header.get(156).copied().unwrap_or(0) })
}

/// Reads a number in octal, or in GNU's binary form.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((first, rest)) = field.split_first()
        && first & 0x80 != 0
    {
        let bytes = std::iter::once(first & 0x7F).chain(rest.iter().copied());
        return bytes.into_iter().try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(byte.into()));
    }
    let digits = text(field);
    match digits.trim() {
        "" => Some(0),
        digits => u64::from_str_radix(digits, 8).ok(),
    }
}
