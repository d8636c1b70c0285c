//! The .NET SDK.

use crate::api::client::habit::Habit;
use crate::api::client::profile::ClientProfile;
use crate::api::client::sign::Sign;
use crate::model::finding::Class;

/// All that is known about it.
pub(super) const PROFILE: ClientProfile =
    ClientProfile { habits: HABITS, ..ClientProfile::plain("dotnet", ".NET SDK", &["purecloud sdk/dotnet"]) };

const HABITS: &[Habit] = &[
    Habit {
        sign: Sign::None,
        habit: "a DateTime is written with up to seven fraction digits and with the local offset or none, as its Kind says",
        before: "wrapup.EndTime = DateTime.Now",
        after: "wrapup.EndTime = DateTime.UtcNow.AddTicks(-(DateTime.UtcNow.Ticks % TimeSpan.TicksPerMillisecond))",
        makes: &[Class::FormatMismatch],
        source: "the .NET SDK 270, read",
    },
    Habit {
        sign: Sign::None,
        habit: "a word that the enumeration does not have becomes `OUTDATED_SDK_VERSION`",
        before: "(MediaParticipantRequest.StateEnum)Enum.Parse(…)",
        after: "MediaParticipantRequest.StateEnum.Disconnected",
        makes: &[Class::SwallowedEnum],
        source: "the .NET SDK 270, read",
    },
];
