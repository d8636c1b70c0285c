//! `record`: the recording reverse proxy, with live lines, an optional command to run against it, and a summary.

mod attach;
mod attach_command;
mod child;
mod live;
mod page;
mod refused;
mod summary;
mod trust;
mod upstreams;

use std::ffi::OsString;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use crate::command::args::{new_recording, outbound};
use crate::command::record::child::ChildProcess;
use crate::command::record::live::{LiveLines, Totals};
use crate::command::terminal::signals::Signals;
use crate::command::{CommandOutcome, ui};
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal::Journal;
use crate::json::pointer::Pointer;
use crate::net::tls::Trust;
use crate::proxy::access::AccessPolicy;
use crate::proxy::config::{Config, Limits};
use crate::proxy::server::{ProxyError, ProxyServer, serve};
use crate::redact::Rules;

#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:
  wraptap record --region mypurecloud.de
  wraptap record --region mypurecloud.de -- node app.js",
    after_help = "Without a COMMAND, make http://127.0.0.1:8080 the SDK's gateway or base URL; `wraptap setup` prints the lines.
Ctrl-C ends the recording.

A COMMAND needs no change: it runs in a private home, a mirror of yours by links, where the SDKs' config files name
wraptap as the gateway. What it makes in its home is moved to yours when it ends, never over anything; what cannot be
moved is named. What it leaves running keeps the private home until a later run. Programs that are no SDK find the URL
in WRAPTAP_URL; `{url}` in the arguments is replaced.

Programs with https://api.mypurecloud.de written into them: `wraptap record --tls --region mypurecloud.de -- COMMAND`.
HTTPS_PROXY, the CA variables of curl, Python, Go and Node, and JAVA_TOOL_OPTIONS are set for that command alone. Only the
region's api and login hosts are looked into; what it sends elsewhere passes unseen. With --upstream beside --region, that
URL answers for the region: `wraptap record --tls --region mypurecloud.de --upstream http://127.0.0.1:8081 -- COMMAND`."
)]
pub(crate) struct RecordArgs {
    /// A Genesys Cloud region: a domain or an AWS name; with --upstream that answers for it [env: GENESYSCLOUD_REGION]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Any other API: where everything is sent
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,
    /// Where …/oauth/token is sent, if not to --upstream
    #[arg(long, value_name = "URL", requires = "upstream")]
    login_upstream: Option<String>,
    /// A path prefix that clients put in front, to be removed
    #[arg(long, value_name = "PATH")]
    prefix: Option<String>,
    /// Where to listen; without an address on 127.0.0.1 and [::1]; port 0 for any free one
    #[arg(long, value_name = "[ADDR:]PORT", default_value = "8080")]
    listen: String,
    /// The recording to write [default: recordings/TIME.ndjson]
    #[arg(short = 'w', long = "write", value_name = "FILE")]
    write: Option<PathBuf>,
    /// Let clients of other machines in
    #[arg(long)]
    allow_remote: bool,
    /// A further name by which clients may call this proxy
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// The origin of a page in a browser that may use this proxy, `*` for any
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Further CA certificates to trust upstream (PEM)
    #[arg(long, value_name = "FILE")]
    ca_file: Vec<PathBuf>,
    /// The HTTP proxy to go out through [default: HTTPS_PROXY, unless NO_PROXY excepts the upstream]
    #[arg(long, value_name = "URL")]
    upstream_proxy: Option<String>,
    /// Let clients speak TLS on the same port. A COMMAND trusts it and reaches the region's hosts through it; else it is
    /// printed what makes clients trust it
    #[arg(long)]
    tls: bool,
    /// After a refusal on a conversation, GET it, its participant's wrap-up codes and tokens/me, with the caller's token
    #[arg(long)]
    probe: bool,
    /// Show a page of what is recorded, on 127.0.0.1:PORT [default: on a terminal without COMMAND, on 8082 or a free one]
    #[arg(long, value_name = "PORT", num_args = 0..=1)]
    ui: Option<Option<u16>>,
    /// Show no page
    #[arg(long, conflicts_with = "ui")]
    no_ui: bool,
    /// How many seconds an upstream may take to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    upstream_timeout: u64,
    /// How many bytes of each body are recorded
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024)]
    body_limit: usize,
    /// Mask the value at this place of JSON bodies too, `*` for any one step
    #[arg(long, value_name = "POINTER")]
    redact: Vec<String>,
    /// Mask the values of members, fields, parameters and headers of this name too
    #[arg(long, value_name = "NAME")]
    redact_key: Vec<String>,
    /// How many threads carry connections; 0 lets the machine decide
    #[arg(long, value_name = "N", default_value_t = 0, hide = true)]
    workers: usize,
    /// Run COMMAND in its own home; without it, a private one holds the SDKs' config files with the gateway in them
    #[arg(long, requires = "command")]
    own_home: bool,
    /// A command to run against the proxy; the recording ends with it
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

