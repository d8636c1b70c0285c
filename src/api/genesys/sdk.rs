//! Which client sent a request, as far as its own marks say.
//!
//! Source: requests recorded from npm purecloud-platform-client-v2 262.0.0 (Node 20), PyPI
//! PureCloudPlatformClientV2 269.0.0 and the Java SDK's client; Go 188 and .NET 270 were read, not run. Marks
//! are claims: anybody may send them.

use crate::model::exchange::{Headers, Sdk};

/// One row: a beginning of `User-Agent` (lower case), and the client that it means.
struct Mark {
    agent: &'static str,
    name: &'static str,
}

/// First match wins. The Genesys SDKs first, then the plain clients people compare them with.
const MARKS: &[Mark] = &[
    Mark { agent: "purecloud sdk/python", name: "python" },
    Mark { agent: "purecloud sdk/java", name: "java" },
    Mark { agent: "purecloud sdk/dotnet", name: "dotnet" },
    Mark { agent: "purecloud sdk/go", name: "go" },
    // the JavaScript SDK sends axios' own mark since 137.1.0 and no `purecloud-sdk`: any axios program looks
    // the same
    Mark { agent: "axios/", name: "javascript" },
    Mark { agent: "go-http-client/", name: "go" },
    Mark { agent: "curl/", name: "curl" },
    Mark { agent: "python-requests/", name: "requests" },
    // the Python SDK's login has the mark of its transport
    Mark { agent: "python-urllib3/", name: "urllib3" },
    Mark { agent: "python-urllib/", name: "urllib" },
    Mark { agent: "okhttp/", name: "okhttp" },
    Mark { agent: "apache-httpclient/", name: "apache-httpclient" },
    Mark { agent: "java-http-client/", name: "java-http-client" },
    // RestTemplate's default transport, HttpURLConnection: `Java/17.0.9`, also behind a program's own mark
    Mark { agent: "java/", name: "java-urlconnection" },
    Mark { agent: "restsharp/", name: "restsharp" },
    Mark { agent: "node-fetch/", name: "node-fetch" },
    Mark { agent: "undici", name: "node-fetch" },
    Mark { agent: "node", name: "node-fetch" },
    Mark { agent: "postmanruntime/", name: "postman" },
    Mark { agent: "insomnia/", name: "insomnia" },
    Mark { agent: "httpie/", name: "httpie" },
    Mark { agent: "xh/", name: "xh" },
    Mark { agent: "wget/", name: "wget" },
    Mark { agent: "mozilla/", name: "browser" },
];

/// Returns the client that these request headers speak of, with the marks it rests on; `None` without a known
/// mark.
pub fn detect(headers: &Headers) -> Option<Sdk> {
    let agent = headers.text("user-agent").map(str::trim).filter(|agent| !agent.is_empty());
    let version = headers.text("purecloud-sdk").map(str::trim).filter(|version| !version.is_empty());
    let mark = agent.and_then(|agent| {
        let begins = |mark: &&Mark| {
            agent
                .as_bytes()
                .get(..mark.agent.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(mark.agent.as_bytes()))
        };
        MARKS.iter().find(begins)
    });
    let name = match (mark, version) {
        (Some(mark), _) => mark.name,
        // only the Genesys SDKs send this header; which one, the agent did not say
        (None, Some(_)) => "genesys-sdk",
        (None, None) => return None,
    };
    let mut marks = Vec::new();
    marks.extend(agent.map(|agent| ["user-agent: ", agent].concat()));
    marks.extend(version.map(|version| ["purecloud-sdk: ", version].concat()));
    let version = version.or_else(|| agent.filter(|_| name != "browser").and_then(agent_version));
    Some(Sdk { name: name.to_owned(), version: version.map(str::to_owned), marks })
}

/// Returns the version in `name/1.2.3 …`; a word behind the slash (`PureCloud SDK/python`) is none.
fn agent_version(agent: &str) -> Option<&str> {
    let (_, rest) = agent.split_once('/')?;
    let version = rest.split([' ', ';', '(']).next()?;
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}

/// Returns the name a person would use for a client that [`detect`] named: `Python SDK`, `curl`, …
pub fn spoken(name: &str) -> &str {
    match name {
        "javascript" => "JavaScript SDK (or another axios program)",
        "python" => "Python SDK",
        "java" => "Java SDK",
        "dotnet" => ".NET SDK",
        "go" => "Go SDK (or another Go program)",
        "okhttp" => "OkHttp",
        "java-urlconnection" => "Java HttpURLConnection (RestTemplate's default)",
        "requests" => "Python requests",
        "any" => "any client",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(pairs: &[(&str, &str)]) -> Option<(String, Option<String>)> {
        let headers = pairs.iter().fold(Headers::default(), |mut headers, (name, value)| {
            headers.0.extend(Headers::of([(*name, *value)]).0);
            headers
        });
        detect(&headers).map(|sdk| (sdk.name, sdk.version))
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
        let marks = detect(&headers).unwrap().marks;
        assert_eq!(marks, ["user-agent: PureCloud SDK/python", "purecloud-sdk: 269.0.0"]);
    }
}
