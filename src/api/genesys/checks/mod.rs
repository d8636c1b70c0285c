//! The checks of a request that only this API has, one file each.

mod action_fields;
mod ids;
mod recorded_times;

use crate::model::rule::Check;

/// Every check.
pub(super) const ALL: &[Check] = &[ids::check, action_fields::check, recorded_times::check];
