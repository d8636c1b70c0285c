//! The lines of a file from its end towards its beginning: the newest exchange is near.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes read at a time. Lines of one block are given in the order of the file.
const BLOCK: u64 = 4 << 20;

/// Calls `see` with the lines of one block after the other, from the last block, until it has enough: it is
/// asked after each block.
pub(crate) fn blocks(
    mut file: &File,
    mut see: impl FnMut(&[u8]),
    mut enough: impl FnMut() -> bool,
) -> io::Result<()> {
    let mut end = file.metadata()?.len();
    // The beginning of the lowest block so far: the rest of a line whose beginning lies in the block before
    // it.
    let mut carried: Vec<u8> = Vec::new();
    while end > 0 && !enough() {
        let start = end.saturating_sub(BLOCK);
        let mut block = vec![0; usize::try_from(end - start).unwrap_or(usize::MAX)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut block)?;
        block.extend_from_slice(&carried);
        let first = if start == 0 { Some(0) } else { memchr::memchr(b'\n', &block).map(|at| at + 1) };
        if let Some(first) = first {
            block[first..].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).for_each(&mut see);
            block.truncate(first);
        }
        carried = block;
        end = start;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn every_line_comes_once_and_whole_however_the_blocks_cut_it() {
        let mut file = tempfile::tempfile().unwrap();
        let lines: Vec<String> =
            (0..40).map(|number| format!("{number}:{}", "x".repeat(number * 20_011))).collect();
        file.write_all(lines.join("\n").as_bytes()).unwrap();
        let mut seen = Vec::new();
        blocks(&file, |line| seen.push(String::from_utf8(line.to_vec()).unwrap()), || false).unwrap();
        seen.sort_by_key(String::len);
        let mut expected = lines;
        expected.sort_by_key(String::len);
        assert_eq!(seen, expected);
    }

    #[test]
    fn it_stops_when_it_has_enough() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all("abc\n".repeat(3 << 20).as_bytes()).unwrap();
        let count = std::cell::Cell::new(0);
        blocks(&file, |_| count.set(count.get() + 1), || count.get() > 0).unwrap();
        // A block of 4 MiB has a million lines of four bytes; its first is not known to be whole.
        assert_eq!(count.get(), (1 << 20) - 1);
    }
}
