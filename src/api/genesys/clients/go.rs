//! The Go SDK.

use crate::api::client::habit::Habit;
use crate::api::client::profile::ClientProfile;
use crate::api::client::sign::Sign;
use crate::model::finding::Class;

/// All that is known about it. The mark of Go's own client is that of many other programs.
pub(super) const PROFILE: ClientProfile = ClientProfile {
    habits: HABITS,
    ..ClientProfile::plain("go", "Go SDK (or another Go program)", &["purecloud sdk/go", "go-http-client/"])
};

const HABITS: &[Habit] = &[
    Habit {
        sign: Sign::None,
        habit: "`SetField` with nil sends an explicit null, and the keys in alphabetical order",
        before: "wrapup.SetField(\"Notes\", nil)",
        after: "// leave the field unset: nil pointers are omitted",
        makes: &[Class::NullField],
        source: "the Go SDK 188, read",
    },
    Habit {
        sign: Sign::None,
        habit: "a time is written with six fraction digits",
        before: "wrapup.EndTime = &now",
        after: "end := now.UTC().Truncate(time.Millisecond); wrapup.EndTime = &end",
        makes: &[Class::FormatMismatch],
        source: "the Go SDK 188, read",
    },
];
