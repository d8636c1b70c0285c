//! The public operations nearest to one that does not exist, and those that a person searches for by words.

use serde_json::Value;

use crate::api::catalogue::Catalogue;
use crate::api::catalogue::body_fit::WHOLE;
use crate::api::catalogue::path;
use crate::api::catalogue::vocabulary::Intent;
use crate::model::description::entry::Entry;
use crate::model::spelling;

/// A public operation that somebody may have meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Near<'t> {
    /// The operation; of a family that differs by media type only, the one the path spoke of, else `calls`.
    pub entry: Entry<'t>,
    /// The media types for which the same operation exists, where it is one of such a family.
    pub media: Vec<&'t str>,
    /// Why it is near, in a few words.
    pub why: String,
    /// How clearly it is the one that was meant.
    pub likeness: NearRank,
}

/// How clearly an operation is the one that was meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NearRank {
    /// It is the only one that explains the request, so that it can be named as what to send it to.
    Clear,
    /// One of several.
    Candidate,
}

/// A request that no operation fits.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'r> {
    /// Its method.
    pub method: &'r str,
    /// Its path.
    pub path: &'r str,
    /// Its body, if it is JSON.
    pub body: Option<&'r Value>,
}

impl<'t> Catalogue<'t> {
    /// Returns the operations nearest to a request that no operation fits, best first, at most `limit`.
    ///
    /// The body decides first: how well it fits what the operation takes; then the words that the paths
    /// share, then the method. One that needs ids which the path does not have comes behind its equals.
    pub fn nearest(&self, typed: Typed<'_>, limit: usize) -> Vec<Near<'t>> {
        let method = typed.method.to_ascii_uppercase();
        let typed = Typed { method: &method, ..typed };
        let words = self.vocabulary.words(typed.path);
        let mut found = self.by_intent(typed, &words);
        let meant = !found.is_empty();
        for near in self.by_words(typed, &words, limit) {
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
        let words: Vec<String> = text.split_whitespace().map(spelling::letters).collect();
        let mut hay = String::new();
        let mut found: Vec<&Entry<'t>> = self
            .entries()
            .iter()
            .filter(|entry| {
                let names = [entry.method, entry.template, entry.class, entry.javascript.unwrap_or_default()];
                hay.clear();
                names.iter().for_each(|name| spelling::add_letters(name, &mut hay));
                words.iter().all(|word| hay.contains(word.as_str()))
            })
            .collect();
        found.sort_by_key(|entry| (entry.deprecated, entry.steps().count()));
        found
    }

    fn by_intent(&self, typed: Typed<'_>, words: &[String]) -> Vec<Near<'t>> {
        let first = words.first().map(String::as_str).unwrap_or_default();
        let members = typed.body.and_then(Value::as_object).into_iter().flatten();
        let keys: Vec<String> = members.map(|(key, _)| spelling::letters(key)).collect();
        let speaks = |intent: &&Intent<'_>| {
            intent.areas.contains(&first)
                && intent.methods.contains(&typed.method)
                && words.iter().chain(&keys).any(|word| intent.words.contains(&word.as_str()))
        };
        let Some(intent) = self.vocabulary.intents.iter().find(speaks) else { return Vec::new() };
        let media = self.vocabulary.spoken_member(typed.path);
        let usual = self.vocabulary.family.map_or("", |family| family.usual);
        let operations = intent.operations.iter().filter_map(|(method, template, why)| {
            let wanted = self.operation(method, &template.replace("{media}", media));
            let entry = *wanted.or_else(|| self.operation(method, &template.replace("{media}", usual)))?;
            let why = (*why).to_owned();
            Some(Near { media: self.family(&entry), entry, why, likeness: NearRank::Clear })
        });
        operations.collect()
    }

    /// Returns the literal words of every template, in the order of the entries; split once.
    fn words(&self) -> &[Vec<String>] {
        self.words.get_or_init(|| {
            self.entries().iter().map(|entry| self.vocabulary.words(entry.template)).collect()
        })
    }

    fn by_words(&self, typed: Typed<'_>, words: &[String], limit: usize) -> Vec<Near<'t>> {
        let own = path::own(self.vocabulary.base, typed.path);
        let ids = own.split('/').count().saturating_sub(words.len() + self.vocabulary.depth());
        let body = typed.body.filter(|_| is_write(typed.method));
        let mut ranked: Vec<ScoredEntry<'t>> = Vec::new();
        for (entry, own) in self.entries().iter().zip(self.words()) {
            let Some((stem, matched)) = stem(words, own) else { continue };
            let missing = entry.path_parameters().count().saturating_sub(ids);
            let spare = ids.saturating_sub(entry.path_parameters().count());
            let method =
                match (entry.method == typed.method, is_write(entry.method) == is_write(typed.method)) {
                    (true, _) => 4,
                    (false, true) => 2,
                    (false, false) => -4,
                };
            let fit = body.and_then(|body| self.fit(entry, body));
            let score = stem + method - 3 * missing as i64 - spare as i64 - i64::from(entry.deprecated)
                + fit.unwrap_or_default() * FIT / WHOLE;
            if score <= 0 {
                continue;
            }
            let slip = entry.method == typed.method
                && missing == 0
                && spare == 0
                && matched.len() == words.len()
                && own.len() == words.len();
            let whole = missing == 0 && fit == Some(WHOLE);
            ranked.push(ScoredEntry {
                score,
                entry: *entry,
                matched: matched.join("`, `"),
                fit,
                slip,
                whole,
            });
        }
        ranked.sort_by_key(|ranked| (-ranked.score, ranked.entry.template.len()));
        self.families(ranked, typed.method, limit)
    }

    /// Returns the ranked operations, one of each family of media types and of each area.
    fn families(&self, ranked: Vec<ScoredEntry<'t>>, method: &str, limit: usize) -> Vec<Near<'t>> {
        let shape = |ranked: &ScoredEntry<'_>| {
            let template = ranked.entry.template;
            let family = self.vocabulary.family_shape(template);
            let is_family = family.is_some();
            (ranked.entry.method.to_owned(), family.unwrap_or_else(|| template.to_owned()), is_family)
        };
        let lead = ranked.first().is_some_and(|first| {
            let alone = |holds: fn(&ScoredEntry<'_>) -> bool| {
                holds(first) && ranked.iter().all(|other| !holds(other) || shape(other) == shape(first))
            };
            let writes = is_write(first.entry.method) == is_write(method);
            writes && (alone(|other| other.slip) || alone(|other| other.whole))
        });
        let mut found: Vec<Near<'t>> = Vec::new();
        let mut shapes: Vec<(String, String, bool)> = Vec::new();
        let mut areas: Vec<String> = Vec::new();
        for ranked in ranked {
            let own = shape(&ranked);
            let area = self
                .vocabulary
                .words(ranked.entry.template)
                .into_iter()
                .take(2)
                .collect::<Vec<_>>()
                .join("/");
            // one of a family and one of an area: the next best says little more
            if areas.contains(&area) || (own.2 && shapes.contains(&own)) {
                continue;
            }
            shapes.push(own);
            areas.push(area);
            let likeness = if lead && found.is_empty() { NearRank::Clear } else { NearRank::Candidate };
            let media = self.family(&ranked.entry);
            found.push(Near { media, entry: ranked.entry, why: ranked.why(method), likeness });
            if found.len() == limit {
                break;
            }
        }
        found
    }

    /// Returns the words of the operation's family for which it exists, or none if it is of no family.
    fn family(&self, entry: &Entry<'t>) -> Vec<&'t str> {
        let shape = |template: &str| self.vocabulary.family_shape(template);
        let Some(own) = shape(entry.template) else { return Vec::new() };
        let same = |other: &&Entry<'t>| {
            other.method == entry.method && shape(other.template).is_some_and(|other| other == own)
        };
        let others = self.entries().iter().filter(same).filter(|other| !other.deprecated);
        others.filter_map(|other| self.vocabulary.member(other.template)).collect()
    }
}

/// What a body that fits as a whole adds: more than any words of a path.
const FIT: i64 = 40;

/// What the last word of a path adds: it is what the path is about.
const LAST: i64 = 8;

/// One operation with what speaks for it.
struct ScoredEntry<'t> {
    score: i64,
    entry: Entry<'t>,
    matched: String,
    fit: Option<i64>,
    /// Every word of the path is one of this path, perhaps misspelt, and so are the ids.
    slip: bool,
    /// It takes the whole body, and no id is missing.
    whole: bool,
}

impl ScoredEntry<'_> {
    fn why(&self, method: &str) -> String {
        let body = if self.fit == Some(WHOLE) { "takes this body, and " } else { "" };
        let under = if self.entry.method == method {
            String::new()
        } else {
            format!(", under {}", self.entry.method)
        };
        format!("{body}has `{}` in its path{under}", self.matched)
    }
}

/// Returns how much of a typed path is in another one, with the words that are; `None` without any.
fn stem<'w>(typed: &[String], own: &'w [String]) -> Option<(i64, Vec<&'w str>)> {
    let (mut score, mut matched) = (0_i64, Vec::new());
    for (place, word) in typed.iter().enumerate() {
        let best = own.iter().map(|step| (likeness(word, step), step)).max_by_key(|(like, _)| *like);
        if let Some((like, step)) = best.filter(|(like, _)| *like > 0) {
            score += like + if place + 1 == typed.len() { LAST } else { 0 };
            matched.push(step.as_str());
        }
    }
    let strangers = own.iter().filter(|step| !matched.contains(&step.as_str())).count();
    score -= 3 * strangers as i64 + 4 * typed.len().saturating_sub(matched.len()) as i64;
    (!matched.is_empty()).then_some((score, matched))
}

