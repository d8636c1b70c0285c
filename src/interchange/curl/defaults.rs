//! Which header lines of a recorded request curl writes by default, in the same place, and which need an
//! option.

use crate::interchange::curl::header_line::name_of;
use crate::interchange::curl::quote::{self, SecretVariables};
use crate::interchange::curl::writer::CommandWriter;
use crate::interchange::masks;

/// Which lines of a recorded head describe its body.
#[derive(Clone, Copy)]
pub(super) struct BodyLines {
    /// The command names a body.
    pub(super) sends_body: bool,
    /// The recorded `Content-Length` is written as an option.
    pub(super) own_length: bool,
    /// The media type of a form is where curl writes it.
    pub(super) form_type_behind_length: bool,
}

/// The headers that curl adds after the user's own, in its order.
pub(super) struct DefaultTail {
    pub(super) length: bool,
    pub(super) form_type: bool,
    pub(super) expect: bool,
}

impl CommandWriter<'_> {
    /// Decides who writes `Content-Length`: the lines as they are (true) or curl.
    ///
    /// curl writes it last. A request of curl's own keeps its order to the letter; any other gives the place
    /// up, so that its command can be edited without counting bytes.
    pub(super) fn own_length(&self, lines: &mut Vec<Vec<u8>>, framed_by_length: bool) -> bool {
        let is_length = |line: &[u8]| name_of(line).eq_ignore_ascii_case(b"content-length");
        if !framed_by_length {
            return lines.iter().any(|line| is_length(line));
        }
        let body = &self.exchange.request.body;
        // the value that replaces a mask has another length
        let masked = body.bytes.len() as u64 != body.total || !masks::find(&body.bytes).is_empty();
        let right = format!("Content-Length: {}", body.total).into_bytes();
        let by_curl = self.exchange.sdk.as_ref().is_some_and(|sdk| sdk.name == "curl")
            || self.reconstructed("User-Agent");
        let mut lengths = lines.iter().filter(|line| is_length(line));
        let plain =
            lengths.next().is_some_and(|line| line.eq_ignore_ascii_case(&right)) && lengths.next().is_none();
        if masked || (plain && !by_curl) {
            lines.retain(|line| !is_length(line));
            return false;
        }
        !plain || !ends_as_curl_does(lines, &right, self.is_large())
    }

    /// Takes what curl writes first by itself off the beginning, with the options that ask for it.
    pub(super) fn lead(&mut self, lines: &mut Vec<Vec<u8>>) -> Vec<&'static str> {
        let mut lead = Vec::new();
        let agent_at = |at: usize| lines.get(at).is_some_and(|line| line.starts_with(b"User-Agent: "));
        let mut taken = 0;
        // curl puts credentials that it was given with -u in front of everything else
        if agent_at(1)
            && let Some(option) = lines.first().and_then(|line| credentials(line, &mut self.secrets))
        {
            self.words.push(option);
            taken = 1;
        }
        if let Some(range) = lines.get(taken).and_then(|line| line.strip_prefix(b"Range: bytes=".as_slice()))
            && agent_at(taken + 1)
        {
            let range = range.to_vec();
            self.push("-r", &range);
            taken += 1;
        }
        if agent_at(taken) {
            if !self.reconstructed("User-Agent") {
                let agent = lines[taken]["User-Agent: ".len()..].to_vec();
                self.push("-A", &agent);
            }
            lead.push("User-Agent");
            taken += 1;
        }
        if lines.get(taken).is_some_and(|line| line == b"Accept: */*") {
            lead.push("Accept");
            taken += 1;
        }
        let pair = lines.get(taken..taken + 2).unwrap_or_default();
        if pair.first().is_some_and(|l| l == b"Connection: TE")
            && pair.last().is_some_and(|l| l == b"TE: gzip")
        {
            self.words.push("--tr-encoding".to_owned());
            taken += 2;
        }
        let coding = lines.get(taken).is_some_and(|line| line.starts_with(b"Accept-Encoding: "));
        if coding && self.reconstructed("Accept-Encoding") {
            self.words.push("--compressed".to_owned());
            taken += 1;
        }
        lines.drain(..taken);
        lead
    }

    /// Takes what curl writes last by itself off the end; a form's media type only where curl would put it.
    pub(super) fn tail(&self, lines: &mut Vec<Vec<u8>>, body: BodyLines) -> DefaultTail {
        let BodyLines { sends_body, own_length, form_type_behind_length } = body;
        let mut tail = DefaultTail { length: sends_body && !own_length, form_type: false, expect: false };
        if !sends_body {
            return tail;
        }
        if self.is_large() && lines.last().is_some_and(|line| line == b"Expect: 100-continue") && !own_length
        {
            tail.expect = true;
            lines.pop();
        }
        if !own_length && form_type_behind_length && lines.last().is_some_and(|line| line == FORM_TYPE) {
            tail.form_type = true;
            lines.pop();
        }
        if !own_length {
            lines.retain(|line| !name_of(line).eq_ignore_ascii_case(b"content-length"));
        }
        tail
    }
}

const FORM_TYPE: &[u8] = b"Content-Type: application/x-www-form-urlencoded";

/// Returns whether the media type of a form is where curl writes it: after the length, or without any.
pub(super) fn form_type_behind_length(lines: &[Vec<u8>]) -> bool {
    let at = lines.iter().rposition(|line| line == FORM_TYPE);
    let length = lines.iter().rposition(|line| name_of(line).eq_ignore_ascii_case(b"content-length"));
    at.is_some_and(|at| length.is_none_or(|length| length < at))
}

/// Returns whether the lines end with what curl writes for a body: length, then perhaps the form type and
/// `Expect`.
fn ends_as_curl_does(lines: &[Vec<u8>], length: &[u8], large: bool) -> bool {
    let mut rest = lines;
    if large
        && let Some((last, before)) = rest.split_last()
        && last == b"Expect: 100-continue"
    {
        rest = before;
    }
    if let Some((last, before)) = rest.split_last()
        && last == FORM_TYPE
    {
        rest = before;
    }
    rest.last().is_some_and(|line| line == length)
}

/// Returns the option that makes curl write this line in front of the others.
fn credentials(line: &[u8], secrets: &mut SecretVariables) -> Option<String> {
    let value = line.strip_prefix(b"Authorization: ".as_slice())?;
    if let Some(token) = value.strip_prefix(b"Bearer ".as_slice()) {
        return Some(format!("--oauth2-bearer {}", quote::header(token, secrets)?));
    }
    let basic = value.strip_prefix(b"Basic ".as_slice())?;
    if !masks::find(basic).is_empty() {
        secrets.named("GENESYSCLOUD_OAUTHCLIENT_ID");
        secrets.named("GENESYSCLOUD_OAUTHCLIENT_SECRET");
        return Some("-u \"$GENESYSCLOUD_OAUTHCLIENT_ID:$GENESYSCLOUD_OAUTHCLIENT_SECRET\"".to_owned());
    }
    None
}
