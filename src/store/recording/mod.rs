//! The one reader of a recording: from its first line to its last, by id, by place, and as it grows.

mod backward;
mod by_place;
pub mod find;
pub mod follow;
mod lines;
mod reader;
mod source;

pub use by_place::RecordingFile;
pub use lines::{RecordedLine, RecordedSpan};
pub use reader::Recording;
pub use source::ReadError;
pub(crate) use source::open;
