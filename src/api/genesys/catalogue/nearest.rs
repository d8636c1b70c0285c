//! The public operations nearest to one that does not exist, and those that a person searches for by words.

use crate::api::genesys::catalogue::entry::Entry;
use crate::api::genesys::catalogue::{Catalogue, public_path};
use crate::api::genesys::near;

/// A public operation that somebody may have meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Near<'t> {
    /// The operation; of a family that differs by media type only, the one the path spoke of, else `calls`.
    pub entry: Entry<'t>,
    /// The media types for which the same operation exists, where it is one of such a family.
    pub media: Vec<&'t str>,
    /// Why it is near, in a few words.
    pub why: String,
}

/// A word of forum threads and what the public API calls it.
///
/// Source: the threads this project started from, against npm purecloud-platform-client-v2 262.0.0 and PyPI
/// PureCloudPlatformClientV2 269.0.0, whose vocabulary is conversation, participant, communication.
const SYNONYMS: &[(&str, &str)] = &[
    ("interaction", "conversations"),
    ("interactions", "conversations"),
    ("voice", "calls"),
    ("call", "calls"),
    ("phone", "calls"),
    ("chat", "messages"),
    ("chats", "messages"),
    ("wrapups", "wrapup"),
    ("wrapupcode", "wrapupcodes"),
    ("disposition", "wrapup"),
    ("dispositions", "wrapup"),
    ("actions", "participants"),
    ("agents", "users"),
    ("agent", "users"),
];

/// What somebody wants who writes a path that is not there, and the operations that do it, best first.
struct Intent {
    /// The methods that speak of it.
    methods: &'static [&'static str],
    /// One of these words in the path or among the keys of the body, after synonyms.
    words: &'static [&'static str],
    /// Method and template, with `{media}` for the media type.
    operations: &'static [(&'static str, &'static str, &'static str)],
}

/// Source: the two ways to apply a wrap-up in the SDK packages, and no others (no PUT at all).
const INTENTS: &[Intent] = &[
    Intent {
        methods: &["PUT", "POST", "PATCH"],
        words: &["wrapup", "wrapupcodes", "wrapupcode", "wrapupcodeid", "codeid", "durationms"],
        operations: &[
            (
                "POST",
                "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup",
                "applies a wrap-up code; the body is `{\"code\":…}` itself",
            ),
            (
                "PATCH",
                "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}",
                "applies a wrap-up code; the body is `{\"wrapup\":{\"code\":…}}`",
            ),
            (
                "PATCH",
                "/api/v2/conversations/{conversationId}/participants/{participantId}",
                "the same without a media type in the path",
            ),
        ],
    },
    Intent {
        methods: &["GET"],
        words: &["wrapup", "wrapupcodes"],
        operations: &[
            (
                "GET",
                "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup",
                "reads the wrap-up that was applied",
            ),
            (
                "GET",
                "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}/wrapupcodes",
                "lists the codes that this participant may use",
            ),
        ],
    },
];

const MEDIA: &[&str] = &[
    "calls",
    "callbacks",
    "emails",
    "messages",
    "socials",
    "videos",
    "chats",
    "cobrowsesessions",
    "screenshares",
];

