//! Names that people write for a member, and what it is called on the wire.

/// One row: a member that does not exist, in the model where it is missed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WireName {
    /// The model.
    pub model: &'static str,
    /// What was written; letter case and `_` do not matter.
    pub written: &'static str,
    /// What it is called.
    pub real: &'static str,
    /// What a number has to be divided by, 1 if nothing changes.
    pub divide: u32,
    /// Where the wrong name comes from.
    pub source: &'static str,
}

const FORUM: &str = "forum threads; no published SDK has it";
const READS: &str = "the model of reads, WrapupCode or analytics, not the one of this request";

const fn row(written: &'static str, real: &'static str, divide: u32, source: &'static str) -> WireName {
    WireName { model: "WrapupInput", written, real, divide, source }
}

/// Every row.
pub const ALL: &[WireName] = &[
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

/// Returns what a member is called that somebody wrote so in a body of this model.
pub fn real(model: &str, written: &str) -> Option<&'static WireName> {
    ALL.iter().find(|row| row.model == model && crate::model::spelling::distance(row.written, written) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::genesys::catalogue::embedded;

    #[test]
    fn every_real_name_is_in_the_model_and_no_written_one_is() {
        for row in ALL {
            let model = embedded().model(row.model).unwrap();
            assert!(model.field(row.real).is_some() && model.field(row.written).is_none(), "{row:?}");
        }
    }

    #[test]
    fn spelling_variants_are_one_name() {
        assert_eq!(real("WrapupInput", "wrap_up_code_id").unwrap().real, "code");
        assert_eq!(real("WrapupInput", "durationMs").unwrap().divide, 1000);
        assert_eq!(real("MediaParticipantRequest", "codeId"), None);
    }
}
