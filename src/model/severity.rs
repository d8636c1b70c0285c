//! How much a finding matters.

/// How much a finding matters; the order is the order of reports.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Likely to be the reason of a refusal.
    Error,
    /// May matter.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    /// Returns the word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}
