//! What only one API has is in that API's room: no path, host, header or member of Genesys Cloud is written where
//! exchanges of any API are judged, forwarded, sent again or reported.

use super::imports::{self, Sources};

/// The rooms that ask the trait `Api` instead.
const ROOMS: [&str; 4] = ["diagnose", "proxy", "replay", "report"];

/// What names Genesys Cloud, in lower case.
const WORDS: [&str; 12] = [
    "/api/v2",
    "purecloud",
    "pure.cloud",
    "oauth/token",
    "tokens/me",
    "inin-",
    "wrapup",
    "wrap-up",
    "conversation",
    "participant",
    "interaction",
    "genesys",
];

/// File, word, and why it may be there.
const EXCEPTIONS: [(&str, &str, &str); 1] =
    [("replay/prepare/blocked.rs", "genesys", "the variables in which the user keeps a token are named so")];

#[test]
fn what_only_genesys_cloud_has_is_named_in_its_own_room() {
    assert_eq!(named(&super::sources(), true), Vec::<String>::new());
}

#[test]
fn every_exception_is_needed() {
    let all = named(&super::sources(), false);
    for (path, word, _) in EXCEPTIONS {
        assert!(all.contains(&format!("{path} names {word}")), "{path} does not name {word} any more");
    }
}

#[test]
fn a_planted_name_is_found_and_a_comment_or_a_test_is_none() {
    let found = |text: &str| named(&super::one("proxy/routes.rs", text), true).len();
    assert_eq!(found("fn f() { g(\"/OAuth/Token\") }"), 1);
    assert_eq!(found("use crate::api::genesys::region::Region;"), 1);
    assert_eq!(found("// as /oauth/token\n#[cfg(test)]\nmod tests {\n f(\"/api/v2\") }"), 0);
}

/// Returns a line for each word that a file of the rooms has, without those that are excepted.
fn named(sources: &Sources, excepted: bool) -> Vec<String> {
    let is_excepted = |path: &str, word: &str| {
        excepted && EXCEPTIONS.iter().any(|(own, allowed, _)| *own == path && *allowed == word)
    };
    let mut found = Vec::new();
    for (path, code) in imports::production(sources) {
        let code = code.to_lowercase();
        let in_room = ROOMS.contains(&imports::room(path).as_str());
        for word in WORDS.iter().filter(|word| in_room && code.contains(**word) && !is_excepted(path, word)) {
            found.push(format!("{path} names {word}"));
        }
    }
    found
}