impl<'t> Catalogue<'t> {
    /// Returns the operations nearest to a method and a path that no operation fits, best first, at most `limit`.
    ///
    /// `keys` are the top-level keys of the body that was sent: they tell what the sender wants where the path does
    /// not (`PUT /interactions/{id}` with `wrapupCodes`).
    pub fn nearest(&self, method: &str, path: &str, keys: &[&str], limit: usize) -> Vec<Near<'t>> {
        let method = method.to_ascii_uppercase();
        let typed = literal_words(path);
        let mut found = self.by_intent(&method, path, &typed, keys);
        let meant = !found.is_empty();
        for near in self.by_words(&method, path, &typed, limit) {
            // once the intent is clear, reading is no answer to a wish to write
            if meant && is_write(near.entry.method) != is_write(&method) {
                continue;
            }
            if found.iter().all(|known| {
                known.entry.method != near.entry.method || known.entry.template != near.entry.template
            }) {
                found.push(near);
            }
        }
        found.truncate(limit);
        found
    }

    /// Returns the operations whose path or method names hold every word of `text`, shortest templates first.
    pub fn search(&self, text: &str) -> Vec<&Entry<'t>> {
        let words: Vec<String> = text.split_whitespace().map(near::letters).collect();
        let mut hay = String::new();
        let mut found: Vec<&Entry<'t>> = self
            .entries()
            .iter()
            .filter(|entry| {
                let names = [entry.method, entry.template, entry.class, entry.javascript.unwrap_or_default()];
                hay.clear();
                names.iter().for_each(|name| near::add_letters(name, &mut hay));
                words.iter().all(|word| hay.contains(word.as_str()))
            })
            .collect();
        found.sort_by_key(|entry| (entry.deprecated, entry.steps().count()));
        found
    }

    fn by_intent(&self, method: &str, path: &str, typed: &[String], keys: &[&str]) -> Vec<Near<'t>> {
        // `/routing/wrapupcodes` and the like speak of codes, not of applying one
        let first = typed.first().map(String::as_str).unwrap_or_default();
        if !["conversations", "wrapup", "wrapupcodes", "participants"].contains(&first) {
            return Vec::new();
        }
        let keys: Vec<String> = keys.iter().map(|key| near::letters(key)).collect();
        let speaks = |intent: &&Intent| {
            intent.methods.contains(&method)
                && typed.iter().chain(&keys).any(|word| intent.words.contains(&word.as_str()))
        };
        let Some(intent) = INTENTS.iter().find(speaks) else { return Vec::new() };
        let media = spoken_media(path);
        let operations = intent.operations.iter().filter_map(|(method, template, why)| {
            let wanted = self.operation(method, &template.replace("{media}", media));
            let entry = *wanted.or_else(|| self.operation(method, &template.replace("{media}", "calls")))?;
            Some(Near { media: self.family(&entry), entry, why: (*why).to_owned() })
        });
        operations.collect()
    }

    /// Returns the literal words of every template, in the order of the entries; split once.
    fn words(&self) -> &[Vec<String>] {
        self.words.get_or_init(|| self.entries().iter().map(|entry| literal_words(entry.template)).collect())
    }

    fn by_words(&self, method: &str, path: &str, typed: &[String], limit: usize) -> Vec<Near<'t>> {
        let ids = public_path(path).split('/').count().saturating_sub(typed.len() + 3);
        let mut ranked: Vec<(i64, Near<'t>)> = Vec::new();
        for (entry, own) in self.entries().iter().zip(self.words()) {
            let (mut score, mut matched) = (0_i64, Vec::new());
            for word in typed {
                let best = own.iter().map(|step| (likeness(word, step), step)).max_by_key(|(like, _)| *like);
                if let Some((like, step)) = best.filter(|(like, _)| *like > 0) {
                    score += like;
                    matched.push(step.as_str());
                }
            }
            if matched.is_empty() {
                continue;
            }
            let strangers = own.iter().filter(|step| !matched.contains(&step.as_str())).count();
            let placeholders = entry.path_parameters().count();
            score -= 3 * strangers as i64 + 4 * (typed.len() - matched.len().min(typed.len())) as i64;
            score -= placeholders.abs_diff(ids) as i64;
            score += match (entry.method == method, is_write(entry.method) == is_write(method)) {
                (true, _) => 4,
                (false, true) => 2,
                (false, false) => -4,
            };
            score -= i64::from(entry.deprecated);
            if score > 0 {
                let why = match entry.method == method {
                    true => format!("has `{}` in its path", matched.join("`, `")),
                    false => format!("has `{}` in its path, under {}", matched.join("`, `"), entry.method),
                };
                ranked.push((score, Near { entry: *entry, media: Vec::new(), why }));
            }
        }
        ranked.sort_by_key(|(score, near)| (-score, near.entry.template.len()));
        let mut found: Vec<Near<'t>> = Vec::new();
        for (_, mut near) in ranked {
            let shape = media_shape(near.entry.template);
            let known = |other: &Near<'_>| {
                other.entry.method == near.entry.method && media_shape(other.entry.template) == shape
            };
            if shape.contains("{media}") && found.iter().any(known) {
                continue;
            }
            near.media = self.family(&near.entry);
            found.push(near);
            if found.len() == limit {
                break;
            }
        }
        found
    }

    /// Returns the media types for which the operation exists, or none if its path has no media type.
    fn family(&self, entry: &Entry<'t>) -> Vec<&'t str> {
        let shape = media_shape(entry.template);
        if !shape.contains("{media}") {
            return Vec::new();
        }
        let same = |other: &&Entry<'t>| other.method == entry.method && media_shape(other.template) == shape;
        let media = self.entries().iter().filter(same).filter(|other| !other.deprecated);
        media.filter_map(|other| other.steps().nth(4)).collect()
    }
}

fn is_write(method: &str) -> bool {
    matches!(method, "PUT" | "POST" | "PATCH")
}

