//! An example body of a model, made from its types alone.

use serde_json::{Map, Value, json};

use crate::api::catalogue::Catalogue;
use crate::model::description::body_model::{Field, Kind};

const DEEPEST: usize = 4;

impl Catalogue<'_> {
    /// Returns a body of this type: the required members, else the sensible ones, else all, down to four
    /// levels.
    pub fn example(&self, kind: Kind<'_>) -> Value {
        self.example_at(kind, "", DEEPEST)
    }

    fn example_at(&self, kind: Kind<'_>, name: &str, depth: usize) -> Value {
        match kind {
            Kind::String => json!(text_for(name)),
            Kind::Integer => json!(if name.to_ascii_lowercase().contains("duration") { 120 } else { 1 }),
            Kind::Number => json!(1.5),
            Kind::Boolean => json!(true),
            Kind::DateTime => json!("2026-01-31T12:00:00.000Z"),
            Kind::Date => json!("2026-01-31"),
            Kind::Any => json!({}),
            Kind::List(_) if depth == 0 => json!([]),
            Kind::List(inner) => json!([self.example_at(Kind::parse(inner), name, depth - 1)]),
            Kind::Map(_) if depth == 0 => json!({}),
            Kind::Map(inner) => json!({"key": self.example_at(Kind::parse(inner), name, depth - 1)}),
            Kind::Model(_) if depth == 0 => json!({}),
            Kind::Model(name) => self.example_of(name, depth),
        }
    }

    fn example_of(&self, name: &str, depth: usize) -> Value {
        let Some(model) = self.model(name) else { return json!({}) };
        let sensible =
            self.vocabulary.sensible.iter().find(|(model, _)| *model == name).map(|(_, keys)| *keys);
        let required = model.fields.iter().any(|field| field.required);
        let wanted = |field: &&Field<'_>| match sensible {
            Some(keys) => keys.contains(&field.name),
            None => field.required || !required,
        };
        let members = model.fields.iter().filter(wanted).map(|field| {
            let value = match field.words.first() {
                Some(word) if matches!(field.kind, Kind::String) => json!(word),
                _ => self.example_at(field.kind, field.name, depth - 1),
            };
            (field.name.to_owned(), value)
        });
        Value::Object(members.collect::<Map<_, _>>())
    }
}

fn text_for(name: &str) -> &'static str {
    let lower = name.to_ascii_lowercase();
    if lower == "code" || lower == "id" || name.ends_with("Id") || name.ends_with("Ids") {
        "7fb334b0-0e9e-11e4-9191-0800200c9a66"
    } else {
        "text"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::genesys::catalogue::embedded;

    #[test]
    fn the_patch_example_does_nothing_but_apply_a_wrap_up() {
        let example = embedded().example(Kind::Model("MediaParticipantRequest"));
        let expected = json!({"wrapup": {"code": "7fb334b0-0e9e-11e4-9191-0800200c9a66", "notes": "text", "durationSeconds": 120}});
        assert_eq!(example, expected);
    }

    #[test]
    fn required_members_are_enough_and_every_model_has_an_end() {
        assert_eq!(embedded().example(Kind::Model("WrapupCodeRequest")), json!({"name": "text"}));
        for entry in embedded().entries() {
            if let Some(body) = entry.body {
                assert!(embedded().example(body.kind).to_string().len() < 200_000, "{entry}");
            }
        }
    }
}
