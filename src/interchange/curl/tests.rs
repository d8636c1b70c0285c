//! curl texts and the requests that they mean.

use crate::interchange::curl::{CurlError, CurlFact, CurlRequest, NoFiles, is_command, parse};
use crate::model::exchange::Request;

fn one(text: &str) -> CurlRequest {
    let mut commands = parse(text, &NoFiles).unwrap();
    assert_eq!(commands.requests.len(), 1, "{text}");
    commands.requests.remove(0)
}

fn lines(request: &Request) -> Vec<String> {
    request
        .headers
        .iter()
        .map(|header| format!("{}: {}", header.name.lossy(), header.value.lossy()))
        .collect()
}

#[test]
fn a_wrap_up_post_gets_the_headers_that_curl_adds_in_its_order() {
    let curl = one(
        "curl -sS -X POST 'https://api.mypurecloud.de/api/v2/x?a=b' \\\n -H \"Authorization: Bearer t\" \\\n \
         -H 'Content-Type: application/json' --data-raw '{\"code\":\"7\"}'",
    );
    assert_eq!(curl.upstream, "https://api.mypurecloud.de");
    assert_eq!(curl.request.method_text(), "POST");
    assert_eq!(curl.request.target.lossy(), "/api/v2/x?a=b");
    assert_eq!(curl.request.body.bytes, "{\"code\":\"7\"}");
    assert_eq!(
        lines(&curl.request),
        [
            "Host: api.mypurecloud.de",
            "User-Agent: curl/7.88.1",
            "Accept: */*",
            "Authorization: Bearer t",
            "Content-Type: application/json",
            "Content-Length: 12"
        ]
    );
    assert_eq!(curl.reconstructed[0].what, "User-Agent");
}

#[test]
fn a_body_comes_from_a_here_document_and_a_file_only_through_the_inputs() {
    let text = "curl h -d @- <<'END'\n{\"a\": \"$HOME\"}\nEND\n";
    assert_eq!(one(text).request.body.bytes, "{\"a\": \"$HOME\"}");
    let error = parse("curl h -d @/etc/passwd", &NoFiles).unwrap_err();
    assert!(matches!(error, CurlError::Input { .. }), "{error}");
    let error = parse("jq . x | curl h -d @-", &NoFiles).unwrap_err();
    assert!(error.to_string().contains("`jq . x` is not run"), "{error}");
}

#[test]
fn nothing_is_run_or_expanded_and_each_such_place_is_noted() {
    let commands = parse("curl h -d \"$(touch /tmp/x)\" -H \"X: $T\" \"h/`id`\"", &NoFiles).unwrap();
    assert_eq!(commands.requests[0].request.body.bytes, "$(touch /tmp/x)");
    let notes: Vec<String> =
        commands.notes.iter().map(|note| format!("{}: {}", note.place, note.fact)).collect();
    assert!(notes[0].starts_with("line 1, column 12: `$(touch /tmp/x)` is kept"), "{notes:?}");
    assert_eq!(notes.len(), 3, "{notes:?}");
}

#[test]
fn one_request_reads_the_same_in_every_notation_it_is_copied_in() {
    let bash = one("curl 'https://h/x?a=1&b=2' \\\n  -H 'x: \"y\"' \\\n  --data-raw '{\"a\":\"b c\"}'");
    for text in [
        "curl ^\"https://h/x?a=1^&b=2^\" ^\r\n  -H ^\"x: ^\\^\"y^\\^\"^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"b c^\\^\"^}^\"",
        "curl \"https://h/x?a=1&b=2\" ^\n  -H \"x: \\\"y\\\"\" ^\n  --data-raw \"{\\\"a\\\":\\\"b c\\\"}\"",
        "curl 'https://h/x?a=1&b=2' \\\r\n  -H 'x: \"y\"' \\\r\n  --data-raw '{\"a\":\"b c\"}'\r\n",
    ] {
        assert_eq!(one(text).request, bash.request, "{text}");
    }
}

#[test]
fn a_word_after_an_unknown_option_is_not_a_request_of_its_own() {
    let commands = parse("curl https://h/x --frobnicate much -d a", &NoFiles).unwrap();
    assert_eq!(commands.requests.len(), 1);
    assert_eq!(commands.notes[1].fact, CurlFact::StrayWord);
}

#[test]
fn unknown_options_are_named_and_the_rest_is_kept() {
    let commands = parse("curl --frobnicate -W h -X PUT --request=PATCH", &NoFiles).unwrap();
    assert_eq!(commands.requests[0].request.method_text(), "PATCH");
    let facts: Vec<&CurlFact> = commands.notes.iter().map(|note| &note.fact).collect();
    let unknown = |name: &str| CurlFact::UnknownOption(name.to_owned());
    assert_eq!(facts, [&unknown("--frobnicate"), &unknown("-W")]);
}

#[test]
fn broken_texts_say_where() {
    for (text, said) in [
        ("curl 'http://h", "line 1, column 6: the `'` that opens here is never closed"),
        ("curl h \\\n -d \"x", "line 2, column 5: the `\"`"),
        ("curl h -d \"$(x", "line 1, column 12: the `$(`"),
        ("curl -d x", "line 1, column 1: this curl command has no URL"),
        ("curl h -X", "line 1, column 8: `-X` needs a value"),
        ("curl \"https://${HOST}/x\"", "its host is a variable"),
        ("curl \"https://h/$(cat x)\"", "a command, which is not run"),
        ("curl ftp://h/", "neither http nor https"),
        ("curl h -I -d x", "`--head` and `--data` exclude each other"),
        ("wget h", "no curl command"),
        ("", "no curl command"),
        ("curl h -d @- <<E\nx\n", "never reaches its last line `E`"),
    ] {
        let error = parse(text, &NoFiles).unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
}

#[test]
fn a_text_is_a_command_if_its_first_word_is_curl() {
    assert!(is_command("# from the forum\n$ curl http://h"));
    assert!(is_command("  /usr/bin/curl http://h"));
    assert!(!is_command("{\"curl\": 1}"));
    assert!(!is_command("curly http://h"));
}
