//! Go's `net/url`: taking URLs apart and putting them together.

use super::quote::quote_str;

/// Which characters may stand as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Path,
    Host,
    Zone,
    UserPassword,
    Fragment,
}

fn should_escape(byte: u8, mode: Mode) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    let allowed: &[u8] = match mode {
        Mode::Host | Mode::Zone => b"!$&'()*+,;=:[]<>\"",
        Mode::Path => b"$&+,/:;=@",
        Mode::UserPassword => b"$&+,;=",
        Mode::Fragment => b"$&+,/:;=?@!()*",
    };
    !allowed.contains(&byte)
}

fn escape(bytes: &[u8], mode: Mode) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        if should_escape(byte, mode) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
    }
    out
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&super::quote::quote(bytes, false)).into_owned()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn unescape(bytes: &[u8], mode: Mode) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let value = match after {
                [high, low, ..] => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
                _ => None,
            };
            let spelled = rest.get(..3).unwrap_or(rest);
            let bad = match value {
                None => true,
                Some(value) if mode == Mode::Host => value < 0x80 && spelled != b"%25",
                Some(value) if mode == Mode::Zone => {
                    spelled != b"%25" && value != b' ' && should_escape(value, Mode::Host)
                }
                Some(_) => false,
            };
            if bad {
                return Err(format!("invalid URL escape {}", show(spelled)));
            }
            out.push(value.unwrap_or_default());
            rest = rest.get(3..).unwrap_or_default();
            continue;
        }
        if matches!(mode, Mode::Host | Mode::Zone) && first < 0x80 && should_escape(first, mode) {
            return Err(format!("invalid character {} in host name", show(&[first])));
        }
        out.push(first);
        rest = after;
    }
    Ok(out)
}

/// The user of a URL.
pub(crate) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl User {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Mode::UserPassword);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Mode::UserPassword));
        }
        out
    }
}

/// A URL in pieces.
#[derive(Default)]
pub(crate) struct Url {
    pub(crate) scheme: Vec<u8>,
    pub(crate) opaque: Vec<u8>,
    pub(crate) user: Option<User>,
    pub(crate) host: Vec<u8>,
    pub(crate) path: Vec<u8>,
    pub(crate) query: Vec<u8>,
    pub(crate) fragment: Vec<u8>,
}

fn cut(bytes: &[u8], mark: u8) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(mark, bytes) {
        Some(at) => (bytes.get(..at).unwrap_or_default(), bytes.get(at + 1..)),
        None => (bytes, None),
    }
}

impl Url {
    /// Takes a URL apart; the error is Go's text.
    pub(crate) fn parse(raw: &[u8]) -> Result<Self, String> {
        let (main, fragment) = cut(raw, b'#');
        let wrap = |whole: &[u8], message: String| format!("parse {}: {message}", show(whole));
        let mut url = Self::parse_main(main).map_err(|message| wrap(main, message))?;
        if let Some(fragment) = fragment {
            url.fragment = unescape(fragment, Mode::Fragment).map_err(|message| wrap(raw, message))?;
        }
        Ok(url)
    }

    fn parse_main(raw: &[u8]) -> Result<Self, String> {
        if raw.iter().any(|&b| b < b' ' || b == 0x7f) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Self::default();
        if raw == b"*" {
            url.path = raw.to_vec();
            return Ok(url);
        }
        let (scheme, mut rest) = scheme(raw)?;
        url.scheme = scheme.to_ascii_lowercase();
        let marks = memchr::memchr_iter(b'?', rest).count();
        match rest.strip_suffix(b"?").filter(|_| marks == 1) {
            Some(before) => rest = before,
            None => {
                let (before, query) = cut(rest, b'?');
                (rest, url.query) = (before, query.unwrap_or_default().to_vec());
            }
        }
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        if (!url.scheme.is_empty() || !rest.starts_with(b"///")) && rest.starts_with(b"//") {
            let after = rest.get(2..).unwrap_or_default();
            let end = memchr::memchr(b'/', after).unwrap_or(after.len());
            let (authority, path) = after.split_at_checked(end).unwrap_or((after, b""));
            rest = path;
            (url.user, url.host) = parse_authority(&url.scheme, authority)?;
        }
        url.path = unescape(rest, Mode::Path)?;
        Ok(url)
    }

