//! What the demo sends: the same intent by hand and as each SDK shapes it, with the marks each puts into its
//! head.
//!
//! Heads and bodies are those that JS SDK 262, Python SDK 269 and the Java SDK were observed to send; the
//! forum's own vocabulary is shown beside the published one because users come with both.

use crate::simulator::seeds::{
    CALL_PENDING, CODE, EMAIL_PENDING, INTERACTION_CLOSED, MESSAGE_PENDING, SeededConversation,
};

/// One request of the demo.
#[derive(Clone, Debug)]
pub(crate) struct DemoStep {
    /// What it shows, in a few words.
    pub(crate) shows: &'static str,
    pub(crate) client: DemoClient,
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) body: String,
}

/// Who sends it; decides the head.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum DemoClient {
    Curl,
    JavaScript,
    Python,
    Java,
}

impl DemoClient {
    /// Returns the head lines that identify the client, without `Host`, credentials and length.
    pub(crate) fn marks(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Curl => {
                &[("User-Agent", "curl/7.88.1"), ("Accept", "*/*"), ("Content-Type", "application/json")]
            }
            Self::JavaScript => &[
                ("Accept", "application/json"),
                ("Content-Type", "application/json"),
                ("User-Agent", "axios/1.21.1"),
                ("Accept-Encoding", "gzip, compress, deflate, br"),
            ],
            Self::Python => &[
                ("Accept-Encoding", "identity"),
                ("Accept", "application/json"),
                ("Content-Type", "application/json"),
                ("User-Agent", "PureCloud SDK/python"),
                ("purecloud-sdk", "269.0.0"),
            ],
            Self::Java => &[
                ("Accept", "application/json"),
                ("purecloud-sdk", "223.0.0"),
                ("User-Agent", "PureCloud SDK/java"),
                ("Content-Type", "application/json"),
                ("Accept-Encoding", "gzip,deflate"),
            ],
        }
    }
}

/// Returns the requests in the order in which the demo sends them; the first two are accepted.
pub(crate) fn steps() -> Vec<DemoStep> {
    let by_forum = format!("/api/v2/interactions/{INTERACTION_CLOSED}/wrap-up");
    let step = |shows, client, method, target: String, body: String| DemoStep {
        shows,
        client,
        method,
        target,
        body,
    };
    vec![
        step(
            "by hand with curl, in the words of the public API: accepted",
            DemoClient::Curl,
            "POST",
            wrapup("calls", &CALL_PENDING),
            format!(r#"{{"code":"{CODE}","notes":"Customer asked for a call back","durationSeconds":120}}"#),
        ),
        step(
            "by hand with curl, in the words of the forum: accepted by the simulator",
            DemoClient::Curl,
            "PUT",
            by_forum.clone(),
            format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#),
        ),
        step(
            "JavaScript keeps a null, and milliseconds went into a field of seconds",
            DemoClient::JavaScript,
            "POST",
            wrapup("calls", &CALL_PENDING),
            format!(r#"{{"code":"{CODE}","notes":null,"durationSeconds":120000}}"#),
        ),
        step(
            "Python sends to_dict(): other keys, and every unset field as null",
            DemoClient::Python,
            "POST",
            wrapup("messages", &MESSAGE_PENDING),
            format!(
                r#"{{"code": "{CODE}", "name": null, "notes": "Customer asked for a call back", "tags": null, "duration_seconds": 120, "end_time": null, "provisional": null, "disable_end_time_updates": null}}"#
            ),
        ),
        step(
            "Java adds an empty list, and the body has the nesting of another operation",
            DemoClient::Java,
            "POST",
            wrapup("emails", &EMAIL_PENDING),
            format!(
                r#"{{"wrapup":{{"code":"{CODE}","notes":"Customer asked for a call back","tags":[],"durationSeconds":120}}}}"#
            ),
        ),
        step(
            "the forum's code as an object, and the number as text",
            DemoClient::JavaScript,
            "PUT",
            by_forum,
            format!(r#"{{"wrapUpCode":{{"id":"{CODE}"}},"durationMs":"120000"}}"#),
        ),
    ]
}

fn wrapup(media: &str, seed: &SeededConversation) -> String {
    format!(
        "/api/v2/conversations/{media}/{}/participants/{}/communications/{}/wrapup",
        seed.conversation, seed.participant, seed.communication
    )
}
