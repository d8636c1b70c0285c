//! What is wrong with one pair of corresponding values: the first class that applies, in the order of
//! precedence.

use crate::diff::formats::Format;
use crate::diff::indexed::IndexedBody;
use crate::diff::shapes;
use crate::diff::similarity::keys::Key;
use crate::diff::timestamps;
use crate::json::document::{Document, Kind, NodeId};
use crate::json::number::Number;
use crate::model::finding::Class;

/// What follows from a pair of corresponding values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Judgement {
    /// Nothing to say.
    Equal,
    /// One finding, and nothing inside is compared.
    Finding(Class),
    /// Two objects, to be compared member by member.
    Objects,
    /// Two arrays, to be compared element by element.
    Arrays,
    /// The candidate is an array of one; go on with the good value and this element.
    Wrapped(NodeId),
    /// The good value is an array of one; go on with this element and the candidate.
    Unwrapped(NodeId),
    /// One of the texts is no JSON there, which another finding says.
    Unreadable,
}

/// Words that SDKs put in for an enumeration value they do not know.
pub(crate) const SWALLOWED: [&str; 3] =
    ["outdated_sdk_version", "OutdatedSdkVersion", "OUTDATED_SDK_VERSION"];

/// Judges a pair: equality and null first, then how the candidate's value is put, then what it says.
pub(crate) fn judge(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Judgement {
    let (kind_g, kind_c) = (good.kind(g), candidate.kind(c));
    match (kind_g, kind_c) {
        (Kind::Invalid, _) | (_, Kind::Invalid) => Judgement::Unreadable,
        _ if kind_g.is_same_type(kind_c) && good.hash(g) == candidate.hash(c) => match kind_g {
            // containers are walked all the same: keys may occur in them twice
            Kind::Object => Judgement::Objects,
            Kind::Array => Judgement::Arrays,
            _ => Judgement::Equal,
        },
        (_, Kind::Null) => Judgement::Finding(Class::NullField),
        (Kind::Null, _) => Judgement::Finding(Class::TypeMismatch),
        _ => judge_form(good, g, candidate, c).unwrap_or_else(|| judge_value(good, g, candidate, c)),
    }
}

/// Encoded, wrapped, in another notation or of another type.
fn judge_form(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Option<Judgement> {
    if candidate.kind(c) == Kind::String && is_double_encoded(good, g, candidate.doc.string(c)) {
        return Some(Judgement::Finding(Class::DoubleEncoded));
    }
    if let Some(element) = candidate.sole(c).filter(|element| is_wrapping(good, g, candidate, *element)) {
        return Some(Judgement::Wrapped(element));
    }
    if let Some(element) = good.sole(g).filter(|element| is_wrapping(candidate, c, good, *element)) {
        return Some(Judgement::Unwrapped(element));
    }
    if timestamps::is_other_notation(good, g, candidate, c) {
        return Some(Judgement::Finding(Class::FormatMismatch));
    }
    let same_type = good.kind(g).is_same_type(candidate.kind(c));
    (!same_type).then_some(Judgement::Finding(Class::TypeMismatch))
}

/// Two different values of one type.
fn judge_value(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Judgement {
    // what broke off before its first member is not empty
    if is_empty(candidate, c) && !is_empty(good, g) && !candidate.doc.is_cut(c) {
        return Judgement::Finding(Class::EmptyValue);
    }
    match good.kind(g) {
        Kind::Object => Judgement::Objects,
        Kind::Array => Judgement::Arrays,
        Kind::Number => Judgement::Finding(compare_numbers(good, g, candidate, c)),
        Kind::String => Judgement::Finding(compare_strings(good.doc.string(g), candidate.doc.string(c))),
        _ => Judgement::Finding(Class::ValueChanged),
    }
    .without_agreeing_units(good, g, candidate, c)
}

impl Judgement {
    /// `durationMs` 120000 and `durationSeconds` 120 say the same.
    fn without_agreeing_units(
        self,
        good: &IndexedBody,
        g: NodeId,
        candidate: &IndexedBody,
        c: NodeId,
    ) -> Self {
        let agree =
            self == Self::Finding(Class::UnitMismatch) && units_agree(good, g, candidate, c).unwrap_or(false);
        if agree { Self::Equal } else { self }
    }
}

fn units_agree(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Option<bool> {
    let unit_g = Key::new(good.doc.key_of(g)?).unit()?;
    let unit_c = Key::new(candidate.doc.key_of(c)?).unit()?;
    let power = good.number(g).power_of_ten_to(&candidate.number(c))?;
    Some(power == unit_g - unit_c)
}

/// Returns whether a text is JSON text of a container, or the good string with JSON quotes around it.
fn is_double_encoded(good: &IndexedBody, g: NodeId, text: &str) -> bool {
    let trimmed = text.trim_start();
    match good.kind(g) {
        Kind::String => {
            trimmed.starts_with('"')
                && decoded(text)
                    .and_then(|doc| doc.root().map(|root| doc.string(root).to_owned()))
                    .is_some_and(|inner| inner == good.doc.string(g) && !inner.is_empty())
        }
        kind @ (Kind::Array | Kind::Object) => {
            let mut text = text.to_owned();
            // encoded more than twice has been seen; more than four times has not
            for _ in 0..4 {
                let Some(doc) = decoded(&text) else { return false };
                let Some(root) = doc.root() else { return false };
                match doc.kind(root) {
                    Kind::String => text = doc.string(root).to_owned(),
                    other => return other == kind,
                }
            }
            false
        }
        _ => false,
    }
}

fn decoded(text: &str) -> Option<Document> {
    if !text.trim_start().starts_with(['{', '[', '"']) {
        return None;
    }
    let doc = Document::parse(text.as_bytes());
    (doc.is_json() && doc.root().is_some()).then_some(doc)
}

/// Returns whether an array of `element` alone wraps the `value` that the other side has bare.
fn is_wrapping(bare: &IndexedBody, value: NodeId, wrapped: &IndexedBody, element: NodeId) -> bool {
    match (bare.kind(value), wrapped.kind(element)) {
        (Kind::Array, Kind::Array) => is_list_in_array(bare, value, wrapped, element),
        (Kind::Array, _) => false,
        (a, b) if a.is_same_type(b) => true,
        (Kind::Object, Kind::Number) => may_stand_for(wrapped, element, bare, value),
        (Kind::Number, Kind::Object) => may_stand_for(bare, value, wrapped, element),
        (Kind::Object, Kind::String) => {
            may_stand_for(wrapped, element, bare, value)
                || is_double_encoded(bare, value, wrapped.doc.string(element))
        }
        (Kind::String, Kind::Object) => {
            may_stand_for(bare, value, wrapped, element)
                || is_double_encoded(wrapped, element, bare.doc.string(value))
        }
        (Kind::Object, Kind::Null) | (Kind::String | Kind::Number | Kind::Boolean(_), Kind::Null) => true,
        (Kind::Null, _) => false,
        _ => {
            bare.essence(value) == wrapped.essence(element)
                || timestamps::is_other_notation(bare, value, wrapped, element)
        }
    }
}

/// A list in an array of one, but not one list of lists beside another. Where the list has a single element
/// too it is that element which was wrapped, unless it is the whole body that is in an array.
fn is_list_in_array(bare: &IndexedBody, list: NodeId, wrapped: &IndexedBody, element: NodeId) -> bool {
    let elements: Vec<NodeId> = bare.values(list).collect();
    let of_lists = elements.iter().any(|inner| bare.kind(*inner) == Kind::Array);
    let whole_bodies = bare.doc.parent(list).is_none()
        && wrapped.doc.parent(element).is_some_and(|array| wrapped.doc.parent(array).is_none());
    !of_lists && !elements.is_empty() && (elements.len() > 1 || whole_bodies)
}

/// Returns whether a scalar may be the bare id of an object.
fn may_stand_for(scalars: &IndexedBody, scalar: NodeId, objects: &IndexedBody, object: NodeId) -> bool {
    let members: Vec<(&str, NodeId)> = objects.doc.members(object).collect();
    let is_id =
        |key: &str| matches!(Key::new(key).words().last().map(String::as_str), Some("id" | "code" | "key"));
    members.iter().any(|(key, value)| {
        let same_type = objects.kind(*value).is_same_type(scalars.kind(scalar));
        let equal = objects.essence(*value) == scalars.essence(scalar) && scalars.is_distinctive(scalar);
        equal || (same_type && (is_id(key) || members.len() == 1))
    })
}

/// Returns whether a value is an empty default: `""`, `[]`, `{}`, `0`, the nil uuid, the zero time.
pub(crate) fn is_empty(side: &IndexedBody, id: NodeId) -> bool {
    match side.kind(id) {
        Kind::String => {
            let text = side.doc.string(id);
            text.is_empty() || shapes::is_nil_uuid(text) || shapes::is_zero_time(text)
        }
        Kind::Array | Kind::Object => side.doc.children(id).is_empty(),
        Kind::Number => side.number(id).is_zero(),
        _ => false,
    }
}

fn compare_numbers(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Class {
    let (a, b) = (good.number(g), candidate.number(c));
    if is_rounded(&a, &b) {
        Class::PrecisionLoss
    } else if is_other_unit(&a, &b) {
        Class::UnitMismatch
    } else {
        Class::ValueChanged
    }
}

/// Returns whether `b` is what is left of `a` after a 64-bit float (integers) or a 32-bit float (fractions).
fn is_rounded(a: &Number, b: &Number) -> bool {
    if a.is_beyond_53_bits() {
        return a.float().is_finite() && a.float() == b.float();
    }
    let (exact, sent) = (a.float(), b.float());
    let rounded = f64::from(exact as f32);
    // printed with nine digits or more; a fraction that a 32-bit float holds exactly loses nothing
    !a.is_integer() && rounded.is_finite() && rounded != exact && {
        let near = (sent - rounded).abs() <= rounded.abs() * 5e-9;
        near && (sent - rounded).abs() < (sent - exact).abs()
    }
}

fn is_other_unit(a: &Number, b: &Number) -> bool {
    if let Some(power) = a.power_of_ten_to(b)
        && matches!(power.abs(), 3 | 6 | 9)
    {
        return true;
    }
    let positive = !a.is_negative() && !b.is_negative();
    positive && matches!((a.whole_digits(), b.whole_digits()), (10, 13) | (13, 10))
}

/// Returns how two different strings differ: a placeholder, another notation, or just another text.
pub(crate) fn compare_strings(good: &str, sent: &str) -> Class {
    if SWALLOWED.contains(&sent) {
        return Class::SwallowedEnum;
    }
    let formatted = Format::detect(good)
        .is_some_and(|format| Format::detect(sent).is_none_or(|other| !format.is_alike(&other)));
    if formatted || is_respelled(good, sent) { Class::FormatMismatch } else { Class::ValueChanged }
}

/// Equal after trimming, ignoring letter case and `_`, `-`, space.
fn is_respelled(a: &str, b: &str) -> bool {
    let mut letters = plain(a).peekable();
    letters.peek().is_some() && letters.eq(plain(b))
}

fn plain(text: &str) -> impl Iterator<Item = char> {
    text.trim().chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase)
}

/// Returns whether a value is a word of an enumeration: short, without spaces, and of no format.
pub(crate) fn is_word(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        && Format::detect(text).is_none()
}
