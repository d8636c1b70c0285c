//! What a user gives as CANDIDATE, GOOD or body: a REF, a file, `-`, a curl command, or the body itself.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::baselines::folder::{self, FolderError};
use crate::baselines::{self, embedded};
use crate::command::args::curl_files::WorkingFolder;
use crate::command::args::{container, exchange_arg};
use crate::command::lock;
use crate::config::Globals;
use crate::diagnose::pairing;
use crate::error::CommandError;
use crate::interchange::curl;
use crate::json::pointer::Pointer;
use crate::model::baseline::Baseline;
use crate::model::coding;
use crate::model::exchange::{Body, Exchange, ExchangeId, Header, Origin, Request};
use crate::model::known_good::{KnownGood, KnownGoodOrigin};
use crate::model::reference::Reference;
use crate::report::safe;

/// A payload, or a whole request, with its name.
#[derive(Clone, Debug)]
pub(crate) struct PayloadArg {
    /// How it is named to the user: a file's name, or `#17  PATCH /api/v2/…  -> 400`.
    pub(crate) title: String,
    /// How it is named inside a sentence: the same, without the operation.
    pub(crate) name: String,
    /// Why it counts as good where it is used as such.
    pub(crate) because: String,
    /// The raw body, content codings undone.
    pub(crate) body: Vec<u8>,
    /// The whole request, where there is one.
    pub(crate) request: Option<Request>,
    /// The exchange it was part of, with its recording.
    pub(crate) exchange: Option<(PathBuf, Box<Exchange>)>,
    /// The operation of a baseline that was named.
    pub(crate) operation: Option<String>,
    /// Where it came from, if it counts as good.
    pub(crate) origin: KnownGoodOrigin,
    /// Places whose differences are hidden, from a baseline file.
    pub(crate) ignore: Vec<Pointer>,
    /// Members that it does not have are errors, from a baseline file.
    pub(crate) exact: bool,
    /// Variables and commands of a curl text, which a shell would have replaced.
    pub(crate) unexpanded: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
enum PayloadArgError {
    #[error("{0} names {1} exchanges, but a comparison takes one on each side")]
    Several(String, usize),
    #[error("cannot read {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("cannot read stdin")]
    Stdin { source: std::io::Error },
    #[error("there is no file `{0}`")]
    Missing(String),
    #[error("the text sends {0} requests, but a comparison takes one on each side")]
    SeveralRequests(usize),
    #[error("the curl command cannot be read")]
    Curl { source: curl::CurlError },
}

/// How a text is meant; decided by its form, and for paths by what exists.
#[derive(Clone, Debug, Eq, PartialEq)]
enum PayloadKind {
    Stdin,
    Curl,
    Reference,
    File,
    /// Looks like a path, but nothing is there.
    Missing,
    Body,
}

/// Reads what the user gave.
///
/// A bare number, `last` and `FILE#12` are REFs, whatever files there are (`./12` is the file). A text whose
/// first word is `curl` is a command. The name of an existing file is that file. Anything else is a body,
/// unless it can only be a path.
pub(crate) fn read_to_send(text: &str, globals: &Globals) -> Result<PayloadArg, CommandError> {
    match meaning(text, &|path| Path::new(path).exists()) {
        PayloadKind::Stdin => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map_err(|source| CommandError::machine(PayloadArgError::Stdin { source }))?;
            from_text("stdin", bytes)
        }
        PayloadKind::Curl => from_curl("the curl command", text),
        PayloadKind::Reference => from_reference(text, globals),
        PayloadKind::File => {
            let bytes = std::fs::read(text)
                .map_err(|source| CommandError::input(PayloadArgError::File { path: text.into(), source }))?;
            from_text(text, bytes)
        }
        PayloadKind::Missing => {
            Err(CommandError::input(PayloadArgError::Missing(safe::line(text).into_owned()))
                .hint("give a file, a REF such as 12 or last, a curl command, or the body itself in quotes"))
        }
        PayloadKind::Body => {
            container::refuse("the body given", text)?;
            Ok(PayloadArg::from_body("the body given", text.as_bytes().to_vec()))
        }
    }
}

/// As [`read_to_send`], without the secrets: what is compared, shown or kept has the lock of a recording.
pub(crate) fn read(text: &str, globals: &Globals) -> Result<PayloadArg, CommandError> {
    masked(read_to_send(text, globals)?)
}

/// Masks a payload. That of an exchange is masked already.
fn masked(mut payload: PayloadArg) -> Result<PayloadArg, CommandError> {
    let redactor = lock::redactor().map_err(CommandError::machine)?;
    if let Some(request) = payload.request.take_if(|_| payload.exchange.is_none()) {
        let exchange = Exchange::of(ExchangeId(std::num::NonZeroU64::MIN), Origin::Import, request);
        let request = redactor.mask(exchange).into_exchange().request;
        payload.body = decoded_body(&request);
        payload.request = Some(request);
    } else if let Some(masked) = redactor.mask_bytes(&payload.body) {
        payload.body = masked;
    }
    Ok(payload)
}

