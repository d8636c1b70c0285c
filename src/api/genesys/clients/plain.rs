//! The plain clients that people compare the SDKs with, and what any client at all may do.

use crate::api::client::habit::Habit;
use crate::api::client::profile::ClientProfile;
use crate::api::client::sign::Sign;
use crate::model::finding::Class;

const fn plain(name: &'static str, spoken: &'static str, agent: &'static [&'static str]) -> ClientProfile {
    ClientProfile::plain(name, spoken, agent)
}

/// Every one.
pub(super) const PROFILES: [ClientProfile; 17] = [
    ClientProfile { habits: CURL, ..plain("curl", "curl", &["curl/"]) },
    ClientProfile { habits: REQUESTS, ..plain("requests", "Python requests", &["python-requests/"]) },
    // the Python SDK's login has the mark of its transport
    plain("urllib3", "urllib3", &["python-urllib3/"]),
    plain("urllib", "urllib", &["python-urllib/"]),
    plain("okhttp", "OkHttp", &["okhttp/"]),
    plain("apache-httpclient", "apache-httpclient", &["apache-httpclient/"]),
    plain("java-http-client", "java-http-client", &["java-http-client/"]),
    // `Java/17.0.9`, also behind a program's own mark
    plain("java-urlconnection", "Java HttpURLConnection (RestTemplate's default)", &["java/"]),
    plain("restsharp", "restsharp", &["restsharp/"]),
    plain("node-fetch", "node-fetch", &["node-fetch/", "undici", "node"]),
    plain("postman", "postman", &["postmanruntime/"]),
    plain("insomnia", "insomnia", &["insomnia/"]),
    plain("httpie", "httpie", &["httpie/"]),
    plain("xh", "xh", &["xh/"]),
    plain("wget", "wget", &["wget/"]),
    plain("browser", "browser", &["mozilla/"]),
    ClientProfile { habits: ANY, ..plain("any", "any client", &[]) },
];

const CURL: &[Habit] = &[Habit {
    sign: Sign::None,
    habit: "`-d` sends `application/x-www-form-urlencoded` unless `-H` says otherwise",
    before: "curl -d '{\"code\":\"…\"}' URL",
    after: "curl -H 'Content-Type: application/json' -d '{\"code\":\"…\"}' URL  # or curl --json '…' URL",
    makes: &[Class::ContentTypeMismatch],
    source: "https://curl.se/docs/manpage.html",
}];

const REQUESTS: &[Habit] = &[Habit {
    sign: Sign::None,
    habit: "`data=` with a dict sends a form; `json=` sends JSON with the right media type, and encodes a text once more",
    before: "requests.post(url, data=payload)  # or json=json.dumps(payload)",
    after: "requests.post(url, json=payload)",
    makes: &[Class::ContentTypeMismatch, Class::InvalidJson, Class::DoubleEncoded],
    source: "https://requests.readthedocs.io/en/latest/user/quickstart/",
}];

const ANY: &[Habit] = &[
    Habit {
        sign: Sign::Milliseconds,
        habit: "the API counts this duration in whole seconds; the program counts in milliseconds",
        before: "durationSeconds = elapsedMs",
        after: "durationSeconds = round(elapsedMs / 1000)",
        makes: &[Class::UnitMismatch, Class::RenamedKey, Class::UnknownOperation],
        source: "the SDKs' model WrapupInput: durationSeconds, integer",
    },
    Habit {
        sign: Sign::Place("/wrapup"),
        habit: "the POST on a communication takes the wrap-up itself; only the PATCH on a participant has `wrapup` around it",
        before: "{\"wrapup\": {\"code\": …}}",
        after: "{\"code\": …}",
        makes: &[Class::Moved, Class::WrongOperation],
        source: "the SDKs' models WrapupInput and MediaParticipantRequest",
    },
    Habit {
        sign: Sign::RootMember("code"),
        habit: "the PATCH on a participant takes the wrap-up under `wrapup`; only the POST on a communication takes it bare",
        before: "{\"code\": …}",
        after: "{\"wrapup\": {\"code\": …}}",
        makes: &[Class::Moved, Class::WrongOperation],
        source: "the SDKs' models WrapupInput and MediaParticipantRequest",
    },
];
