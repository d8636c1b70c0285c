//! The catalogue: every public operation and every model that a request body can hold.
//!
//! `operations.tsv` and `models.txt` are what a person reviews; their `.gz` twins are what the program embeds
//! (170 KiB together); `generate.py` derives both from the published SDK packages and says how. A test holds
//! the twins equal. The vendor's own Swagger document can stand in for both (`swagger`).

mod address;
pub mod removed;
pub mod swagger;
mod vocabulary;

use std::io::Read;
use std::sync::LazyLock;

pub use address::{BASE, LOGIN, login, public_path};

use crate::api::catalogue::{Catalogue, ModelIndex};
use crate::api::genesys::catalogue::vocabulary::VOCABULARY;
use crate::model::description::body_model::Models;
use crate::model::description::entry::Entry;

static OPERATIONS: LazyLock<String> = LazyLock::new(|| unpack(include_bytes!("operations.tsv.gz")));
static MODELS: LazyLock<String> = LazyLock::new(|| unpack(include_bytes!("models.txt.gz")));
static EMBEDDED: LazyLock<Catalogue<'static>> = LazyLock::new(|| {
    let models = ModelIndex::Later(|| &EMBEDDED_MODELS);
    Catalogue::read(&OPERATIONS, models, VOCABULARY)
});
static EMBEDDED_MODELS: LazyLock<Models<'static>> = LazyLock::new(|| Models::read(&MODELS));

/// Returns the catalogue that is embedded in the program. The first call unpacks it, which takes a few
/// milliseconds.
pub fn embedded() -> &'static Catalogue<'static> {
    &EMBEDDED
}

/// The operation that applies a wrap-up to a call.
pub const APPLY: &str = "/api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup";

/// Reads the text form that `generate.py` writes.
pub fn read<'t>(operations: &'t str, models: &'t str) -> Catalogue<'t> {
    Catalogue::read(operations, ModelIndex::Read(Models::read(models)), VOCABULARY)
}

/// Returns the public operation that a concrete path addresses under this method, if there is one.
///
/// The path may still carry what SDKs and gateways put in front (`//api/v2/…`, `/api/api/v2/…`,
/// `/any/prefix/api/v2/…`).
pub fn operation_of(method: &str, path: &str) -> Option<&'static Entry<'static>> {
    embedded().operation_of(method, path)
}

#[allow(clippy::expect_used, reason = "the embedded bytes are constant, and a test unpacks them")]
fn unpack(packed: &[u8]) -> String {
    // gzip ends with the length of what it holds: room for all of it at once
    let length = packed.last_chunk().map_or(0, |length| u32::from_le_bytes(*length));
    let mut text = String::with_capacity(length as usize);
    flate2::read::GzDecoder::new(packed)
        .read_to_string(&mut text)
        .expect("the embedded catalogue is gzipped UTF-8");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::description::body_model::Kind;

    const ID: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

    #[test]
    fn the_embedded_bytes_are_the_reviewed_text_compressed() {
        assert_eq!(*OPERATIONS, include_str!("operations.tsv"), "run generate.py --pack");
        assert_eq!(*MODELS, include_str!("models.txt"), "run generate.py --pack");
        let size = include_bytes!("operations.tsv.gz").len() + include_bytes!("models.txt.gz").len();
        assert!(size < 1 << 20, "{size} bytes embedded");
    }

    #[test]
    fn every_operation_of_the_packages_is_there_and_readable() {
        let catalogue = embedded();
        assert_eq!(catalogue.entries().len(), 3356);
        for entry in catalogue.entries() {
            assert!(entry.template.starts_with("/api/v2/"), "{}", entry.template);
            assert!(entry.javascript.is_some() || entry.python.is_some(), "{}", entry.template);
            if let Some(model) = entry.body.and_then(|body| body.kind.model()) {
                assert!(catalogue.model(model).is_some(), "{model} of {}", entry.template);
            }
        }
    }

    #[test]
    fn the_wrap_up_model_is_what_the_sdks_declare() {
        let model = embedded().model("WrapupInput").unwrap();
        let fields: Vec<String> =
            model.fields.iter().map(|field| format!("{}: {}", field.name, field.kind)).collect();
        let expected = "code: string, name: string, notes: string, tags: string[], durationSeconds: integer, \
                        endTime: date-time, provisional: boolean, disableEndTimeUpdates: boolean";
        assert_eq!(fields.join(", "), expected);
        assert!(model.fields.iter().all(|field| !field.required));
    }

    #[test]
    fn enumerated_words_and_required_members_are_read() {
        let model = embedded().model("MediaParticipantRequest").unwrap();
        assert!(model.field("state").unwrap().words.contains(&"disconnected"));
        assert_eq!(model.field("wrapup").unwrap().kind, Kind::Model("WrapupInput"));
        assert!(embedded().model("WrapupCodeRequest").unwrap().field("name").unwrap().required);
    }

    #[test]
    fn a_concrete_path_finds_its_operation_whatever_is_in_front() {
        let path = format!("/api/v2/conversations/calls/{ID}/participants/{ID}/communications/{ID}/wrapup");
        for front in ["", "/", "/api", "/some/gateway"] {
            let entry = operation_of("post", &format!("{front}{path}")).unwrap();
            assert_eq!(entry.javascript, Some("postConversationsCallParticipantCommunicationWrapup"));
            assert_eq!(entry.python, Some("post_conversations_call_participant_communication_wrapup"));
            assert_eq!(entry.body.unwrap().kind.to_string(), "WrapupInput");
            assert!(!entry.body.unwrap().required);
        }
    }

    #[test]
    fn a_literal_segment_wins_over_a_placeholder() {
        assert_eq!(operation_of("GET", "/api/v2/users/me").unwrap().template, "/api/v2/users/me");
        let other = operation_of("GET", &format!("/api/v2/users/{ID}?expand=x")).unwrap();
        assert_eq!(other.template, "/api/v2/users/{userId}");
    }

    #[test]
    fn the_forum_s_operations_are_not_public() {
        for (method, path) in [
            ("PUT", format!("/api/v2/interactions/{ID}/wrap-up")),
            ("PUT", format!("/api/v2/interactions/{ID}")),
            ("POST", format!("/api/v2/interactions/{ID}/wrapup")),
            ("PUT", format!("/api/v2/conversations/voice/{ID}/wrapup")),
        ] {
            assert!(operation_of(method, &path).is_none(), "{method} {path}");
        }
    }
}
