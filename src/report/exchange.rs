//! One exchange in full, as text: the request, the response, and what was changed and masked.

use std::borrow::Cow;

use crate::model::coding::{self, End};
use crate::model::exchange::{Body, Exchange, Headers};
use crate::report::safe;
use crate::report::style::{TextRole, TextStyle};
use crate::report::{headline, indent, layout};

/// Maximum decoded bytes of a body; more is cut.
pub const SHOWN: usize = 1 << 20;
/// A longer line is cut.
const LONG_LINE: usize = 1000;

/// Returns the exchange for a person to read: head lines as sent, bodies decoded and, if JSON, indented.
pub fn text(exchange: &Exchange, style: &TextStyle) -> String {
    let mut out = String::new();
    let line = |out: &mut String, text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&mut out, &style.paint(TextRole::Strong, &title(exchange, style.width)));
    for fact in facts(exchange) {
        for fact in layout::wrap(&fact, style.width.saturating_sub(2)) {
            line(&mut out, &format!("  {}", style.paint(TextRole::Faint, &fact)));
        }
    }
    out.push('\n');
    let request = &exchange.request;
    line(
        &mut out,
        &style.paint(
            TextRole::Strong,
            &format!(
                "> {} {} {}",
                safe::bytes(request.method.as_bytes()),
                safe::bytes(request.target.as_bytes()),
                safe::line(&request.version)
            ),
        ),
    );
    message(&mut out, &request.headers, &request.body, &request.trailers, style);
    for interim in &exchange.interim {
        out.push('\n');
        let head = format!("< {} {}", interim.status, safe::bytes(interim.reason.as_bytes()));
        line(&mut out, &style.paint(TextRole::Strong, &head));
        headers(&mut out, &interim.headers, style);
    }
    if let Some(response) = &exchange.response {
        out.push('\n');
        let head = format!(
            "< {} {} {}",
            safe::line(&response.version),
            response.status,
            safe::bytes(response.reason.as_bytes())
        );
        let role = if response.status >= 400 { TextRole::Sent } else { TextRole::Expected };
        line(&mut out, &style.paint(role, head.trim_end()));
        message(&mut out, &response.headers, &response.body, &response.trailers, style);
    }
    if let Some(error) = &exchange.error {
        out.push('\n');
        let text = format!("! {}: {}", error.source.name(), safe::line(&error.message));
        line(&mut out, &style.paint(TextRole::Sent, &text));
    }
    if let Some(tunnel) = &exchange.tunnel {
        let (sent, received) = (bytes(tunnel.sent), bytes(tunnel.received));
        line(&mut out, &format!("\n= tunnel: {sent} to the upstream, {received} back"));
    }
    notes(&mut out, exchange, style);
    out
}

/// Returns the title; a path that is too long for a line loses its ids.
fn title(exchange: &Exchange, width: usize) -> String {
    let status = match (&exchange.response, &exchange.error) {
        (Some(response), None) => response.status.to_string(),
        (Some(response), Some(_)) => format!("{}, incomplete", response.status),
        (None, _) => "no response".to_owned(),
    };
    let method = safe::bytes(exchange.request.method.as_bytes());
    let path = exchange.request.path();
    let title = |path: &str| format!("{} {method} {path} -> {status}", exchange.id);
    let full = title(&safe::line(&path));
    if layout::width(&full) <= width { full } else { title(&headline::short_path(&path)) }
}

