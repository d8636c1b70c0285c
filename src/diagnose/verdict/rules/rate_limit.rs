//! 429: too many requests.

use crate::api::client::fact::When;
use crate::diagnose::context::DiagnosisContext;
use crate::model::indication::{Indication, Rank, known, seen};
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let coded = context.api().refusal_code(context.code()).filter(|row| row.cause == Cause::RateLimit);
    if context.status() != Some(429) && coded.is_none() {
        return Vec::new();
    }
    let subject = context.subject();
    let Some(response) = &subject.response else { return Vec::new() };
    let mut indication = Indication::new(
        Cause::RateLimit,
        Rank::Status,
        Confidence::High,
        "more requests were sent than the rate limit allows; the payload was not looked at",
    );
    indication.evidence.push(seen(context.answered(), subject.id));
    let mut limits: Vec<String> =
        response.headers.0.iter().map(|header| header.name.lossy().to_lowercase()).collect();
    limits.retain(|name| name == "retry-after" || name.contains("ratelimit"));
    for name in limits {
        if let Some(value) = response.headers.text(&name) {
            indication.evidence.push(seen(format!("the answer has `{name}: {value}`"), subject.id));
        }
    }
    let refusal = context.refusal.as_ref();
    if let Some(limit) = refusal.and_then(|refusal| refusal.limit.clone()) {
        indication.evidence.push(seen(format!("the limit is {limit}"), subject.id));
    }
    let waits = response.headers.get("retry-after").is_some();
    let fact =
        context.client().filter(|_| waits).and_then(|client| client.fact(|when| when == When::TooMany));
    indication.evidence.extend(fact.map(|fact| known(fact.sentence, fact.source)));
    indication.next = vec![
        match response.headers.text("retry-after") {
            Some(seconds) => format!("wait {seconds} s before the next request"),
            None => "wait before the next request".to_owned(),
        },
        "spread the requests; a user's token shares its limit with the user's browser".to_owned(),
    ];
    vec![indication]
}