fn is_write(method: &str) -> bool {
    matches!(method, "PUT" | "POST" | "PATCH")
}

/// Returns how alike two words of paths are: 10 equal, 8 singular and plural, 6 one ends with the other, 5 a
/// typo apart, 0 not.
fn likeness(typed: &str, own: &str) -> i64 {
    if typed == own {
        return 10;
    }
    if typed.trim_end_matches('s') == own.trim_end_matches('s') {
        return 8;
    }
    let (short, long) = if typed.len() < own.len() { (typed, own) } else { (own, typed) };
    if short.len() >= 5 && long.ends_with(short) {
        return 6;
    }
    // the lengths alone rule out nearly every pair
    let most = 1 + typed.len() / 8;
    let near =
        typed.len() > 4 && typed.len().abs_diff(own.len()) <= most && spelling::distance(typed, own) <= most;
    if near { 5 } else { 0 }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Near, NearRank, Typed};
    use crate::api::genesys::catalogue::embedded;

    const ID: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

    fn nearest(method: &str, path: &str, body: &Value) -> Vec<Near<'static>> {
        embedded().nearest(Typed { method, path, body: Some(body) }, 5)
    }

    fn names(method: &str, path: &str, keys: &[&str]) -> Vec<String> {
        let body = keys.iter().map(|key| ((*key).to_owned(), json!("x"))).collect();
        nearest(method, path, &Value::Object(body)).iter().map(|near| near.entry.to_string()).collect()
    }

    #[test]
    fn the_body_that_was_sent_decides_before_the_words_of_the_path() {
        let body = json!({"attributes": {"order": "12"}});
        let near = nearest("POST", "/api/v2/conversations/participants/update", &body);
        assert!(
            near[0].entry.template.ends_with("/participants/{participantId}/attributes"),
            "{:?}",
            near[0]
        );
        // its ids are not in the path
        assert_eq!(near[0].likeness, NearRank::Candidate);
    }

    #[test]
    fn an_operation_is_named_as_the_one_meant_only_where_no_other_explains_the_request() {
        let clear = nearest("POST", "/api/v2/routing/queue", &json!({"name": "x"}));
        assert_eq!(clear[0].entry.to_string(), "POST /api/v2/routing/queues");
        assert_eq!(clear[0].likeness, NearRank::Clear);
        let weak = nearest("POST", "/api/v2/wfm/schedules/trades", &json!({"trade": {"agentId": "x"}}));
        assert!(weak.iter().all(|near| near.likeness == NearRank::Candidate));
        assert!(weak.iter().any(|near| near.entry.template.contains("shifttrades")), "{weak:#?}");
        assert!(weak.iter().all(|near| near.entry.template.contains("workforcemanagement")), "{weak:#?}");
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
        let near = nearest("POST", &format!("/api/v2/conversations/emails/{ID}/wrap-up"), &json!({}));
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
