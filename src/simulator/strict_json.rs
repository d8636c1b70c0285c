//! A strict JSON parser: syntax of RFC 8259, duplicate members kept, integers distinct from other numbers.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON value that keeps everything that a strict reader may refuse.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number written without fraction and exponent, of 64 bits.
    Integer(i64),
    /// Any other number. Its value is never needed.
    Number,
    /// A string.
    Text(String),
    /// An array.
    Array(Vec<Self>),
    /// The members in the order of the text, duplicates included.
    Object(Vec<(String, Self)>),
}

impl Json {
    /// Parses a body; `None` if it is empty, not UTF-8, not JSON, or nested deeper than 128.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::Number, Json::Integer))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = access.next_element()? {
            elements.push(element);
        }
        Ok(Json::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn duplicates_and_number_forms_survive() {
        let parsed = Json::parse(br#"{"a":120,"a":120.0,"b":1e2,"c":-3,"d":99999999999999999999}"#).unwrap();
        let member = |name: &str, value| (name.to_owned(), value);
        assert_eq!(
            parsed,
            Json::Object(vec![
                member("a", Json::Integer(120)),
                member("a", Json::Number),
                member("b", Json::Number),
                member("c", Json::Integer(-3)),
                member("d", Json::Number),
            ])
        );
    }

    #[test]
    fn what_is_not_json_is_refused() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        for text in ["", " ", "{", "NaN", "{'a':1}", "\u{feff}{}", "{} {}", "7fb334b0-0e9e", deep.as_str()] {
            assert_eq!(Json::parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Json::parse(b"\"\xff\""), None);
    }
}
