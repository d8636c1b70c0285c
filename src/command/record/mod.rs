//! `record`: the recording reverse proxy, with live lines, an optional command to run against it, and a
//! summary.

pub(crate) mod args;
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
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::command::args::{new_recording, outbound};
use crate::command::record::args::RecordArgs;
use crate::command::record::child::ChildProcess;
use crate::command::record::live::{LiveLines, Totals};
use crate::command::terminal::output;
use crate::command::terminal::signals::Signals;
use crate::command::{CommandOutcome, redact, terminal, ui};
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal::Journal;
use crate::json::pointer::Pointer;
use crate::net::tls::Trust;
use crate::proxy::access::AccessPolicy;
use crate::proxy::config::{Limits, ProxyConfig};
use crate::proxy::routes::Routes;
use crate::proxy::server::{ProxyError, ProxyServer, serve};
use crate::redact::Rules;
use crate::report::commands::shell_word;

pub(crate) fn run(args: &RecordArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let routes = upstreams::routes(args)?;
    let outbound =
        outbound::proxy(args.upstream_proxy.as_deref(), routes.upstreams().map(|upstream| &upstream.server))?;
    let trust = Trust::new(&args.ca_file).map_err(CommandError::input)?;
    if routes.upstreams().any(|upstream| upstream.server.secure) {
        trust.prepare().map_err(CommandError::machine)?;
    }
    let rules = rules(args)?;
    let attaches = !args.command.is_empty();
    // an attached Java SDK always logs in over TLS
    let authority = (args.tls || attaches).then(|| trust::authority(args, &routes)).transpose()?;
    let proxied = attach_command::proxied(args, &routes)?;
    let tunnels = attach_command::tunnels(args, proxied.as_ref())?;
    let tls = authority.as_ref().map(|authority| Arc::clone(&authority.server));
    let config =
        ProxyConfig { outbound: outbound.clone(), tls, tunnels, ..proxy_config(args, routes, trust)? };
    let path = new_recording::path(args.write.as_ref(), globals);
    let journal = new_recording::open_journal(&path, rules, "wraptap record -w")?;
    let unasked = new_recording::UnnamedRecording::new(&path, args.write.as_ref(), globals);
    let journal = Arc::new(journal);
    // before clients can use up the descriptors
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let signals = runtime.block_on(async { Signals::listen() })?;
    let page = page::serve_beside(args, globals, &config.routes, &journal)?;
    let running = serve(config, Arc::clone(&journal)).map_err(|error| unserved(error, &args.listen))?;
    let running = Arc::new(running);
    page::show_attach(page.as_ref(), running.url().as_ref());

    let mut said = page.as_ref().map(ui::page_line).unwrap_or_default();
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
        output::stderr().write_all(said.as_bytes())?;
    }
    let variables = attached.as_ref().map_or(&[][..], |attached| &attached.variables);
    let watched = runtime.block_on(watch(args, variables, globals, &journal, &running, signals));
    let ended = watched.inspect_err(|_| {
        // its threads keep the recording open
        running.stop();
        running.wait();
    })?;
    runtime.shutdown_background();
    if let Some(attached) = attached {
        let report = attached.end();
        // warnings about files that were not moved are printed even with --quiet
        output::stderr().write_all(summary::warnings_or_all(&report, globals).as_bytes())?;
    }
    drop(page);
    summary::print(&journal, &ended.totals, &unasked, globals)?;
    if let Some(status) = ended.child.filter(|_| journal.begun() == 0) {
        summary::nothing(args, child::status(status), globals)?;
    }
    Ok(outcome(&journal, &ended))
}

/// Returns how to write a command line in which the command does not follow `--`.
pub(crate) fn command_tip(usage: &clap::Error) -> Option<String> {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let is_record = words.get(1).is_some_and(|word| word == "record");
    let Some(ContextValue::String(strange)) = usage.get(ContextKind::InvalidArg) else { return None };
    if !is_record || usage.kind() != ErrorKind::UnknownArgument || strange.starts_with('-') {
        return None;
    }
    let at = words.iter().position(|word| word == strange)?;
    let quoted = |words: &[String]| words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ");
    let (options, command) = (quoted(&words[1..at]), quoted(&words[at..]));
    Some(terminal::hints(None).complete(&format!("a command follows `--`: `wraptap {options} -- {command}`")))
}

/// Returns the configuration of the proxy without TLS, tunnels and an outbound proxy.
fn proxy_config(args: &RecordArgs, routes: Routes, trust: Trust) -> Result<ProxyConfig, CommandError> {
    Ok(ProxyConfig {
        listen: listen(&args.listen, args.allow_remote)?,
        access: AccessPolicy {
            hosts: args.allow_host.clone(),
            origins: args.allow_origin.clone(),
            any_address: args.allow_remote,
            ..AccessPolicy::default()
        },
        trust,
        outbound: None,
        tls: None,
        tunnels: None,
        probe: args.probe,
        limits: Limits {
            answer: Duration::from_secs(args.upstream_timeout),
            body: args.body_limit,
            workers: args.workers,
            ..Limits::default()
        },
        routes,
    })
}

/// How a recording ended.
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
    let mut live = LiveLines::new(journal, running, args, globals);
    let mut child = ChildProcess::start(&args.command, &running.url(), variables)?;
    let mut ended = RecordEnd { totals: Totals::default(), child: None, impatient: false };
    let mut signalled = false;
    loop {
        tokio::select! {
            () = live.show() => {}
            signal = signals.next() => match &mut child {
                // the terminal sends Ctrl-C to the command as well: the recording ends when it has ended
                Some(child) if !std::mem::replace(&mut signalled, true) => child.pass_on(signal),
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
        output::stderr().write_all(
            format!("ending; waiting for {count} requests (a second Ctrl-C ends at once)\n").as_bytes(),
        )?;
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
    Ok(Rules {
        pointers: pointers.collect::<Result<_, _>>()?,
        keys: args.redact_key.clone(),
        people: redact::people(args.mask_personal),
    })
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
                CommandError::input(anyhow::anyhow!("`{text}` is not an address to listen on"))
                    .hint("give a port, or an address and a port: `wraptap record --listen 127.0.0.1:8080 …`")
            })?]
        }
    };
    match wanted.iter().find(|address| !address.ip().is_loopback()) {
        Some(address) if !allow_remote => Err(CommandError::input(anyhow::anyhow!(
            "other machines can reach {address}, and could send requests through this proxy"
        ))
        .hint("listen on this machine only: `wraptap record --listen 8080 …`")
        .hint("or allow it: `--allow-remote`")),
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
                "another program, perhaps another wraptap, listens on {listen}: end it, or use another port"
            ))
            .hint("use any free port: `wraptap record --listen 0 …`")
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
