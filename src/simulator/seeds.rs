//! The initial content of a simulator: ids, codes, clients and tokens, for demos, tests and curl. `simulate
//! --seeds` prints it.
//!
//! The first digit shows what an id is: `f` an interaction, `c` a conversation, `a` its agent's participant,
//! `e` the agent's communication. In `--fresh` mode only the codes are special.

use crate::simulator::ids::Millis;
use crate::simulator::lifecycle::{InteractionState, Phase};
use crate::simulator::participants::MediaKind;

/// When the clock of `--test-clock` starts: 2026-11-20T08:30:00Z.
pub const TEST_CLOCK_START: Millis = 1_795_163_400_000;

/// A client id without special meaning: an application without a user, all permissions. Any other text does
/// the same.
pub const CLIENT_APP: &str = "00000000-0000-4000-8000-0000000000a1";
/// A client whose tokens act for a user, as an authorization-code login would give them.
pub const CLIENT_USER: &str = "00000000-0000-4000-8000-0000000000a2";
/// A client that may read but not wrap up.
pub const CLIENT_LIMITED: &str = "00000000-0000-4000-8000-0000000000a3";
/// A client whose tokens are expired when they are issued.
pub const CLIENT_EXPIRED: &str = "00000000-0000-4000-8000-0000000000a4";
/// A client whose first two API requests of each minute get a 429 with `Retry-After: 1`.
pub const CLIENT_THROTTLED: &str = "00000000-0000-4000-8000-0000000000a5";
/// A client without any permission or scope.
pub const CLIENT_BARE: &str = "00000000-0000-4000-8000-0000000000a6";
/// The only secret that is refused.
pub const SECRET_WRONG: &str = "wrong";

/// A token of [`CLIENT_APP`] that needs no login.
pub const TOKEN_APP: &str = "simulator-app";
/// A token of [`CLIENT_USER`] that needs no login.
pub const TOKEN_USER: &str = "simulator-user";
/// A token of [`CLIENT_LIMITED`] that needs no login.
pub const TOKEN_LIMITED: &str = "simulator-limited";
/// An expired token.
pub const TOKEN_EXPIRED: &str = "simulator-expired";
/// A token of [`CLIENT_THROTTLED`] that needs no login.
pub const TOKEN_THROTTLED: &str = "simulator-throttled";
/// A token of [`CLIENT_BARE`] that needs no login.
pub const TOKEN_BARE: &str = "simulator-bare";

/// The division of everything except [`CODE_OTHER_DIVISION`].
pub const DIVISION_HOME: &str = "d0000000-0000-4000-8000-000000000001";
/// Another division.
pub const DIVISION_OTHER: &str = "d0000000-0000-4000-8000-000000000002";

/// A code for every media type, usable everywhere.
pub const CODE: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";
/// A second code like [`CODE`].
pub const CODE_SALE: &str = "d1000000-0000-4000-8000-000000000002";
/// A code for e-mail only.
pub const CODE_EMAIL_ONLY: &str = "d1000000-0000-4000-8000-000000000003";
/// A code of [`DIVISION_OTHER`].
pub const CODE_OTHER_DIVISION: &str = "d1000000-0000-4000-8000-000000000004";
/// A code that never exists, not even under `--fresh`.
pub const CODE_UNKNOWN: &str = "d1000000-0000-4000-8000-0000000000ff";

/// The attribute names that `wrapupCodes[].data[].name` may have.
pub const ATTRIBUTES: [&str; 3] = ["Duration", "Notes", "Reason"];

/// An active voice interaction.
pub const INTERACTION_ACTIVE: &str = "f0000000-0000-4000-8000-000000000001";
/// A voice interaction in WRAPUP.
pub const INTERACTION_WRAPUP: &str = "f0000000-0000-4000-8000-000000000002";
/// A voice interaction closed at the start, final 2 s later.
pub const INTERACTION_SETTLING: &str = "f0000000-0000-4000-8000-000000000003";
/// A voice interaction closed long ago.
pub const INTERACTION_CLOSED: &str = "f0000000-0000-4000-8000-000000000004";
/// A voice interaction that moves by itself: WRAPUP 2 s after the start, closed after 4 s, final after 6 s.
pub const INTERACTION_MOVING: &str = "f0000000-0000-4000-8000-000000000005";

/// The seeded interactions with what they start as; [`INTERACTION_MOVING`] starts active.
pub const INTERACTIONS: [(&str, InteractionState); 5] = [
    (INTERACTION_ACTIVE, InteractionState::Active),
    (INTERACTION_WRAPUP, InteractionState::Wrapup),
    (INTERACTION_SETTLING, InteractionState::Settling),
    (INTERACTION_CLOSED, InteractionState::Closed),
    (INTERACTION_MOVING, InteractionState::Active),
];

/// A seeded conversation and the ids of its paths.
#[derive(Clone, Copy, Debug)]
pub struct SeededConversation {
    /// The conversation's id.
    pub conversation: &'static str,
    /// The id of the agent's participant.
    pub participant: &'static str,
    /// The id of the agent's communication.
    pub communication: &'static str,
    /// The media type.
    pub media: MediaKind,
    /// What it starts as.
    pub phase: Phase,
    /// When a pending wrap-up times out, counted from the disconnect.
    pub timeout: Option<Millis>,
}

