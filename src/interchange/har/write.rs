//! Exchanges as a HAR 1.2, written one by one.

use std::io::{self, Write};

use base64::Engine as _;
use serde_json::{Map, Value, json};

use crate::interchange::message;
use crate::model::coding;
use crate::model::exchange::{Body, Exchange, Headers, Request, Response};

/// Writes a HAR; the file is whole after `finish`.
#[derive(Debug)]
pub struct HarWriter<W> {
    out: W,
    items: usize,
}

impl<W: Write> HarWriter<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// The output cannot be written to.
    pub fn new(mut out: W) -> io::Result<Self> {
        let creator = json!({"name": "wraptap", "version": env!("CARGO_PKG_VERSION")});
        let comment = "secrets are masked as redacted-KIND-TAG";
        write!(
            out,
            "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"comment\":\"{comment}\",\"entries\":["
        )?;
        Ok(Self { out, items: 0 })
    }

    /// Writes one exchange.
    ///
    /// # Errors
    /// The output cannot be written to.
    pub fn write(&mut self, exchange: &Exchange) -> io::Result<()> {
        self.out.write_all(if self.items == 0 { b"\n" } else { b",\n" })?;
        self.items += 1;
        serde_json::to_writer(&mut self.out, &item(exchange))?;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// The output cannot be written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}}\n")?;
        self.out.flush()?;
        Ok(self.out)
    }
}

fn item(exchange: &Exchange) -> Value {
    let timings = exchange.timings;
    let between = |from: Option<u64>, to: Option<u64>| match (from, to) {
        (Some(from), Some(to)) => json!(to.saturating_sub(from) as f64 / 1000.0),
        _ => json!(-1),
    };
    // `send`, `wait` and `receive` may not be -1
    let phase = |from, to| match between(from, to) {
        Value::Number(number) if number.as_f64() >= Some(0.0) => Value::Number(number),
        _ => json!(0),
    };
    let mut item = json!({
        "startedDateTime": exchange.started_at.to_string(),
        "time": timings.total as f64 / 1000.0,
        "request": request(exchange),
        "response": exchange.response.as_ref().map_or_else(no_response, answered),
        "cache": {},
        "timings": {
            "blocked": -1,
            "dns": -1,
            "connect": between(Some(0), timings.upstream_connected),
            "send": phase(Some(0), timings.request_read),
            "wait": phase(timings.request_read.or(Some(0)), timings.response_head),
            "receive": phase(timings.response_head, Some(timings.total)),
        },
        "_wraptap": {"id": exchange.id.get(), "run": exchange.run, "origin": exchange.origin.name()},
    });
    if let Some(failure) = &exchange.error {
        item["_error"] = json!(failure.message);
        item["response"]["_error"] = json!(failure.message);
    }
    item
}

fn request(exchange: &Exchange) -> Value {
    let request = &exchange.request;
    let target = request.target.lossy();
    let url = if target.starts_with('/') {
        format!("{}{target}", exchange.upstream)
    } else if target.contains("://") {
        target.into_owned()
    } else {
        format!("{}/{target}", exchange.upstream)
    };
    let query: Vec<Value> = request
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            json!({"name": decoded(name), "value": decoded(value)})
        })
        .collect();
    let mut asked = json!({
        "method": request.method_text(),
        "url": url,
        "httpVersion": request.version,
        "cookies": cookies(&request.headers),
        "headers": headers(&request.headers),
        "queryString": query,
        "headersSize": head_size(&message::request(request)),
        "bodySize": request.body.total,
    });
    if !request.body.is_empty() {
        asked["postData"] = post_data(request);
    }
    asked
}

fn post_data(request: &Request) -> Value {
    let media_type = request.headers.text("content-type").unwrap_or_default();
    let mut data = Map::new();
    data.insert("mimeType".to_owned(), json!(media_type));
    data.insert("params".to_owned(), json!([]));
    match std::str::from_utf8(&request.body.bytes) {
        Ok(text) => data.insert("text".to_owned(), json!(text)),
        Err(_) => {
            // the format has no member for this on requests; mitmproxy and wraptap read it
            data.insert("encoding".to_owned(), json!("base64"));
            data.insert("text".to_owned(), json!(base64(&request.body.bytes)))
        }
    };
    note_cut(&mut data, &request.body);
    Value::Object(data)
}

fn answered(response: &Response) -> Value {
    let plain = if response.body.decoded { None } else { coding::decoded(&response.headers, &response.body) };
    let bytes = plain.as_deref().unwrap_or(&response.body.bytes);
    let mut content = Map::new();
    content.insert("size".to_owned(), json!(bytes.len()));
    let media_type = response.headers.text("content-type").unwrap_or_default();
    content.insert("mimeType".to_owned(), json!(media_type));
    match std::str::from_utf8(bytes) {
        Ok(text) => content.insert("text".to_owned(), json!(text)),
        Err(_) => {
            content.insert("encoding".to_owned(), json!("base64"));
            content.insert("text".to_owned(), json!(base64(bytes)))
        }
    };
    note_cut(&mut content, &response.body);
    json!({
        "status": response.status,
        "statusText": response.reason.lossy(),
        "httpVersion": response.version,
        "cookies": [],
        "headers": headers(&response.headers),
        "content": content,
        "redirectURL": response.headers.text("location").unwrap_or_default(),
        "headersSize": head_size(&message::response(response)),
        "bodySize": response.body.total,
    })
}

/// The format wants a response; status 0 is how every tool says that there was none.
fn no_response() -> Value {
    json!({
        "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
        "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1, "bodySize": -1,
    })
}

fn note_cut(content: &mut Map<String, Value>, body: &Body) {
    if body.cut {
        let comment = format!("the first {} of {} bytes", body.bytes.len(), body.total);
        content.insert("comment".to_owned(), json!(comment));
    }
}

fn headers(headers: &Headers) -> Vec<Value> {
    headers.iter().map(|header| json!({"name": header.name.lossy(), "value": header.value.lossy()})).collect()
}

fn cookies(headers: &Headers) -> Vec<Value> {
    headers
        .all("cookie")
        .flat_map(|value| {
            let pairs = value.lossy().into_owned();
            let pairs = pairs.split(';').map(str::trim).filter(|pair| !pair.is_empty());
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
                    json!({"name": name, "value": value})
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Returns the bytes up to the empty line, with it.
fn head_size(message: &[u8]) -> usize {
    memchr::memmem::find(message, b"\r\n\r\n").map_or(message.len(), |at| at + 4)
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
