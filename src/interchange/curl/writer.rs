//! A command while it is written: its options, the comments above it, the variables for its secrets.

use crate::interchange::curl::head::EXPECT_ABOVE;
use crate::interchange::curl::quote::{self, SecretVariables};
use crate::interchange::{RECONSTRUCTED, message};
use crate::model::exchange::Exchange;
use crate::model::passage::Side;

/// The longest text that one argument may have everywhere (Linux: 128 KiB with its end); longer bodies go
/// through stdin.
const ARGUMENT_LIMIT: usize = 100 * 1024;

/// Writes the command of one exchange.
pub(super) struct CommandWriter<'a> {
    pub(super) exchange: &'a Exchange,
    /// Options with their values, as they are written.
    pub(super) words: Vec<String>,
    pub(super) comments: Vec<String>,
    pub(super) secrets: SecretVariables,
}

impl CommandWriter<'_> {
    pub(super) fn finish(self) -> String {
        let mut text = String::new();
        for comment in &self.comments {
            text.push_str(&format!("# {comment}\n"));
        }
        let names: Vec<String> = self.secrets.names().map(|name| format!("${name}")).collect();
        if !names.is_empty() {
            text.push_str(&format!("# set {} first: masked in the recording\n", names.join(", ")));
        }
        let body = &self.exchange.request.body.bytes;
        let command = self.words.join(" \\\n  ");
        if self.needs_stdin() {
            let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, body);
            text.push_str("base64 --decode <<'END' |\n");
            for line in encoded.as_bytes().chunks(76) {
                text.push_str(&String::from_utf8_lossy(line));
                text.push('\n');
            }
            text.push_str("END\n");
        }
        text.push_str(&command);
        text.push('\n');
        text
    }

    /// Binary and large bodies cannot be an argument: they are piped in, encoded as Base64.
    pub(super) fn needs_stdin(&self) -> bool {
        let body = &self.exchange.request.body.bytes;
        body.len() > ARGUMENT_LIMIT || body.contains(&0) || std::str::from_utf8(body).is_err()
    }

    pub(super) fn push(&mut self, option: &str, bytes: &[u8]) {
        match quote::word(bytes, &mut self.secrets) {
            Some(word) => self.words.push(format!("{option} {word}")),
            None => self.comments.push(format!("left out: {option} with a NUL byte")),
        }
    }

    pub(super) fn reconstructed(&self, what: &str) -> bool {
        self.exchange.changed.iter().any(|change| {
            change.side == Side::Request && change.what == what && change.why.starts_with(RECONSTRUCTED)
        })
    }

    /// Returns whether curl announces the body with `Expect: 100-continue`.
    pub(super) fn is_large(&self) -> bool {
        self.exchange.request.body.bytes.len() > EXPECT_ABOVE && self.exchange.request.version != "HTTP/1.0"
    }

    /// Returns whether the command has to name a body, be it an empty one.
    pub(super) fn sends_body(&self) -> bool {
        let request = &self.exchange.request;
        !request.body.bytes.is_empty()
            || request.headers.get("content-length").is_some()
            || message::is_chunked(&request.headers)
    }
}
