//! What an import must not let through: secrets, and requests to hosts that the user did not name.

use std::fs;

use serde_json::{Value, json};

use crate::interchange::{har, imported, importing, item, with};
use crate::program::wraptap;

#[test]
fn an_import_masks_what_the_user_names_beyond_secrets() {
    let text = har(&[with(
        "/request/postData/text",
        json!("{\"notes\": \"about Ms Doe\", \"pin\": \"4711\", \"code\": 1}"),
    )]);
    let options = ["--redact", "/notes", "--redact-key", "pin"];
    let (run, folder) = importing(&text).args(options).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let recorded = fs::read_to_string(folder.path().join("r.ndjson")).unwrap();
    assert!(!recorded.contains("Doe") && !recorded.contains("4711"), "{recorded}");
    assert!(recorded.contains("\\\"code\\\": 1"), "{recorded}");
    let (run, folder) = importing("curl http://h/?pin=4711 -H 'Pin: 4711'").args(options).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!fs::read_to_string(folder.path().join("r.ndjson")).unwrap().contains("4711"));
}

#[test]
fn secrets_pass_neither_into_a_recording_nor_out_of_a_foreign_one() {
    let secrets = [
        "bearer-s3cr3t-1",
        "cookie-s3cr3t-2",
        "query-s3cr3t-3",
        "client-s3cr3t-4",
        "answer-s3cr3t-5",
        "set-s3cr3t-6",
    ];
    let [bearer, cookie, query, client, answer, set] = secrets;
    let mut login = item();
    login["request"]["url"] =
        json!(format!("https://login.mypurecloud.de/oauth/token?access_token={query}&x=1"));
    login["request"]["headers"] = json!([
        {"name": "Authorization", "value": format!("Bearer {bearer}")},
        {"name": "Cookie", "value": format!("session={cookie}")},
        {"name": "Content-Type", "value": "application/x-www-form-urlencoded"},
    ]);
    login["request"]["postData"] = json!({"mimeType": "", "params": [{"name": "client_secret", "value": client}, {"name": "a", "value": "b"}]});
    login["response"]["headers"] = json!([{"name": "Set-Cookie", "value": format!("session={set}")}]);
    login["response"]["content"] = json!({"text": format!("{{\"access_token\": \"{answer}\"}}"), "size": -1});
    let curl = format!(
        "curl 'https://login.mypurecloud.de/oauth/token?access_token={query}' -H 'Authorization: Bearer {bearer}' \
         -b session={cookie} -d client_secret={client} -d a=b -u 'x:{answer}' --oauth2-bearer {set}"
    );
    let foreign = |text: &str| {
        // the same exchange as somebody else might have recorded it
        let mut text = text.to_owned();
        for (kind, secret) in [("bearer", bearer), ("cookie", cookie), ("token", query), ("secret", client)] {
            while let Some(at) = text.find(&format!("redacted-{kind}-")) {
                text.replace_range(at..at + "redacted--0123456789ab".len() + kind.len(), secret);
            }
        }
        text
    };
    for text in [har(&[login]), curl] {
        let (run, folder) = importing(&text).run_and_keep();
        assert_eq!(run.status, 0, "{}", run.stderr);
        let recorded = fs::read_to_string(folder.path().join("r.ndjson")).unwrap();
        let holds = |text: &str| secrets.iter().any(|secret| text.contains(secret));
        assert!(!holds(&recorded) && !holds(&run.stdout), "{recorded}");
        let foreign = foreign(&recorded);
        assert!(holds(&foreign), "{foreign}");
        fs::write(folder.path().join("foreign.ndjson"), foreign).unwrap();
        let mut folder = folder;
        for recording in ["r.ndjson", "foreign.ndjson"] {
            for format in ["curl", "har", "http"] {
                let run = wraptap().within(folder).args(["export", "1", "-r", recording, "--format", format]);
                let (run, kept) = run.run_and_keep();
                folder = kept;
                assert!(run.status == 0 && !holds(&run.stdout), "{recording} as {format}: {}", run.stdout);
            }
        }
    }
}

#[test]
fn requests_to_other_hosts_are_recorded_as_such_and_never_sent_there_unasked() {
    let items =
        ["https://elsewhere.example/a", "http://169.254.169.254/latest/", "http://[2001:db8::1]:81/x?y"]
            .map(|url| with("/request/url", json!(url)));
    let (_, lines) = imported(har(&items));
    let upstreams: Vec<&Value> = lines.iter().map(|line| &line["upstream"]).collect();
    assert_eq!(upstreams, ["https://elsewhere.example", "http://169.254.169.254", "http://[2001:db8::1]:81"]);
    assert_eq!(lines[2]["request"]["target"], "/x?y");
    let (_, folder) = importing(har(&items)).run_and_keep();
    let run = wraptap().within(folder).args(["replay", "1-3", "-r", "r.ndjson", "--live"]).run();
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("neither this machine nor a host of Genesys Cloud"), "{}", run.stderr);
}

#[test]
fn what_an_import_quotes_of_a_text_has_no_secrets() {
    let secret = "s3cr3t-of-a-person-1234";
    let text = format!(
        "wget --header 'Authorization: Bearer {secret}' https://h/\n\
         curl 'https://h/a' -H \"X: $(http h 'Authorization: Bearer {secret}')\""
    );
    let (run, folder) = importing(&text).run_and_keep();
    assert!(run.status == 0 && run.stdout.contains("is not run"), "{}", run.stdout);
    let recorded = fs::read_to_string(folder.path().join("r.ndjson")).unwrap();
    assert!(!(run.stdout + &recorded).contains(secret));
    let run = importing(format!("curl 'https://h/a b?access_token={secret}'")).run();
    assert!(run.status == 2 && !run.stderr.contains(secret), "{}", run.stderr);
    let item = with("/request/postData", json!(format!("{{\"access_token\": \"{secret}\"}}")));
    let run = importing(har(&[item])).run();
    assert!(run.stdout.contains("does not follow HAR 1.2") && !run.stdout.contains(secret), "{}", run.stdout);
}
