//! A recorded request as code that sends it again: `fetch` of JavaScript, `requests` of Python, a `.http`
//! file.
//!
//! Masked secrets become environment variables, in a `.http` file its variables. What a client adds by itself
//! is left out: `Host`, `Content-Length`, and what belongs to one connection only.

use crate::interchange::curl::quote::SecretVariables;
use crate::interchange::curl::write::{self, WriteError};
use crate::interchange::{masks, message};
use crate::model::exchange::Exchange;

/// A language of snippets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SnippetLanguage {
    /// JavaScript's `fetch`.
    Fetch,
    /// Python's `requests`.
    Python,
    /// The files of REST clients in editors.
    Http,
}

/// Why a request has no snippet.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SnippetError {
    /// The same that keeps it from being a curl command.
    #[error(transparent)]
    Incomplete(#[from] WriteError),
    /// Code holds texts.
    #[error("the request is not UTF-8 text: only curl sends it as it was")]
    NotText,
}

/// Headers that clients add themselves.
const ADDED: [&str; 6] =
    ["host", "content-length", "connection", "transfer-encoding", "accept-encoding", "keep-alive"];

/// Returns the code.
///
/// # Errors
/// The body is incomplete or no text, or it is not known where the request went.
pub fn snippet(exchange: &Exchange, language: SnippetLanguage) -> Result<String, SnippetError> {
    write::whole(exchange)?;
    let (upstream, target) = write::destination(exchange)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| SnippetError::NotText);
    let request = &exchange.request;
    let mut headers = Vec::new();
    for line in message::header_lines(request) {
        let line = text(&line)?;
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let coding = request.body.decoded && name.eq_ignore_ascii_case("content-encoding");
        if !coding && !ADDED.iter().any(|added| name.eq_ignore_ascii_case(added)) {
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    let parts = SnippetParts {
        method: text(request.method.as_bytes())?,
        url: upstream + &text(&target)?,
        headers,
        body: if request.body.is_empty() { None } else { Some(text(&request.body.bytes)?) },
    };
    let mut secrets = SecretVariables::default();
    Ok(match language {
        SnippetLanguage::Fetch => parts.fetch(&mut secrets),
        SnippetLanguage::Python => parts.python(&mut secrets),
        SnippetLanguage::Http => parts.http(&mut secrets),
    })
}

struct SnippetParts {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl SnippetParts {
    fn fetch(&self, secrets: &mut SecretVariables) -> String {
        let mut literal = |text: &str| {
            pieces(text, secrets, |variable| format!("process.env.{variable}"), quoted).join(" + ")
        };
        let (url, method) = (literal(&self.url), literal(&self.method));
        let mut out = format!("const response = await fetch({url}, {{\n  method: {method},\n  headers: {{\n");
        for (name, value) in &self.headers {
            out.push_str(&format!("    {}: {},\n", quoted(name), literal(value)));
        }
        out.push_str("  },\n");
        if let Some(body) = &self.body {
            out.push_str(&format!("  body: {},\n", literal(body)));
        }
        out + "});\nconsole.log(response.status, await response.text());\n"
    }

    fn python(&self, secrets: &mut SecretVariables) -> String {
        let mut literal = |text: &str| {
            let variable = |name: String| format!("os.environ[\"{name}\"]");
            pieces(text, secrets, variable, quoted).join(" + ")
        };
        let (method, url) = (literal(&self.method), literal(&self.url));
        let mut out = format!(
            "import os\nimport requests\n\nresponse = requests.request(\n    {method},\n    {url},\n    headers={{\n"
        );
        for (name, value) in &self.headers {
            out.push_str(&format!("        {}: {},\n", quoted(name), literal(value)));
        }
        out.push_str("    },\n");
        if let Some(body) = &self.body {
            out.push_str(&format!("    data=({}).encode(),\n", literal(body)));
        }
        out + ")\nprint(response.status_code, response.text)\n"
    }

    fn http(&self, secrets: &mut SecretVariables) -> String {
        let mut text =
            |text: &str| pieces(text, secrets, |name| format!("{{{{{name}}}}}"), str::to_owned).concat();
        let mut out = format!("{} {}\n", text(&self.method), text(&self.url));
        for (name, value) in &self.headers {
            out.push_str(&format!("{name}: {}\n", text(value)));
        }
        if let Some(body) = &self.body {
            out.push_str(&format!("\n{}\n", text(body)));
        }
        out
    }
}

/// Splits a text at its masks; each mask becomes a variable, the texts between them are written by `literal`.
fn pieces(
    text: &str,
    secrets: &mut SecretVariables,
    variable: impl Fn(String) -> String,
    literal: impl Fn(&str) -> String,
) -> Vec<String> {
    let mut out = Vec::new();
    let mut done = 0;
    for mask in masks::find(text.as_bytes()) {
        if mask.start < done {
            continue;
        }
        if mask.start > done {
            out.push(literal(&text[done..mask.start]));
        }
        out.push(variable(secrets.variable(&text.as_bytes()[mask.start..mask.end], &mask.kind)));
        done = mask.end;
    }
    if done < text.len() || out.is_empty() {
        out.push(literal(&text[done..]));
    }
    out
}

/// A string of JSON is one of JavaScript and of Python, too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::ExchangeBuilder;

    fn request() -> Exchange {
        ExchangeBuilder::new("POST", "/api/v2/x?a=1")
            .headers([
                ("Host", "127.0.0.1:8080"),
                ("Authorization", "Bearer redacted-bearer-0123456789ab"),
                ("Content-Type", "application/json"),
                ("Content-Length", "13"),
            ])
            .body("{\"a\":\"ä\\n'$\"}")
            .build()
    }

    #[test]
    fn a_request_is_code_with_its_credentials_as_variables() {
        let all = [SnippetLanguage::Fetch, SnippetLanguage::Python, SnippetLanguage::Http]
            .map(|language| snippet(&request(), language).unwrap());
        insta::assert_snapshot!(all.join("\n"), @r#"
        const response = await fetch("https://api.mypurecloud.de/api/v2/x?a=1", {
          method: "POST",
          headers: {
            "Authorization": "Bearer " + process.env.GENESYSCLOUD_ACCESS_TOKEN,
            "Content-Type": "application/json",
          },
          body: "{\"a\":\"ä\\n'$\"}",
        });
        console.log(response.status, await response.text());

        import os
        import requests

        response = requests.request(
            "POST",
            "https://api.mypurecloud.de/api/v2/x?a=1",
            headers={
                "Authorization": "Bearer " + os.environ["GENESYSCLOUD_ACCESS_TOKEN"],
                "Content-Type": "application/json",
            },
            data=("{\"a\":\"ä\\n'$\"}").encode(),
        )
        print(response.status_code, response.text)

        POST https://api.mypurecloud.de/api/v2/x?a=1
        Authorization: Bearer {{GENESYSCLOUD_ACCESS_TOKEN}}
        Content-Type: application/json

        {"a":"ä\n'$"}
        "#);
    }

    #[test]
    fn what_cannot_be_written_is_refused() {
        let mut binary = request();
        binary.request.body.bytes = bytes::Bytes::from_static(b"\xff\xfe");
        assert_eq!(snippet(&binary, SnippetLanguage::Fetch), Err(SnippetError::NotText));
        let mut cut = request();
        cut.request.body.cut = true;
        assert!(matches!(snippet(&cut, SnippetLanguage::Python), Err(SnippetError::Incomplete(_))));
    }
}
