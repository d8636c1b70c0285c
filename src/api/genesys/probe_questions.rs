//! Which GET requests explain a refused request, the most useful first.

use crate::api::genesys::catalogue;
use crate::model::operation::is_id;

const CONVERSATIONS: &str = "/api/v2/conversations/";
const INTERACTIONS: &str = "/api/v2/interactions/";
const ME: &str = "/api/v2/tokens/me";

/// Returns whether requests to this target are probed when they are refused.
pub(crate) fn is_probed(target: &str) -> bool {
    target.contains(CONVERSATIONS) || target.contains(INTERACTIONS)
}

/// Returns whether a target asks whose token it is, which has to be asked once only.
pub(crate) fn asks_for_token_owner(target: &str) -> bool {
    target.ends_with(ME)
}

/// Returns the targets to GET after this request was refused with this status; none if no GET would explain
/// it.
///
/// Only id-shaped segments are copied from the path, and what precedes `/api/v2/` (the base of an upstream)
/// is kept. The refused request itself is never among them.
pub(crate) fn probe_targets(method: &str, target: &str, status: u16) -> Vec<String> {
    // 401 and 429 need no explanation, and 5xx is about the server
    if !matches!(status, 400 | 403 | 404 | 409 | 422) {
        return Vec::new();
    }
    let path = target.split('?').next().unwrap_or_default();
    let Some(at) = path.find("/api/v2/") else { return Vec::new() };
    let (front, path) = path.split_at(at);
    let mut targets = match (path.strip_prefix(CONVERSATIONS), path.strip_prefix(INTERACTIONS)) {
        (Some(rest), _) => conversation_targets(rest),
        (_, Some(rest)) => interaction_targets(rest),
        _ => Vec::new(),
    };
    targets.retain(|target| method != "GET" || target != path);
    targets.into_iter().map(|target| format!("{front}{target}")).collect()
}

/// Asks for the conversation, the participant's codes, and whose token it was.
fn conversation_targets(rest: &str) -> Vec<String> {
    let segments: Vec<&str> = rest.split('/').collect();
    // the id is the first segment, or the second after a media type
    let Some(at) = segments.iter().take(2).position(|segment| is_id(segment)) else { return Vec::new() };
    let mut targets = vec![format!("{CONVERSATIONS}{}", segments[at])];
    if let [conversation, "participants", participant, ..] = segments[at..]
        && is_id(participant)
    {
        let plain = format!("{CONVERSATIONS}{conversation}/participants/{participant}/wrapupcodes");
        let of_media = segments[..at].first().map(|media| {
            format!("{CONVERSATIONS}{media}/{conversation}/participants/{participant}/wrapupcodes")
        });
        // not every media type has the list
        let known = of_media.filter(|path| catalogue::operation_of("GET", path).is_some());
        targets.push(known.unwrap_or(plain));
    }
    targets.push(ME.to_owned());
    targets
}

fn interaction_targets(rest: &str) -> Vec<String> {
    let id = rest.split('/').next().filter(|id| is_id(id));
    id.map(|id| format!("{INTERACTIONS}{id}")).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const C: &str = "c0000000-0000-4000-8000-000000000001";
    const P: &str = "a0000000-0000-4000-8000-000000000001";

    fn asked(method: &str, target: &str, status: u16) -> Vec<String> {
        let short = |target: String| target.replace(C, "C").replace(P, "P");
        probe_targets(method, &target.replace("{C}", C).replace("{P}", P), status)
            .into_iter()
            .map(short)
            .collect()
    }

    #[test]
    fn a_wrap_up_asks_for_the_conversation_its_codes_and_the_token() {
        let post = "/api/v2/conversations/calls/{C}/participants/{P}/communications/x/wrapup?y=1";
        let expected = [
            "/api/v2/conversations/C",
            "/api/v2/conversations/calls/C/participants/P/wrapupcodes",
            "/api/v2/tokens/me",
        ];
        for status in [400, 403, 404, 409, 422] {
            assert_eq!(asked("POST", post, status), expected, "{status}");
        }
        let plain = "/api/v2/conversations/{C}/participants/{P}/communications/x/wrapup";
        assert_eq!(asked("POST", plain, 400)[1], "/api/v2/conversations/C/participants/P/wrapupcodes");
        // a media type that has no such list
        let social = "/api/v2/conversations/faxes/{C}/participants/{P}";
        assert_eq!(asked("PATCH", social, 400)[1], "/api/v2/conversations/C/participants/P/wrapupcodes");
    }

    #[test]
    fn nothing_is_asked_where_the_status_or_the_path_has_nothing_to_ask() {
        for status in [200, 302, 401, 405, 413, 415, 429, 500, 503] {
            assert_eq!(asked("POST", "/api/v2/conversations/calls/{C}/x", status).len(), 0, "{status}");
        }
        for target in [
            "/api/v2/conversations",
            "/api/v2/conversations/calls",
            "/api/v2/conversations/../../{C}",
            "/api/v2/conversations/calls/0%2F..%2F0000000000000000",
            "/api/v2/interactions/%2e%2e/wrap-up",
            "/api/v2/routing/queues/{C}",
            "/oauth/token",
            "*",
        ] {
            assert_eq!(asked("POST", target, 400).len(), 0, "{target}");
        }
    }

    #[test]
    fn a_forum_path_asks_for_the_interaction_and_the_base_stays_in_front() {
        assert_eq!(asked("PUT", "/api/v2/interactions/{C}/wrap-up", 400), ["/api/v2/interactions/C"]);
        assert_eq!(asked("PUT", "/gw/api/v2/interactions/{C}", 409), ["/gw/api/v2/interactions/C"]);
    }

    #[test]
    fn a_refused_get_is_not_asked_again() {
        assert_eq!(asked("GET", "/api/v2/conversations/{C}", 404), ["/api/v2/tokens/me"]);
        assert_eq!(asked("GET", "/api/v2/interactions/{C}", 404).len(), 0);
        assert_eq!(asked("DELETE", "/api/v2/interactions/{C}", 404).len(), 1);
    }
}
