//! No answer, or a broken one: the upstream, the client, or wraptap.

use crate::api::client::fact::When;
use crate::diagnose::context::DiagnosisContext;
use crate::model::indication::{Indication, Rank, known, seen};
use crate::model::passage::FailureSource;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let subject = context.subject();
    let Some(failure) = &subject.error else {
        return match subject.response {
            Some(_) => Vec::new(),
            None => {
                vec![Indication::new(Cause::Unknown, Rank::Hint, Confidence::Low, "no answer was recorded")]
            }
        };
    };
    let seconds = subject.timings.total as f64 / 1e6;
    let evidence = vec![seen(failure.message.clone(), subject.id)];
    match failure.source {
        FailureSource::Upstream => vec![Indication {
            evidence,
            next: vec![
                format!("check that {} can be reached from here", subject.upstream),
                "look for a company proxy that has to be named with --upstream-proxy URL".to_owned(),
            ],
            ..Indication::new(
                Cause::Upstream,
                Rank::Status,
                Confidence::High,
                format!("the upstream gave no whole answer: {}", failure.message),
            )
        }],
        FailureSource::Client => {
            let mut evidence = evidence;
            let gave_up = |when| matches!(when, When::GaveUp { from, to } if (from..to).contains(&seconds));
            let fact = context.client().and_then(|client| client.fact(gave_up));
            evidence.extend(fact.map(|fact| known(fact.sentence, fact.source)));
            vec![Indication {
                evidence,
                next: vec!["raise the client's timeout, or ask for less at once".to_owned()],
                ..Indication::new(
                    Cause::Upstream,
                    Rank::Status,
                    Confidence::Medium,
                    format!("the client went away after {seconds:.1} s, before the answer was there"),
                )
            }]
        }
        FailureSource::Wraptap => vec![Indication {
            evidence,
            next: vec!["send it again; wraptap itself stopped this one".to_owned()],
            ..Indication::new(
                Cause::Unknown,
                Rank::Status,
                Confidence::High,
                format!("wraptap ended it: {}", failure.message),
            )
        }],
    }
}
