//! PersonalData data in a report: e-mail addresses, phone numbers and names are masked, and what was masked
//! is listed.
//!
//! Secrets are masked earlier, before an exchange is stored. This is about data of people, which may be in a
//! recording on the user's own disk, but not in a ticket that strangers read. A value that was found once is
//! masked everywhere in the report, so that a quoted line cannot reveal what the body hides.

use crate::model::personal;

/// Personal values that were found in the texts of a report, with their masks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PersonalData {
    found: Vec<PersonalValue>,
}

/// One spelling of a value.
#[derive(Clone, Debug, Eq, PartialEq)]
struct PersonalValue {
    kind: PersonalKind,
    text: String,
    /// Counted per kind from 1; the forms of one value share it.
    number: usize,
}

impl PersonalValue {
    fn mask(&self) -> String {
        format!("[{}-{}]", self.kind.name(), self.number)
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum PersonalKind {
    Email,
    Phone,
    Name,
}

impl PersonalKind {
    fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
        }
    }

    fn singular(self) -> &'static str {
        match self {
            Self::Email => "e-mail address",
            Self::Phone => "phone number",
            Self::Name => "name",
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Self::Email => "e-mail addresses",
            Self::Phone => "phone numbers",
            Self::Name => "names",
        }
    }
}

impl PersonalData {
    /// Collects the personal values of these texts: JSON, forms, headers, or any other text.
    ///
    /// A name is recognized by its key (`firstName`, `displayName`, …; `name` alone is not one: wrap-up codes
    /// and queues have it, too). A phone number is `+` with 7 to 15 digits, or 7 to 15 digits under a key
    /// such as `ani`.
    pub fn find<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut found = Self::default();
        for text in texts {
            for (key, value) in members(text) {
                if personal::is_name_key(key) && value.chars().any(char::is_alphabetic) {
                    found.add(PersonalKind::Name, value);
                } else if personal::is_phone_key(key) && personal::is_phone(value.trim_start_matches("tel:"))
                {
                    found.add(PersonalKind::Phone, value.trim_start_matches("tel:"));
                }
            }
            for word in personal::words(text) {
                if personal::is_email(word) {
                    found.add(PersonalKind::Email, word);
                }
            }
            for phone in personal::international_phones(text) {
                found.add(PersonalKind::Phone, phone);
            }
        }
        // The longest first: a short value may be part of a long one.
        found.found.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.text.cmp(&b.text)));
        found
    }

    fn add(&mut self, kind: PersonalKind, text: &str) {
        if text.len() < 2 || self.found.iter().any(|piece| piece.text == text) {
            return;
        }
        let number = self.found.iter().filter(|piece| piece.kind == kind).map(|piece| piece.number).max();
        let number = number.unwrap_or(0) + 1;
        let mut forms = vec![text.to_owned()];
        // A body shows a value as JSON writes it, a finding as it reads, and prose may not hold an at sign.
        forms.extend(serde_json::from_str(&format!("\"{text}\"")));
        if kind == PersonalKind::Email {
            forms.extend([text.replace('@', "&#64;"), text.replace('@', "%40")]);
        }
        forms.sort();
        forms.dedup();
        self.found.extend(forms.into_iter().map(|text| PersonalValue { kind, text, number }));
    }

    /// Returns the text with every personal value replaced by `[email-1]`, `[phone-1]`, `[name-1]`, ….
    pub fn mask(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for piece in &self.found {
            if masked.contains(&piece.text) {
                masked = match piece.kind {
                    PersonalKind::Name => replace_words(&masked, &piece.text, &piece.mask()),
                    PersonalKind::Email | PersonalKind::Phone => masked.replace(&piece.text, &piece.mask()),
                };
            }
        }
        masked
    }

    /// Returns what was masked, one line per kind: `2 e-mail addresses as [email-1], [email-2]`; empty if
    /// nothing was.
    pub fn list(&self) -> Vec<String> {
        [PersonalKind::Email, PersonalKind::Phone, PersonalKind::Name]
            .into_iter()
            .filter_map(|kind| {
                let mut numbers: Vec<usize> =
                    self.found.iter().filter(|piece| piece.kind == kind).map(|piece| piece.number).collect();
                numbers.sort_unstable();
                numbers.dedup();
                let masks: Vec<String> =
                    numbers.iter().map(|number| format!("[{}-{number}]", kind.name())).collect();
                let what = if masks.len() == 1 { kind.singular() } else { kind.plural() };
                (!masks.is_empty()).then(|| format!("{} {what} as {}", masks.len(), masks.join(", ")))
            })
            .collect()
    }
}

