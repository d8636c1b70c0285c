//! Why a text is no query.

use crate::query::key::QueryKey;

/// A text that is no query, with the place of the fault.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{problem}, at character {at} of the query")]
pub struct QueryError {
    /// Which character of the query, from 1.
    pub at: usize,
    /// What is wrong there.
    pub problem: QueryProblem,
}

/// What is wrong at a place of a query.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum QueryProblem {
    /// No key has this name.
    #[error("unknown key `{name}`")]
    UnknownKey {
        /// As typed.
        name: String,
        /// The nearest key.
        meant: Option<QueryKey>,
    },
    /// A key without a value.
    #[error("`{}:` has no value", .0.name())]
    NoValue(QueryKey),
    /// A quote that is never closed.
    #[error("the quote is not closed")]
    OpenQuote,
    /// A value that the key does not take.
    #[error("`{value}` is no value of `{}:`", .key.name())]
    BadValue {
        /// The key.
        key: QueryKey,
        /// As typed.
        value: String,
        /// The nearest value, or what values look like.
        expected: String,
    },
}

impl QueryError {
    /// Returns what to write instead.
    pub fn hint(&self) -> String {
        match &self.problem {
            QueryProblem::UnknownKey { meant: Some(key), .. } => {
                format!("did you mean `{}`?", key.example())
            }
            QueryProblem::UnknownKey { name, meant: None } => {
                let keys: Vec<&str> = QueryKey::ALL.iter().map(|key| key.name()).collect();
                format!(
                    "the keys are {}; to search for a text with a colon, quote it: `\"{name}:…\"`",
                    keys.join(", ")
                )
            }
            QueryProblem::NoValue(key) => format!("such as `{}`", key.example()),
            QueryProblem::OpenQuote => "close it with `\"`".to_owned(),
            QueryProblem::BadValue { expected, .. } => expected.clone(),
        }
    }
}
