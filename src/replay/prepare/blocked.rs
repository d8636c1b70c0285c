//! What keeps a recorded request from being sent, and what the user can do about it.

use crate::json::edit::EditError;

/// A larger head is refused by most servers, and by none for a good reason.
pub(super) const HEAD_LIMIT: usize = 256 * 1024;

/// Why a recorded request cannot be sent as it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Blocker {
    /// A login: its secrets are not in the recording, and a second one changes nothing.
    #[error("a login is never sent again")]
    Login,
    /// A request that ends the validity of its own token.
    #[error("a logout is never sent again: it would end the token in use")]
    Logout,
    /// A CONNECT, or a request that became a tunnel.
    #[error("a tunnel cannot be sent again")]
    Tunnel,
    /// A secret was masked where it is needed.
    #[error("`{place}` is masked: the recording does not hold what was sent there")]
    Masked {
        /// `target`, `headers.NAME` or `body/pointer`.
        place: String,
    },
    /// Only the beginning of the body was recorded.
    #[error("`body` was cut: {recorded} of {total} bytes were recorded")]
    Cut {
        /// How many there are.
        recorded: u64,
        /// How many were sent.
        total: u64,
    },
    /// The body was not recorded.
    #[error("`body` was withheld: none of its {0} bytes were recorded")]
    Withheld(u64),
    /// A part has bytes that cannot be in a request.
    #[error("`{place}` has bytes that cannot be in a request head ({what})")]
    NotHttp {
        /// Which part.
        place: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The head is larger than any server takes.
    #[error("the head has {bytes} bytes, most of them in `{place}`; at most {HEAD_LIMIT} are sent")]
    Large {
        /// The largest line.
        place: String,
        /// Of the whole head.
        bytes: usize,
    },
    /// A change has no place in the body.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl Blocker {
    /// Returns what the user can do about it, as options of the command.
    pub fn way_out(&self) -> Option<String> {
        match self {
            Self::Masked { place } => Some(match place.split_once(['/', '.']) {
                Some(("body", pointer)) => format!("`--set /{pointer}=…`"),
                Some(("headers", name)) if name.eq_ignore_ascii_case("authorization") => {
                    "set GENESYSCLOUD_ACCESS_TOKEN, or GENESYSCLOUD_CLIENT_ID and GENESYSCLOUD_CLIENT_SECRET, or give `-H 'Authorization: …'`".to_owned()
                }
                Some(("headers", name)) => format!("`-H '{name}: …'`"),
                _ if place == "target" => "`--target /path?query`".to_owned(),
                _ => "`--body FILE`".to_owned(),
            }),
            Self::Cut { .. } | Self::Withheld(_) => Some("`--body FILE`".to_owned()),
            Self::NotHttp { place, .. } if place == "target" => Some("`--target /path?query`".to_owned()),
            Self::NotHttp { place, .. } | Self::Large { place, .. } => {
                place.strip_prefix("headers.").map(|name| format!("`-H '{name}: …'`"))
            }
            Self::Login | Self::Logout | Self::Tunnel | Self::Edit(_) => None,
        }
    }
}
