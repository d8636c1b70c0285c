//! How each client is pointed at wraptap: the line of code, and the config file that does it without one.
//!
//! Every client is one row of [`ALL`] and one file in `snippets/`, written in the client's own language, with `{url}`,
//! `{scheme}`, `{host}` and `{port}` left open. JavaScript, Python and Java are run as printed by the client tests.
//! Source: npm purecloud-platform-client-v2 262.0.0, PyPI PureCloudPlatformClientV2 269.0.0 and Maven
//! com.mypurecloud:platform-client-v2 198.1.0, run; the Go 188 and .NET 270 sources, read.

pub mod address;
pub mod gateway_file;

use crate::genesys::attach::address::Address;

/// One client that can be attached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Attachable {
    /// What the user types, and what JSON says: `javascript`.
    pub name: &'static str,
    /// Other spellings that are understood.
    pub aliases: &'static [&'static str],
    /// What a person would say: `JavaScript SDK`.
    pub spoken: &'static str,
    /// The folder of its config file inside the home folder; `None` where the client reads none.
    pub config_folder: Option<&'static str>,
    /// What the config file cannot do for this client, if anything.
    pub config_limit: Option<&'static str>,
    /// The code, with the address left open.
    template: &'static str,
}

/// Every client wraptap knows how to attach, in the order they are shown.
pub const ALL: [Attachable; 6] = [
    Attachable {
        name: "javascript",
        aliases: &["js", "node", "typescript", "ts"],
        spoken: "JavaScript SDK",
        config_folder: Some(".genesyscloudjavascript"),
        config_limit: None,
        template: include_str!("snippets/javascript.js"),
    },
    Attachable {
        name: "python",
        aliases: &["py"],
        spoken: "Python SDK",
        config_folder: Some(".genesyscloudpython"),
        config_limit: None,
        template: include_str!("snippets/python.py"),
    },
    Attachable {
        name: "java",
        aliases: &["kotlin"],
        spoken: "Java SDK",
        config_folder: Some(".genesyscloudjava"),
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
        config_limit: None,
        template: include_str!("snippets/go.go"),
    },
    Attachable {
        name: "dotnet",
        aliases: &[".net", "net", "csharp", "c#"],
        spoken: ".NET SDK",
        config_folder: Some(".genesysclouddotnet"),
        config_limit: None,
        template: include_str!("snippets/dotnet.cs"),
    },
    Attachable {
        name: "curl",
        aliases: &[],
        spoken: "curl",
        config_folder: None,
        config_limit: None,
        template: include_str!("snippets/curl.sh"),
    },
];

impl Attachable {
    /// Returns the client of this name or alias; letter case does not matter.
    pub fn named(typed: &str) -> Option<Self> {
        let typed = typed.to_ascii_lowercase();
        ALL.into_iter().find(|client| client.name == typed || client.aliases.contains(&typed.as_str()))
    }

    /// Returns the code that attaches this client, explained in comments of its own language.
    pub fn snippet(&self, address: &Address) -> String {
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
    fn a_client_answers_to_its_aliases_in_any_case() {
        assert_eq!(Attachable::named("JS").unwrap().name, "javascript");
        assert_eq!(Attachable::named("C#").unwrap().name, "dotnet");
        assert_eq!(Attachable::named("ruby"), None);
    }
}
