//! Header lines as they were on the wire.

use crate::model::wire_bytes::WireBytes;

/// One header line: name and value with the case and bytes of the wire, without the surrounding white space.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Header {
    /// The field name.
    pub name: WireBytes,
    /// The field value.
    pub value: WireBytes,
}

/// Header lines in wire order, duplicates included.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Headers(pub Vec<Header>);

impl Headers {
    /// Returns the headers made of these names and values.
    pub fn of<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(name, value)| Header { name: (*name).into(), value: (*value).into() })
                .collect(),
        )
    }

    /// Returns the first value under `name`, ignoring case.
    pub fn get(&self, name: &str) -> Option<&WireBytes> {
        self.0.iter().find(|header| header.name.eq_ignore_case(name)).map(|header| &header.value)
    }

    /// Returns the first value under `name` as text, if it is UTF-8.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(WireBytes::as_str)
    }

    /// Returns every value under `name`, ignoring case, in wire order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a WireBytes> {
        self.0.iter().filter(move |header| header.name.eq_ignore_case(name)).map(|header| &header.value)
    }

    /// Returns the lines in wire order.
    pub fn iter(&self) -> std::slice::Iter<'_, Header> {
        self.0.iter()
    }
}
