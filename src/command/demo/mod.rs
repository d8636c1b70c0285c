//! `wraptap demo`: the whole job offline: simulator, proxy, accepted and refused requests, findings, a
//! ticket.

mod sdk;
mod send;
mod steps;

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::broadcast;

use crate::command::demo::sdk::DemoSdk;
use crate::command::terminal::output;
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal::{self, Journal};
use crate::knowledge::Knowledge;
use crate::knowledge::case::Case;
use crate::model::exchange::Exchange;
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
#[command(before_help = "Examples:\n  wraptap demo\n  wraptap demo --sdk python")]
pub(crate) struct DemoArgs {
    /// The folder for the recording and the ticket
    #[arg(long, default_value = FOLDER, value_name = "FOLDER")]
    folder: PathBuf,
    /// Run a program with this SDK, if it is installed, instead of requests written by hand
    #[arg(long, value_name = "SDK")]
    sdk: Option<DemoSdk>,
}

/// Runs the demo; everything it says goes to stdout.
pub(crate) fn run(args: &DemoArgs, _globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let interpreter = args.sdk.map(|sdk| Ok::<_, CommandError>((sdk, sdk.find()?))).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let settings = Settings { fresh: true, ..Settings::default() };
    let options = simulator::SimulatorOptions { settings, ..simulator::SimulatorOptions::default() };
    let simulator = runtime.block_on(simulator::serve(options)).map_err(CommandError::machine)?;
    let (recording, ticket) = fresh_names(&args.folder);
    let journal = Journal::open(&recording, journal::JournalOptions::default()).map_err(|error| {
        CommandError::machine(error).hint("use another folder: `wraptap demo --folder FOLDER`")
    })?;
    let journal = Arc::new(journal);
    let recorded = journal.subscribe();
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

    let (knowledge, _) = Knowledge::of_a_run();
    let (out, look) = (output::stdout(), terminal::style());
    let mut show = DemoOutput { out, look, recorded, knowledge, exchanges: Vec::new() };
    show.text(&format!("simulator on {}, wraptap on {}\n\n", simulator.url(), running.url()))?;
    match interpreter {
        Some((sdk, interpreter)) => {
            let said = sdk.run(interpreter, &running.url())?;
            show.exchanges()?;
            show.text(&said)?;
        }
        None => {
            show.heading("log in by client credentials")?;
            let token = send::log_in(address)?;
            show.exchanges()?;
            for step in steps::steps() {
                show.heading(step.shows)?;
                send::send(address, &step, &token)?;
                show.exchanges()?;
            }
        }
    }
    running.stop();
    running.wait();
    runtime.block_on(simulator.stop());
    show.write_ticket(&ticket, &recording)?;
    let mut text =
        format!("recording: {}\nticket:    {}\n\nTry next:\n", recording.display(), ticket.display());
    let hints = terminal::hints(Some(&recording));
    for command in ["list --refused", "diff last-refused", "replay last-refused --fixed --to simulator"] {
        text.push_str(&format!("  {}\n", hints.command(command)));
    }
    show.text(&text)?;
    show.out.flush()?;
    Ok(CommandOutcome::Fine)
}

/// What the demo prints, and what it was recorded of.
struct DemoOutput {
    out: output::Output,
    look: TextStyle,
    recorded: broadcast::Receiver<Arc<Masked>>,
    knowledge: Knowledge,
    exchanges: Vec<Arc<Masked>>,
}

impl DemoOutput {
    fn text(&mut self, text: &str) -> std::io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    fn heading(&mut self, text: &str) -> std::io::Result<()> {
        writeln!(self.out, "{}", self.look.paint(TextRole::Strong, text))
    }

    /// Shows what was recorded meanwhile. What was answered is recorded already, so there is nothing to wait
    /// for.
    fn exchanges(&mut self) -> std::io::Result<()> {
        while let Ok(masked) = self.recorded.try_recv() {
            let text = self.knowledge.brief(masked.exchange(), &self.look);
            self.knowledge.learn(masked.exchange());
            self.text(&text)?;
            self.exchanges.push(masked);
        }
        self.text("\n")
    }

    /// Writes one ticket for all that was refused.
    fn write_ticket(&mut self, path: &Path, recording: &Path) -> Result<(), CommandError> {
        let refused: Vec<&Exchange> =
            self.exchanges.iter().map(|masked| masked.exchange()).filter(|one| one.is_refused()).collect();
        let knowledge = &mut self.knowledge;
        let cases: Vec<Case> =
            refused.into_iter().map(|exchange| Case::of(exchange.clone(), knowledge, recording)).collect();
        let tickets: Vec<_> = cases.iter().map(Case::ticket).collect();
        std::fs::write(path, markdown::render(&tickets, People::Masked)).map_err(|error| {
            let error = anyhow::Error::new(error).context(format!("cannot write {}", path.display()));
            CommandError::machine(error)
        })
    }
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