/// Reads what the user gave as known good: as [`read`], and also the name of a baseline. A file of that name
/// comes first.
pub(crate) fn read_good(text: &str, globals: &Globals) -> Result<PayloadArg, CommandError> {
    let is_free =
        matches!(meaning(text, &|path| Path::new(path).exists()), PayloadKind::Body | PayloadKind::Missing);
    match if is_free { baseline_named(text)? } else { None } {
        Some((baseline, origin)) => masked(PayloadArg {
            operation: Some(baseline.operation.to_string()),
            ..PayloadArg::from_baseline(&KnownGood::of_baseline(&baseline, origin))
        }),
        None => read(text, globals),
    }
}

/// Returns the baseline of this name: one of the user's, else a built-in example.
fn baseline_named(name: &str) -> Result<Option<(Baseline, KnownGoodOrigin)>, CommandError> {
    match folder::find(Path::new(folder::DEFAULT), name) {
        Ok(baseline) => Ok(Some((baseline, KnownGoodOrigin::Named))),
        Err(FolderError::Missing { .. }) => {
            let example = embedded::all().into_iter().find(|example| example.name == name);
            Ok(example.map(|example| (example, KnownGoodOrigin::Embedded)))
        }
        Err(FolderError::Name(_)) => Ok(None),
        Err(error) => Err(CommandError::input(error).hint("see it with `wraptap baseline show NAME`")),
    }
}

fn meaning(text: &str, exists: &dyn Fn(&str) -> bool) -> PayloadKind {
    let start = text.trim_start();
    if text == "-" {
        PayloadKind::Stdin
    } else if curl::is_command(text) {
        PayloadKind::Curl
    } else if start.starts_with(['{', '[', '"']) || text.contains('\n') {
        PayloadKind::Body
    } else if Reference::parse(text).is_ok_and(|reference| reference.file.as_deref() != Some("")) {
        PayloadKind::Reference
    } else if exists(text) {
        PayloadKind::File
    } else if is_path(text) {
        PayloadKind::Missing
    } else {
        PayloadKind::Body
    }
}

/// Returns whether a text can only be meant as a path: no blank, and a directory or a known ending in it.
fn is_path(text: &str) -> bool {
    let ending =
        [".json", ".txt", ".ndjson", ".har", ".http", ".sh"].iter().any(|ending| text.ends_with(ending));
    !text.is_empty() && !text.contains(char::is_whitespace) && (ending || text.contains(['/', '\\']))
}

/// A file or stdin: a curl command, a baseline file, else a body.
fn from_text(title: &str, bytes: Vec<u8>) -> Result<PayloadArg, CommandError> {
    let Ok(text) = std::str::from_utf8(&bytes) else { return Ok(PayloadArg::from_body(title, bytes)) };
    container::refuse(title, text)?;
    if curl::is_command(text) {
        return from_curl(title, text);
    }
    let name = Path::new(title).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    match baselines::file::parse(&name.unwrap_or_default(), text) {
        Ok(baseline) => {
            let good = KnownGood::of_baseline(&baseline, KnownGoodOrigin::Named);
            let name = title.to_owned();
            Ok(PayloadArg { title: name.clone(), name, ..PayloadArg::from_baseline(&good) })
        }
        Err(_) => Ok(PayloadArg::from_body(title, bytes)),
    }
}

fn from_curl(title: &str, text: &str) -> Result<PayloadArg, CommandError> {
    let commands = curl::parse(text, &WorkingFolder)
        .map_err(|source| CommandError::input(PayloadArgError::Curl { source }))?;
    for note in &commands.notes {
        tracing::warn!(place = %note.place, note = %note.fact, "curl command");
    }
    let braces = commands.notes.iter().find_map(|note| match &note.fact {
        curl::CurlFact::Braces { written, .. } => Some(safe::line(written).into_owned()),
        _ => None,
    });
    let unexpanded = commands.notes.into_iter().filter_map(|note| match note.fact {
        curl::CurlFact::NotExpanded(letters) => Some(letters),
        _ => None,
    });
    let count = commands.requests.len();
    let mut requests = commands.requests.into_iter();
    match (requests.next(), count) {
        (Some(first), 1) => {
            let operation = pairing::operation_of(&first.request);
            let name = title.to_owned();
            let title = format!("{title}: {operation}");
            Ok(PayloadArg {
                name,
                request: Some(first.request.clone()),
                unexpanded: unexpanded.collect(),
                ..PayloadArg::from_body(&title, decoded_body(&first.request))
            })
        }
        _ => Err(CommandError::input(PayloadArgError::SeveralRequests(count)).hint(match braces {
            Some(written) => format!("put `{written}` in quotes if it is meant literally"),
            None => "give only the command that is meant".to_owned(),
        })),
    }
}

fn from_reference(text: &str, globals: &Globals) -> Result<PayloadArg, CommandError> {
    let selected = exchange_arg::find(text, globals)?;
    let count = selected.exchanges.len();
    let mut exchanges = selected.exchanges.into_iter();
    match (exchanges.next(), count) {
        (Some(masked), 1) => Ok(PayloadArg::from_exchange(selected.path, masked.exchange().clone())),
        _ => Err(CommandError::input(PayloadArgError::Several(safe::line(text).into_owned(), count))
            .hint("name one, such as `wraptap diff last-refused`")),
    }
}