pub(crate) fn run(args: &RecordArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let routes = upstreams::routes(args)?;
    let outbound =
        outbound::proxy(args.upstream_proxy.as_deref(), routes.upstreams().map(|upstream| &upstream.server))?;
    let trust = Trust::new(&args.ca_file).map_err(CommandError::input)?;
    let rules = rules(args)?;
    let attaches = !args.command.is_empty();
    // an attached Java SDK logs in by TLS, whatever it is told
    let authority = (args.tls || attaches).then(|| trust::authority(args, &routes)).transpose()?;
    let proxied = attach_command::proxied(args, &routes)?;
    let tunnels = attach_command::tunnels(args, proxied.as_ref())?;
    let config = Config {
        listen: listen(&args.listen, args.allow_remote)?,
        access: AccessPolicy {
            hosts: args.allow_host.clone(),
            origins: args.allow_origin.clone(),
            any_address: args.allow_remote,
            ..AccessPolicy::default()
        },
        trust,
        outbound: outbound.clone(),
        tls: authority.as_ref().map(|authority| Arc::clone(&authority.server)),
        tunnels,
        probe: args.probe,
        limits: Limits {
            answer: Duration::from_secs(args.upstream_timeout),
            body: args.body_limit,
            workers: args.workers,
            ..Limits::default()
        },
        routes,
    };
    let path = new_recording::path(args.write.as_ref(), globals);
    let journal = new_recording::open_journal(&path, rules, "wraptap record -w")?;
    let unasked = new_recording::UnnamedRecording::of(&path, args.write.as_ref(), globals);
    let journal = Arc::new(journal);
    // before anybody can use up the descriptors
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let signals = runtime.block_on(async { Signals::listen() })?;
    let page = page::serve_beside(args, globals, &config.routes, &journal)?;
    let running = serve(config, Arc::clone(&journal)).map_err(|error| unserved(error, &args.listen))?;
    let running = Arc::new(running);

    let mut said = page.as_ref().map(ui::told).unwrap_or_default();
    if let Some(proxy) = &outbound {
        said.push_str(&format!("going out through {proxy}\n"));
    }
    said.push_str(&format!("recording into {}\nlistening on {}\n", path.display(), running.url()));
    let attached = match &authority {
        Some(authority) if attaches => Some(attach_command::attached(args, &running, authority, proxied)?),
        Some(authority) => {
            said.push_str(&trust::publish(authority, &path)?);
            None
        }
        None => None,
    };
    said.extend(attached.iter().flat_map(|attached| &attached.notes).map(|note| format!("note: {note}\n")));
    if !globals.quiet {
        anstream::stderr().write_all(said.as_bytes())?;
    }
    let variables = attached.as_ref().map_or(&[][..], |attached| &attached.variables);
    let watched = runtime.block_on(watch(args, variables, globals, &journal, &running, signals));
    let ended = watched.inspect_err(|_| {
        // its threads hold the recording open
        running.stop();
        running.wait();
    })?;
    runtime.shutdown_background();
    if let Some(attached) = attached {
        let told = attached.end();
        // what is not where it belongs is told of in any case
        anstream::stderr().write_all(summary::told(&told, globals).as_bytes())?;
    }
    drop(page);
    summary::print(&journal, &ended.totals, &unasked, globals)?;
    if ended.child.is_some() && journal.begun() == 0 {
        summary::nothing(args, globals)?;
    }
    Ok(outcome(&journal, &ended))
}

/// How the watching ended.
struct RecordEnd {
    totals: Totals,
    child: Option<ExitStatus>,
    /// A second signal came: no more waiting.
    impatient: bool,
}