/// Lines about the exchange as a whole.
fn facts(exchange: &Exchange) -> Vec<String> {
    let timings = &exchange.timings;
    let mut times = vec![format!("took {}", layout::duration(timings.total))];
    for (name, point) in [
        ("request read after", timings.request_read),
        ("connected after", timings.upstream_connected),
        ("response head after", timings.response_head),
    ] {
        times.extend(point.map(|point| format!("{name} {}", layout::duration(point))));
    }
    let mut facts = vec![format!("{}, {}", exchange.started_at, times.join(", "))];
    let mut parties = Vec::new();
    if let Some(sdk) = &exchange.sdk {
        let version = sdk.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        parties.push(safe::line(&format!("{}{version}", sdk.name)).into_owned());
    }
    if let Some(connection) = &exchange.connection {
        let tls = connection.tls.as_deref().map(|tls| format!(", {tls}")).unwrap_or_default();
        let text = format!("request {} of connection {}{tls}", connection.request, connection.id);
        parties.push(format!("{} ({})", safe::line(&connection.client), safe::line(&text)));
    }
    if !exchange.upstream.is_empty() {
        parties.push(format!("to {}", safe::line(&exchange.upstream)));
    }
    if !parties.is_empty() {
        facts.push(parties.join(", "));
    }
    if exchange.origin.name() != "live" {
        facts.push(format!("origin: {}", exchange.origin.name()));
    }
    if let Some(earlier) = exchange.attempt_of {
        facts.push(format!("the client's hidden retry of {earlier}: one call, several attempts"));
    }
    facts
}

fn message(out: &mut String, head: &Headers, body: &Body, trailers: &Headers, style: &TextStyle) {
    headers(out, head, style);
    if !body.is_empty() {
        out.push('\n');
        for line in body_text(head, body, style).lines() {
            out.push_str(&format!("{}\n", cut_long(line)));
        }
    }
    if !trailers.0.is_empty() {
        out.push_str(&style.paint(TextRole::Faint, "\n(trailers)"));
        out.push('\n');
        headers(out, trailers, style);
    }
}

/// Cuts what no reader reads to its end, with its length.
fn cut_long(line: &str) -> Cow<'_, str> {
    if line.len() <= LONG_LINE || line.chars().count() <= LONG_LINE {
        return Cow::Borrowed(line);
    }
    let begin: String = line.chars().take(LONG_LINE / 2).collect();
    Cow::Owned(format!("{begin}… ({} characters; `wraptap show --raw` prints them)", line.chars().count()))
}

fn headers(out: &mut String, headers: &Headers, style: &TextStyle) {
    for header in headers.iter() {
        let name = style.paint(TextRole::Frame, &safe::bytes(header.name.as_bytes()));
        out.push_str(&format!("{name}: {}\n", cut_long(&safe::bytes(header.value.as_bytes()))));
    }
}

/// Returns a body for a person to read, decoded and, if JSON, indented, with a note on what was done to it or
/// is missing; ends in a newline.
pub fn body_text(headers: &Headers, body: &Body, style: &TextStyle) -> String {
    let undone = coding::undone(headers, body, SHOWN);
    let mut shown = undone.bytes;
    let mut remarks = Vec::new();
    if let Some(coding) = headers.text("content-encoding") {
        let how = if body.decoded { "stored decoded, because a secret in it was masked" } else { "decoded" };
        match undone.end {
            End::Unknown => {
                remarks.push(format!("encoded as {}, which wraptap does not decode", safe::line(coding)));
            }
            End::Broken if shown.is_empty() => {
                remarks.push(format!("the header says {}, but the body is not", safe::line(coding)));
                shown = Cow::Borrowed(&body.bytes);
            }
            _ => remarks.push(format!("{} of {}, {how}", bytes(body.total), safe::line(coding))),
        }
    }
    if undone.end == End::Limit || shown.len() > SHOWN {
        remarks.push(format!("shown cut: only the first {}", bytes(SHOWN as u64)));
    }
    if undone.end == End::Broken && !shown.is_empty() {
        remarks.push("the encoded bytes are incomplete".to_owned());
    }
    if body.cut {
        remarks.push(format!("{} of {} were recorded", bytes(body.bytes.len() as u64), bytes(body.total)));
    }
    let shown = &shown[..shown.len().min(SHOWN)];
    let mut out = match std::str::from_utf8(shown) {
        Ok(text) => match indent::json(text) {
            Some(laid_out) => safe::block(&laid_out).into_owned(),
            None => safe::block(text).into_owned(),
        },
        Err(_) if looks_like_text(shown) => safe::bytes(shown).replace("\\n", "\n"),
        Err(_) => {
            remarks.push("binary: the beginning in hexadecimal".to_owned());
            hex(&shown[..shown.len().min(256)])
        }
    };
    if !out.ends_with('\n') {
        out.push('\n');
    }
    for remark in remarks {
        out.push_str(&style.paint(TextRole::Faint, &format!("({remark})")));
        out.push('\n');
    }
    out
}

