//! What the writer that continues a recording needs to know of its end.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use serde::Deserialize;

use crate::store::append::FileEnd;

/// The highest id is in the last lines, because ids are given in the order in which requests begin: this much
/// of the end holds more exchanges than a proxy has in flight.
const WINDOW: u64 = 64 << 20;

/// Returns whether the file ends inside a line, and the highest id near its end.
pub(crate) fn survey(mut file: &File) -> io::Result<(FileEnd, u64)> {
    let data = file.metadata()?;
    if !data.is_file() || data.len() == 0 {
        return Ok((FileEnd::Whole, 0));
    }
    file.seek(SeekFrom::Start(data.len().saturating_sub(WINDOW)))?;
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let (mut highest, mut tail) = (0, FileEnd::Whole);
    let mut line = Vec::new();
    while reader.by_ref().take(data.len()).read_until(b'\n', &mut line)? > 0 {
        tail = if line.ends_with(b"\n") { FileEnd::Whole } else { FileEnd::Torn };
        highest = highest.max(id(&line).unwrap_or(0));
        line.clear();
    }
    Ok((tail, highest))
}

/// Returns the id of a line, torn or not. Lines of wraptap have it near the beginning.
fn id(line: &[u8]) -> Option<u64> {
    if line.starts_with(b"{\"v\":") {
        let head = &line[..line.len().min(256)];
        let at = memchr::memmem::find(head, b",\"id\":")? + 6;
        let digits = head[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        return std::str::from_utf8(&head[at..at + digits]).ok()?.parse().ok();
    }
    #[derive(Deserialize)]
    struct IdMember {
        id: u64,
    }
    serde_json::from_slice::<IdMember>(line).ok().map(|mark| mark.id)
}
