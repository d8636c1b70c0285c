//! How well a body that was sent fits what an operation takes, and which neighbours of an operation take a
//! member.

use serde_json::{Map, Value};

use crate::api::catalogue::Catalogue;
use crate::model::description::body_model::{Kind, Model};
use crate::model::description::entry::Entry;

/// How well a body fits a model, in percent: members that the model has, less what it requires and is not
/// there.
pub const WHOLE: i64 = 100;

/// What a required member that is missing takes off.
const MISSING: i64 = 25;

impl<'t> Catalogue<'t> {
    /// Returns how well the body fits the operation, 0 to [`WHOLE`]; `None` where either says nothing: no
    /// members were sent, or the operation takes no body that is described.
    pub fn fit(&self, entry: &Entry<'t>, body: &Value) -> Option<i64> {
        let (kind, sent) = match (entry.body?.kind, body) {
            (Kind::List(inner), Value::Array(elements)) => (Kind::parse(inner), elements.first()?),
            (kind, body) => (kind, body),
        };
        let Kind::Model(name) = kind else { return None };
        let model = self.model(name).filter(|model| !model.opaque)?;
        let members = sent.as_object().filter(|members| !members.is_empty())?;
        Some(share(&model, members))
    }

    /// Returns the operations whose path is this one plus or minus one segment and whose body has the member.
    ///
    /// A member that one of them takes was not invented: it was sent to the wrong operation.
    pub fn neighbours_taking(&self, entry: &Entry<'t>, key: &str) -> Vec<&Entry<'t>> {
        let takes = |other: &&Entry<'t>| {
            let model = other.body.and_then(|body| self.model(body.kind.model()?));
            model.is_some_and(|model| model.field(key).is_some())
        };
        let near = |other: &&Entry<'t>| is_one_step_away(entry.template, other.template);
        self.entries().iter().filter(near).filter(takes).collect()
    }
}

fn share(model: &Model<'_>, members: &Map<String, Value>) -> i64 {
    let fits =
        |(key, value): &(&String, &Value)| model.field(key).is_some_and(|field| is_of(field.kind, value));
    let known = members.iter().filter(fits).count();
    let missing =
        model.fields.iter().filter(|field| field.required && !members.contains_key(field.name)).count();
    let share = WHOLE * known as i64 / members.len().max(1) as i64;
    if known == 0 { 0 } else { (share - MISSING * missing as i64).max(1) }
}

/// Returns whether a value is as deep as its type: a scalar, a list, an object.
fn is_of(kind: Kind<'_>, value: &Value) -> bool {
    match value {
        Value::Object(_) => matches!(kind, Kind::Model(_) | Kind::Map(_) | Kind::Any),
        Value::Array(_) => matches!(kind, Kind::List(_) | Kind::Any),
        Value::Null => true,
        _ => !matches!(kind, Kind::Model(_) | Kind::Map(_) | Kind::List(_)),
    }
}

fn is_one_step_away(a: &str, b: &str) -> bool {
    let leads_on = |short: &str, long: &str| {
        long.strip_prefix(short)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|rest| !rest.contains('/'))
    };
    leads_on(a, b) || leads_on(b, a)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::genesys::catalogue::embedded;

    #[test]
    fn a_member_of_a_neighbour_names_the_neighbour() {
        let participant = "/api/v2/conversations/calls/{conversationId}/participants/{participantId}";
        let entry = embedded().operation("PATCH", participant).unwrap();
        let names: Vec<String> =
            embedded().neighbours_taking(entry, "attributes").iter().map(|entry| entry.to_string()).collect();
        assert_eq!(names, [format!("PATCH {participant}/attributes")]);
        assert!(embedded().neighbours_taking(entry, "nonsense").is_empty());
    }

    #[test]
    fn a_body_fits_by_its_members_their_depth_and_what_is_required() {
        let fit = |method: &str, template: &str, body| {
            embedded().fit(embedded().operation(method, template).unwrap(), &body)
        };
        assert_eq!(fit("POST", "/api/v2/routing/wrapupcodes", json!({"name": "x"})), Some(100));
        assert_eq!(fit("POST", "/api/v2/routing/wrapupcodes", json!({"x": 1})), Some(0));
        assert_eq!(fit("PATCH", "/api/v2/users/{userId}", json!({"title": "x"})), Some(75));
        assert_eq!(fit("GET", "/api/v2/users/me", json!({"title": "x"})), None);
    }
}
