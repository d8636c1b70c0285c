//! Request and response as text: whole, or as much as a reader needs first.

use std::borrow::Cow;

use crate::model::coding;
use crate::model::exchange::{Body, Exchange, Headers, Request, Response};
use crate::report::layout;
use crate::report::ticket::block::Block;

/// Lines and characters of a body that are shown before the first fold.
const EXCERPT: (usize, usize) = (8, 600);
/// Bytes of a block; a tracker takes no more than 64 KiB in all.
const LONGEST: usize = 16 << 10;

/// Returns the request as on the wire, secrets masked; of a body that is not text, only the size.
pub(super) fn request_text(request: &Request) -> String {
    message_text(&request_line(request), &request.headers, &request.body)
}

/// Returns the response in the same way.
pub(super) fn response_text(response: &Response) -> String {
    message_text(&status_line(response), &response.headers, &response.body)
}

fn request_line(request: &Request) -> String {
    format!("{} {} {}", request.method.lossy(), request.target.lossy(), request.version)
}

fn status_line(response: &Response) -> String {
    format!("{} {} {}", response.version, response.status, response.reason.lossy()).trim_end().to_owned()
}

fn message_text(line: &str, headers: &Headers, body: &Body) -> String {
    let mut text = format!("{line}\n");
    for header in headers.iter() {
        text.push_str(&format!("{}: {}\n", header.name.lossy(), header.value.lossy()));
    }
    format!("{text}\n{}", body_text(headers, body))
}

fn body_text(headers: &Headers, body: &Body) -> String {
    let Body { bytes, total, cut, .. } = body;
    let plain = coding::decoded(headers, body);
    let mut text = match std::str::from_utf8(plain.as_deref().unwrap_or(bytes)) {
        Ok(body) => body.to_owned(),
        Err(_) => format!("({total} bytes that are not text)"),
    };
    if matches!(plain, Some(Cow::Owned(_))) {
        text.push_str(&format!("\n(decoded: {total} bytes on the wire)"));
    }
    if *cut {
        text.push_str(&format!("\n(cut: {} of {total} bytes were recorded)", bytes.len()));
    }
    text
}

/// Returns start lines, content type and the beginning of both bodies.
pub(super) fn excerpt(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut text = beginning(&request_line(request), &request.headers, &request.body);
    if let Some(response) = &exchange.response {
        text.push('\n');
        text.push_str(&beginning(&status_line(response), &response.headers, &response.body));
    }
    text
}

fn beginning(line: &str, headers: &Headers, body: &Body) -> String {
    let mut text = format!("{line}\n");
    if let (Some(kind), false) = (headers.text("content-type"), body.is_empty()) {
        text.push_str(&format!("Content-Type: {kind}\n"));
    }
    let body = body_text(headers, body);
    if body.is_empty() {
        return text;
    }
    let (lines, characters) = EXCERPT;
    let begin: String = body.lines().take(lines).collect::<Vec<_>>().join("\n");
    let begin: String = begin.chars().take(characters).collect();
    let cut = if begin.len() < body.trim_end().len() {
        format!("… ({} in all)", layout::counted(body.len() as u64, "byte"))
    } else {
        String::new()
    };
    format!("{text}\n{begin}{cut}\n")
}

/// Returns text that is of use as a whole only; where it is too long, the command that prints it.
pub(super) fn whole(language: &'static str, text: &str, command: &str) -> Block<'static> {
    if text.len() <= LONGEST {
        return Block::Code(language, text.to_owned());
    }
    Block::Text(format!("{}: `{command}`", layout::counted(text.len() as u64, "byte")))
}

/// Returns text to copy, cut where it is too long for a ticket.
pub(super) fn block(language: &'static str, text: &str) -> Block<'static> {
    if text.len() <= LONGEST {
        return Block::Code(language, text.to_owned());
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let all = layout::counted(text.len() as u64, "byte");
    Block::Code(language, format!("{}…\n({all} in all; `--format json` has them)", &text[..end]))
}
