//! What `setup` prints is run as it is printed; what `setup --write` writes is read by programs that know nothing of it.

use std::path::Path;
use std::process::Command;

use crate::program::Language::{Java, JavaScript, Python};
use crate::program::{Language, expect_success, interpreter, wraptap};
use crate::stage::Stage;

/// A call behind the attach line that needs no login.
const CALL: &str = "/api/v2/routing/wrapupcodes";

/// Runs a source file that stands in a folder of its own; what it does is seen in the recording.
fn run(language: Language, name: &str, source: &str, home: Option<&Path>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, source).unwrap();
    let mut command: Command = interpreter(language, &file);
    command.env("HOME", home.unwrap_or(folder.path())).current_dir(folder.path());
    expect_success(command);
}

fn snippet(stage: &Stage, sdk: &str) -> String {
    expect_success(wraptap(&["setup", sdk, "--url", stage.url()]))
}

/// Expects one login, where it belongs, and one call.
fn expect_login_and_call(stage: Stage) {
    let recorded = stage.end();
    let targets: Vec<&str> =
        recorded.exchanges.iter().map(|exchange| exchange["request"]["target"].as_str().unwrap()).collect();
    assert_eq!(targets, ["/oauth/token", CALL]);
    assert_eq!(recorded.statuses(), [200, 200]);
}

const JAVASCRIPT_CALL: &str = "
const { ApiClient } = require('purecloud-platform-client-v2');
const sdk = ApiClient.instance;
sdk.loginClientCredentialsGrant('any-client', 'any-secret')
  .then(() => sdk.callApi('/api/v2/routing/wrapupcodes', 'GET', {}, {}, {}, {}, null, ['PureCloud OAuth'], ['application/json'], ['application/json']))
  .catch((error) => { console.error(error); process.exit(1); });
";

const PYTHON_CALL: &str = "
import PureCloudPlatformClientV2 as sdk
client = sdk.api_client.ApiClient().get_client_credentials_token('any-client', 'any-secret')
client.call_api('/api/v2/routing/wrapupcodes', 'GET', header_params={'Accept': 'application/json'}, auth_settings=['PureCloud OAuth'])
";

#[test]
fn javascript_is_attached_by_what_setup_prints() {
    let stage = Stage::simulated();
    let source = snippet(&stage, "javascript") + JAVASCRIPT_CALL;
    run(JavaScript, "attached.js", &source, None);
    expect_login_and_call(stage);
}

#[test]
fn python_is_attached_by_what_setup_prints() {
    let stage = Stage::simulated();
    let source = snippet(&stage, "python") + PYTHON_CALL;
    run(Python, "attached.py", &source, None);
    expect_login_and_call(stage);
}

#[test]
fn java_is_attached_by_what_setup_prints() {
    let stage = Stage::simulated();
    let source = format!(
        "public class Attached {{
    public static void main(String[] arguments) throws Exception {{
        String clientId = \"any-client\", clientSecret = \"any-secret\";
{}
        client.invoke(
                com.mypurecloud.sdk.v2.ApiRequestBuilder.create(\"GET\", \"{CALL}\")
                        .withAccepts(\"application/json\").withAuthNames(\"PureCloud OAuth\").build(),
                new com.fasterxml.jackson.core.type.TypeReference<Void>() {{}});
    }}
}}",
        snippet(&stage, "java")
    );
    run(Java, "Attached.java", &source, None);
    expect_login_and_call(stage);
}

#[test]
fn unchanged_programs_are_attached_by_the_config_file_that_setup_writes() {
    let calls = [
        ("javascript", JavaScript, "plain.js", JAVASCRIPT_CALL),
        ("python", Python, "plain.py", PYTHON_CALL),
    ];
    for (sdk, language, name, source) in calls {
        let stage = Stage::simulated();
        let home = tempfile::tempdir().unwrap();
        let mut setup = wraptap(&["setup", sdk, "--write", "--url", stage.url()]);
        setup.env("HOME", home.path());
        expect_success(setup);
        run(language, name, source, Some(home.path()));
        expect_login_and_call(stage);
    }
}
