//! Media types that left the API, and what replaces their operations.

use crate::api::contract::Removed;
use crate::api::genesys::catalogue::{operation_of, public_path};
use crate::model::description::entry::Entry;

/// One row: a media type that is gone, as paths spell it.
struct Row {
    media: &'static str,
    removed: Removed,
}

/// Every row.
const ALL: &[Row] = &[Row {
    media: "chats",
    removed: Removed {
        spoken: "web chat operations",
        source: "release notes of the JavaScript SDK 259.0.0 and the .NET SDK 270.0.0, 2026-08-15",
    },
}];

/// The media types whose operations are asked for the shape of a removed one.
const OTHERS: &[&str] = &["messages", "calls", "emails", "callbacks"];

/// Returns the removed media type that a path of conversations speaks of, if there is no such operation
/// any more, with the operation of another media type that has the same shape.
pub fn removed(method: &str, path: &str) -> Option<(Removed, Option<&'static Entry<'static>>)> {
    let path = public_path(path);
    let row = ALL.iter().find(|row| {
        path.strip_prefix("/api/v2/conversations/")
            .and_then(|rest| rest.strip_prefix(row.media))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })?;
    if operation_of(method, path).is_some_and(|entry| entry.template.contains(row.media)) {
        return None;
    }
    let at = |media: &&str| {
        let other = path.replacen(&format!("/{}", row.media), &format!("/{media}"), 1);
        operation_of(method, &other).filter(|entry| entry.template.contains(*media))
    };
    let found: Vec<&'static Entry<'static>> = OTHERS.iter().filter_map(at).collect();
    // where the others differ, the removed one had a body of its own
    let kind = |entry: &Entry<'static>| entry.body.map(|body| body.kind);
    let agree = found.len() > 1 && found.iter().all(|entry| kind(entry) == kind(found[0]));
    Some((row.removed, found.first().copied().filter(|_| agree)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

    #[test]
    fn a_removed_media_type_is_judged_by_the_shape_of_the_others() {
        let path = format!("/api/v2/conversations/chats/{ID}/participants/{ID}");
        let (row, entry) = removed("PATCH", &path).unwrap();
        assert_eq!(row.spoken, "web chat operations");
        assert_eq!(entry.unwrap().body.unwrap().kind.to_string(), "MediaParticipantRequest");
        assert_eq!(removed("PATCH", &path.replace("chats", "calls")), None);
        let (_, other) = removed("POST", "/api/v2/conversations/chats").unwrap();
        assert_eq!(other, None, "each media type begins in its own way");
    }
}
