//! `--only request` or `--only response`: one of the two messages of an exchange.

/// A message of an exchange.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum MessageArg {
    /// What the client sent.
    Request,
    /// What the upstream answered.
    Response,
}
