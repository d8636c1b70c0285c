//! URLs as curl takes them apart: lenient about the scheme, strict about blanks, never re-encoded beyond what
//! curl does.

/// The parts of a URL that a request needs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct CurlUrl {
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    /// Host, and the port where it is not the scheme's own, as `Host` names it.
    pub(crate) authority: String,
    /// Percent-decoded user and password.
    pub(crate) credentials: Option<Vec<u8>>,
    /// The path as sent, `/` if there is none.
    pub(crate) path: Vec<u8>,
    /// The query as sent.
    pub(crate) query: Option<Vec<u8>>,
}

impl CurlUrl {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// Says what curl would refuse, and schemes that are not HTTP.
    pub(crate) fn parse(written: &[u8], default: Option<&[u8]>, as_is: bool) -> Result<Self, &'static str> {
        if written.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
            let command = written.windows(2).any(|pair| pair == b"$(") || written.contains(&b'`');
            return Err(if command {
                "it has a command, which is not run: write its output instead"
            } else {
                "it has a blank or control character"
            });
        }
        let (scheme, rest) = match scheme_of(written) {
            Some((scheme, rest)) => (known(scheme)?, rest),
            None => (known(default.unwrap_or(b"http"))?, written),
        };
        let end = rest.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let (credentials, host) = match authority.iter().rposition(|byte| *byte == b'@') {
            Some(at) => (Some(percent_decoded(&authority[..at])), &authority[at + 1..]),
            None => (None, authority),
        };
        let authority = checked_authority(host, scheme)?;
        let rest = &rest[..rest.iter().position(|byte| *byte == b'#').unwrap_or(rest.len())];
        let (path, query) = match rest.iter().position(|byte| *byte == b'?') {
            Some(at) => (&rest[..at], Some(rest[at + 1..].to_vec())),
            None => (rest, None),
        };
        let path = if path.is_empty() { b"/".to_vec() } else { encoded(path) };
        let path = if as_is { path } else { without_dots(&path) };
        Ok(Self { scheme, authority, credentials, path, query })
    }

    /// Appends to the query as `-G` and `--url-query` do.
    ///
    /// # Errors
    /// The piece has a blank, which curl refuses in a URL.
    pub(crate) fn append_query(&mut self, piece: &[u8]) -> Result<(), &'static str> {
        if piece.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
            return Err("the text added to its query has a blank or control character");
        }
        let query = self.query.get_or_insert_default();
        if !query.is_empty() && !query.ends_with(b"&") {
            query.push(b'&');
        }
        let piece = &piece[..piece.iter().position(|byte| *byte == b'#').unwrap_or(piece.len())];
        let mut at = 0;
        while at < piece.len() {
            // curl writes what it appends with small hexadecimal digits
            let hex = piece.get(at + 1..at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
            match (piece[at], hex) {
                (b'%', Some(digits)) => {
                    query.push(b'%');
                    query.extend(digits.iter().map(u8::to_ascii_lowercase));
                    at += 3;
                }
                (byte, _) => {
                    query.push(byte);
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// Returns the request-target.
    pub(crate) fn target(&self) -> Vec<u8> {
        let mut target = self.path.clone();
        if let Some(query) = &self.query {
            target.push(b'?');
            target.extend_from_slice(query);
        }
        target
    }
}

/// Splits off a scheme: letters, a colon and at least one slash; `localhost:8080` has none.
fn scheme_of(written: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = written.iter().position(|byte| *byte == b':')?;
    let (scheme, rest) = (&written[..colon], &written[colon + 1..]);
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
    let slashes = rest.iter().take_while(|byte| **byte == b'/').count();
    (is_scheme && slashes > 0).then(|| (scheme, &rest[slashes.min(3)..]))
}

fn known(scheme: &[u8]) -> Result<&'static str, &'static str> {
    if scheme.eq_ignore_ascii_case(b"http") {
        Ok("http")
    } else if scheme.eq_ignore_ascii_case(b"https") {
        Ok("https")
    } else {
        Err("its scheme is neither http nor https")
    }
}

fn checked_authority(host: &[u8], scheme: &str) -> Result<String, &'static str> {
    let text = std::str::from_utf8(host).map_err(|_| "its host is not UTF-8")?;
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (text, None),
    };
    if name.is_empty() {
        return Err("it has no host");
    }
    if name.contains(['$', '`']) {
        return Err("its host is a variable or command, which is not expanded: write the host instead");
    }
    if !name.is_ascii() {
        let ascii = url::Host::parse(name).map_err(|_| "its host cannot be written in ASCII")?;
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        return checked_authority(format!("{ascii}{port}").as_bytes(), scheme);
    }
    let bracketed = name.starts_with('[') && name.ends_with(']');
    if !bracketed && name.contains(|c: char| "[]{}<>\\^`|\"%:".contains(c)) {
        return Err("its host has a character that is not allowed in host names");
    }
    let own = if scheme == "https" { "443" } else { "80" };
    match port {
        None | Some("") => Ok(name.to_owned()),
        Some(port) if port.trim_start_matches('0') == own => Ok(name.to_owned()),
        Some(port) => {
            let number: u16 = port.parse().map_err(|_| "its port is not a number up to 65535")?;
            Ok(format!("{name}:{number}"))
        }
    }
}

/// Encodes what is not ASCII, as curl does in paths.
fn encoded(path: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(path.len());
    for byte in path {
        if byte.is_ascii() {
            result.push(*byte);
        } else {
            result.extend_from_slice(format!("%{byte:02x}").as_bytes());
        }
    }
    result
}

/// Resolves `.` and `..` (RFC 3986, 5.2.4).
fn without_dots(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    let segments: Vec<&[u8]> = path.split(|byte| *byte == b'/').skip(1).collect();
    let last = segments.len().saturating_sub(1);
    for (index, segment) in segments.into_iter().enumerate() {
        match segment {
            b"." | b".." => {
                if segment == b".." {
                    kept.pop();
                }
                if index == last {
                    kept.push(b"");
                }
            }
            _ => kept.push(segment),
        }
    }
    let mut result = Vec::with_capacity(path.len());
    for segment in kept {
        result.push(b'/');
        result.extend_from_slice(segment);
    }
    if result.is_empty() { b"/".to_vec() } else { result }
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    percent_encoding::percent_decode(text).collect()
}

#[cfg(test)]
mod tests {
    use super::CurlUrl;

    fn target(written: &str) -> String {
        let url = CurlUrl::parse(written.as_bytes(), None, false).unwrap();
        format!("{} {}", url.authority, String::from_utf8(url.target()).unwrap())
    }

    #[test]
    fn dots_fragments_and_missing_paths_are_resolved_as_curl_does() {
        assert_eq!(target("http://h/a/../b/./c/%2e%2e/d?x=../y#f"), "h /b/c/%2e%2e/d?x=../y");
        assert_eq!(target("HTTP://h//a//b/../c/."), "h //a//c/");
        assert_eq!(target("http://h/a/.."), "h /");
        assert_eq!(target("localhost:28139?x"), "localhost:28139 /?x");
        assert_eq!(target("http:/h/ü?é"), "h /%c3%bc?é");
    }

    #[test]
    fn the_scheme_s_own_port_is_left_out() {
        assert_eq!(target("https://h:443/"), "h /");
        assert_eq!(target("https://h:80/"), "h:80 /");
        assert_eq!(target("http://[::1]:8080/"), "[::1]:8080 /");
    }

    #[test]
    fn credentials_are_decoded() {
        let url = CurlUrl::parse(b"http://u%20x:p@h/", None, false).unwrap();
        assert_eq!(url.credentials.as_deref(), Some(&b"u x:p"[..]));
    }

    #[test]
    fn what_curl_refuses_is_refused_with_the_reason() {
        for written in ["ftp://h/", "http://h/a b", "http:///", "", "http://h:99999/", "file:///etc/passwd"] {
            assert!(CurlUrl::parse(written.as_bytes(), None, false).is_err(), "{written}");
        }
    }

    #[test]
    fn appended_pieces_get_small_hexadecimal_digits() {
        let mut url = CurlUrl::parse(b"http://h/?y", None, false).unwrap();
        url.append_query(b"a=%C3%zz#gone").unwrap();
        assert_eq!(url.target(), b"/?y&a=%c3%zz");
        assert!(url.append_query(b"a b").is_err());
    }
}
