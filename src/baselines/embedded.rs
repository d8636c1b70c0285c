//! The baselines that the program carries, so that a first run has something to compare with.
//!
//! Adding one: put its file into `recordings/baselines/`, with its source and date, and add its line to the
//! list.

use crate::baselines::file::{self, FormatError};
use crate::model::baseline::Baseline;

/// Name and text of every embedded file.
const FILES: &[(&str, &str)] = &[
    ("forum-put-interaction", include_str!("../../recordings/baselines/forum-put-interaction.json")),
    ("forum-put-wrap-up", include_str!("../../recordings/baselines/forum-put-wrap-up.json")),
    ("forum-post-wrapup", include_str!("../../recordings/baselines/forum-post-wrapup.json")),
    ("post-calls-wrapup", include_str!("../../recordings/baselines/post-calls-wrapup.json")),
    ("post-callbacks-wrapup", include_str!("../../recordings/baselines/post-callbacks-wrapup.json")),
    ("post-emails-wrapup", include_str!("../../recordings/baselines/post-emails-wrapup.json")),
    ("post-messages-wrapup", include_str!("../../recordings/baselines/post-messages-wrapup.json")),
    ("post-socials-wrapup", include_str!("../../recordings/baselines/post-socials-wrapup.json")),
    ("post-videos-wrapup", include_str!("../../recordings/baselines/post-videos-wrapup.json")),
    ("patch-calls-participant", include_str!("../../recordings/baselines/patch-calls-participant.json")),
    (
        "patch-callbacks-participant",
        include_str!("../../recordings/baselines/patch-callbacks-participant.json"),
    ),
    ("patch-emails-participant", include_str!("../../recordings/baselines/patch-emails-participant.json")),
    (
        "patch-messages-participant",
        include_str!("../../recordings/baselines/patch-messages-participant.json"),
    ),
    ("patch-participant", include_str!("../../recordings/baselines/patch-participant.json")),
];

/// Returns the embedded baselines, in the order of the list.
pub fn all() -> Vec<Baseline> {
    // that every one of them can be read is a test, not a case to handle at run time
    parsed().filter_map(Result::ok).collect()
}

fn parsed() -> impl Iterator<Item = Result<Baseline, FormatError>> {
    FILES.iter().map(|(name, text)| file::parse(name, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_baseline_is_sound_and_says_where_it_comes_from() {
        for baseline in parsed() {
            let baseline = baseline.unwrap();
            assert!(!baseline.source.is_empty(), "{}", baseline.name);
            assert!(serde_json::from_str::<serde_json::Value>(&baseline.body).unwrap().is_object());
        }
    }

    #[test]
    fn every_file_of_the_folder_is_embedded() {
        let folder = crate::baselines::folder::load(crate::baselines::folder::DEFAULT.as_ref()).unwrap();
        assert!(folder.faults.is_empty(), "{:?}", folder.faults);
        let mut embedded = all();
        embedded.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(embedded, folder.baselines);
    }

    #[test]
    fn no_operation_has_two() {
        let mut operations: Vec<String> =
            all().iter().map(|baseline| baseline.operation.to_string()).collect();
        operations.sort();
        let count = operations.len();
        operations.dedup();
        assert_eq!(operations.len(), count);
    }
}
