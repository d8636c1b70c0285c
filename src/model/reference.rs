//! How a user names exchanges: `12`, `last`, `last-refused`, `3-7`, or `FILE#…` with any of these.

use std::fmt;

use crate::model::exchange::ExchangeId;

/// Names one or more exchanges of a recording; the text form is what commands call REF.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reference {
    /// The recording's path, where the reference says it.
    pub file: Option<String>,
    /// Which exchanges.
    pub which: Which,
}

/// Which exchanges of a recording are meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Which {
    /// The one with this id.
    Id(ExchangeId),
    /// The ones with these ids, both ends included.
    Range(ExchangeId, ExchangeId),
    /// The newest.
    Last,
    /// The newest of a client that was answered with 4xx or 5xx; no replay, no probe.
    LastRefused,
}

/// A text that names no exchange.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` names no exchange: it is `12`, `3-7`, `last` or `last-refused`, or `FILE#` with one of these")]
pub struct ReferenceError(pub String);

impl Reference {
    /// Parses the text form; a leading `#` is accepted.
    ///
    /// # Errors
    /// The text has none of the forms above, an id of 0, or a range that runs backwards.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let error = || ReferenceError(text.to_owned());
        let (file, rest) = match text.rsplit_once('#') {
            Some(("", rest)) => (None, rest),
            Some((file, rest)) => (Some(file.to_owned()), rest),
            None => (None, text),
        };
        Ok(Self { file, which: Which::parse(rest).ok_or_else(error)? })
    }
}

impl Which {
    fn parse(text: &str) -> Option<Self> {
        let id = |text: &str| text.parse().ok().and_then(ExchangeId::new);
        match text {
            "last" => Some(Self::Last),
            "last-refused" => Some(Self::LastRefused),
            _ => match text.split_once('-') {
                Some((from, to)) => {
                    let (from, to) = (id(from)?, id(to)?);
                    (from <= to).then_some(Self::Range(from, to))
                }
                None => id(text).map(Self::Id),
            },
        }
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{}", id.get()),
            Self::Range(from, to) => write!(f, "{}-{}", from.get(), to.get()),
            Self::Last => f.write_str("last"),
            Self::LastRefused => f.write_str("last-refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> ExchangeId {
        ExchangeId::new(number).unwrap()
    }

    #[test]
    fn every_documented_form_is_read() {
        let which = |text: &str| Reference::parse(text).unwrap().which;
        assert_eq!(which("12"), Which::Id(id(12)));
        assert_eq!(which("#12"), Which::Id(id(12)));
        assert_eq!(which("3-7"), Which::Range(id(3), id(7)));
        assert_eq!(which("last"), Which::Last);
        assert_eq!(which("last-refused"), Which::LastRefused);
        let foreign = Reference::parse("a#b.ndjson#last").unwrap();
        assert_eq!((foreign.file.as_deref(), foreign.which), (Some("a#b.ndjson"), Which::Last));
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for text in ["", "0", "x", "7-3", "1-", "-1", "file#", "1.5", "last-"] {
            assert!(Reference::parse(text).is_err(), "{text}");
        }
    }
}
