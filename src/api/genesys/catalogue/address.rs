//! Which paths are the API's, which are the login's, and what precedes them.

use crate::api::catalogue::path;
use crate::api::contract::{LoginPath, LoginPlace};

/// What every path of the API begins with.
pub const BASE: &str = "/api/v2";

/// The login's path, which no SDK package lists as an operation.
pub const LOGIN: &str = "/oauth/token";

/// Returns the login that a path addresses, `…/oauth/token`: a gateway may put its own prefix in front; under
/// `/api/` there is no login.
pub fn login(path: &str) -> Option<LoginPath<'_>> {
    let prefix = path.split('?').next()?.trim_end_matches('/').strip_suffix(LOGIN)?;
    let place = match prefix {
        "" | "/" | "/login" => LoginPlace::Usual,
        under_api if under_api.contains("/api") => LoginPlace::Impossible,
        _ => LoginPlace::Possible,
    };
    Some(LoginPath { prefix, place })
}

/// Cuts off what SDKs and gateways put in front of `/api/v2`, and a trailing slash.
pub fn public_path(path: &str) -> &str {
    path::own(BASE, path)
}
