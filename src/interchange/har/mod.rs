//! HAR 1.2 both ways. What a HAR does not keep of the wire is listed in each exchange's `changed`.
//!
//! Source: "HAR 1.2 Spec" by Jan Odvarko, and files written by Chrome, Firefox, Safari, Charles, Fiddler,
//! mitmproxy, Insomnia and Postman, which differ in what they leave out.

mod body;
mod document;
mod memory_limit;
pub mod read;
mod request;
mod response;
pub mod write;

use crate::interchange::RECONSTRUCTED;
use crate::model::passage::{Change, Side};

/// Parts of an exchange that a HAR does not give exactly, collected while it is read.
#[derive(Debug, Default)]
pub(crate) struct Reconstructions(Vec<Change>);

impl Reconstructions {
    /// Says that `what` was put together, and why.
    pub(crate) fn add(&mut self, side: Side, what: &str, value: Option<String>, why: &str) {
        let why = format!("{RECONSTRUCTED}{why}");
        self.0.push(Change { side, what: what.to_owned(), from: None, to: value, why });
    }

    /// Returns them as an exchange keeps them.
    pub(crate) fn into_changes(self) -> Vec<Change> {
        self.0
    }
}
