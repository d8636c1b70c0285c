//! The regions of Genesys Cloud: which hosts answer API calls and logins.

use crate::model::spelling;

/// One region: its domain, its AWS name, and the hosts that follow from them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Region {
    /// The AWS region as the SDKs spell it, with `_`.
    pub aws: &'static str,
    /// The domain behind `api.`, `login.` and `apps.`.
    pub domain: &'static str,
    /// City and country, as people call it.
    places: &'static str,
}

/// A text that names no region.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{typed}` is not a Genesys Cloud region{}", .meant.map(|region| format!("; did you mean `{}`?", region.domain)).unwrap_or_default())]
pub struct RegionError {
    /// What was typed.
    pub typed: String,
    /// The region whose domain or AWS name is nearest, if one is near.
    pub meant: Option<Region>,
}

impl Region {
    /// Every region that the SDKs know, in the order of their own lists.
    ///
    /// Source: `PureCloudRegionHosts` of npm purecloud-platform-client-v2 262.0.0 and PyPI
    /// PureCloudPlatformClientV2 269.0.0, which hold the same 18. New regions appear: an upstream URL has to
    /// be accepted beside this list.
    pub const ALL: [Self; 18] = [
        Self { aws: "us_east_1", domain: "mypurecloud.com", places: "virginia" },
        Self { aws: "eu_west_1", domain: "mypurecloud.ie", places: "dublin ireland" },
        Self { aws: "ap_southeast_2", domain: "mypurecloud.com.au", places: "sydney australia" },
        Self { aws: "ap_northeast_1", domain: "mypurecloud.jp", places: "tokyo japan" },
        Self { aws: "eu_central_1", domain: "mypurecloud.de", places: "frankfurt germany" },
        Self { aws: "us_west_2", domain: "usw2.pure.cloud", places: "oregon" },
        Self { aws: "ca_central_1", domain: "cac1.pure.cloud", places: "montreal canada" },
        Self { aws: "ap_northeast_2", domain: "apne2.pure.cloud", places: "seoul korea" },
        Self { aws: "eu_west_2", domain: "euw2.pure.cloud", places: "london uk" },
        Self { aws: "ap_south_1", domain: "aps1.pure.cloud", places: "mumbai india" },
        Self { aws: "us_east_2", domain: "use2.us-gov-pure.cloud", places: "ohio fedramp" },
        Self { aws: "sa_east_1", domain: "sae1.pure.cloud", places: "sao_paulo brazil" },
        Self { aws: "me_central_1", domain: "mec1.pure.cloud", places: "dubai uae" },
        Self { aws: "ap_northeast_3", domain: "apne3.pure.cloud", places: "osaka" },
        Self { aws: "eu_central_2", domain: "euc2.pure.cloud", places: "zurich switzerland" },
        Self { aws: "mx_central_1", domain: "mxc1.pure.cloud", places: "queretaro mexico" },
        Self { aws: "ap_southeast_1", domain: "apse1.pure.cloud", places: "singapore" },
        Self { aws: "eusc_de_east_1", domain: "edee1.eusc-pure.cloud", places: "brandenburg" },
    ];

    /// Reads a domain (`mypurecloud.de`), a host or URL under it (`https://api.mypurecloud.de/`), or an AWS
    /// name with `_` or `-` (`eu-central-1`); letter case does not matter.
    ///
    /// # Errors
    /// The text is none of these; the error names the nearest region.
    pub fn parse(text: &str) -> Result<Self, RegionError> {
        let host = bare_host(text);
        let aws = host.replace('-', "_");
        let found = Self::ALL.into_iter().find(|region| region.domain == host || region.aws == aws);
        found.ok_or_else(|| RegionError { typed: text.to_owned(), meant: Self::nearest(&host) })
    }

    /// Returns the region that a host or URL belongs to (`api.usw2.pure.cloud`), or `None` for any other
    /// host.
    pub fn of_host(host: &str) -> Option<Self> {
        let host = bare_host(host);
        Self::ALL.into_iter().find(|region| region.domain == host)
    }

    /// Returns the host that answers API calls: `api.mypurecloud.de`.
    pub fn api_host(self) -> String {
        format!("api.{}", self.domain)
    }

    /// Returns the host that answers logins (`/oauth/token`): `login.mypurecloud.de`.
    pub fn login_host(self) -> String {
        format!("login.{}", self.domain)
    }

    fn nearest(host: &str) -> Option<Self> {
        let place = host.replace([' ', '-'], "_");
        let at = |region: &Self| region.places.split(' ').any(|name| name == place);
        if let Some(region) = Self::ALL.into_iter().find(at) {
            return Some(region);
        }
        let names = Self::ALL.into_iter().flat_map(|region| [region.domain, region.aws]);
        let name = spelling::did_you_mean(host, names)?;
        Self::ALL.into_iter().find(|region| region.domain == name || region.aws == name)
    }
}

/// Cuts scheme, path, port and the service label off, in lower case.
fn bare_host(text: &str) -> String {
    let text = text.trim().to_ascii_lowercase();
    let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = text.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let host = ["api.", "login.", "apps."].iter().find_map(|label| host.strip_prefix(label)).unwrap_or(host);
    host.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_found_by_domain_host_url_and_aws_name() {
        let names = [
            "mypurecloud.de",
            "MyPureCloud.DE",
            "api.mypurecloud.de",
            "https://login.mypurecloud.de:443/oauth/token",
            "eu_central_1",
            "eu-central-1",
        ];
        for name in names {
            assert_eq!(Region::parse(name).unwrap().domain, "mypurecloud.de", "{name}");
        }
    }

    #[test]
    fn a_typo_gets_the_nearest_and_a_stranger_gets_none() {
        let error = Region::parse("mypurecloud.dee").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`mypurecloud.dee` is not a Genesys Cloud region; did you mean `mypurecloud.de`?"
        );
        assert_eq!(Region::parse("127.0.0.1").unwrap_err().meant, None);
        assert_eq!(Region::parse("").unwrap_err().meant, None);
    }

    #[test]
    fn api_and_login_have_their_own_hosts() {
        let region = Region::parse("usw2.pure.cloud").unwrap();
        assert_eq!(region.api_host(), "api.usw2.pure.cloud");
        assert_eq!(region.login_host(), "login.usw2.pure.cloud");
        assert_eq!(Region::of_host("api.usw2.pure.cloud"), Some(region));
        assert_eq!(Region::of_host("example.com"), None);
    }

    #[test]
    fn no_two_regions_share_a_name() {
        for (i, a) in Region::ALL.iter().enumerate() {
            assert!(Region::ALL[i + 1..].iter().all(|b| a.domain != b.domain && a.aws != b.aws), "{}", a.aws);
        }
    }
}
