//! Which paths are the API's, which are the login's, and what precedes them.

use crate::api::catalogue::path;

/// What every path of the API begins with.
pub const BASE: &str = "/api/v2";

/// Returns whether a path belongs to the public API, whatever precedes it.
pub fn is_public(path: &str) -> bool {
    path::is_own(BASE, path)
}

/// Returns whether a path is the login's, `…/oauth/token`, which no SDK package lists as an operation.
///
/// A gateway may put its own prefix in front; under `/api/` there is no login.
pub fn is_login(path: &str) -> bool {
    login_prefix(path).is_some_and(|prefix| !prefix.contains("/api"))
}

/// Returns what precedes `/oauth/token` in a path that ends so.
pub fn login_prefix(path: &str) -> Option<&str> {
    path.split('?').next()?.trim_end_matches('/').strip_suffix("/oauth/token")
}

/// Cuts off what SDKs and gateways put in front of `/api/v2`, and a trailing slash.
pub fn public_path(path: &str) -> &str {
    path::own(BASE, path)
}
