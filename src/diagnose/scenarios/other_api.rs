//! The seam: an invented API with one operation gets its verdict, and nothing of another API has a say in it.

use crate::api::Api;
use crate::api::catalogue::vocabulary::Vocabulary;
use crate::api::catalogue::{Catalogue, ModelIndex};
use crate::diagnose::context::Question;
use crate::diagnose::examine;
use crate::model::description::body_model::Models;
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::Exchange;
use crate::model::finding::Class;
use crate::model::testing::ExchangeBuilder;
use crate::model::timestamp::Timestamp;
use crate::model::verdict::{Cause, Confidence};

const OPERATIONS: &str = "# a description made up for this test\n\
    POST\t/v1/loans/{loanId}/return\tLoansApi\treturnLoan\treturn_loan\tReturn!\t\tLoan\t\n";
const MODELS: &str = "Return\n  copies! integer\n  condition string = good | worn | lost\n  remark string\n";

/// An API that lends books.
#[derive(Debug)]
struct Library(Catalogue<'static>);

impl Api for Library {
    fn name(&self) -> &'static str {
        "Library"
    }

    fn base(&self) -> &str {
        "/v1"
    }

    fn catalogue(&self) -> &Catalogue<'_> {
        &self.0
    }

    fn is_own_host(&self, upstream: &str) -> bool {
        upstream.ends_with("api.library.test")
    }
}

fn library() -> Library {
    let vocabulary = Vocabulary { base: "/v1", ..Vocabulary::default() };
    Library(Catalogue::read(OPERATIONS, ModelIndex::Read(Models::read(MODELS)), vocabulary))
}

fn asked(number: u64, line: &str, body: &str, status: u16) -> Exchange {
    let (method, target) = line.split_once(' ').unwrap();
    let json = [("Content-Type", "application/json")];
    let answer = if status < 400 { "{}" } else { r#"{"message":"Bad request"}"# };
    let built = ExchangeBuilder::new(method, target).headers(json).id(number).body(body);
    Exchange {
        upstream: "https://api.library.test".to_owned(),
        started_at: Timestamp(i64::try_from(number).unwrap() * 1_000_000),
        ..built.response(status, json, answer).build()
    }
}

fn judged(history: &[Exchange]) -> Diagnosis {
    let api = library();
    let subject = history.last().unwrap();
    examine(Question { subject, history, findings: &[], good: None, api: &api })
}

#[test]
fn a_body_is_judged_and_corrected_by_the_description_of_its_own_api() {
    let sent = r#"{"copies":"2","conditon":"worn"}"#;
    let diagnosis = judged(&[asked(1, "POST /gateway/v1/loans/77/return", sent, 400)]);
    let verdict = diagnosis.verdict.unwrap();
    assert_eq!((verdict.cause, verdict.confidence), (Cause::Payload, Confidence::Medium), "{verdict:#?}");
    let classes: Vec<Class> = diagnosis.faults.iter().map(|fault| fault.class).collect();
    assert_eq!(classes, [Class::TypeMismatch, Class::RenamedKey]);
    assert_eq!(diagnosis.operation.to_string(), "POST /v1/loans/{loanId}/return");
    assert_eq!(diagnosis.remedy.body.as_deref(), Some(r#"{"copies":2,"condition":"worn"}"#));
}

#[test]
fn a_path_that_the_api_does_not_have_leads_to_the_one_that_it_has() {
    let diagnosis = judged(&[asked(1, "PUT /v1/loan/77/return", r#"{"copies":1}"#, 404)]);
    let verdict = diagnosis.verdict.unwrap();
    assert_eq!(verdict.cause, Cause::Endpoint, "{verdict:#?}");
    assert_eq!(diagnosis.public, Some(false));
    assert_eq!(diagnosis.nearest, ["POST /v1/loans/{loanId}/return"]);
}

#[test]
fn what_the_api_accepted_elsewhere_of_the_same_operation_speaks_for_the_body() {
    let body = r#"{"copies":1,"colour":"red"}"#;
    let accepted = asked(1, "POST /v1/loans/11/return", body, 200);
    let diagnosis = judged(&[accepted, asked(2, "POST /v1/loans/77/return", body, 400)]);
    let verdict = diagnosis.verdict.unwrap();
    assert_eq!(verdict.cause, Cause::State, "{verdict:#?}");
    assert!(verdict.evidence.iter().any(|evidence| evidence.exchange.is_some_and(|id| id.get() == 1)));
}
