//! Models of request bodies: wire names, types, enumerated words, which are required.

use std::collections::BTreeMap;
use std::fmt;

/// The models of a catalogue: the blocks of `models.txt`, read when one is asked for.
#[derive(Debug)]
pub struct Models<'t>(BTreeMap<&'t str, &'t str>);

/// One model.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Model<'t> {
    /// The name that every SDK gives it.
    pub name: &'t str,
    /// In the order of the SDK's declaration.
    pub fields: Vec<Field<'t>>,
    /// The SDKs do not say what is inside, so nothing in it can be checked.
    pub opaque: bool,
}

/// One member of a model.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field<'t> {
    /// The key on the wire.
    pub name: &'t str,
    /// Has to be there.
    pub required: bool,
    /// What the value is.
    pub kind: Kind<'t>,
    /// The words that the value may be; empty if it is free.
    pub words: Vec<&'t str>,
}

/// The type of a value, as the SDKs know it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind<'t> {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Text, `yyyy-MM-ddTHH:mm:ss[.mmm]Z`.
    DateTime,
    /// Text, `yyyy-MM-dd`.
    Date,
    /// Not described.
    Any,
    /// A list of the type that the text names; see [`Kind::element`].
    List(&'t str),
    /// An object with free keys and values of the type that the text names; see [`Kind::element`].
    Map(&'t str),
    /// An object of this model.
    Model(&'t str),
}

impl<'t> Kind<'t> {
    /// Reads the notation of `models.txt`: `string`, `Name`, `T[]`, `map<T>`.
    pub fn parse(text: &'t str) -> Self {
        if let Some(inner) = text.strip_suffix("[]") {
            return Self::List(inner);
        }
        if let Some(inner) = text.strip_prefix("map<").and_then(|rest| rest.strip_suffix('>')) {
            return Self::Map(inner);
        }
        match text {
            "string" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "date-time" => Self::DateTime,
            "date" => Self::Date,
            "any" | "file" => Self::Any,
            name => Self::Model(name),
        }
    }

    /// Returns the type of what a list or map holds.
    pub fn element(self) -> Option<Self> {
        match self {
            Self::List(inner) | Self::Map(inner) => Some(Self::parse(inner)),
            _ => None,
        }
    }

    /// Returns the model that the type is or holds.
    pub fn model(self) -> Option<&'t str> {
        match self {
            Self::Model(name) => Some(name),
            other => other.element().and_then(Self::model),
        }
    }
}

impl fmt::Display for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Integer => f.write_str("integer"),
            Self::Number => f.write_str("number"),
            Self::Boolean => f.write_str("boolean"),
            Self::DateTime => f.write_str("date-time"),
            Self::Date => f.write_str("date"),
            Self::Any => f.write_str("any"),
            Self::List(inner) => write!(f, "{inner}[]"),
            Self::Map(inner) => write!(f, "map<{inner}>"),
            Self::Model(name) => f.write_str(name),
        }
    }
}

impl<'t> Models<'t> {
    /// Finds the blocks in the text: a line that is not indented begins one.
    pub fn read(text: &'t str) -> Self {
        let mut blocks = BTreeMap::new();
        let mut begun: Option<(&str, usize)> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if !line.starts_with([' ', '#']) {
                if let Some((name, start)) = begun {
                    blocks.insert(name, &text[start..at]);
                }
                begun = line.split_whitespace().next().map(|name| (name, at));
            }
            at += line.len();
        }
        if let Some((name, start)) = begun {
            blocks.insert(name, &text[start..at]);
        }
        Self(blocks)
    }

    /// Returns the model of this name.
    pub fn get(&self, name: &str) -> Option<Model<'t>> {
        let (name, block) = self.0.get_key_value(name)?;
        let mut lines = block.lines();
        let opaque = lines.next().is_some_and(|head| head.ends_with(" unknown"));
        Some(Model { name, fields: lines.filter_map(Field::of_line).collect(), opaque })
    }
}

impl<'t> Model<'t> {
    /// Returns the member with exactly this key.
    pub fn field(&self, name: &str) -> Option<&Field<'t>> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl<'t> Field<'t> {
    fn of_line(line: &'t str) -> Option<Self> {
        let (name, rest) = line.trim_start().split_once(' ')?;
        let (kind, words) = rest.split_once(" = ").unwrap_or((rest, ""));
        Some(Self {
            name: name.strip_suffix('!').unwrap_or(name),
            required: name.ends_with('!'),
            kind: Kind::parse(kind),
            words: words.split(" | ").filter(|word| !word.is_empty()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_maps_know_what_they_hold() {
        assert_eq!(Kind::parse("map<Thing[]>").element(), Some(Kind::List("Thing")));
        assert_eq!(Kind::parse("Thing[][]").model(), Some("Thing"));
        assert_eq!(Kind::parse("string[]").model(), None);
        assert_eq!(Kind::parse("map<string>").to_string(), "map<string>");
    }
}