    /// Returns the host without its port and brackets.
    pub(crate) fn hostname(&self) -> &[u8] {
        let mut host = self.host.as_slice();
        if let Some(colon) = memchr::memrchr(b':', host)
            && valid_port(host.get(colon..).unwrap_or_default()) {
                host = host.get(..colon).unwrap_or_default();
            }
        host.strip_prefix(b"[").and_then(|inner| inner.strip_suffix(b"]")).unwrap_or(host)
    }

    /// Puts the URL together.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Mode::Fragment));
        }
        out
    }

    fn write_hierarchy(&self, out: &mut Vec<u8>) {
        if !self.scheme.is_empty() || !self.host.is_empty() || self.user.is_some() {
            if !self.host.is_empty() || !self.path.is_empty() || self.user.is_some() {
                out.extend_from_slice(b"//");
            }
            if let Some(user) = &self.user {
                out.extend(user.to_bytes());
                out.push(b'@');
            }
            out.extend(escape(&self.host, Mode::Host));
        }
        let path = if self.path == b"*" { self.path.clone() } else { escape(&self.path, Mode::Path) };
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            out.push(b'/');
        }
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}

fn scheme(raw: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, byte) in raw.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((raw.get(..at).unwrap_or_default(), raw.get(at + 1..).unwrap_or_default())),
            _ => break,
        }
    }
    Ok((b"", raw))
}

fn parse_authority(scheme: &[u8], authority: &[u8]) -> Result<(Option<User>, Vec<u8>), String> {
    let Some(at) = memchr::memrchr(b'@', authority) else {
        return Ok((None, parse_host(scheme, authority)?));
    };
    let host = parse_host(scheme, authority.get(at + 1..).unwrap_or_default())?;
    let info = authority.get(..at).unwrap_or_default();
    let valid = |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
    if !info.iter().all(valid) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (name, password) = cut(info, b':');
    let name = unescape(name, Mode::UserPassword)?;
    let password = password.map(|password| unescape(password, Mode::UserPassword)).transpose()?;
    Ok((Some(User { name, password }), host))
}

fn valid_port(port: &[u8]) -> bool {
    match port.split_first() {
        None => true,
        Some((b':', digits)) => digits.iter().all(u8::is_ascii_digit),
        Some(_) => false,
    }
}

fn bad_port(port: &[u8]) -> String {
    format!("invalid port {} after host", show(port))
}

fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, String> {
    match memchr::memrchr(b'[', host) {
        Some(0) => return parse_ip_literal(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    if let Some(first) = memchr::memchr(b':', host) {
        let last = memchr::memrchr(b':', host).unwrap_or(first);
        let strict = scheme == b"http" || scheme == b"https";
        let port = host.get(if strict { first } else { last }..).unwrap_or_default();
        if !valid_port(port) {
            return Err(bad_port(port));
        }
    }
    unescape(host, Mode::Host)
}

fn parse_ip_literal(host: &[u8]) -> Result<Vec<u8>, String> {
    let Some(close) = memchr::memrchr(b']', host) else { return Err("missing ']' in host".to_owned()) };
    let port = host.get(close + 1..).unwrap_or_default();
    if !valid_port(port) {
        return Err(bad_port(port));
    }
    let inner = host.get(1..close).unwrap_or_default();
    let zone = memchr::memmem::find(inner, b"%25");
    let (address, zone) = inner.split_at_checked(zone.unwrap_or(inner.len())).unwrap_or((inner, b""));
    let mut name = unescape(address, Mode::Host)?;
    name.extend(unescape(zone, Mode::Zone)?);
    let text = String::from_utf8_lossy(&name).into_owned();
    let (address, zone) = text.split_once('%').map_or((text.as_str(), None), |(a, z)| (a, Some(z)));
    if address.parse::<std::net::Ipv6Addr>().is_err() {
        if address.parse::<std::net::Ipv4Addr>().is_ok() && zone.is_none() {
            return Err("invalid IP-literal".to_owned());
        }
        return Err(format!("invalid host: ParseAddr({}): unable to parse IP", quote_str(&text)));
    }
    let mut out = vec![b'['];
    out.extend(name);
    out.push(b']');
    out.extend(unescape(port, Mode::Host)?);
    Ok(out)
}
