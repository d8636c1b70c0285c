//! Request and response: the head as on the wire, with what was changed and masked; the body pretty, decoded
//! and raw.

use crate::model::coding;
use crate::model::exchange::{Body, Exchange, Headers};
use crate::model::passage::Side;
use crate::report::exchange;
use crate::report::layout;
use crate::report::long_text::{self, LongRest};
use crate::report::markup::html;
use crate::report::safe;
use crate::report::style::TextStyle;

/// Maximum bytes of a body in a panel, a long string at its end aside; the rest can be downloaded.
const SHOWN: usize = 64 << 10;
/// Wider than any line: the browser wraps texts.
const WIDTH: usize = 10_000;
/// Maximum shown bytes of a body that is not text.
const BINARY: usize = 4 << 10;

/// Returns the request.
pub(super) fn request(exchange: &Exchange, recording: usize) -> String {
    let request = &exchange.request;
    let line = format!("{} {} {}", request.method.lossy(), request.target.lossy(), request.version);
    let raw = exchange::raw_request(exchange);
    let sides = MessageView { name: "request", title: "Request", side: Side::Request, exchange, recording };
    sides.render(&line, &request.headers, &request.body, &request.trailers, &raw)
}

/// Returns the response, or why there is none.
pub(super) fn response(exchange: &Exchange, recording: usize) -> String {
    let message =
        MessageView { name: "response", title: "Response", side: Side::Response, exchange, recording };
    let failure = exchange.error.as_ref().map_or_else(String::new, |failure| {
        let (source, text) = (failure.source.name(), html(&safe::line(&failure.message)));
        format!("<p class=\"failure\"><b>{source}</b>: {text}</p>\n")
    });
    let interim: String = exchange
        .interim
        .iter()
        .map(|interim| {
            let line = format!("{} {}", interim.status, interim.reason.lossy());
            format!("<p class=\"faint\">before: <code>{}</code></p>\n", html(&safe::line(&line)))
        })
        .collect();
    let Some(response) = &exchange.response else {
        return format!(
            "<section class=\"message-card\" aria-labelledby=\"response-h\">\n<h2 id=\"response-h\">Response</h2>\n\
             {interim}{failure}<p class=\"faint\">There is no response.</p>\n</section>\n"
        );
    };
    let line = format!("{} {} {}", response.version, response.status, response.reason.lossy());
    let raw = exchange::raw_response(exchange);
    interim
        + &message.render(line.trim_end(), &response.headers, &response.body, &response.trailers, &raw)
        + &failure
}

struct MessageView<'a> {
    name: &'static str,
    title: &'static str,
    side: Side,
    exchange: &'a Exchange,
    recording: usize,
}

impl MessageView<'_> {
    fn render(&self, line: &str, headers: &Headers, body: &Body, trailers: &Headers, raw: &[u8]) -> String {
        let Self { name, title, .. } = self;
        let mut out = format!(
            "<section class=\"message-card\" aria-labelledby=\"{name}-h\">\n<h2 id=\"{name}-h\">{title}</h2>\n\
             <p class=\"start-line\"><code>{}</code></p>\n",
            long_text::cut(&safe::line(line), LongRest::Folded)
        );
        out.push_str(&self.headers(headers, "Headers, as on the wire"));
        out.push_str(&self.panels(headers, body, raw));
        if !trailers.0.is_empty() {
            out.push_str(&self.headers(trailers, "Trailers"));
        }
        let (recording, id) = (self.recording, self.exchange.id.get());
        out + &format!(
            "<p class=\"more\"><a href=\"/x/{recording}/{id}/raw/{name}\">Download the {} as on the wire</a></p>\n\
             </section>\n",
            title.to_lowercase()
        )
    }

    fn headers(&self, headers: &Headers, caption: &str) -> String {
        if headers.0.is_empty() {
            return format!("<p class=\"faint\">{caption}: none</p>\n");
        }
        let mut rows = String::new();
        for header in headers.iter() {
            let name = safe::bytes(header.name.as_bytes());
            let value = safe::bytes(header.value.as_bytes());
            let mut tags = String::new();
            if value.contains("redacted-") {
                tags.push_str(" <span class=\"tag\">masked</span>");
            }
            let touched = |what: &str| what.eq_ignore_ascii_case(&name);
            let mut changes = self.exchange.changed.iter().filter(|change| change.side == self.side);
            if let Some(change) = changes.find(|change| touched(&change.what)) {
                let how = if change.to.is_none() { "not passed on" } else { "changed" };
                tags.push_str(&format!(" <span class=\"tag\" title=\"{}\">{how}</span>", html(&change.why)));
            }
            rows.push_str(&format!(
                "<tr><th scope=\"row\">{}</th><td>{}{tags}</td></tr>\n",
                html(&name),
                long_text::cut(&value, LongRest::Folded)
            ));
        }
        format!(
            "<table class=\"headers\">\n<caption>{caption}</caption>\n<tbody>\n{rows}</tbody>\n</table>\n"
        )
    }

    /// Returns the body in its forms, without those that would look the same.
    fn panels(&self, headers: &Headers, body: &Body, raw: &[u8]) -> String {
        if body.is_empty() {
            return "<p class=\"faint\">no body</p>\n".to_owned();
        }
        let pretty = exchange::body_text(headers, body, &TextStyle::plain(WIDTH));
        let mut panels = vec![("pretty", "Pretty", pretty)];
        if headers.text("content-encoding").is_some() {
            let undone = coding::undone(headers, body, SHOWN);
            panels.push(("decoded", "Decoded", bytes(&undone.bytes)));
        }
        panels.push(("raw", "As on the wire", bytes(raw)));
        let name = self.name;
        let cut_note = if body.cut {
            format!(
                "<p class=\"failure\">Only the first {} of {} bytes were recorded (<code>--body-limit</code>): nothing is \
                 said of the rest.</p>\n",
                layout::grouped(body.bytes.len() as u64),
                layout::grouped(body.total)
            )
        } else {
            String::new()
        };
        let tabs: String = panels
            .iter()
            .map(|(panel, label, text)| {
                // the raw form need not be here twice: it can be saved
                let rest = if *panel == "raw" { LongRest::LeftOut } else { LongRest::Folded };
                let text = cut(text, rest);
                format!(
                    "<section class=\"panel\" id=\"{name}-{panel}\" aria-labelledby=\"{name}-{panel}-h\">\n\
                     <h3 id=\"{name}-{panel}-h\">{label}</h3>\n<pre tabindex=\"0\">{text}</pre>\n</section>\n"
                )
            })
            .collect();
        format!("{cut_note}<div class=\"tabs\" data-tabs=\"{} body\">\n{tabs}</div>\n", self.title)
    }
}

