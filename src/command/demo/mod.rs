//! `wraptap demo`: the whole job offline: simulator, proxy, accepted and refused requests, findings, a
//! ticket.

mod send;
mod steps;

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::broadcast;

use crate::command::terminal::output;
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal::{self, Journal};
use crate::knowledge::Knowledge;
use crate::knowledge::case::Case;
use crate::net::tls::Trust;
use crate::proxy;
use crate::proxy::access::AccessPolicy;
use crate::proxy::config::{Limits, ProxyConfig};
use crate::proxy::routes::Routes;
use crate::redact::Masked;
use crate::report::style::{TextRole, TextStyle};
use crate::report::ticket::{People, markdown};
use crate::simulator;
use crate::simulator::Settings;

/// The folder for the recording and the ticket, below the working directory.
pub(crate) const FOLDER: &str = "wraptap-demo";

/// The arguments of `wraptap demo`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  wraptap demo\n  wraptap demo --folder /tmp/demo")]
pub(crate) struct DemoArgs {
    /// The folder for the recording and the ticket
    #[arg(long, default_value = FOLDER, value_name = "FOLDER")]
    folder: PathBuf,
}

/// Runs the demo; everything it says goes to stdout.
pub(crate) fn run(args: &DemoArgs, _globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let settings = Settings { fresh: true, ..Settings::default() };
    let options = simulator::SimulatorOptions { settings, ..simulator::SimulatorOptions::default() };
    let simulator = runtime.block_on(simulator::serve(options)).map_err(CommandError::machine)?;
    let (recording, ticket) = fresh_names(&args.folder);
    let journal = Journal::open(&recording, journal::JournalOptions::default()).map_err(|error| {
        CommandError::machine(error).hint("use another folder: `wraptap demo --folder FOLDER`")
    })?;
    let journal = Arc::new(journal);
    let mut recorded = journal.subscribe();
    let config = ProxyConfig {
        listen: vec![SocketAddr::from(([127, 0, 0, 1], 0))],
        routes: Routes::from_urls(&simulator.url(), None).map_err(CommandError::machine)?,
        access: AccessPolicy::default(),
        trust: Trust::new(&[]).map_err(CommandError::machine)?,
        outbound: None,
        tls: None,
        tunnels: None,
        probe: false,
        limits: Limits::default(),
    };
    let running = proxy::server::serve(config, Arc::clone(&journal)).map_err(CommandError::machine)?;
    let address = running.addresses()[0];

    let look = terminal::style();
    let mut out = output::stdout();
    writeln!(out, "simulator on {}, wraptap on {}\n", simulator.url(), running.url())?;
    let (mut knowledge, _) = Knowledge::of_a_run();
    let mut exchanges: Vec<Arc<Masked>> = Vec::new();
    writeln!(out, "{}", look.paint(TextRole::Strong, "log in by client credentials"))?;
    let token = send::log_in(address)?;
    show(&mut out, &mut recorded, &mut knowledge, &mut exchanges, &look)?;
    for step in steps::steps() {
        writeln!(out, "{}", look.paint(TextRole::Strong, step.shows))?;
        send::send(address, &step, &token)?;
        show(&mut out, &mut recorded, &mut knowledge, &mut exchanges, &look)?;
    }
    running.stop();
    running.wait();
    runtime.block_on(simulator.stop());
    write_ticket(&ticket, &recording, &mut knowledge, &exchanges)?;
    writeln!(out, "recording: {}\nticket:    {}\n\nTry next:", recording.display(), ticket.display())?;
    let hints = terminal::hints(Some(&recording));
    for command in ["list --refused", "diff last-refused", "replay last-refused --fixed --to simulator"] {
        writeln!(out, "  {}", hints.command(command))?;
    }
    out.flush()?;
    Ok(CommandOutcome::Fine)
}

/// Shows what was recorded meanwhile. What was answered is recorded already, so there is nothing to wait for.
fn show(
    out: &mut impl Write,
    recorded: &mut broadcast::Receiver<Arc<Masked>>,
    knowledge: &mut Knowledge,
    exchanges: &mut Vec<Arc<Masked>>,
    look: &TextStyle,
) -> Result<(), CommandError> {
    while let Ok(masked) = recorded.try_recv() {
        let exchange = masked.exchange();
        write!(out, "{}", knowledge.brief(exchange, look))?;
        knowledge.learn(exchange);
        exchanges.push(masked);
    }
    writeln!(out)?;
    Ok(())
}

/// Returns the paths of a recording and a ticket that do not exist yet.
fn fresh_names(folder: &Path) -> (PathBuf, PathBuf) {
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S").to_string();
    let named = |extra: &str| {
        (folder.join(format!("demo-{now}{extra}.ndjson")), folder.join(format!("ticket-{now}{extra}.md")))
    };
    let mut names = named("");
    for extra in 2.. {
        if !names.0.exists() && !names.1.exists() {
            break;
        }
        names = named(&format!("-{extra}"));
    }
    names
}

/// Writes one ticket for all that was refused.
fn write_ticket(
    path: &Path,
    recording: &Path,
    knowledge: &mut Knowledge,
    exchanges: &[Arc<Masked>],
) -> Result<(), CommandError> {
    let refused = exchanges.iter().map(|masked| masked.exchange()).filter(|exchange| exchange.is_refused());
    let cases: Vec<Case> = refused.map(|exchange| Case::of(exchange.clone(), knowledge, recording)).collect();
    let tickets: Vec<_> = cases.iter().map(Case::ticket).collect();
    std::fs::write(path, markdown::render(&tickets, People::Masked)).map_err(|error| {
        CommandError::machine(anyhow::Error::new(error).context(format!("cannot write {}", path.display())))
    })
}