fn looks_like_text(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| **byte < 0x20 && !byte.is_ascii_whitespace()).count();
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    odd * 50 < bytes.len() && high * 4 < bytes.len()
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for (row, part) in bytes.chunks(16).enumerate() {
        let digits: Vec<String> = part.iter().map(|byte| format!("{byte:02x}")).collect();
        let text: String = part
            .iter()
            .map(|byte| if matches!(byte, 0x20..=0x7e) { char::from(*byte) } else { '.' })
            .collect();
        out.push_str(&format!("{:06x}  {:47}  {text}\n", row * 16, digits.join(" ")));
    }
    out
}

/// What wraptap did: changes to the heads, masked secrets.
fn notes(out: &mut String, exchange: &Exchange, style: &TextStyle) {
    if !exchange.changed.is_empty() {
        out.push_str(&format!("\n{}\n", style.paint(TextRole::Strong, "changed on the way")));
        for change in &exchange.changed {
            let shown = |text: &Option<String>| {
                text.as_ref().map_or("absent".to_owned(), |text| format!("`{}`", safe::line(text)))
            };
            out.push_str(&format!(
                "  {} {}: {} -> {} ({})\n",
                change.side.name(),
                safe::line(&change.what),
                shown(&change.from),
                shown(&change.to),
                safe::line(&change.why)
            ));
        }
    }
    if !exchange.redactions.is_empty() {
        out.push_str(&format!("\n{}\n", style.paint(TextRole::Strong, "masked")));
        for redaction in &exchange.redactions {
            out.push_str(&format!("  {} ({})\n", safe::line(&redaction.place), safe::line(&redaction.kind)));
        }
    }
}

/// Returns the request as on the wire, secrets masked: the head's bytes and the body after transfer decoding.
pub fn raw_request(exchange: &Exchange) -> Vec<u8> {
    let request = &exchange.request;
    let mut out = match &request.head {
        Some(head) => head.as_bytes().to_vec(),
        None => {
            let line = [request.method.as_bytes(), request.target.as_bytes(), request.version.as_bytes()];
            raw_head(&line.join(&b' '), &request.headers)
        }
    };
    raw_body(&mut out, &request.body, &request.trailers);
    out
}

/// Returns the interim responses and the response as on the wire, secrets masked; empty if there was none.
pub fn raw_response(exchange: &Exchange) -> Vec<u8> {
    let mut out = Vec::new();
    for interim in &exchange.interim {
        let line =
            [&b"HTTP/1.1"[..], interim.status.to_string().as_bytes(), interim.reason.as_bytes()].join(&b' ');
        out.extend(raw_head(&line, &interim.headers));
    }
    if let Some(response) = &exchange.response {
        match &response.head {
            Some(head) => out.extend_from_slice(head.as_bytes()),
            None => {
                let status = response.status.to_string();
                let line = [response.version.as_bytes(), status.as_bytes(), response.reason.as_bytes()];
                out.extend(raw_head(&line.join(&b' '), &response.headers));
            }
        }
        raw_body(&mut out, &response.body, &response.trailers);
    }
    out
}

fn raw_head(line: &[u8], headers: &Headers) -> Vec<u8> {
    let mut out = line.to_vec();
    out.extend_from_slice(b"\r\n");
    raw_lines(&mut out, headers);
    out.extend_from_slice(b"\r\n");
    out
}

fn raw_lines(out: &mut Vec<u8>, headers: &Headers) {
    for header in headers.iter() {
        out.extend_from_slice(header.name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(header.value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}

fn raw_body(out: &mut Vec<u8>, body: &Body, trailers: &Headers) {
    out.extend_from_slice(&body.bytes);
    if !trailers.0.is_empty() {
        out.extend_from_slice(b"\r\n");
        raw_lines(out, trailers);
    }
}

fn bytes(count: u64) -> String {
    match count {
        1 => "1 byte".to_owned(),
        0..10_240 => format!("{count} bytes"),
        10_240..10_485_760 => format!("{} KiB", count / 1024),
        _ => format!("{} MiB", count >> 20),
    }
}
