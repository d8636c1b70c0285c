//! The body against its model: unknown and missing members, types, enumerated words, dates, explicit nulls.

use serde_json::{Map, Value};

use crate::api::genesys::catalogue::Catalogue;
use crate::api::genesys::catalogue::body_model::{Field, Kind, Model};
use crate::api::genesys::{near, wire_names};
use crate::diagnose::checks::nesting;
use crate::diagnose::checks::values::{is_day, is_instant, type_of, whole};
use crate::diagnose::context::{DiagnosisContext, quote};
use crate::diff::convert;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::body_change::BodyChange;
use crate::model::finding::{Class, Finding, Severity, Shown};

/// What the SDKs put in for a word that their enumeration does not have: Python, Java, .NET.
const SWALLOWED: &[&str] = &["outdated_sdk_version", "OutdatedSdkVersion", "OUTDATED_SDK_VERSION"];

/// Bodies deeper than this are not looked into; no model is.
const DEEPEST: usize = 64;

pub(crate) fn check(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    let (Some(reading), Some(body)) = (nesting::reading(context), context.body.json()) else {
        return Vec::new();
    };
    let Some(value) = body.pointer(reading.at.as_str()).filter(|value| !value.is_null()) else {
        return Vec::new();
    };
    // a string in the place of the whole body is told by `text`
    if value.is_string() && reading.at == Pointer::root() {
        return Vec::new();
    }
    let mut walk = Walk { catalogue: context.question.catalogue, found: Vec::new() };
    walk.value(reading.kind, &[], value, &reading.at, DEEPEST);
    walk.found
}

struct Walk<'a> {
    catalogue: &'a Catalogue<'a>,
    found: Vec<Finding>,
}

