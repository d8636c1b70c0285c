//! What several commands take from the command line, each kind in its own file: a recording, exchanges of it,
//! a payload, where to send to, where to record to.

pub(crate) mod container;
pub(crate) mod curl_files;
pub(crate) mod exchange_arg;
pub(crate) mod known_good;
pub(crate) mod message_arg;
pub(crate) mod new_recording;
pub(crate) mod operation_arg;
pub(crate) mod outbound;
pub(crate) mod payload_arg;
pub(crate) mod query_arg;
pub(crate) mod read_progress;
pub(crate) mod recording_arg;
pub(crate) mod send_args;
pub(crate) mod set_arg;
