//! `demo --sdk`: a program with the real SDK, if it is installed, instead of requests written by hand.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::error::CommandError;
use crate::simulator::seeds::{CALL_PENDING, CLIENT_USER, CODE};

/// An SDK that the demo has a program for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum DemoSdk {
    /// purecloud-platform-client-v2 for Node.js.
    Javascript,
    /// PureCloudPlatformClientV2 for Python.
    Python,
    /// com.mypurecloud.sdk.v2, with its class path in CLASSPATH.
    Java,
}

/// How a program is run, and what it needs.
struct SdkProgram {
    interpreters: &'static [&'static str],
    /// Arguments that succeed if the SDK is installed.
    probe: &'static [&'static str],
    source: &'static str,
    needs: &'static str,
}

impl DemoSdk {
    fn program(self) -> SdkProgram {
        match self {
            Self::Javascript => SdkProgram {
                interpreters: &["node"],
                probe: &["-e", "require.resolve('purecloud-platform-client-v2')"],
                source: include_str!("programs/demo.js"),
                needs: "Node.js, and in this folder `npm install purecloud-platform-client-v2`",
            },
            Self::Python => SdkProgram {
                interpreters: &["python3", "python"],
                probe: &["-c", "import PureCloudPlatformClientV2"],
                source: include_str!("programs/demo.py"),
                needs: "Python 3, and `pip install PureCloudPlatformClientV2`",
            },
            Self::Java => SdkProgram {
                interpreters: &["java"],
                probe: &["--version"],
                source: include_str!("programs/Demo.java"),
                needs: "Java 11, and com.mypurecloud:platform-client-v2 with what it depends on in CLASSPATH",
            },
        }
    }

    fn flag(self) -> &'static str {
        match self {
            Self::Javascript => "-e",
            Self::Python => "-c",
            Self::Java => "",
        }
    }

    /// Returns the interpreter that has the SDK.
    ///
    /// # Errors
    /// There is none; the error says what is needed.
    pub(super) fn find(self) -> Result<&'static str, CommandError> {
        let SdkProgram { interpreters, probe, needs, .. } = self.program();
        let has_sdk = |name: &&&str| {
            let mut command = Command::new(name);
            command.args(probe).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        let path = self != Self::Java || std::env::var_os("CLASSPATH").is_some_and(|path| !path.is_empty());
        interpreters.iter().filter(|_| path).find(has_sdk).copied().ok_or_else(|| {
            let name = format!("{self:?}").replace("Javascript", "JavaScript");
            CommandError::input(anyhow::anyhow!("the {name} SDK is not found here"))
                .hint(format!("it needs {needs}"))
                .hint("the same without an SDK: `wraptap demo`")
        })
    }

    /// Runs the program against the proxy and returns what it printed.
    pub(super) fn run(self, interpreter: &str, url: &str) -> Result<String, CommandError> {
        let source = self.program().source;
        let mut command = Command::new(interpreter);
        // held until the program has ended
        let file: Option<tempfile::NamedTempFile> = match self {
            Self::Java => Some(java_file(source)?),
            Self::Javascript | Self::Python => None,
        };
        match &file {
            Some(file) => command.arg(file.path()),
            None => command.args([self.flag(), source]),
        };
        let seed = &CALL_PENDING;
        command
            .env("WRAPTAP_URL", url)
            .env("DEMO_CLIENT", CLIENT_USER)
            .env("DEMO_CODE", CODE)
            .env("DEMO_CONVERSATION", seed.conversation)
            .env("DEMO_PARTICIPANT", seed.participant)
            .env("DEMO_COMMUNICATION", seed.communication)
            .env("NO_PROXY", "127.0.0.1")
            .stdin(Stdio::null());
        let Output { status, stdout, stderr } = command.output()?;
        if !status.success() {
            let said = String::from_utf8_lossy(&stderr);
            let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
            return Err(CommandError::machine(anyhow::anyhow!("the program failed: {last}"))
                .hint(format!("it needs {}", self.program().needs)));
        }
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    }
}

fn java_file(source: &str) -> Result<tempfile::NamedTempFile, CommandError> {
    let mut file = tempfile::Builder::new().prefix("Demo").suffix(".java").tempfile()?;
    file.write_all(source.as_bytes())?;
    Ok(file)
}
