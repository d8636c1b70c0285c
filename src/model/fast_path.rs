//! The switch of the fast path: everything on the way of a request that only saves time and never changes a
//! result.

/// Whether work on the request path is batched, remembered or done early. Users have no reason to turn it
/// off; a test does, and finds the same recording.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum FastPath {
    /// As fast as it can be.
    #[default]
    On,
    /// One step after the other, each done anew.
    Off,
}

impl FastPath {
    /// Returns whether the shortcuts may be taken.
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}
