//! Facts about members of wrap-ups that the description does not have: the names that people write for them,
//! when a code is required, how long a wrap-up can be.

use crate::model::description::member_facts::{Longest, MemberFacts, RequiredUnless, WireName};

/// Every fact.
pub(super) static FACTS: MemberFacts = MemberFacts {
    names: NAMES,
    required: &[RequiredUnless {
        model: "WrapupInput",
        member: "code",
        unless: "provisional",
        source: "error code conversation.error.wrapup.code.required, Swagger of 2018; `provisional`: \"pending save and \
                 should not require a code\", model WrapupInput",
    }],
    // source: judgement of the project; a queue's own limit is an hour
    longest: &[Longest {
        model: "WrapupInput",
        member: "durationSeconds",
        most: 21_600.0,
        of: "any wrap-up",
    }],
};

const FORUM: &str = "forum threads; no published SDK has it";
const READS: &str = "the model of reads, WrapupCode or analytics, not the one of this request";

const fn row(written: &'static str, real: &'static str, divide: u32, source: &'static str) -> WireName {
    WireName { model: "WrapupInput", written, real, divide, source }
}

const NAMES: &[WireName] = &[
    row("codeId", "code", 1, FORUM),
    row("wrapUpCodeId", "code", 1, FORUM),
    row("wrapUpCode", "code", 1, READS),
    row("id", "code", 1, READS),
    row("wrapupNotes", "notes", 1, READS),
    row("wrapupDurationMs", "durationSeconds", 1000, READS),
    row("durationMs", "durationSeconds", 1000, FORUM),
    row("durationMillis", "durationSeconds", 1000, FORUM),
    row("duration", "durationSeconds", 1, FORUM),
    row("wrapUpNote", "notes", 1, READS),
    row("note", "notes", 1, READS),
    row("comment", "notes", 1, FORUM),
    row("comments", "notes", 1, FORUM),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::genesys::catalogue::embedded;

    #[test]
    fn every_real_name_is_in_the_model_and_no_written_one_is() {
        for row in FACTS.names {
            let model = embedded().model(row.model).unwrap();
            assert!(model.field(row.real).is_some() && model.field(row.written).is_none(), "{row:?}");
        }
    }

    #[test]
    fn spelling_variants_are_one_name() {
        assert_eq!(FACTS.real("WrapupInput", "wrap_up_code_id").unwrap().real, "code");
        assert_eq!(FACTS.real("WrapupInput", "durationMs").unwrap().divide, 1000);
        assert_eq!(FACTS.real("MediaParticipantRequest", "codeId"), None);
    }
}
