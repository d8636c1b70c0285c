//! Which client sent a request, as far as its own marks say.

use crate::api::client::profile::ClientProfile;
use crate::model::exchange::{Headers, Sdk};

/// A header that only an API's own clients send, with their version, and what a client is called of which no
/// more is known.
#[derive(Clone, Copy, Debug)]
pub struct VersionHeader {
    /// In lower case.
    pub header: &'static str,
    /// `genesys-sdk`
    pub client: &'static str,
}

/// Returns the client that these request headers speak of, with the marks it rests on; `None` without a known
/// mark. The first client with a mark wins.
pub fn detect(clients: &[ClientProfile], own: Option<VersionHeader>, headers: &Headers) -> Option<Sdk> {
    let text = |name: &str| headers.text(name).map(str::trim).filter(|text| !text.is_empty());
    let agent = text("user-agent");
    let version = own.and_then(|own| Some((own, text(own.header)?)));
    let begins = |mark: &&str| {
        let start = agent.and_then(|agent| agent.as_bytes().get(..mark.len()));
        start.is_some_and(|start| start.eq_ignore_ascii_case(mark.as_bytes()))
    };
    let client = clients.iter().find(|client| client.agents.iter().any(begins));
    let name = client.map(|client| client.name).or(version.map(|(own, _)| own.client))?;
    let mut marks = Vec::new();
    marks.extend(agent.map(|agent| ["user-agent: ", agent].concat()));
    marks.extend(version.map(|(own, version)| [own.header, ": ", version].concat()));
    let version = version.map(|(_, version)| version);
    let version = version.or_else(|| agent.filter(|_| name != "browser").and_then(agent_version));
    Some(Sdk { name: name.to_owned(), version: version.map(str::to_owned), marks })
}

/// Returns the version in `name/1.2.3 …`; a word behind the slash (`PureCloud SDK/python`) is none.
fn agent_version(agent: &str) -> Option<&str> {
    let (_, rest) = agent.split_once('/')?;
    let version = rest.split([' ', ';', '(']).next()?;
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}

#[cfg(test)]
mod tests {
    use crate::api;
    use crate::model::exchange::Headers;

    fn named(pairs: &[(&str, &str)]) -> Option<(String, Option<String>)> {
        let headers = pairs.iter().fold(Headers::default(), |mut headers, (name, value)| {
            headers.0.extend(Headers::of([(*name, *value)]).0);
            headers
        });
        api::assumed().client_of(&headers).map(|sdk| (sdk.name, sdk.version))
    }

    #[test]
    fn every_sdk_is_known_by_the_marks_it_was_seen_to_send() {
        let some = |name: &str, version: &str| {
            Some((name.to_owned(), (!version.is_empty()).then(|| version.to_owned())))
        };
        assert_eq!(named(&[("User-Agent", "axios/1.21.1")]), some("javascript", "1.21.1"));
        let python = [("User-Agent", "PureCloud SDK/python"), ("purecloud-sdk", "269.0.0")];
        assert_eq!(named(&python), some("python", "269.0.0"));
        let java = [("purecloud-sdk", "228.0.0"), ("User-Agent", "PureCloud SDK/java")];
        assert_eq!(named(&java), some("java", "228.0.0"));
        assert_eq!(named(&[("user-agent", "PureCloud SDK/dotnet")]), some("dotnet", ""));
        assert_eq!(
            named(&[("User-Agent", "Go-http-client/1.1"), ("Connection", "close")]),
            some("go", "1.1")
        );
        assert_eq!(named(&[("User-Agent", "curl/8.14.1")]), some("curl", "8.14.1"));
        assert_eq!(named(&[("User-Agent", "python-requests/2.32.5")]), some("requests", "2.32.5"));
        assert_eq!(named(&[("User-Agent", "okhttp/4.12.0")]), some("okhttp", "4.12.0"));
        assert_eq!(named(&[("User-Agent", "Java/17.0.9")]), some("java-urlconnection", "17.0.9"));
        assert_eq!(named(&[("User-Agent", "RestSharp/112.0.0.0")]), some("restsharp", "112.0.0.0"));
        assert_eq!(named(&[("User-Agent", "node")]), some("node-fetch", ""));
    }

    #[test]
    fn an_sdk_header_without_a_known_agent_is_still_an_sdk() {
        assert_eq!(
            named(&[("purecloud-sdk", "1.0")]),
            Some(("genesys-sdk".to_owned(), Some("1.0".to_owned())))
        );
    }

    #[test]
    fn nothing_is_claimed_without_a_mark() {
        assert_eq!(named(&[("Accept", "*/*")]), None);
        assert_eq!(named(&[("User-Agent", "my-service/3")]), None);
    }

    #[test]
    fn the_marks_are_quoted() {
        let headers = Headers::of([("User-Agent", "PureCloud SDK/python"), ("purecloud-sdk", "269.0.0")]);
        let marks = api::assumed().client_of(&headers).unwrap().marks;
        assert_eq!(marks, ["user-agent: PureCloud SDK/python", "purecloud-sdk: 269.0.0"]);
    }
}
