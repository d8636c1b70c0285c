//! `wraptap diff`: what a user sees, in every format.

use serde_json::Value;

use crate::program::{Program, wraptap};

const GOOD: &str = r#"{
  "code": "7fb334b0-0e9e-11e4-9191-0800200c9a66",
  "durationSeconds": 120,
  "notes": "called back",
  "tags": ["callback"]
}
"#;

const CANDIDATE: &str = r#"{"tags":"callback","code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","duration_seconds":"120","name":null}"#;

/// Terminal escapes, a direction override, markup and a backtick, in keys and values.
const HOSTILE: &str = "{\"\u{1b}]0;owned\u{7}\":\"\u{9b}2J\u{202e}\",\"<img src=x onerror=alert(1)>\":\"`</code><script>\",\"a|b\":null}";

fn pair() -> Program {
    wraptap().file("good.json", GOOD).file("sent.json", CANDIDATE).args(["diff", "sent.json", "good.json"])
}

#[test]
fn each_finding_has_the_standard_shape_with_carets_into_both_bodies() {
    let run = pair().run();
    assert_eq!((run.status, run.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(run.stdout, @r#"
    error[missing_field]: `/notes` is missing
      --> sent.json
      ::: good.json
       |
     4 |   "notes": "called back",
       |   ---------------------- string
       = sent:     field absent
       = expected: "notes": "called back"  (string)
       = baseline: good.json (named as known good)
       = help:     send `notes` with a value of type string
       = docs:     wraptap rules missing_field

    error[unwrapped_from_array]: `/tags` is a string; the known-good body has an array of one
      --> sent.json
       |
     1 | {"tags":"callback","code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","duration_seconds":"120","na…
       |         ^^^^^^^^^^ string
      ::: good.json
       |
     5 |   "tags": ["callback"]
       |           ------------ array
       = sent:     "tags": "callback"  (string)
       = expected: "tags": ["callback"]  (array)
       = baseline: good.json (named as known good)
       = help:     send an array, even of a single value
       = docs:     wraptap rules unwrapped_from_array

    error[renamed_key]: `/durationSeconds` was sent as `/duration_seconds`
      --> sent.json
       |
     1 | …callback","code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","duration_seconds":"120","name":null}
       |                                                          ^^^^^^^^^^^^^^^^^^ key
      ::: good.json
       |
     3 |   "durationSeconds": 120,
       |   ----------------- key
       = sent:     "duration_seconds": "120"  (string)
       = expected: "durationSeconds": 120  (number)
       = baseline: good.json (named as known good)
       = help:     rename `duration_seconds` to `durationSeconds`
       = docs:     wraptap rules renamed_key

    error[type_mismatch]: `/duration_seconds` is a string; the known-good body has a number
      --> sent.json
       |
     1 | …callback","code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","duration_seconds":"120","name":null}
       |                                                                             ^^^^^ string
      ::: good.json
       |
     3 |   "durationSeconds": 120,
       |                      --- number
       = sent:     "duration_seconds": "120"  (string)
       = expected: "durationSeconds": 120  (number)
       = baseline: good.json (named as known good)
       = help:     send `durationSeconds` as number
       = docs:     wraptap rules type_mismatch

    error[null_field]: `/name` is null; the known-good body has no such member
      --> sent.json
       |
     1 | …callback","code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","duration_seconds":"120","name":null}
       |                                                                                   ^^^^^^^^^^^ null
       = sent:     "name": null
       = expected: field absent
       = baseline: good.json (named as known good)
       = help:     leave `name` out of the body
       = docs:     wraptap rules null_field

    fail: 5 errors
    "#);
}

#[test]
fn equal_bodies_pass_whatever_their_key_order_and_spacing() {
    let run = wraptap().args(["diff", r#"{"b":[1.0],"a":"é"}"#, "{ \"a\": \"\\u00e9\", \"b\": [1] }"]).run();
    assert_eq!((run.status, run.stdout.as_str()), (0, "pass: no findings\n"));
}

#[test]
fn two_columns_bear_the_numbers_of_the_findings() {
    let run = pair().env("COLUMNS", "90").args(["--format", "side-by-side"]).run();
    insta::assert_snapshot!(run.stdout, @r#"
       good.json                               |    sent.json
       {                                       |    {
         "code": "7fb334b0-0e9e-11e4-9191-0800 |      "code": "7fb334b0-0e9e-11e4-9191-0800
           200c9a66",                                   200c9a66",
     3   "durationSeconds": 120,               !  3   "duration_seconds": "120",
     1   "notes": "called back",               <
                                               >  5   "name": null,
     2   "tags": [                             !  2   "tags": "callback"
           "callback"                          <
     2   ]                                     <
       }                                       |    }

     1 error[missing_field]: `/notes` is missing
     2 error[unwrapped_from_array]: `/tags` is a string; the known-good body has an array of
                                    one
     3 error[renamed_key]: `/durationSeconds` was sent as `/duration_seconds`
     4 error[type_mismatch]: `/duration_seconds` is a string; the known-good body has a number
     5 error[null_field]: `/name` is null; the known-good body has no such member
    fail: 5 errors
    "#);
}

#[test]
fn a_unified_diff_has_no_noise_from_key_order_or_spacing() {
    let run = pair().args(["--format", "unified"]).run();
    insta::assert_snapshot!(run.stdout, @r#"
    --- good.json
    +++ sent.json
    @@ -1,8 +1,6 @@
     {
       "code": "7fb334b0-0e9e-11e4-9191-0800200c9a66",
    -  "durationSeconds": 120,
    -  "notes": "called back",
    -  "tags": [
    -    "callback"
    -  ]
    +  "duration_seconds": "120",
    +  "name": null,
    +  "tags": "callback"
     }
    "#);
    let run =
        wraptap().args(["diff", r#"{"b":1,"a":2}"#, r#"{ "a": 2.0, "b": 1 }"#, "--format", "unified"]).run();
    assert_eq!((run.status, run.stdout.as_str()), (0, ""));
}

#[test]
fn markdown_is_ready_for_a_ticket() {
    let run = pair().args(["--format", "markdown"]).run();
    insta::assert_snapshot!(run.stdout, @r#"
    **fail**: 5 errors

    - sent: sent.json
    - compared with: good.json
    - expectation from: good.json (named as known good)

    1. **error** `missing_field`: `/notes` is missing
       - sent: field absent
       - expected: `"notes": "called back"` (string)
       - help: send `notes` with a value of type string

    2. **error** `unwrapped_from_array`: `/tags` is a string; the known-good body has an array of one
       - sent: `"tags": "callback"` (string)
       - expected: `"tags": ["callback"]` (array)
       - help: send an array, even of a single value

    3. **error** `renamed_key`: `/durationSeconds` was sent as `/duration_seconds`
       - sent: `"duration_seconds": "120"` (string)
       - expected: `"durationSeconds": 120` (number)
       - help: rename `duration_seconds` to `durationSeconds`

    4. **error** `type_mismatch`: `/duration_seconds` is a string; the known-good body has a number
       - sent: `"duration_seconds": "120"` (string)
       - expected: `"durationSeconds": 120` (number)
       - help: send `durationSeconds` as number

    5. **error** `null_field`: `/name` is null; the known-good body has no such member
       - sent: `"name": null`
       - expected: field absent
       - help: leave `name` out of the body
    "#);
}

#[test]
fn json_is_versioned_and_says_what_was_sent_and_expected_and_where() {
    let run = pair().args(["--format", "json"]).run();
    assert_eq!(run.status, 1);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["result"], "fail");
    assert_eq!(document["hidden"], 0);
    let of_class = |class: &str| {
        let found = document["findings"].as_array().unwrap().iter().find(|finding| finding["class"] == class);
        found.unwrap().clone()
    };
    let null = of_class("null_field");
    assert_eq!((&null["good_path"], &null["candidate_path"]), (&Value::Null, &Value::from("/name")));
    let wrong_type = of_class("type_mismatch");
    assert_eq!(wrong_type["sent_type"], "string");
    assert_eq!(wrong_type["expected_type"], "number");
    assert_eq!((&wrong_type["line"], &wrong_type["good_line"]), (&Value::from(1), &Value::from(3)));
    let column = CANDIDATE.find("\"120\"").unwrap() + 1;
    assert_eq!(wrong_type["column"], column);
}

#[test]
fn html_ties_both_ends_of_a_rename_with_one_number() {
    let run = pair().args(["--format", "html"]).run();
    assert!(run.stdout.starts_with("<section class=\"comparison\" data-result=\"fail\">\n"));
    let number = run.stdout.split("<code>renamed_key</code>").next().unwrap();
    let number = number.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned();
    for key in ["&quot;durationSeconds&quot;", "&quot;duration_seconds&quot;"] {
        let before = run.stdout.split(&format!(">{key}</mark>")).next().unwrap();
        let numbers = before.rsplit("data-finding=\"").next().unwrap().split('"').next().unwrap();
        assert!(numbers.split(' ').any(|n| n == number), "{key}: {numbers} / {number}");
    }
    assert!(!run.stdout.contains("<script") && !run.stdout.contains("<style"));
}

#[test]
fn a_hostile_body_is_shown_and_never_obeyed() {
    for format in ["text", "side-by-side", "unified", "markdown", "html", "json"] {
        for good in ["{\"a|b\":\"<b>\"}", HOSTILE, "not json \u{1b}[2J"] {
            let run = wraptap().args(["diff", HOSTILE, good, "--format", format]).run();
            let obeyed = run
                .stdout
                .chars()
                .find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}' && format != "json");
            assert_eq!(obeyed, None, "{format}:\n{}", run.stdout);
            assert_eq!(run.stderr, "");
            match format {
                "html" => assert!(!run.stdout.contains("<img") && !run.stdout.contains("<script")),
                "markdown" => assert!(!outside_code(&run.stdout).contains('<'), "{}", run.stdout),
                _ => {}
            }
        }
    }
}

/// Returns what a Markdown reader takes as markup: the text without its code spans.
fn outside_code(markdown: &str) -> String {
    let (mut out, mut rest) = (String::new(), markdown);
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        let fence = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let (mark, behind) = (&rest[at..at + fence], &rest[at + fence..]);
        let runs = |text: &str, from: usize| text[from..].find(mark).map(|found| from + found);
        let mut end = runs(behind, 0);
        while let Some(found) = end.filter(|found| behind[found + fence..].starts_with('`')) {
            let longer = behind[found..].len() - behind[found..].trim_start_matches('`').len();
            end = runs(behind, found + longer);
        }
        rest = end.map_or(behind, |end| &behind[end + fence..]);
    }
    out + rest
}

#[test]
fn colour_comes_when_asked_for_and_never_under_no_color() {
    let coloured = pair().args(["--color", "always"]).run();
    assert!(coloured.stdout.contains("\u{1b}[1m\u{1b}[31merror[") || coloured.stdout.contains("\u{1b}[31m"));
    for run in [pair().run(), pair().env("NO_COLOR", "1").run(), pair().args(["--color", "never"]).run()] {
        assert!(!run.stdout.contains('\u{1b}'));
    }
    let stripped: String = anstream::adapter::strip_str(&coloured.stdout).to_string();
    assert_eq!(stripped, pair().run().stdout);
}

#[test]
fn excerpts_and_columns_keep_to_the_width() {
    let long = format!(
        "{{\"before\":\"{}\",\"durationSeconds\":\"120\",\"after\":\"{}\"}}",
        "x".repeat(400),
        "y".repeat(400)
    );
    let good = long.replace("\"120\"", "120");
    for width in ["44", "72", "120"] {
        for format in ["text", "side-by-side"] {
            let run = wraptap().env("COLUMNS", width).args(["diff", &long, &good, "--format", format]).run();
            let widest = run.stdout.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width.parse().unwrap(), "{width} {format}:\n{}", run.stdout);
        }
    }
}

#[test]
fn what_is_hidden_is_counted() {
    let run = wraptap()
        .args(["diff", r#"{"a":[{"x":null}],"b":1}"#, r#"{"a":[{"x":1}],"b":1}"#, "--ignore", "/a/*/x"])
        .run();
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (0, "pass: no findings; 1 finding hidden at ignored places\n")
    );
}

#[test]
fn strict_makes_a_warning_count() {
    let args = ["diff", r#"{"state":"connected"}"#, r#"{"state":"disconnected"}"#];
    assert_eq!(wraptap().args(args).run().status, 0);
    assert_eq!(wraptap().args(args).args(["--strict"]).run().status, 1);
}

#[test]
fn bodies_come_from_stdin_files_and_the_command_line() {
    let run = wraptap().file("12", "{\"a\":1}").stdin("{\"a\":1}").args(["diff", "-", "./12"]).run();
    assert_eq!((run.status, run.stdout.as_str()), (0, "pass: no findings\n"), "{}", run.stderr);
    let run = wraptap().args(["diff", "", "{\"a\":1}"]).run();
    assert!(run.stdout.starts_with("error[empty_body]: "), "{}", run.stdout);
    let run = wraptap().args(["diff", "{\"a\":}", "{\"a\":1}"]).run();
    insta::assert_snapshot!(run.stdout, @r#"
    error[invalid_json]: the body is not JSON at line 1, column 6: expected a value, found `}`
      --> the body given
       |
     1 | {"a":}
       |      ^ a value
       = sent:     }
       = expected: a value
       = baseline: the body given (named as known good)
       = help:     build the body with a JSON library instead of putting text together
       = docs:     wraptap rules invalid_json

    fail: 1 error
    "#);
}

#[test]
fn whole_requests_are_compared_from_the_method_down() {
    let good = "curl -X POST 'https://api.mypurecloud.de/api/v2/conversations/calls/c1/participants/p1/communications/m1/wrapup?x=1' \
                -H 'Content-Type: application/json' -H 'Authorization: Bearer a' --data '{\"code\":\"x\"}'";
    let candidate = "curl -X PUT 'https://api.mypurecloud.de/api/v2/conversations/calls/c1/wrapup' -H 'Content-Type: text/plain' \
                     -H 'Authorization: Bearer b' --data '{\"code\":null}'";
    let run = wraptap().args(["diff", candidate, good]).run();
    assert_eq!((run.status, run.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(run.stdout, @r#"
    error[method_mismatch]: the method is PUT; the known-good request has POST
      --> the curl command: PUT /api/v2/conversations/calls/c1/wrapup
       = sent:     PUT
       = expected: POST
       = baseline: the curl command (named as known good)
       = help:     send it as POST
       = docs:     wraptap rules method_mismatch

    error[path_mismatch]: `/participants/{participantId}/communications/{communicationId}` is missing in
    the path
      --> the curl command: PUT /api/v2/conversations/calls/c1/wrapup
       = sent:     /api/v2/conversations/calls/c1/wrapup
       = expected: /api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup
       = baseline: the curl command (named as known good)
       = help:     call the operation whose path has it, and give its id
       = docs:     wraptap rules path_mismatch

    error[content_type_mismatch]: the body is sent as text/plain; the known-good request says
    application/json
      --> the curl command: PUT /api/v2/conversations/calls/c1/wrapup
       = sent:     Content-Type: text/plain
       = expected: Content-Type: application/json
       = baseline: the curl command (named as known good)
       = help:     send `Content-Type: application/json`
       = docs:     wraptap rules content_type_mismatch

    error[null_field]: `/code` is null; the known-good body has a string
      --> the curl command: PUT /api/v2/conversations/calls/c1/wrapup
       |
     1 | {"code":null}
       |  ^^^^^^^^^^^ null
      ::: the curl command: POST conversations/calls/.../wrapup
       |
     1 | {"code":"x"}
       |  ---------- string
       = sent:     "code": null
       = expected: "code": "x"  (string)
       = baseline: the curl command (named as known good)
       = help:     set `code` to a value of type string
       = docs:     wraptap rules null_field

    warning[query_mismatch]: the query parameter `x` is missing
      --> the curl command: PUT /api/v2/conversations/calls/c1/wrapup
       = sent:     absent
       = expected: x=1
       = baseline: the curl command (named as known good)
       = help:     pass `x`
       = docs:     wraptap rules query_mismatch

    fail: 4 errors, 1 warning
    "#);
}

#[test]
fn bad_input_says_what_and_what_to_do() {
    let run = wraptap().args(["diff", "no/such.json", "{}"]).run();
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr, @r#"
    error: there is no file `no/such.json`
      hint: give a file, a REF such as 12 or last, a curl command, or the body itself in quotes
    "#);
    let run = wraptap().args(["diff", "-", "-"]).run();
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr, @r#"
    error: both sides are `-`, but stdin can be read only once
      hint: give one of them as a file
    "#);
    let run = wraptap().args(["diff", "{}"]).run();
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr, @r#"
    error: there is nothing to compare with: which operation the body is sent to is not known
      hint: name it: `wraptap diff CANDIDATE --operation 'POST /api/v2/…'`
      hint: or what is known to be good: `wraptap diff CANDIDATE GOOD`
      hint: or give the whole request: a REF such as last-refused, or a curl command
    "#);
    let run = wraptap().args(["diff", "{}", "{}", "--ignore", "a/b"]).run();
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr, @r#"
    error: invalid value 'a/b' for '--ignore <POINTER>': `a/b` is not a JSON Pointer: it has to be empty or start with `/`, with `~` only in `~0` and `~1`

    For more information, try '--help'.
    "#);
    let run = wraptap().args(["diff", "curl -d {\"a\":1,\"b\":2} http://h/", "{}"]).run();
    assert!(run.stderr.contains("hint: put `{\"a\":1,\"b\":2}` in quotes"), "{}", run.stderr);
    let run = wraptap().args(["diff", "curl -d x", "{}"]).run();
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr, @r#"
    error: the curl command cannot be read
      caused by: line 1, column 1: this curl command has no URL
    "#);
}

#[test]
fn the_corrected_body_has_the_candidates_values_in_the_good_ones_shape() {
    let run = pair().args(["--fix"]).run();
    assert!(
        run.stderr.ends_with("--fill takes it, or give it:\n  --set '/notes=called back'\n"),
        "{}",
        run.stderr
    );
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(run.stdout, @r#"
    {
      "code": "7fb334b0-0e9e-11e4-9191-0800200c9a66",
      "durationSeconds": 120,
      "tags": [
        "callback"
      ]
    }
    "#);
}

#[test]
fn a_renamed_member_is_corrected_into_the_unit_of_its_key() {
    let fixed = |candidate: &str| {
        let run = wraptap().args(["diff", candidate, r#"{"durationSeconds":120}"#, "--fix"]).run();
        serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap().to_string()
    };
    assert_eq!(fixed(r#"{"durationMs":95000}"#), r#"{"durationSeconds":95}"#);
    assert_eq!(fixed(r#"{"durationMs":120000}"#), r#"{"durationSeconds":120}"#);
    assert_eq!(fixed(r#"{"durationMs":120}"#), r#"{"durationSeconds":120}"#, "its sender did not convert it");
}

#[test]
fn a_patch_turns_the_candidate_into_the_good_body() {
    let run = pair().args(["--format", "patch"]).run();
    insta::assert_snapshot!(run.stdout, @r#"
    [
      {"op":"move","from":"/duration_seconds","path":"/durationSeconds"},
      {"op":"remove","path":"/name"},
      {"op":"add","path":"/notes","value":"called back"},
      {"op":"replace","path":"/durationSeconds","value":120},
      {"op":"replace","path":"/tags","value":["callback"]}
    ]
    "#);
}

#[test]
fn what_is_no_json_is_neither_patched_nor_corrected() {
    for option in ["--fix", "--format=patch"] {
        let run = wraptap().file("a", "{\"a\":NaN}").file("b", "{}").args(["diff", "a", "b", option]).run();
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        assert_eq!(
            run.stderr,
            "error: the body is not JSON, so it can be neither patched nor corrected\n  \
             hint: see where it is not JSON with `--format text`\n"
        );
    }
}
