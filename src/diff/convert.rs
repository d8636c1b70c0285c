//! The candidate's own value in the type and notation of the good one, where nothing is lost or guessed.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::diff::classify;
use crate::diff::formats::Format;
use crate::diff::indexed::IndexedBody;
use crate::diff::shapes::{TimeShape, UuidShape, Zone};
use crate::diff::similarity::keys::Key;
use crate::diff::timestamps;
use crate::json::document::{Kind, NodeId};
use crate::json::number::Number;
use crate::json::write::quoted;
use crate::model::finding::Class;

/// Returns the candidate's scalar as JSON text as good would write it, or `None` where that would be a guess.
pub(crate) fn scalar(
    class: Class,
    good: &IndexedBody,
    g: NodeId,
    candidate: &IndexedBody,
    c: NodeId,
) -> Option<String> {
    match class {
        Class::TypeMismatch => to_type(good, g, candidate, c),
        Class::FormatMismatch => to_notation(good, g, candidate, c),
        Class::UnitMismatch => to_unit(good, g, candidate, c),
        _ => None,
    }
}

fn to_type(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Option<String> {
    let text = candidate.doc.string(c).trim();
    match (good.kind(g), candidate.kind(c)) {
        (Kind::Number, Kind::String) => {
            let doc = crate::json::document::Document::parse(text.as_bytes());
            (doc.is_json() && doc.kind(doc.root()?) == Kind::Number).then(|| text.to_owned())
        }
        (Kind::Boolean(_), Kind::String) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "on" => Some("true".to_owned()),
            "false" | "no" | "0" | "off" => Some("false".to_owned()),
            _ => None,
        },
        (Kind::Boolean(_), Kind::Number) => match candidate.doc.lexeme(c) {
            "1" => Some("true".to_owned()),
            "0" => Some("false".to_owned()),
            _ => None,
        },
        (Kind::String, Kind::Number | Kind::Boolean(_)) => {
            let formatted = Format::detect(good.doc.string(g)).is_some();
            (!formatted).then(|| quoted(candidate.doc.lexeme(c)))
        }
        (Kind::String, Kind::Object) => {
            let id = id_of(candidate, c, Kind::String).filter(|id| !classify::is_empty(candidate, *id))?;
            Some(quoted(candidate.doc.string(id)))
        }
        (Kind::Array, Kind::String) => {
            let texts = good.values(g).all(|element| good.kind(element) == Kind::String);
            let parts: Vec<String> = text.split(',').map(|part| quoted(part.trim())).collect();
            (texts && parts.len() > 1).then(|| format!("[{}]", parts.join(", ")))
        }
        _ => None,
    }
}

