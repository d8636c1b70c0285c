//! `wraptap operation`: what a user sees.

use crate::program::wraptap;

const WRAPUP: &str = "/api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup";

#[test]
fn the_page_of_an_operation_has_its_methods_its_model_and_an_example() {
    let run = wraptap().env("COLUMNS", "100").args(["operation", &format!("POST {WRAPUP}")]).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn a_path_with_real_ids_in_a_whole_url_is_understood() {
    let url =
        "https://api.mypurecloud.de/api/v2/routing/wrapupcodes/7fb334b0-0e9e-11e4-9191-0800200c9a66?x=1";
    let run = wraptap().args(["operation", "put", url, "--format", "json"]).run();
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["schema_version"], 1);
    let operation = &document["operations"][0];
    assert_eq!(operation["path"], "/api/v2/routing/wrapupcodes/{codeId}");
    assert_eq!(operation["java_request"], "PutRoutingWrapupcodeRequest");
    assert_eq!(operation["body"]["required"], true);
    let name = operation["models"]["WrapupCodeRequest"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["name"] == "name");
    assert_eq!(name.unwrap()["required"], true);
}

#[test]
fn the_forum_s_operation_is_said_not_to_exist_and_the_two_real_ways_come_first() {
    let run =
        wraptap().env("COLUMNS", "100").args(["operation", "PUT /api/v2/interactions/{id}/wrap-up"]).run();
    assert_eq!(run.status, 1, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "PUT /api/v2/interactions/{id}/wrap-up: not an operation of the public API");
    assert_eq!(lines[2], format!("  POST {WRAPUP}"));
    assert_eq!(lines[4], "      also for callbacks, emails, messages, socials, videos");
    assert_eq!(lines[5], "  PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}");
}

#[test]
fn a_known_path_under_another_method_names_the_methods_it_has() {
    let run = wraptap().args(["operation", "PUT", "/api/v2/conversations/calls/1/participants/2"]).run();
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("the path is public under PATCH\n"), "{}", run.stdout);
}

#[test]
fn a_path_without_a_method_shows_all_its_operations() {
    let run = wraptap().args(["operation", "/api/v2/routing/wrapupcodes", "--format", "json"]).run();
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let methods: Vec<&str> = document["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["method"].as_str().unwrap())
        .collect();
    assert_eq!(methods, ["GET", "POST"]);
}

#[test]
fn a_search_lists_what_holds_every_word_and_tells_when_nothing_does() {
    let found = wraptap().args(["operation", "--search", "wrapup communication", "--format", "json"]).run();
    let document: serde_json::Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(document["operations"].as_array().unwrap().len(), 16);
    let none = wraptap().args(["operation", "--search", "interactions wrap-up"]).run();
    assert_eq!(
        (none.status, &*none.stdout),
        (1, "no public operation has `interactions wrap-up` in its path or method names\n")
    );
}

#[test]
fn the_vendor_s_document_adds_permissions_and_error_codes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("swagger.json");
    std::fs::write(&path, SWAGGER).unwrap();
    let run = wraptap().args(["operation", "PUT /api/v2/things/7", "--swagger"]).args([&path]).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("  permission any of thing:edit:all, thing:edit:own\n"), "{}", run.stdout);
    assert!(run.stdout.contains("  errors     400 bad.request\n"), "{}", run.stdout);
    assert!(run.stdout.contains("  source     Things v2\n"), "{}", run.stdout);
}

#[test]
fn what_is_no_operation_and_what_is_no_document_is_an_input_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.json");
    std::fs::write(&path, r#"{"openapi":"3.1.0"}"#).unwrap();
    let shape = wraptap().args(["operation", "wrapup"]).run();
    assert_eq!(shape.status, 2);
    assert!(shape.stderr.contains("`wrapup` is not a method and a path"), "{}", shape.stderr);
    assert!(shape.stderr.contains("hint: wraptap operation --search wrapup"), "{}", shape.stderr);
    let document = wraptap().args(["operation", "GET /x", "--swagger"]).args([&path]).run();
    assert_eq!(document.status, 2);
    assert!(
        document.stderr.contains("caused by: the document is not Swagger 2.0: it says `3.1.0`"),
        "{}",
        document.stderr
    );
    let missing = wraptap().args(["operation", "GET /x", "--swagger"]).args([folder.path().join("no")]).run();
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.contains("cannot read "), "{}", missing.stderr);
}

const SWAGGER: &str = r##"{"swagger":"2.0","info":{"title":"Things","version":"v2"},"paths":{"/api/v2/things/{thingId}":
  {"put":{"x-purecloud-method-name":"putThing","parameters":[],"responses":{"400":{"x-inin-error-codes":{"bad.request":"x"}}},
  "x-inin-requires-permissions":{"type":"ANY","permissions":["thing:edit:all","thing:edit:own"]}}}}}"##;
