//! How each client is pointed at wraptap: the line of code, and the config file that does it without one.
//!
//! Every client is one row of [`ALL`] and one file in `snippets/`, written in the client's own language, with
//! `{url}`, `{scheme}`, `{host}` and `{port}` left open. JavaScript, Python and Java are run as printed by
//! the client tests. Source: npm purecloud-platform-client-v2 262.0.0, PyPI PureCloudPlatformClientV2 269.0.0
//! and Maven com.mypurecloud:platform-client-v2 198.1.0, run; the Go 188 and .NET 270 sources, read.

pub(crate) mod address;
pub(crate) mod gateway_file;

use crate::command::attach::address::Address;
use crate::command::attach::gateway_file::GatewayFileError;

/// One client that can be attached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Attachable {
    /// What the user types, and what JSON says: `javascript`.
    pub(crate) name: &'static str,
    /// Other spellings that are understood.
    pub(crate) aliases: &'static [&'static str],
    /// What a person would say: `JavaScript SDK`.
    pub(crate) spoken: &'static str,
    /// The folder of its config file inside the home folder; `None` where the client reads none.
    pub(crate) config_folder: Option<&'static str>,
    /// Its versions before gateways read their base path, and from it the login's, out of the config file.
    pub(crate) config_host: bool,
    /// What the config file cannot do for this client, if anything.
    pub(crate) config_limit: Option<&'static str>,
    /// The code, with the address left open.
    template: &'static str,
}

/// Every client wraptap knows how to attach, in the order they are shown.
pub(crate) const ALL: [Attachable; 6] = [
    Attachable {
        name: "javascript",
        aliases: &["js", "node", "typescript", "ts"],
        spoken: "JavaScript SDK",
        config_folder: Some(".genesyscloudjavascript"),
        config_host: false,
        config_limit: None,
        template: include_str!("snippets/javascript.js"),
    },
    Attachable {
        name: "python",
        aliases: &["py"],
        spoken: "Python SDK",
        config_folder: Some(".genesyscloudpython"),
        config_host: false,
        config_limit: None,
        template: include_str!("snippets/python.py"),
    },
    Attachable {
        name: "java",
        aliases: &["kotlin"],
        spoken: "Java SDK",
        config_folder: Some(".genesyscloudjava"),
        config_host: true,
        config_limit: Some(
            "only clients from Configuration.getDefaultApiClient() read it, and only SDKs that know withGateway",
        ),
        template: include_str!("snippets/java.java"),
    },
    Attachable {
        name: "go",
        aliases: &["golang"],
        spoken: "Go SDK",
        config_folder: Some(".genesyscloudgo"),
        config_host: false,
        config_limit: None,
        template: include_str!("snippets/go.go"),
    },
    Attachable {
        name: "dotnet",
        aliases: &[".net", "net", "csharp", "c#"],
        spoken: ".NET SDK",
        config_folder: Some(".genesysclouddotnet"),
        config_host: false,
        config_limit: None,
        template: include_str!("snippets/dotnet.cs"),
    },
    Attachable {
        name: "curl",
        aliases: &[],
        spoken: "curl",
        config_folder: None,
        config_host: false,
        config_limit: None,
        template: include_str!("snippets/curl.sh"),
    },
];

impl Attachable {
    /// Returns the client of this name or alias; letter case does not matter.
    pub(crate) fn named(typed: &str) -> Option<Self> {
        let typed = typed.to_ascii_lowercase();
        ALL.into_iter().find(|client| client.name == typed || client.aliases.contains(&typed.as_str()))
    }

    /// Returns the text of a config file that attaches this client for one run, the rest of `existing` kept.
    ///
    /// The Java SDK 198 knows no gateway. It takes `[general] host` for its base path, and what follows the
    /// first dot of that, after `https://login.`, for the login's: a user that ends in a dot makes both of
    /// them one host. The login then speaks TLS to the port. Source: `Configuration.java` and
    /// `ApiClient.buildUrl` of 198.1.0, run.
    ///
    /// # Errors
    /// `existing` is nothing that the SDKs could read.
    pub(crate) fn config(&self, existing: &str, address: &Address) -> Result<String, GatewayFileError> {
        let attached = gateway_file::attach(existing, address)?.text;
        if !self.config_host {
            return Ok(attached);
        }
        let host = format!("{}://sdk.@{}:{}", address.scheme(), address.host(), address.port());
        Ok(gateway_file::with_host(&attached, &host)?.text)
    }

    /// Returns the code that attaches this client, explained in comments of its own language.
    pub(crate) fn snippet(&self, address: &Address) -> String {
        self.template
            .replace("{url}", &address.to_string())
            .replace("{scheme}", address.scheme())
            .replace("{host}", address.host())
            .replace("{port}", &address.port().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_snippet_names_the_address_and_leaves_nothing_open() {
        let address: Address = "http://127.0.0.1:38470".parse().unwrap();
        for client in ALL {
            let snippet = client.snippet(&address);
            assert!(snippet.contains("38470"), "{snippet}");
            assert!(snippet.ends_with('\n'), "{snippet}");
            for open in ["{url}", "{scheme}", "{host}", "{port}"] {
                assert!(!snippet.contains(open), "{open} in {snippet}");
            }
        }
    }

    #[test]
    fn the_config_of_java_holds_a_host_that_makes_a_login_of_the_same_host() {
        let address: Address = "http://127.0.0.1:38470".parse().unwrap();
        let text = Attachable::named("java").unwrap().config("[retry]\nretry_max = 3\n", &address).unwrap();
        let host = text.lines().find_map(|line| line.strip_prefix("host = http://sdk")).unwrap();
        // as `ApiClient.buildUrl` does it
        let login = format!("https://login.{}/oauth/token", host.split_once('.').unwrap().1);
        assert_eq!(url::Url::parse(&login).unwrap().host_str(), Some("127.0.0.1"));
        assert!(text.contains("retry_max = 3") && text.contains("[gateway]\nhost = 127.0.0.1"), "{text}");
        let text = Attachable::named("js").unwrap().config("", &address).unwrap();
        assert!(!text.contains("[general]"), "{text}");
    }

    #[test]
    fn a_client_answers_to_its_aliases_in_any_case() {
        assert_eq!(Attachable::named("JS").unwrap().name, "javascript");
        assert_eq!(Attachable::named("C#").unwrap().name, "dotnet");
        assert_eq!(Attachable::named("ruby"), None);
    }
}
