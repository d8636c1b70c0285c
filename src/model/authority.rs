//! On whose word something is called wrong.

/// Who says that something is wrong, from the highest to the lowest.
///
/// Answer, bytes and proof explain a refusal for certain; the description and accepted requests make a fault,
/// too; an example only shows the shape of a body and makes none.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Authority {
    /// The answer names it.
    Answer,
    /// The bytes of the request themselves.
    Bytes,
    /// The recording: the same request but for one change was accepted, or a read of the same ids contradicts
    /// it.
    Proof,
    /// The API's description, or a sourced fact about the API.
    Description,
    /// An accepted request of the same operation, or a payload that the user keeps or named.
    Accepted,
    /// An example that is built in.
    Example,
}

impl Authority {
    /// Returns the stable name, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Bytes => "bytes",
            Self::Proof => "proof",
            Self::Description => "description",
            Self::Accepted => "accepted",
            Self::Example => "example",
        }
    }
}
