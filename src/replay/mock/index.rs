//! What a recording can answer: by key the places of the exchanges in the file. Answers stay on disk until
//! asked for.

use std::collections::BTreeMap;
use std::path::Path;

use crate::api;
use crate::model::exchange::{Exchange, Origin};
use crate::replay::mock::key::RequestKey;
use crate::store::line::LineError;
use crate::store::recording::{ReadError, RecordedSpan, RecordingFile};

/// An exchange that can be answered from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RecordedAnswer {
    span: RecordedSpan,
    /// Its id.
    pub id: u64,
    /// The status of its answer.
    pub status: u16,
}

/// What a recording holds.
#[derive(Debug)]
pub struct Index {
    file: RecordingFile,
    exact: BTreeMap<u64, Vec<RecordedAnswer>>,
    template: BTreeMap<u64, Vec<RecordedAnswer>>,
    /// By method and path template, in recorded order.
    operations: BTreeMap<String, Vec<RecordedAnswer>>,
    login: Option<RecordedAnswer>,
    /// How many exchanges can be answered from.
    pub served: u64,
    /// How many cannot: no whole answer, or sent by wraptap itself.
    pub left_out: u64,
    /// Lines that are no exchange, by number.
    pub foreign: Vec<(u64, LineError)>,
}

impl Index {
    /// Reads a recording once, in flat memory but for the index itself; `-` is stdin.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let file = RecordingFile::open(path)?;
        let mut recording = file.recording()?;
        let mut index = Self {
            file,
            exact: BTreeMap::new(),
            template: BTreeMap::new(),
            operations: BTreeMap::new(),
            login: None,
            served: 0,
            left_out: 0,
            foreign: Vec::new(),
        };
        while let Some(line) = recording.next_line() {
            let line = line?;
            match line.exchange() {
                Ok(exchange) => index.add(&exchange, line.span()),
                Err(error) => index.foreign.push((line.number, error)),
            }
        }
        Ok(index)
    }

    fn add(&mut self, exchange: &Exchange, span: RecordedSpan) {
        let own = matches!(exchange.origin, Origin::Live | Origin::Import);
        let whole = exchange.error.is_none() && exchange.tunnel.is_none() && !exchange.request.body.cut;
        let Some(response) = exchange.response.as_ref().filter(|response| own && whole && !response.body.cut)
        else {
            self.left_out += 1;
            return;
        };
        let answer = RecordedAnswer { span, id: exchange.id.get(), status: response.status };
        self.served += 1;
        if api::for_upstream(&exchange.upstream).is_login(&exchange.request.path()) {
            if (200..300).contains(&response.status) {
                self.login = Some(answer);
            }
            return;
        }
        let key = RequestKey::new(&exchange.request);
        self.exact.entry(key.exact).or_default().push(answer);
        self.template.entry(key.template).or_default().push(answer);
        self.operations.entry(key.operation).or_default().push(answer);
    }

    /// Returns the exchanges of exactly this request, in recorded order.
    pub fn exact(&self, key: &RequestKey) -> &[RecordedAnswer] {
        self.exact.get(&key.exact).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the exchanges of this request with whatever ids, in recorded order.
    pub fn alike(&self, key: &RequestKey) -> &[RecordedAnswer] {
        self.template.get(&key.template).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the exchanges of an operation, in recorded order.
    pub fn of_operation(&self, operation: &str) -> &[RecordedAnswer] {
        self.operations.get(operation).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns every operation with its exchanges.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &[RecordedAnswer])> {
        self.operations.iter().map(|(name, answers)| (name.as_str(), answers.as_slice()))
    }

    /// Returns the last login that was accepted.
    pub fn login(&self) -> Option<RecordedAnswer> {
        self.login
    }

    /// Reads an exchange from the file.
    ///
    /// # Errors
    /// The file cannot be read, or was changed since it was indexed.
    pub fn load(&self, answer: RecordedAnswer) -> Result<Exchange, ReadError> {
        self.file.read(answer.span)
    }
}
