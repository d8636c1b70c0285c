//! The recording format, version 1: one exchange is one line of JSON.
//!
//! | member | type | what |
//! | --- | --- | --- |
//! | `v` | number | the version of the format, 1 |
//! | `run` | string | random per start of a recorder |
//! | `id` | number | from 1, unique in the file, in the order in which requests began |
//! | `started_at` | string | RFC 3339 with microseconds, UTC |
//! | `timings` | object | µs to `request_read`, `upstream_connected`, `response_head`, `total` |
//! | `wraptap` | string | the version of wraptap that wrote the line |
//! | `sdk` | object | `name`, `version`, `marks` [string] |
//! | `connection` | object | `id`, `client`, `request` (its place on the connection, from 1), `tls` |
//! | `upstream` | string | scheme, host and port |
//! | `origin` | string | `live`, `probe`, `replay` or `import` |
//! | `attempt_of` | number | an earlier id |
//! | `request` | object | `method`, `target`, `version`, and the members of a message |
//! | `interim` | array | `status`, `reason`, `headers`, `latin1` of each 1xx answer |
//! | `response` | object | `version`, `status`, `reason`, and the members of a message |
//! | `error` | object | `source` (`client`, `upstream`, `wraptap`), `message` |
//! | `tunnel` | object | bytes: `sent` to the upstream, `received` from it |
//! | `changed` | array | `side`, `what`, `from`, `to`, `why` of each change made on the way |
//! | `redactions` | array | `place`, `kind` of each masked secret |
//!
//! The members of a message:
//!
//! | member | type | what |
//! | --- | --- | --- |
//! | `headers`, `trailers` | array | of `[name, value]` in wire order, with case and duplicates |
//! | `body` | string | the recorded bytes, if they are UTF-8; else |
//! | `body_base64` | string | the same in Base64 (RFC 4648 §4) |
//! | `body_bytes` | number | bytes the body had on the wire |
//! | `body_cut` | boolean | fewer were recorded |
//! | `body_decoded` | boolean | recorded after content decoding, because a secret in it had to be masked |
//! | `latin1` | array | JSON Pointers to strings that are not UTF-8; U+0000 to U+00FF are their bytes |
//! | `head_base64` | string | the head's bytes, masked, where the fields cannot rebuild them |
//!
//! A member without a value is left out (`trailers` of none, `body_cut` of a whole body); a member has one
//! type only, so that column stores can read it. A reader has to skip members it does not know.

mod decode;
mod encode;
mod escape;
mod fast;

pub use decode::{LineError, decode};
pub use encode::{encode, encode_onto};

/// The version of the format that this wraptap writes. It reads this and all older ones.
pub const VERSION: u64 = 1;

#[cfg(test)]
mod tests;
