//! The clients of Genesys Cloud, one file an SDK: its marks, the syntax of its calls, its habits, and what it
//! does by itself.
//!
//! To add one: a file, and a line in [`ALL`].
//!
//! Source, unless a row says otherwise: npm purecloud-platform-client-v2 262.0.0 (Node 20), PyPI
//! PureCloudPlatformClientV2 269.0.0 (Python 3.11) and the Java SDK, the same calls made with each and read
//! from the wire; Go 188 and .NET 270 were read, not run.

mod dotnet;
mod go;
mod java;
mod javascript;
mod plain;
mod python;
mod source;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use crate::api::client::detect::VersionHeader;
use crate::api::client::profile::ClientProfile;

/// The SDKs; the plain clients follow.
const SDKS: [ClientProfile; 5] =
    [javascript::PROFILE, java::PROFILE, python::PROFILE, dotnet::PROFILE, go::PROFILE];

/// Every client, in the order in which marks are looked for.
pub(super) static ALL: LazyLock<Vec<ClientProfile>> =
    LazyLock::new(|| SDKS.into_iter().chain(plain::PROFILES).collect());

/// The header that only the SDKs send; which of them, it does not say.
pub(super) const VERSION_HEADER: VersionHeader =
    VersionHeader { header: "purecloud-sdk", client: "genesys-sdk" };
