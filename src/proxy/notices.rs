//! Short messages for the person at the terminal.

use tokio::sync::mpsc;

/// The sending end of the notices. Sending never waits.
#[derive(Clone, Debug)]
pub(crate) struct Notices(pub(crate) mpsc::Sender<String>);

impl Notices {
    /// Sends a notice; it is dropped if the queue is full or has no reader.
    pub(crate) fn send(&self, text: impl Into<String>) {
        // no request waits for a notice to be read
        let _ = self.0.try_send(text.into());
    }
}