/// Returns bytes as text, line by line.
fn bytes(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(_) => {
            let shown = &bytes[..bytes.len().min(BINARY)];
            let text = safe::bytes(shown).replace("\\r\\n", "\n").replace("\\n", "\n");
            let rest = bytes.len() - shown.len();
            if rest > 0 { format!("{text}\n({rest} more bytes)") } else { text.to_owned() }
        }
    }
}

/// Returns a panel's text as markup: at most a number of bytes of it, but each string of what is shown to its
/// end.
fn cut(text: &str, rest: LongRest) -> String {
    if text.len() <= SHOWN {
        return long_text::cut(text, rest);
    }
    let mut end = SHOWN;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    // a string that the limit cuts is there to its end
    let line = match rest {
        LongRest::Folded => text[end..].find('\n').map_or(text.len(), |more| end + more),
        LongRest::LeftOut => end,
    };
    let missing = text.len() - line;
    let note = if missing > 0 {
        format!(
            "\n<span class=\"faint\">… {} more bytes: download it as on the wire</span>",
            layout::grouped(missing as u64)
        )
    } else {
        String::new()
    };
    long_text::cut(&text[..line], rest) + &note
}

/// Returns what wraptap changed on the way; empty if nothing.
pub(super) fn changes(exchange: &Exchange) -> String {
    let shown = |text: &Option<String>| match text {
        Some(text) => format!("<code>{}</code>", html(&safe::line(text))),
        None => "<span class=\"faint\">absent</span>".to_owned(),
    };
    let changes: String = exchange
        .changed
        .iter()
        .map(|change| {
            format!(
                "<tr><td>{}</td><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                change.side.name(),
                html(&safe::line(&change.what)),
                shown(&change.from),
                shown(&change.to),
                html(&safe::line(&change.why))
            )
        })
        .collect();
    if changes.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"card\" aria-labelledby=\"changed-h\">\n<h2 id=\"changed-h\">What wraptap changed on the way</h2>\n\
         <div class=\"wide\" tabindex=\"0\" role=\"group\" aria-labelledby=\"changed-h\"><table class=\"plain\">\n\
         <thead><tr><th scope=\"col\">message</th><th scope=\"col\">what</th><th scope=\"col\">from</th>\
         <th scope=\"col\">to</th><th scope=\"col\">why</th></tr></thead>\n<tbody>\n{changes}</tbody>\n</table></div>\n\
         </section>\n"
    )
}

/// Returns what was masked before it was stored; empty if nothing.
pub(super) fn masked(exchange: &Exchange) -> String {
    let masked: String = exchange
        .redactions
        .iter()
        .map(|redaction| {
            let (place, kind) = (html(&safe::line(&redaction.place)), html(&safe::line(&redaction.kind)));
            format!("<li><code>{place}</code> ({kind})</li>\n")
        })
        .collect();
    if masked.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"card\" aria-labelledby=\"masked-h\">\n<h2 id=\"masked-h\">What was masked before it was stored</h2>\n\
         <p class=\"faint\">Equal tags of one run are equal secrets.</p>\n<ul>\n{masked}</ul>\n</section>\n"
    )
}