/// Returns a candidate's number in the unit that good's key names, where both keys name one and it is
/// another: `durationMs` 60000 becomes `durationSeconds` 60. A value that equals good's was not converted by
/// its sender.
pub(crate) fn by_keys(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Option<String> {
    if good.kind(g) != Kind::Number || candidate.kind(c) != Kind::Number {
        return None;
    }
    let own = candidate.number(c);
    if own.power_of_ten_to(&good.number(g)) == Some(0) {
        return None;
    }
    in_unit(candidate.doc.lexeme(c), candidate.doc.key_of(c)?, good.doc.key_of(g)?)
}

/// Returns a number (as JSON writes it) under `key` as it is under the key `wanted`, where both name another
/// unit.
pub fn in_unit(lexeme: &str, key: &str, wanted: &str) -> Option<String> {
    let power = Key::new(key).unit()? - Key::new(wanted).unit()?;
    (power != 0).then(|| Number::parse(lexeme).scaled(power))
}

/// Returns a point in time in the notation of another one; `None` where one is no time or has no zone.
pub fn time_like(sent: &str, wanted: &str) -> Option<String> {
    let Some(Format::DateTime(shape)) = Format::detect(wanted) else { return None };
    match Format::detect(sent.trim()) {
        Some(Format::DateTime(own)) if own.zone == Zone::None => None,
        _ => date_time(sent, shape),
    }
}

/// The member of an object that its bare id may be: the only one, or the one with such a name.
pub(crate) fn id_of(side: &IndexedBody, object: NodeId, kind: Kind) -> Option<NodeId> {
    let fitting: Vec<(&str, NodeId)> =
        side.doc.members(object).filter(|(_, value)| side.kind(*value) == kind).collect();
    let named = |(key, _): &&(&str, NodeId)| {
        matches!(Key::new(key).words().last().map(String::as_str), Some("id" | "code" | "key"))
    };
    match fitting.as_slice() {
        [(_, only)] => Some(*only),
        several => several.iter().find(named).map(|(_, id)| *id),
    }
}

fn to_unit(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Option<String> {
    let (a, b) = (good.number(g), candidate.number(c));
    let power = match b.power_of_ten_to(&a) {
        Some(power) => power,
        // two epochs of different instants
        None => i64::try_from(a.whole_digits()).ok()? - i64::try_from(b.whole_digits()).ok()?,
    };
    Some(b.scaled(power))
}

fn to_notation(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Option<String> {
    if good.kind(g) == Kind::Number {
        let instant = instant_of(candidate.doc.string(c))?;
        let digits = good.number(g).whole_digits();
        return Some(match digits {
            10 => instant.as_second().to_string(),
            13 => instant.as_millisecond().to_string(),
            16 => instant.as_microsecond().to_string(),
            _ => instant.as_nanosecond().to_string(),
        });
    }
    let wanted = good.doc.string(g);
    let sent = match candidate.kind(c) {
        Kind::Number => candidate.doc.lexeme(c),
        _ => candidate.doc.string(c),
    };
    let same_letters = |text: &str| {
        text.trim()
            .chars()
            .filter(|c| !matches!(c, '_' | '-' | ' '))
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    if same_letters(wanted) == same_letters(sent) {
        return Some(quoted(wanted));
    }
    let text = match (Format::detect(wanted)?, Format::detect(sent.trim())) {
        (Format::Uuid(shape), Some(Format::Uuid(_))) => uuid(sent, shape),
        (Format::DateTime(shape), _) => date_time(sent, shape)?,
        (Format::Phone, _) => phone(sent)?,
        (Format::Locale, _) => sent.trim().replace('_', "-"),
        _ => return None,
    };
    Format::detect(&text)?.is_alike(&Format::detect(wanted)?).then(|| quoted(&text))
}

fn uuid(sent: &str, shape: UuidShape) -> String {
    let bare = sent.trim();
    let bare =
        bare.get(..9).filter(|prefix| prefix.eq_ignore_ascii_case("urn:uuid:")).map_or(bare, |_| &bare[9..]);
    let digits: String = bare.chars().filter(char::is_ascii_hexdigit).collect();
    shape.write(&digits)
}

fn phone(sent: &str) -> Option<String> {
    let bare = sent.trim().trim_start_matches("tel:").trim_start_matches("00");
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    let plain = bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.'));
    (plain && !digits.is_empty()).then(|| format!("+{digits}"))
}

/// A date-time in another notation, written in the wanted shape; one without a zone is taken for UTC.
fn date_time(sent: &str, shape: TimeShape) -> Option<String> {
    let instant = instant_of(sent.trim())?;
    let local = instant.to_zoned(jiff::tz::TimeZone::fixed(Offset::UTC)).datetime();
    let (y, mo, d) = (local.year(), local.month(), local.day());
    let (h, mi, s) = (local.hour(), local.minute(), local.second());
    let mut text = format!("{y:04}-{mo:02}-{d:02}{}{h:02}:{mi:02}", char::from(shape.separator));
    if shape.seconds {
        text.push_str(&format!(":{s:02}"));
    }
    if let Some(mark) = shape.fraction_mark {
        let nanoseconds = format!("{:09}", local.subsec_nanosecond());
        text.push(char::from(mark));
        text.extend(nanoseconds.chars().chain(std::iter::repeat('0')).take(shape.fraction_digits));
    }
    text.push_str(match shape.zone {
        Zone::None => "",
        Zone::Z => "Z",
        Zone::Colon => "+00:00",
        Zone::Compact => "+0000",
        Zone::Hours => "+00",
    });
    Some(text)
}

/// Reads ISO 8601, an epoch, RFC 1123 and `/Date(…)/`.
fn instant_of(text: &str) -> Option<Timestamp> {
    if let Some(Format::DateTime(_)) = Format::detect(text) {
        let iso = text.replacen(' ', "T", 1).replace(',', ".");
        return iso.parse::<Timestamp>().ok().or_else(|| {
            let local = iso.trim_end_matches(['Z', 'z']).parse::<jiff::civil::DateTime>().ok()?;
            local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        });
    }
    let inner = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
    let digits = inner.map_or(text, |inner| inner.split(['+', '-']).next().unwrap_or_default());
    let number = Number::parse(digits);
    if !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && timestamps::is_epoch(&number)
    {
        let power = 9 - (i64::try_from(number.whole_digits()).ok()? - 10);
        let nanoseconds: i128 = number.scaled(power).split('.').next()?.parse().ok()?;
        let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok()?;
        let rest = i32::try_from(nanoseconds.rem_euclid(1_000_000_000)).ok()?;
        return Timestamp::UNIX_EPOCH.checked_add(SignedDuration::new(seconds, rest)).ok();
    }
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> TimeShape {
        match Format::detect(text) {
            Some(Format::DateTime(shape)) => shape,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_notation_of_an_instant_is_written_as_wanted() {
        let wanted = shape("2024-01-01T00:00:00.000Z");
        for sent in [
            "1715679067482",
            "1715679067.482",
            "/Date(1715679067482)/",
            "2024-05-14 09:31:07.482Z",
            "2024-05-14T11:31:07.482000+02:00",
            "2024-05-14T09:31:07.482",
        ] {
            assert_eq!(date_time(sent, wanted).as_deref(), Some("2024-05-14T09:31:07.482Z"), "{sent}");
        }
        let rfc = date_time("Tue, 14 May 2024 09:31:07 GMT", wanted);
        assert_eq!(rfc.as_deref(), Some("2024-05-14T09:31:07.000Z"));
        let compact = shape("2024-01-01 00:00:00+0100");
        assert_eq!(date_time("1715679067", compact).as_deref(), Some("2024-05-14 09:31:07+0000"));
        assert_eq!(date_time("soon", wanted), None);
    }

    #[test]
    fn a_number_follows_the_unit_that_its_key_names() {
        assert_eq!(in_unit("60000", "durationMs", "durationSeconds").as_deref(), Some("60"));
        assert_eq!(in_unit("1.5", "timeout_s", "timeoutMillis").as_deref(), Some("1500"));
        assert_eq!(in_unit("60000", "duration", "durationSeconds"), None);
        assert_eq!(in_unit("2", "durationMinutes", "durationSeconds"), None);
    }

    #[test]
    fn phones_get_their_plus() {
        assert_eq!(phone("0013175552038").as_deref(), Some("+13175552038"));
        assert_eq!(phone("tel:+1 (317) 555-2038").as_deref(), Some("+13175552038"));
        assert_eq!(phone("call me"), None);
    }
}
