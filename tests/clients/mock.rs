//! The SDK programs run unchanged against a mock of a recording that they made themselves: login and all.

use crate::program::Language::{Java, JavaScript, Python};
use crate::program::{Server, expect_success, program, wraptap};
use crate::stage::Stage;

#[test]
fn every_sdk_runs_against_a_mock_of_its_own_recording() {
    for (language, name) in [(JavaScript, "sdk.js"), (Python, "sdk.py"), (Java, "Sdk")] {
        let stage = Stage::simulated();
        let first = stage.run(program(language, name));
        let recorded = stage.end();
        let mut mock = wraptap(&["mock", "--listen", "127.0.0.1:0"]);
        mock.arg(recorded.path());
        let server = Server::start(mock);
        let mut again = program(language, name);
        again.env("WRAPTAP_URL", format!("http://{}", server.address));
        assert_eq!(expect_success(again), first, "{name}");
        let said = server.stop();
        assert!(!said.contains("not_recorded") && !said.contains("nothing recorded answers"), "{said}");
    }
}

#[test]
fn a_null_is_refused_by_its_pointer_under_strict() {
    let stage = Stage::simulated();
    stage.run(program(JavaScript, "sdk.js"));
    let recorded = stage.end();
    let mut mock = wraptap(&["mock", "--strict", "--listen", "127.0.0.1:0"]);
    mock.arg(recorded.path());
    let server = Server::start(mock);
    let mut again = program(JavaScript, "sdk.js");
    again.env("WRAPTAP_URL", format!("http://{}", server.address));
    expect_success(again);
    let said = server.stop();
    assert!(said.contains("400 POST ") && said.contains("strict"), "{said}");
}
