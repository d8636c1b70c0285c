//! The files that a curl command names, read as curl would read them: from the working directory.

use std::fs::File;
use std::io::{self, Read};

use crate::interchange::curl::CurlFiles;

/// Larger files are not requests that a person compares.
const LIMIT: u64 = 64 << 20;

/// Reads regular files of up to 64 MiB.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WorkingFolder;

impl CurlFiles for WorkingFolder {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        if name == "/dev/null" {
            return Ok(Vec::new());
        }
        // a device or pipe could give bytes without end
        if !std::fs::metadata(name)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        let mut bytes = Vec::new();
        File::open(name)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LIMIT {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 64 MiB"));
        }
        Ok(bytes)
    }
}
