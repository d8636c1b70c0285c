//! Media types that left the API, and what replaces their operations.

use crate::api::catalogue::Catalogue;
use crate::api::genesys::catalogue::public_path;
use crate::model::description::entry::Entry;

/// A media type that is gone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RemovedMedia {
    /// As paths spell it.
    pub media: &'static str,
    /// What a sentence calls its operations.
    pub spoken: &'static str,
    /// Where that was learned.
    pub source: &'static str,
}

/// Every row.
const ALL: &[RemovedMedia] = &[RemovedMedia {
    media: "chats",
    spoken: "web chat operations",
    source: "release notes of the JavaScript SDK 259.0.0 and the .NET SDK 270.0.0, 2026-08-15",
}];

/// The media types whose operations are asked for the shape of a removed one.
const OTHERS: &[&str] = &["messages", "calls", "emails", "callbacks"];

impl<'t> Catalogue<'t> {
    /// Returns the removed media type that a path of conversations speaks of, if there is no such operation
    /// any more, with the operation of another media type that has the same shape.
    pub fn removed_media(&self, method: &str, path: &str) -> Option<(RemovedMedia, Option<&Entry<'t>>)> {
        let path = public_path(path);
        let row = ALL.iter().find(|row| {
            path.strip_prefix("/api/v2/conversations/")
                .and_then(|rest| rest.strip_prefix(row.media))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })?;
        if self.operation_of(method, path).is_some_and(|entry| entry.template.contains(row.media)) {
            return None;
        }
        let at = |media: &&str| {
            let other = path.replacen(&format!("/{}", row.media), &format!("/{media}"), 1);
            self.operation_of(method, &other).filter(|entry| entry.template.contains(*media))
        };
        let found: Vec<&Entry<'t>> = OTHERS.iter().filter_map(at).collect();
        // where the others differ, the removed one had a body of its own
        let kind = |entry: &Entry<'t>| entry.body.map(|body| body.kind);
        let agree = found.len() > 1 && found.iter().all(|entry| kind(entry) == kind(found[0]));
        Some((*row, found.first().copied().filter(|_| agree)))
    }
}

#[cfg(test)]
mod tests {
    use crate::api::genesys::catalogue::embedded;

    const ID: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

    #[test]
    fn a_removed_media_type_is_judged_by_the_shape_of_the_others() {
        let path = format!("/api/v2/conversations/chats/{ID}/participants/{ID}");
        let (row, entry) = embedded().removed_media("PATCH", &path).unwrap();
        assert_eq!(row.media, "chats");
        assert_eq!(entry.unwrap().body.unwrap().kind.to_string(), "MediaParticipantRequest");
        assert_eq!(embedded().removed_media("PATCH", &path.replace("chats", "calls")), None);
        let (_, other) = embedded().removed_media("POST", "/api/v2/conversations/chats").unwrap();
        assert_eq!(other, None, "each media type begins in its own way");
    }
}
