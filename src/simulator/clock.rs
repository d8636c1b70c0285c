//! The time that the server gives to the core: the machine's, or a fixed one.
#![allow(clippy::disallowed_methods, reason = "the one place of the simulator where time is read")]

use std::time::{SystemTime, UNIX_EPOCH};

use crate::simulator::ids::Millis;
use crate::simulator::seeds;

/// Where a server's time comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clock {
    /// The machine.
    Real,
    /// Always [`seeds::TEST_CLOCK_START`]; the core adds what `/_simulator/advance` requested.
    Fixed,
}

impl Clock {
    /// Returns the time.
    pub(crate) fn now(self) -> Millis {
        match self {
            Self::Fixed => seeds::TEST_CLOCK_START,
            Self::Real => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
            }
        }
    }
}