impl Walk<'_> {
    fn value(&mut self, kind: Kind<'_>, words: &[&str], value: &Value, at: &Pointer, depth: usize) {
        if depth == 0 || kind == Kind::Any {
            return;
        }
        match (kind, value) {
            (_, Value::Null) => self.tell(
                Class::NullField,
                Severity::Warning,
                at,
                value,
                kind,
                format!("`{at}` is null; the models leave out what is not set"),
                "leave the member out",
                vec![BodyChange::Remove(at.clone())],
            ),
            (Kind::String, Value::String(text)) => self.word(words, text, at),
            (Kind::DateTime | Kind::Date, Value::String(text)) => self.date(kind, text, at),
            (Kind::Integer, Value::Number(number)) if number.is_i64() || number.is_u64() => {}
            (Kind::Integer, Value::Number(number))
                if number.as_f64().is_some_and(|number| number.fract() == 0.0) =>
            {
                self.tell(
                    Class::FormatMismatch,
                    Severity::Warning,
                    at,
                    value,
                    kind,
                    format!("`{at}` is written as {number}, with a fraction; an integer belongs there"),
                    "write it without a fraction",
                    whole(number).map(|whole| BodyChange::Set(at.clone(), whole)).into_iter().collect(),
                );
            }
            (Kind::Number, Value::Number(_)) | (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::List(inner), Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    self.value(Kind::parse(inner), words, element, &at.element(index), depth - 1);
                }
            }
            (Kind::Map(inner), Value::Object(members)) => {
                for (key, member) in members {
                    self.value(Kind::parse(inner), &[], member, &at.member(key), depth - 1);
                }
            }
            (Kind::Model(name), Value::Object(members)) => {
                if let Some(model) = self.catalogue.model(name).filter(|model| !model.opaque) {
                    self.members(&model, members, at, depth - 1);
                }
            }
            // what nobody describes cannot be wrong
            (Kind::Model(name), _) if self.catalogue.model(name).is_none_or(|model| model.opaque) => {}
            _ => self.mistyped(kind, value, at),
        }
    }

    fn members(&mut self, model: &Model<'_>, members: &Map<String, Value>, at: &Pointer, depth: usize) {
        for field in model.fields.iter().filter(|field| field.required && !members.contains_key(field.name)) {
            let place = at.member(field.name);
            // a near name that is there is told as unknown, with this one as what was meant
            if members.keys().any(|key| model.field(key).is_none() && meant(model, key) == Some(field.name)) {
                continue;
            }
            self.found.push(Finding {
                candidate_path: Some(at.clone()),
                expected: Some(Shown::words(field.kind.to_string())),
                message: format!("`{place}` is required and missing"),
                help: format!("add `{}`", field.name),
                source: Some(self.source()),
                ..Finding::new(Class::MissingField, Authority::Description)
            });
        }
        for (key, value) in members {
            match model.field(key) {
                Some(Field { kind, words, .. }) => self.value(*kind, words, value, &at.member(key), depth),
                None => self.unknown(model, members, key, value, at),
            }
        }
    }

    fn unknown(
        &mut self,
        model: &Model<'_>,
        members: &Map<String, Value>,
        key: &str,
        value: &Value,
        at: &Pointer,
    ) {
        let place = at.member(key);
        let known = wire_names::real(model.name, key);
        let meant = meant(model, key).filter(|meant| !members.contains_key(*meant));
        let severity = match (meant, value) {
            (_, Value::Null) => Severity::Warning,
            (Some(_), _) => Severity::Error,
            // none of it is this model's: something else was meant to be sent
            (None, _) if members.keys().all(|key| model.field(key).is_none()) => Severity::Error,
            (None, _) => Severity::Warning,
        };
        let mut edits = Vec::new();
        let help = match meant {
            Some(meant) if !value.is_null() => {
                let divide = known.map_or(1, |name| name.divide);
                let scaled = value.as_i64().filter(|_| divide > 1).map(|number| number / i64::from(divide));
                edits.extend(scaled.map(|number| BodyChange::Set(place.clone(), number.to_string())));
                edits.push(BodyChange::Rename(place.clone(), meant.to_owned()));
                let unit = if divide > 1 { format!(", divided by {divide}") } else { String::new() };
                format!("did you mean `{meant}`{unit}?")
            }
            _ => {
                edits.push(BodyChange::Remove(place.clone()));
                let names: Vec<&str> = model.fields.iter().map(|field| field.name).collect();
                format!("leave it out; {} has {}", model.name, names.join(", "))
            }
        };
        self.found.push(Finding {
            severity,
            candidate_path: Some(place.clone()),
            sent: Some(Shown::words(quote(value))),
            expected: meant.map(str::to_owned).map(Shown::words),
            message: format!("`{place}` is not a member of {}", model.name),
            help,
            source: Some(self.source()),
            edits,
            ..Finding::new(
                if meant.is_some() && !value.is_null() { Class::RenamedKey } else { Class::ExtraField },
                Authority::Description,
            )
        });
    }

    fn word(&mut self, words: &[&str], text: &str, at: &Pointer) {
        if words.is_empty() || words.contains(&text) {
            return;
        }
        let list = words.join(", ");
        let value = Value::from(text);
        if SWALLOWED.contains(&text) {
            return self.tell_words(
                Class::SwallowedEnum,
                Severity::Error,
                at,
                &value,
                &list,
                format!("`{at}` holds what the SDK puts in for a word it does not know; the program's own word is lost"),
                format!("use one of {list}"),
                Vec::new(),
            );
        }
        if let Some(same) = words.iter().find(|word| word.eq_ignore_ascii_case(text)) {
            return self.tell_words(
                Class::UnknownWord,
                Severity::Warning,
                at,
                &value,
                &list,
                format!("`{at}` is `{text}` where the API writes `{same}`"),
                format!("write `{same}`"),
                vec![BodyChange::Set(at.clone(), Value::from(*same).to_string())],
            );
        }
        let meant = near::did_you_mean(text, words.iter().copied());
        let help =
            meant.map_or_else(|| format!("use one of {list}"), |meant| format!("did you mean `{meant}`?"));
        let edits = meant.map(|meant| BodyChange::Set(at.clone(), Value::from(meant).to_string()));
        self.tell_words(
            Class::UnknownWord,
            Severity::Error,
            at,
            &value,
            &list,
            format!("`{at}` is `{text}`, which is not one of its words"),
            help,
            edits.into_iter().collect(),
        );
    }

    fn date(&mut self, kind: Kind<'_>, text: &str, at: &Pointer) {
        let day = kind == Kind::Date;
        if (day && is_day(text)) || (!day && is_instant(text)) {
            return;
        }
        let shape = if day { "yyyy-MM-dd" } else { "yyyy-MM-ddTHH:mm:ss.SSSZ" };
        let instant: Option<jiff::Timestamp> = text.parse().ok();
        let respelt = convert::time_like(text, "2026-11-20T08:30:15.123Z").filter(|_| !day);
        let edits = respelt.map(|text| BodyChange::Set(at.clone(), Value::from(text).to_string()));
        // another spelling of the same moment may pass; what is no moment cannot
        let severity = if instant.is_some() && !day { Severity::Warning } else { Severity::Error };
        self.tell(
            Class::FormatMismatch,
            severity,
            at,
            &Value::from(text),
            kind,
            format!("`{at}` is not written as {shape}"),
            if text.is_empty() {
                "leave the member out if there is no date"
            } else {
                "write it in UTC with at most three fraction digits and `Z`"
            },
            edits.into_iter().collect(),
        );
    }

    fn mistyped(&mut self, kind: Kind<'_>, value: &Value, at: &Pointer) {
        let decoded = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let fits = decoded.filter(|decoded| match kind {
            Kind::Integer => decoded.is_i64() || decoded.is_u64(),
            Kind::Number => decoded.is_number(),
            Kind::Boolean => decoded.is_boolean(),
            Kind::List(_) => decoded.is_array(),
            Kind::Map(_) | Kind::Model(_) => decoded.is_object(),
            _ => false,
        });
        let encoded = fits.as_ref().is_some_and(|fits| fits.is_array() || fits.is_object());
        let replacement = match (kind, value) {
            (Kind::List(_), scalar) if fits.is_none() && !scalar.is_object() => {
                Some(Value::from(vec![scalar.clone()]))
            }
            (Kind::String, Value::Number(number)) => Some(Value::from(number.to_string())),
            // one element too many brackets
            (_, Value::Array(elements)) if elements.len() == 1 => Some(elements[0].clone()),
            // an object where its id belongs
            (Kind::String, Value::Object(members)) => members.get("id").filter(|id| id.is_string()).cloned(),
            _ => fits,
        };
        let edits: Vec<BodyChange> =
            replacement.iter().map(|value| BodyChange::Set(at.clone(), value.to_string())).collect();
        let help = match &replacement {
            Some(value) => format!("send {}", quote(value)),
            None => format!("send a value of type {kind}"),
        };
        let (check, message) = if encoded {
            (Class::DoubleEncoded, format!("`{at}` is a string that holds JSON"))
        } else {
            let what = match (kind, value) {
                (Kind::Integer, Value::Number(_)) => "a number with a fraction",
                (_, value) => type_of(value),
            };
            (Class::TypeMismatch, format!("`{at}` is {what} where {kind} belongs"))
        };
        self.tell(check, Severity::Error, at, value, kind, message, &help, edits);
    }

    #[allow(clippy::too_many_arguments, reason = "the members of one struct, in its order")]
    fn tell(
        &mut self,
        kind: Class,
        severity: Severity,
        at: &Pointer,
        sent: &Value,
        expected: Kind<'_>,
        message: String,
        help: &str,
        edits: Vec<BodyChange>,
    ) {
        self.tell_words(kind, severity, at, sent, &expected.to_string(), message, help.to_owned(), edits);
    }

    #[allow(clippy::too_many_arguments, reason = "the members of one struct, in its order")]
    fn tell_words(
        &mut self,
        kind: Class,
        severity: Severity,
        at: &Pointer,
        sent: &Value,
        expected: &str,
        message: String,
        help: String,
        edits: Vec<BodyChange>,
    ) {
        self.found.push(Finding {
            severity,
            candidate_path: Some(at.clone()),
            sent: Some(Shown::words(quote(sent))),
            expected: Some(Shown::words(expected.to_owned())),
            message,
            help,
            source: Some(self.source()),
            edits,
            ..Finding::new(kind, Authority::Description)
        });
    }

    fn source(&self) -> String {
        self.catalogue.source.to_owned()
    }
}

/// Returns the member that a key of this model was meant to be.
fn meant<'m>(model: &Model<'m>, key: &str) -> Option<&'m str> {
    let known = wire_names::real(model.name, key).and_then(|name| model.field(name.real));
    known
        .map(|field| field.name)
        .or_else(|| near::did_you_mean(key, model.fields.iter().map(|field| field.name)))
}