impl PayloadArg {
    fn from_body(title: &str, body: Vec<u8>) -> Self {
        Self {
            title: title.to_owned(),
            name: title.to_owned(),
            because: "named as known good".to_owned(),
            body,
            request: None,
            exchange: None,
            operation: None,
            origin: KnownGoodOrigin::Named,
            ignore: Vec::new(),
            exact: false,
            unexpanded: Vec::new(),
        }
    }

    /// Returns a baseline as a body that goes with no request.
    fn from_baseline(known: &KnownGood) -> Self {
        Self {
            because: known.because.clone(),
            origin: known.origin.clone(),
            ignore: known.ignore.clone(),
            exact: known.exact,
            ..Self::from_body(&known.label, known.body.as_bytes().to_vec())
        }
    }

    /// Returns it as the known-good payload that the user chose.
    pub(crate) fn into_known_good(self) -> KnownGood {
        let request = self.request.as_ref();
        KnownGood {
            label: self.name,
            because: self.because,
            origin: match self.origin {
                KnownGoodOrigin::Embedded => KnownGoodOrigin::Embedded,
                _ => KnownGoodOrigin::Named,
            },
            content_type: request.and_then(|request| request.headers.text("content-type")).map(str::to_owned),
            body: self.body.into(),
            ignore: self.ignore,
            exact: self.exact,
        }
    }

    /// Returns a known-good payload as the body of `request`, so that everything around the body is alike
    /// except for the media type it is known to go with.
    pub(crate) fn from_known_good(known: &KnownGood, request: &Request) -> Self {
        let mut request = request.clone();
        request.body = Body::whole(known.body.clone());
        if let Some(media_type) = &known.content_type {
            let typed = |header: &Header| header.name.eq_ignore_case("content-type");
            let name =
                request.headers.0.iter().find(|header| typed(header)).map(|header| header.name.clone());
            request
                .headers
                .0
                .retain(|header| !typed(header) && !header.name.eq_ignore_case("content-encoding"));
            let name = name.unwrap_or_else(|| "Content-Type".into());
            request.headers.0.push(Header { name, value: media_type.as_str().into() });
        }
        Self { request: Some(request), ..Self::from_baseline(known) }
    }

    /// Returns an exchange's request as a subject.
    pub(crate) fn from_exchange(recording: PathBuf, exchange: Exchange) -> Self {
        let operation = pairing::operation_of(&exchange.request);
        let answer = match exchange.status() {
            Some(status) => status.to_string(),
            None => "no response".to_owned(),
        };
        let good = KnownGood::of_exchange(&exchange);
        Self {
            title: format!("{}  {operation}  -> {answer}", exchange.id),
            name: good.label,
            because: format!("{}, {}", recording.display(), good.because),
            body: decoded_body(&exchange.request),
            request: Some(exchange.request.clone()),
            exchange: Some((recording, Box::new(exchange))),
            operation: None,
            origin: good.origin,
            ignore: Vec::new(),
            exact: false,
            unexpanded: Vec::new(),
        }
    }
}

/// Returns the body with its content codings undone; a body that cannot be decoded is returned as sent.
pub(crate) fn decoded_body(request: &Request) -> Vec<u8> {
    coding::decoded(&request.headers, &request.body)
        .map_or_else(|| request.body.bytes.to_vec(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str) -> PayloadKind {
        meaning(text, &|path| matches!(path, "12" | "./12" | "body.json" | "a b"))
    }

    #[test]
    fn a_bare_number_is_a_reference_and_a_path_the_file() {
        assert_eq!(meant("12"), PayloadKind::Reference);
        assert_eq!(meant("#12"), PayloadKind::Reference);
        assert_eq!(meant("last"), PayloadKind::Reference);
        assert_eq!(meant("recordings/a.ndjson#last-refused"), PayloadKind::Reference);
        assert_eq!(meant("./12"), PayloadKind::File);
        assert_eq!(meant("a b"), PayloadKind::File);
    }

    #[test]
    fn commands_and_bodies_are_distinguished_from_paths() {
        assert_eq!(meant("curl -d @x https://h/"), PayloadKind::Curl);
        assert_eq!(meant("{\"a\":\"#12\"}"), PayloadKind::Body);
        assert_eq!(meant("[#1"), PayloadKind::Body);
        assert_eq!(meant("null"), PayloadKind::Body);
        assert_eq!(meant(""), PayloadKind::Body);
        assert_eq!(meant("7fb334b0-0e9e-11e4-9191-0800200c9a66"), PayloadKind::Body);
        assert_eq!(meant("-"), PayloadKind::Stdin);
        assert_eq!(meant("body.json"), PayloadKind::File);
        assert_eq!(meant("boby.json"), PayloadKind::Missing);
        assert_eq!(meant("./13"), PayloadKind::Missing);
    }
}
