//! What a recording can answer: by key the places of the exchanges in the file. Answers stay on disk until asked for.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::model::exchange::{Exchange, Origin};
use crate::replay::mock::key::Key;
use crate::store::line::{self, LineError};

/// A longer line is no exchange.
const LONGEST: u64 = 256 << 20;

/// Where an exchange stands in the file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Spot {
    offset: u64,
    length: u64,
    /// Its id.
    pub id: u64,
    /// The status of its answer.
    pub status: u16,
}

/// What a recording holds.
#[derive(Debug)]
pub struct Index {
    file: File,
    path: PathBuf,
    exact: BTreeMap<u64, Vec<Spot>>,
    template: BTreeMap<u64, Vec<Spot>>,
    /// By method and path template, in recorded order.
    operations: BTreeMap<String, Vec<Spot>>,
    login: Option<Spot>,
    /// How many exchanges can be answered from.
    pub served: u64,
    /// How many cannot: no whole answer, or sent by wraptap itself.
    pub left_out: u64,
    /// Lines that are no exchange, by number.
    pub foreign: Vec<(u64, LineError)>,
}

impl Index {
    /// Reads a recording once, in flat memory but for the index itself.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(path: &Path) -> io::Result<Self> {
        let file = if path == Path::new("-") { spooled()? } else { File::open(path)? };
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut index = Self {
            file: file.try_clone()?,
            path: path.to_owned(),
            exact: BTreeMap::new(),
            template: BTreeMap::new(),
            operations: BTreeMap::new(),
            login: None,
            served: 0,
            left_out: 0,
            foreign: Vec::new(),
        };
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let (mut offset, mut number) = (0, 0);
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let length = reader.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? as u64;
            if length == 0 {
                return Ok(index);
            }
            number += 1;
            let text = bytes.trim_ascii_end();
            if !text.is_empty() {
                match line::decode(text) {
                    Ok(exchange) => index.add(&exchange, offset, text.len() as u64),
                    Err(error) => index.foreign.push((number, error)),
                }
            }
            offset += length;
        }
    }

    fn add(&mut self, exchange: &Exchange, offset: u64, length: u64) {
        let own = matches!(exchange.origin, Origin::Live | Origin::Import);
        let whole = exchange.error.is_none() && exchange.tunnel.is_none() && !exchange.request.body.cut;
        let Some(response) = exchange.response.as_ref().filter(|response| own && whole && !response.body.cut)
        else {
            self.left_out += 1;
            return;
        };
        let spot = Spot { offset, length, id: exchange.id.get(), status: response.status };
        self.served += 1;
        if crate::api::genesys::catalogue::is_login(&exchange.request.path()) {
            if (200..300).contains(&response.status) {
                self.login = Some(spot);
            }
            return;
        }
        let key = Key::of(&exchange.request);
        self.exact.entry(key.exact).or_default().push(spot);
        self.template.entry(key.template).or_default().push(spot);
        self.operations.entry(key.operation).or_default().push(spot);
    }

    /// Returns the exchanges of exactly this request, in recorded order.
    pub fn exact(&self, key: &Key) -> &[Spot] {
        self.exact.get(&key.exact).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the exchanges of this request with whatever ids, in recorded order.
    pub fn alike(&self, key: &Key) -> &[Spot] {
        self.template.get(&key.template).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the exchanges of an operation, in recorded order.
    pub fn of_operation(&self, operation: &str) -> &[Spot] {
        self.operations.get(operation).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns every operation with its exchanges.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &[Spot])> {
        self.operations.iter().map(|(name, spots)| (name.as_str(), spots.as_slice()))
    }

    /// Returns the last login that was accepted.
    pub fn login(&self) -> Option<Spot> {
        self.login
    }

    /// Reads an exchange from the file.
    ///
    /// # Errors
    /// The file cannot be read, or was changed since it was indexed.
    pub fn load(&self, spot: Spot) -> io::Result<Exchange> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(spot.offset))?;
        let mut bytes = vec![0; usize::try_from(spot.length).unwrap_or(usize::MAX)];
        file.read_exact(&mut bytes)?;
        line::decode(&bytes).map_err(|error| {
            io::Error::other(format!("{} was changed while it was served: {error}", self.path.display()))
        })
    }
}

/// Copies stdin into a file that goes with the process.
fn spooled() -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut io::stdin().lock(), &mut file)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}