macro_rules! seed {
    ($digits:literal, $media:ident, $phase:ident, $timeout:expr) => {
        SeededConversation {
            conversation: concat!("c0000000-0000-4000-8000-0000000000", $digits),
            participant: concat!("a0000000-0000-4000-8000-0000000000", $digits),
            communication: concat!("e0000000-0000-4000-8000-0000000000", $digits),
            media: MediaKind::$media,
            phase: Phase::$phase,
            timeout: $timeout,
        }
    };
}

/// A call whose wrap-up is pending.
pub const CALL_PENDING: SeededConversation = seed!("01", Call, Pending, None);
/// A call that is connected.
pub const CALL_CONNECTED: SeededConversation = seed!("02", Call, Connected, None);
/// A call whose wrap-up is complete.
pub const CALL_COMPLETE: SeededConversation = seed!("03", Call, Complete, None);
/// An e-mail whose wrap-up is pending.
pub const EMAIL_PENDING: SeededConversation = seed!("04", Email, Pending, None);
/// A message whose wrap-up is pending.
pub const MESSAGE_PENDING: SeededConversation = seed!("05", Message, Pending, None);
/// A callback whose wrap-up is pending.
pub const CALLBACK_PENDING: SeededConversation = seed!("06", Callback, Pending, None);
/// A call whose wrap-up is pending and times out 30 s after the start.
pub const CALL_TIMING_OUT: SeededConversation = seed!("07", Call, Pending, Some(30_000));
/// More calls whose wrap-up is pending, for tests that need several.
pub const CALLS_PENDING: [SeededConversation; 4] = [
    seed!("11", Call, Pending, None),
    seed!("12", Call, Pending, None),
    seed!("13", Call, Pending, None),
    seed!("14", Call, Pending, None),
];

/// A line of `simulate --seeds`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SeedDescription {
    /// `clients`, `tokens`, `divisions`, `codes`, `interactions` or `conversations`.
    pub kind: &'static str,
    /// The id, token or path part itself.
    pub id: &'static str,
    /// What it is.
    pub what: String,
}

/// Returns all seeds, kind by kind.
pub fn all() -> impl Iterator<Item = SeedDescription> {
    const LIST: [(&str, &str, &str); 23] = [
        ("clients", CLIENT_APP, "an application; any other id does the same, with any secret but `wrong`"),
        ("clients", CLIENT_USER, "its tokens act for a user"),
        ("clients", CLIENT_LIMITED, "may read, not wrap up: 403"),
        ("clients", CLIENT_EXPIRED, "its tokens are expired at once: 401"),
        ("clients", CLIENT_THROTTLED, "its first two requests of each minute: 429 with Retry-After: 1"),
        ("clients", CLIENT_BARE, "has no permission and no scope: 403"),
        ("tokens", TOKEN_APP, "of the application, without a login"),
        ("tokens", TOKEN_USER, "of the client that acts for a user, without a login"),
        ("tokens", TOKEN_LIMITED, "of the client that may only read, without a login"),
        ("tokens", TOKEN_EXPIRED, "expired"),
        ("tokens", TOKEN_THROTTLED, "of the throttled client, without a login"),
        ("tokens", TOKEN_BARE, "of the client without permissions, without a login"),
        ("codes", CODE, "Default Wrap-up Code: every media type"),
        ("codes", CODE_SALE, "Sale: every media type"),
        ("codes", CODE_EMAIL_ONLY, "E-mail answered: e-mails only"),
        ("codes", CODE_OTHER_DIVISION, "Sale of another division: usable nowhere here"),
        ("codes", CODE_UNKNOWN, "never exists, not even under --fresh"),
        ("interactions", INTERACTION_ACTIVE, "active"),
        ("interactions", INTERACTION_WRAPUP, "WRAPUP"),
        ("interactions", INTERACTION_SETTLING, "closed at the start, final 2 s later"),
        ("interactions", INTERACTION_CLOSED, "closed"),
        ("interactions", INTERACTION_MOVING, "active, WRAPUP after 2 s, closed after 4 s, final after 6 s"),
        ("divisions", DIVISION_HOME, "everything's but the other division's code"),
    ];
    let listed = LIST.into_iter().map(|(kind, id, what)| SeedDescription { kind, id, what: what.to_owned() });
    listed.chain(conversations().map(|seed| {
        let timeout = seed.timeout.map_or_else(String::new, |ms| format!(", times out after {ms} ms"));
        let (media, phase) = (seed.media.segment(), seed.phase.name());
        let (participant, communication) = (seed.participant, seed.communication);
        let what =
            format!("{media}, {phase}{timeout}; participant {participant}, communication {communication}");
        SeedDescription { kind: "conversations", id: seed.conversation, what }
    }))
}

/// Returns every seeded conversation.
pub fn conversations() -> impl Iterator<Item = SeededConversation> {
    [
        CALL_PENDING,
        CALL_CONNECTED,
        CALL_COMPLETE,
        EMAIL_PENDING,
        MESSAGE_PENDING,
        CALLBACK_PENDING,
        CALL_TIMING_OUT,
    ]
    .into_iter()
    .chain(CALLS_PENDING)
}
