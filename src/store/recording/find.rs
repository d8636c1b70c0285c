//! Finds the exchanges that a user names in a recording, without reading what need not be read.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::model::exchange::Exchange;
use crate::model::reference::Which;
use crate::store::line;
use crate::store::recording::backward;
use crate::store::recording::lines::LineReader;
use crate::store::recording::source::{ReadError, open};
use crate::store::summary::Summary;

/// Why an exchange is not found.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The recording cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing in the recording is meant; says what is there.
    #[error("there is no exchange {which} in {path}: {there}")]
    None {
        /// What was asked for.
        which: String,
        /// The recording.
        path: PathBuf,
        /// What there is.
        there: IdRanges,
    },
}

/// The ids of a recording, as runs: shown as `it has 1-12, 15`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct IdRanges {
    runs: Vec<(u64, u64)>,
    refused: u64,
}

/// Bytes around the place where an id should be, in which it is looked for: more than the lines of all
/// requests in flight together, whose order is that of their ends.
const AROUND: u64 = 4 << 20;

/// Returns the exchanges that `which` names, in the order of their ids, at least one.
///
/// # Errors
/// The file cannot be read, or holds no such exchange.
pub fn find(path: &Path, which: Which) -> Result<Vec<Exchange>, FindError> {
    let file = open(path)?;
    let failed = |source| ReadError::Read { path: path.to_owned(), source };
    let found = match which {
        Which::Id(id) => {
            let near = near(&file, id.get()).map_err(failed)?;
            match near {
                Some(exchange) => vec![exchange],
                None => within(&file, id.get(), id.get()).map_err(failed)?,
            }
        }
        Which::Range(first, last) => within(&file, first.get(), last.get()).map_err(failed)?,
        Which::Last => highest(&file, |_| true).map_err(failed)?.into_iter().collect(),
        Which::LastRefused => highest(&file, is_refused_call).map_err(failed)?.into_iter().collect(),
    };
    if found.is_empty() {
        let there = list_ids(&file).map_err(failed)?;
        let which = match which {
            Which::Id(id) => id.to_string(),
            Which::LastRefused => "that was refused".to_owned(),
            other => format!("`{other}`"),
        };
        return Err(FindError::None { which, path: path.to_owned(), there });
    }
    Ok(found)
}

/// Returns whether a client was refused: what wraptap sent by itself, a probe or a replay, has to be named.
fn is_refused_call(summary: &Summary<'_>) -> bool {
    summary.is_refused() && !summary.is_probe() && summary.origin != "replay"
}

/// Looks for an id where it should be, since ids grow from line to line, nearly.
fn near(mut file: &File, id: u64) -> io::Result<Option<Exchange>> {
    let length = file.metadata()?.len();
    let (mut low, mut high) = (0, length);
    while high - low > AROUND {
        let middle = low + (high - low) / 2;
        match id_behind(file, middle, high)? {
            Some(there) if there < id => low = middle,
            _ => high = middle,
        }
    }
    let start = low.saturating_sub(AROUND);
    file.seek(SeekFrom::Start(start))?;
    let mut window = Vec::new();
    file.take(high + AROUND - start).read_to_end(&mut window)?;
    let mark = format!("\"id\":{id},\"started_at\":");
    for at in memchr::memmem::rfind_iter(&window, mark.as_bytes()) {
        let from = memchr::memrchr(b'\n', &window[..at]).map_or(0, |newline| newline + 1);
        let to = memchr::memchr(b'\n', &window[at..]).map_or(window.len(), |length| at + length);
        if let Ok(exchange) = line::decode(&window[from..to])
            && exchange.id.get() == id
        {
            return Ok(Some(exchange));
        }
    }
    Ok(None)
}

/// Returns the id of the first whole line behind `from`.
fn id_behind(mut file: &File, from: u64, to: u64) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(from))?;
    let mut lines = LineReader::with_capacity(64 << 10, file.take(to - from));
    // The first is the rest of a line.
    lines.advance()?;
    while lines.advance()? {
        if let Ok(summary) = Summary::parse(lines.current().bytes) {
            return Ok(Some(summary.id));
        }
    }
    Ok(None)
}

/// Reads the whole file for the ids from `first` to `last`; of equal ids the last one in the file is meant.
fn within(mut file: &File, first: u64, last: u64) -> io::Result<Vec<Exchange>> {
    file.seek(SeekFrom::Start(0))?;
    let mut lines = LineReader::new(file);
    let mut found: Vec<Exchange> = Vec::new();
    while lines.advance()? {
        let bytes = lines.current().bytes;
        if Summary::parse(bytes).is_ok_and(|summary| (first..=last).contains(&summary.id))
            && let Ok(exchange) = line::decode(bytes)
        {
            match found.binary_search_by_key(&exchange.id, |known| known.id) {
                Ok(at) => found[at] = exchange,
                Err(at) => found.insert(at, exchange),
            }
        }
    }
    Ok(found)
}

/// Returns the exchange with the highest id among the last ones that are wanted: of requests that ended
/// together the one that began last.
fn highest(file: &File, wanted: impl Fn(&Summary<'_>) -> bool) -> io::Result<Option<Exchange>> {
    let best: std::cell::RefCell<Option<Exchange>> = std::cell::RefCell::default();
    backward::blocks(
        file,
        |line| {
            let mut best = best.borrow_mut();
            if Summary::parse(line).is_ok_and(|summary| {
                wanted(&summary) && best.as_ref().is_none_or(|best| best.id.get() <= summary.id)
            }) && let Ok(exchange) = line::decode(line)
            {
                *best = Some(exchange);
            }
        },
        || best.borrow().is_some(),
    )?;
    Ok(best.into_inner())
}

fn list_ids(mut file: &File) -> io::Result<IdRanges> {
    file.seek(SeekFrom::Start(0))?;
    let mut lines = LineReader::new(file);
    let mut ids = Vec::new();
    let mut refused = 0;
    while lines.advance()? {
        if let Ok(summary) = Summary::parse(lines.current().bytes) {
            refused += u64::from(is_refused_call(&summary));
            ids.push(summary.id);
        }
    }
    ids.sort_unstable();
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for id in ids {
        match runs.last_mut() {
            Some((_, last)) if id <= last.saturating_add(1) => *last = id,
            _ => runs.push((id, id)),
        }
    }
    Ok(IdRanges { runs, refused })
}

impl fmt::Display for IdRanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// More runs than these make no sentence.
        const SHOWN: usize = 8;
        if self.runs.is_empty() {
            return f.write_str("it has none at all");
        }
        f.write_str("it has ")?;
        for (index, (first, last)) in self.runs.iter().take(SHOWN).enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            if first == last { write!(f, "{first}")? } else { write!(f, "{first}-{last}")? }
        }
        if self.runs.len() > SHOWN {
            f.write_str(", …")?;
        }
        if self.refused == 0 { f.write_str(", none refused") } else { Ok(()) }
    }
}