/// Returns the template with its media type as `{media}`, so that the members of a family are equal.
fn media_shape(template: &str) -> String {
    let steps: Vec<&str> = template.split('/').collect();
    let shaped = steps.iter().enumerate().map(|(place, step)| {
        if place == 4 && steps.get(3) == Some(&"conversations") && MEDIA.contains(step) {
            "{media}"
        } else {
            step
        }
    });
    shaped.collect::<Vec<_>>().join("/")
}

/// Returns the media type that a path speaks of, else `calls`.
fn spoken_media(path: &str) -> &'static str {
    let words = literal_words(path);
    MEDIA.iter().copied().find(|media| words.iter().any(|word| word == media)).unwrap_or("calls")
}

/// Returns the words of a path that are no ids and no placeholders, behind `/api/v2`, in the API's own vocabulary.
fn literal_words(path: &str) -> Vec<String> {
    let steps = public_path(path).split('/').filter(|step| !step.is_empty() && !step.starts_with('{'));
    let steps =
        steps.filter(|step| !matches!(*step, "api" | "v1" | "v2") && !crate::model::operation::is_id(step));
    steps
        .map(|step| {
            let word = near::letters(step);
            SYNONYMS.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| (*to).to_owned())
        })
        .collect()
}

/// Returns how alike two words of paths are: 10 equal, 8 singular and plural, 5 a typo apart, 0 not.
fn likeness(typed: &str, own: &str) -> i64 {
    if typed == own {
        return 10;
    }
    if typed.trim_end_matches('s') == own.trim_end_matches('s') {
        return 8;
    }
    // the lengths alone rule out nearly every pair
    let most = 1 + typed.len() / 8;
    let near =
        typed.len() > 4 && typed.len().abs_diff(own.len()) <= most && near::distance(typed, own) <= most;
    if near { 5 } else { 0 }
}

#[cfg(test)]
mod tests {
    use crate::api::genesys::catalogue::embedded;

    const ID: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

    fn names(method: &str, path: &str, keys: &[&str]) -> Vec<String> {
        embedded().nearest(method, path, keys, 4).iter().map(|near| near.entry.to_string()).collect()
    }

    #[test]
    fn the_forum_s_wrap_up_leads_to_the_two_real_ways() {
        let post = "POST /api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup";
        let patch = "PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}";
        for (method, path, keys) in [
            ("PUT", format!("/api/v2/interactions/{ID}/wrap-up"), vec!["codeId", "durationMs"]),
            ("PUT", format!("/api/v2/interactions/{ID}/wrap-up"), vec![]),
            ("PUT", format!("/api/v2/interactions/{ID}"), vec!["wrapupCodes"]),
            ("POST", format!("/api/v2/interactions/{ID}/wrapup"), vec![]),
            ("PUT", format!("/api/v2/conversations/voice/{ID}/wrapup"), vec![]),
            ("PUT", "/api/v2/interactions/{id}/wrap-up".to_owned(), vec![]),
        ] {
            assert_eq!(names(method, &path, &keys)[..2], [post, patch], "{method} {path}");
        }
    }

    #[test]
    fn the_media_type_that_the_path_speaks_of_is_kept_and_the_others_are_listed() {
        let near = embedded().nearest("POST", &format!("/api/v2/conversations/emails/{ID}/wrap-up"), &[], 1);
        assert!(near[0].entry.template.starts_with("/api/v2/conversations/emails/"));
        assert_eq!(near[0].media, ["callbacks", "calls", "emails", "messages", "socials", "videos"]);
    }

    #[test]
    fn other_paths_lead_to_what_shares_their_words() {
        assert_eq!(
            names("GET", &format!("/api/v2/interactions/{ID}"), &[])[0],
            "GET /api/v2/conversations/{conversationId}"
        );
        assert_eq!(
            names("POST", "/api/v2/routing/wrap-up-codes", &[])[0],
            "POST /api/v2/routing/wrapupcodes"
        );
        assert_eq!(names("GET", "/api/v2/user/me", &[])[0], "GET /api/v2/users/me");
        assert_eq!(names("GET", "/api/v2/zzzz", &[]), [""; 0]);
    }

    #[test]
    fn a_search_needs_every_word_and_ignores_case_and_separators() {
        let found = embedded().search("Wrap-Up communication POST");
        assert!(
            found.iter().all(|entry| entry.method == "POST" && entry.template.ends_with("/wrapup")),
            "{found:?}"
        );
        assert_eq!(found.len(), 8);
        assert!(embedded().search("interaction wrapup").is_empty());
    }
}
