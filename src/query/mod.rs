//! Floor 2: the query language: which exchanges of a recording are meant. Pure.
//!
//! A query is a list of terms that all have to hold: `status:4xx op:wrapup -sdk:java lorem`. A term is a key
//! with a value, or a word that is searched for everywhere; `-` negates it. Quotes keep blanks and colons
//! together. The options of commands (`--status 4xx`) and the search box of the page make the same terms.
//!
//! A query is evaluated with as little as it needs: a row of a list first, the whole exchange only if a term
//! searches headers or bodies, a verdict only if a term names a cause or a class of finding.

mod error;
mod evaluate;
mod glob;
mod key;
mod needle;
mod parse;
mod term;
mod token;
mod value;

#[cfg(test)]
mod tests;

pub use error::QueryError;
pub use evaluate::{QueryFacts, RefusalFacts, RowFacts};
pub use key::QueryKey;
pub use value::QueryTime;

use crate::query::term::Term;

/// A query, parsed.
#[derive(Debug, Default)]
pub struct Query {
    /// The cheapest first.
    terms: Vec<Term>,
}

impl Query {
    /// Returns whether every exchange is meant.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}