/// Replaces whole occurrences only, so that the name `Ann` leaves `Annex` alone.
fn replace_words(text: &str, name: &str, mask: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back().or_else(|| out.chars().next_back());
        let after = rest[at + name.len()..].chars().next();
        let whole = !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric);
        out.push_str(&rest[..at]);
        out.push_str(if whole { mask } else { name });
        rest = &rest[at + name.len()..];
    }
    out + rest
}

/// Returns the `"key": "value"` pairs of a text, which need not be valid JSON.
fn members(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let open = rest.find('"')?;
            let (key, behind) = string_end(&rest[open + 1..])?;
            rest = behind;
            let Some(value) = behind.trim_start().strip_prefix(':').map(str::trim_start) else { continue };
            // A list of values belongs to its key as well; only its first one is checked here.
            let Some(value) = value.trim_start_matches(['[', ' ', '\n']).strip_prefix('"') else { continue };
            let (value, _) = string_end(value)?;
            return Some((key, value));
        }
    })
}

/// Returns the text before the closing quote and the text after it.
fn string_end(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::PersonalData;

    fn masked(text: &str) -> String {
        PersonalData::find([text]).mask(text)
    }

    #[test]
    fn an_address_a_number_and_a_name_are_masked_and_listed() {
        let body = r#"{"firstName":"Ann","email":"ann.b@example.org","ani":"tel:+4930123456","notes":"Ann, +49 30 123456"}"#;
        let personal = PersonalData::find([body]);
        let masked = personal.mask(body);
        for word in ["Ann", "example.org", "30123456", "30 123456"] {
            assert!(!masked.contains(word), "{word} in {masked}");
        }
        assert_eq!(
            personal.list(),
            [
                "1 e-mail address as [email-1]",
                "2 phone numbers as [phone-1], [phone-2]",
                "1 name as [name-1]"
            ]
        );
    }

    #[test]
    fn one_value_is_one_mask_everywhere() {
        assert_eq!(masked("a@b.de wrote to c@d.de and a@b.de"), "[email-1] wrote to [email-2] and [email-1]");
    }

    #[test]
    fn ids_times_codes_and_words_that_hold_a_name_stay() {
        for text in [
            r#"{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","name":"Sale","at":"2026-11-20T08:30:15.123456+00:00"}"#,
            r#"{"durationMs":120000,"id":"1234567"}"#,
            "a@b",
        ] {
            assert_eq!(masked(text), text);
        }
        assert_eq!(masked(r#"{"firstName":"Ann"} Annex"#), r#"{"firstName":"[name-1]"} Annex"#);
    }

    #[test]
    fn every_way_to_write_a_value_is_masked() {
        let personal = PersonalData::find([r#"{"lastName": "M\u00fcller", "mail": "a@b.de"}"#]);
        assert_eq!(
            personal.mask(r"M\u00fcller, Müller, a&#64;b.de, a%40b.de"),
            "[name-1], [name-1], [email-1], [email-1]"
        );
        assert_eq!(personal.list(), ["1 e-mail address as [email-1]", "1 name as [name-1]"]);
    }

    #[test]
    fn text_that_is_not_json_is_read_as_well() {
        assert_eq!(masked(r#"{"firstName": "Ann", "broken"#), r#"{"firstName": "[name-1]", "broken"#);
        assert_eq!(masked("to=x%40y&mail=q@r.org"), "to=x%40y&mail=[email-1]");
    }
}
