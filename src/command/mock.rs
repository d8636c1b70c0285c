//! `mock`: serves a recording to a client, so that it needs no tenant.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::baselines::{embedded, folder};
use crate::command::CommandOutcome;
use crate::command::args::recording_arg;
use crate::command::terminal::output;
use crate::command::terminal::signals::Signals;
use crate::config::Globals;
use crate::diagnose::pairing::Accepted;
use crate::error::CommandError;
use crate::replay::mock::index::Index;
use crate::replay::mock::responder::Responder;
use crate::replay::mock::server::Watcher;
use crate::replay::mock::strict::Knowledge;
use crate::replay::mock::{LoopbackError, Options, serve};
use crate::report::layout::counted;
use crate::report::safe;
use crate::store::recording::Recording;

#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:
  wraptap mock recordings/wrapup.ndjson
  wraptap mock recordings/wrapup.ndjson --strict --listen 0",
    after_help = "Requests match by method, path, query and JSON-equal body; ids in the path and times \
may differ, and the response then has the requested ids. Repeated requests get their \
responses in recorded order, and the last one repeats. Every login is accepted and \
gets a token of the mock. Nothing is ever forwarded: a request that was not recorded \
gets a 404 that names the nearest recorded requests."
)]
pub(crate) struct MockArgs {
    /// The recording to serve, `-` for stdin [default: the newest in ./recordings]
    #[arg(value_name = "RECORDING")]
    served: Option<PathBuf>,
    /// Accept only bodies without errors against the known-good ones; refuse others with a 400 that names the
    /// errors
    #[arg(long)]
    strict: bool,
    /// Respond as slowly as the recorded upstream
    #[arg(long)]
    latency: bool,
    /// Where to listen; loopback only, port 0 means any free port
    #[arg(long, default_value = "127.0.0.1:8083", value_name = "[ADDR:]PORT", value_parser = listen)]
    listen: SocketAddr,
}

#[derive(Debug, thiserror::Error)]
#[error("{path} has no exchange that can be served{}", if *.left_out > 0 { format!(": {left_out} are left out, because they have no complete response or were sent by wraptap") } else { String::new() })]
struct NothingToServe {
    path: String,
    left_out: u64,
}

pub(crate) fn run(args: &MockArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let path = match &args.served {
        Some(path) => path.clone(),
        None => recording_arg::resolve(globals)?,
    };
    recording_arg::refuse_har(&path)?;
    let index = Index::read(&path).map_err(recording_arg::read_error)?;
    for (number, error) in index.foreign.iter().take(3) {
        tracing::warn!(line = number, error = error as &dyn std::error::Error, "skipped a line");
    }
    if index.served == 0 {
        let error = NothingToServe { path: path.display().to_string(), left_out: index.left_out };
        return Err(CommandError::input(error).hint("list its exchanges: `wraptap list`"));
    }
    let strict = args.strict.then(|| knowledge(&path)).transpose()?;
    let mut said = format!("{} of {}", counted(index.served, "exchange"), path.display());
    if index.left_out > 0 {
        said.push_str(&format!(", {} left out", index.left_out));
    }
    if !index.foreign.is_empty() {
        said.push_str(&format!(", {} lines that are not exchanges", index.foreign.len()));
    }
    let responder = Responder::new(index, strict);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let options = Options { listen: args.listen, latency: args.latency };
        let running =
            serve(options, responder, watcher(globals)).await.map_err(|error| refusal(error, args.listen))?;
        if !globals.quiet {
            writeln!(output::stderr(), "{}", safe::line(&said))?;
            writeln!(output::stderr(), "listening on http://{}", running.address)?;
        }
        signals.next().await;
        tokio::select! {
            () = running.stop() => Ok(CommandOutcome::Fine),
            _ = signals.next() => Ok(CommandOutcome::Status(130)),
        }
    })
}

/// Reports every miss on stderr, and every response with `-v`.
fn watcher(globals: &Globals) -> Watcher {
    let (quiet, verbose) = (globals.quiet, globals.verbose > 0);
    Arc::new(move |asked, answer| {
        let refused = answer.headers.iter().any(|(name, _)| name == b"x-wraptap-error");
        if !quiet && (verbose || refused) {
            let line = format!("{} {}  {}\n", answer.status, safe::line(asked), safe::line(&answer.said));
            // stderr is closed, and there is nothing to do about it
            let _ = output::stderr().write_all(line.as_bytes());
        }
    })
}

/// Returns what `--strict` compares bodies with.
fn knowledge(path: &Path) -> Result<Knowledge, CommandError> {
    let mut accepted = Accepted::default();
    if path != Path::new("-") {
        for exchange in Recording::open(path).map_err(recording_arg::read_error)? {
            match exchange {
                Ok(exchange) => accepted.offer(&exchange),
                Err(error) if error.is_one_line() => {}
                Err(error) => return Err(recording_arg::read_error(error)),
            }
        }
    }
    // A folder that is not there is the usual case before the first `baseline add`.
    let found = folder::load(Path::new(folder::DEFAULT)).unwrap_or_default();
    for fault in &found.faults {
        tracing::warn!(error = fault as &dyn std::error::Error, "skipped a baseline");
    }
    Ok(Knowledge { folder: found.baselines, accepted, embedded: embedded::all() })
}

fn refusal(error: LoopbackError, listen: SocketAddr) -> CommandError {
    match error {
        LoopbackError::NotLoopback(_) => CommandError::input(error)
            .hint(format!("listen on this machine only: `wraptap mock --listen {}`", listen.port())),
        LoopbackError::Bind { .. } => {
            CommandError::machine(error).hint("use any free port: `wraptap mock --listen 0`")
        }
    }
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let named = text.replacen("localhost:", "127.0.0.1:", 1);
    let port = named.parse().map(|port| SocketAddr::new(local, port));
    port.or_else(|_| named.parse()).map_err(|_| {
        "give a port, or an IP address and a port such as 127.0.0.1:8083 or [::1]:8083".to_owned()
    })
}