/// Shows what happens until a signal, or until the command has ended; then lets the proxy drain.
async fn watch(
    args: &RecordArgs,
    variables: &[(&'static str, OsString)],
    globals: &Globals,
    journal: &Arc<Journal>,
    running: &Arc<ProxyServer>,
    mut signals: Signals,
) -> Result<RecordEnd, CommandError> {
    let mut live = LiveLines::new(journal, running, globals.quiet, args.probe);
    let mut child = ChildProcess::start(&args.command, &running.url(), variables)?;
    let mut ended = RecordEnd { totals: Totals::default(), child: None, impatient: false };
    let mut told = false;
    loop {
        tokio::select! {
            () = live.show() => {}
            signal = signals.next() => match &mut child {
                // the terminal sends Ctrl-C to the command as well: the recording ends when it has ended
                Some(child) if !std::mem::replace(&mut told, true) => child.pass_on(signal),
                Some(_) => {
                    ended.impatient = true;
                    child::kill(&mut child).await;
                    break;
                }
                None => break,
            },
            status = child::ended(&mut child) => {
                ended.child = Some(status?);
                break;
            }
        }
    }
    running.stop();
    if running.in_flight() > 0 && !globals.quiet {
        let count = running.in_flight();
        anstream::stderr()
            .write_all(format!("ending; {count} in flight (a second Ctrl-C does not wait)\n").as_bytes())?;
    }
    let drained = {
        let running = Arc::clone(running);
        tokio::task::spawn_blocking(move || running.wait())
    };
    tokio::pin!(drained);
    while !ended.impatient {
        tokio::select! {
            // a worker that panicked has ended too
            _ = &mut drained => break,
            () = live.show() => {}
            _ = signals.next() => ended.impatient = true,
        }
    }
    live.flush();
    ended.totals = live.totals();
    Ok(ended)
}

/// Returns the exit status: the command's own; 3 if exchanges are missing.
fn outcome(journal: &Journal, ended: &RecordEnd) -> CommandOutcome {
    if ended.impatient {
        return CommandOutcome::Status(130);
    }
    match ended.child.map(child::status) {
        Some(status) if status != 0 => CommandOutcome::Status(status),
        _ if !journal.lost().is_empty() => CommandOutcome::Status(3),
        _ => CommandOutcome::Fine,
    }
}

fn rules(args: &RecordArgs) -> Result<Rules, CommandError> {
    let pointers = args.redact.iter().map(|text| {
        Pointer::parse(text).map_err(|error| {
            CommandError::input(error).hint("a place in JSON looks like `--redact /wrapup/notes`")
        })
    });
    Ok(Rules { pointers: pointers.collect::<Result<_, _>>()?, keys: args.redact_key.clone() })
}

/// Reads `[ADDR:]PORT`.
fn listen(text: &str, allow_remote: bool) -> Result<Vec<SocketAddr>, CommandError> {
    let wanted = match text.parse::<u16>() {
        Ok(port) => vec![
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port),
            SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port),
        ],
        Err(_) => {
            let named = text.replacen("localhost:", "127.0.0.1:", 1);
            vec![named.parse().map_err(|_| {
                CommandError::input(anyhow::anyhow!("`{text}` is no address to listen on"))
                    .hint("give a port, or an address and a port: `wraptap record --listen 127.0.0.1:8080 …`")
            })?]
        }
    };
    match wanted.iter().find(|address| !address.ip().is_loopback()) {
        Some(address) if !allow_remote => Err(CommandError::input(anyhow::anyhow!(
            "{address} can be reached from other machines, which could then send requests through this proxy"
        ))
        .hint("listen on this machine only: `wraptap record --listen 8080 …`")
        .hint("or, if you mean it: `--allow-remote`")),
        _ => Ok(wanted),
    }
}

fn unserved(error: ProxyError, listen: &str) -> CommandError {
    let taken =
        matches!(&error, ProxyError::Listen { source, .. } if source.kind() == std::io::ErrorKind::AddrInUse);
    let error = CommandError::machine(error);
    if taken {
        error
            .hint(format!(
                "another program (another wraptap?) listens on {listen}: end it, or take another port"
            ))
            .hint("take any free port: `wraptap record --listen 0 …`")
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::listen;

    #[test]
    fn a_port_alone_means_this_machine_in_both_families() {
        let both = listen("0", false).unwrap();
        assert_eq!(both.iter().map(ToString::to_string).collect::<Vec<_>>(), ["127.0.0.1:0", "[::1]:0"]);
        assert_eq!(listen("localhost:81", false).unwrap()[0].to_string(), "127.0.0.1:81");
    }

    #[test]
    fn other_machines_are_let_in_on_purpose_only() {
        assert!(listen("0.0.0.0:8080", false).is_err());
        assert!(listen("[::]:8080", false).is_err());
        assert!(listen("0.0.0.0:8080", true).is_ok());
        assert!(listen("eth0:8080", true).is_err());
    }
}
